package core

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// The lock keeps others from a desk that somebody left: the page gets nothing of what the app holds until the account's
// password is typed. Messages go on arriving. It guards the window, not the file: that is encrypted, and its key is with
// the desktop's keyring.

// The cost of a verifier (OWASP Password Storage: argon2id with 19 MiB, 2 passes, 1 lane), as on the server.
const (
	verifierMemory = 19 * 1024 // KiB
	verifierPasses = 2
	verifierBytes  = 32
)

// A wrong password costs nothing twice; from then on the wait doubles with each.
const (
	freeTries = 2
	firstWait = time.Second
	mostWait  = 5 * time.Minute
)

// keptLock is the lock's name in the store.
const keptLock = "lock"

// reasonLocked is the reason of what is refused while the app is locked.
const reasonLocked wire.Reason = "locked"

// lockState is what the store keeps of a lock. Tries and NextAt (milliseconds) outlive the app, so that ending it gains
// nobody a guess.
type lockState struct {
	Salt   []byte `json:"salt,omitempty"`
	Hash   []byte `json:"hash,omitempty"` // of the password; none: it was never typed on this device
	Locked bool   `json:"locked"`
	Tries  int    `json:"tries"`
	NextAt int64  `json:"next_at"`
}

// lock is the lock of a session.
type lock struct {
	store *store.Store
	clock Clock

	trying sync.Mutex // one try at a time

	mu    sync.Mutex
	state lockState
}

// newLock reads how the lock was left. shut: the profile says that it is locked, whatever the store has.
func newLock(ctx context.Context, s *store.Store, clock Clock, shut bool) (*lock, error) {
	l := &lock{store: s, clock: clock}
	text, err := s.Kept(ctx, keptLock)
	if err != nil {
		return nil, err
	}
	if text != "" && json.Unmarshal([]byte(text), &l.state) != nil {
		l.state = lockState{} // not written by us: the server knows the password
	}
	l.state.Locked = l.state.Locked || shut
	return l, nil
}

// Locked reports whether the page gets nothing.
func (l *lock) Locked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Locked
}

// Knows reports whether a password was typed on this device.
func (l *lock) Knows() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Hash != nil
}

// change changes the state and keeps it.
func (l *lock) change(ctx context.Context, fn func(*lockState)) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := l.state
	fn(&next)
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("encode lock: %w", err)
	}
	if err := l.store.Keep(ctx, keptLock, string(text)); err != nil {
		return err
	}
	l.state = next
	return nil
}

// Learn keeps a verifier of a password that the server has just accepted, and forgets wrong ones.
func (l *lock) Learn(ctx context.Context, password string) error {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	hash := verifier(password, salt)
	return l.change(ctx, func(s *lockState) { s.Salt, s.Hash, s.Tries, s.NextAt = salt, hash, 0, 0 })
}

// verifier hashes a password. Hangul counts the same composed or not, as on the server.
func verifier(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, verifierPasses, verifierMemory, 1, verifierBytes)
}

// wait is how long the next try has to wait. A clock that was set back makes it no longer than it can be.
func (l *lock) wait() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	left := time.UnixMilli(l.state.NextAt).Sub(l.clock.Now())
	return min(max(left, 0), mostWait)
}

// try counts a try before it is made, and reports whether password is the right one. check is asked where there is no
// verifier; what it can't say costs no try.
func (l *lock) try(ctx context.Context, password string, check func(context.Context, string) error) error {
	l.trying.Lock()
	defer l.trying.Unlock()
	if wait := l.wait(); wait > 0 {
		f := refuse(wire.RateLimited, "", "too many wrong passwords")
		f.RetryMS = wait.Milliseconds()
		return f
	}
	l.mu.Lock()
	before := l.state
	l.mu.Unlock()
	next := l.clock.Now().Add(waitAfter(before.Tries + 1)).UnixMilli()
	if err := l.change(ctx, func(s *lockState) { s.Tries, s.NextAt = before.Tries+1, next }); err != nil {
		return err
	}
	wrong := refuse(wire.Unauthenticated, wire.ReasonWrongPassword, "wrong password")
	if before.Hash != nil {
		if subtle.ConstantTimeCompare(verifier(password, before.Salt), before.Hash) != 1 {
			return wrong
		}
		return nil
	}
	err := check(ctx, password)
	switch {
	case err == nil:
		return l.Learn(ctx, password)
	case client.ReasonOf(err) == wire.ReasonBadCredentials:
		return wrong
	}
	undo := l.change(ctx, func(s *lockState) { s.Tries, s.NextAt = before.Tries, before.NextAt })
	return errors.Join(err, undo)
}

// waitAfter is how long to wait after so many wrong passwords.
func waitAfter(tries int) time.Duration {
	if tries <= freeTries {
		return 0
	}
	return min(firstWait<<min(tries-freeTries-1, 20), mostWait)
}

// Lock hides everything until Unlock. A repeat is harmless.
func (c *Core) Lock() error {
	s, err := c.present()
	if err != nil {
		return err
	}
	if s.lock.Locked() {
		return nil
	}
	ctx, cancel := s.call()
	defer cancel()
	if err := s.lock.change(ctx, func(l *lockState) { l.Locked = true }); err != nil {
		return fail(s.storeFailed(err))
	}
	c.configure(func(cfg *config) { cfg.Locked = true })
	s.notes.InView("", false)
	s.notes.Clear() // they show what is to be hidden
	c.updates.Full()
	return nil
}

// Unlock shows everything again. It refuses a wrong password with wire.Unauthenticated (wrong_password) and a try that
// comes too soon after wrong ones with wire.RateLimited; RetryMS says when the next may come. Where no password was typed
// since the app knows of locks, the server is asked, and must be there.
func (c *Core) Unlock(password string) error {
	if err := checkField(password, maxSecretRunes); err != nil {
		return err
	}
	s, err := c.present()
	if err != nil {
		return err
	}
	if !s.lock.Locked() {
		return nil
	}
	ctx, cancel := s.call()
	defer cancel()
	if err := s.lock.try(ctx, password, c.checkPassword); err != nil {
		return fail(err)
	}
	return fail(c.showAgain(ctx, s))
}

// showAgain unlocks the app.
func (c *Core) showAgain(ctx context.Context, s *session) error {
	c.touch() // before: lockBehind must not take what was known of an empty seat for what is so now
	err := s.lock.change(ctx, func(l *lockState) { l.Locked, l.Tries, l.NextAt = false, 0, 0 })
	if err != nil {
		return s.storeFailed(err)
	}
	c.configure(func(cfg *config) { cfg.Locked = false })
	c.dropBrowser(nil)
	c.updates.Full()
	return nil
}

// checkPassword signs in a second time and out again.
func (c *Core) checkPassword(ctx context.Context, password string) error {
	c.mu.Lock()
	who := c.account
	c.mu.Unlock()
	if who == nil {
		return refuse(wire.Unauthenticated, "", "nobody is signed in")
	}
	reply, err := c.login(ctx, who.Profile.Username, password)
	if err != nil {
		return err
	}
	c.endSecond(ctx, reply)
	return nil
}

// endSecond ends the session of a sign-in that only showed who sits there.
func (c *Core) endSecond(ctx context.Context, reply wire.LoginReply) {
	http, err := c.newHTTP()
	if err != nil {
		return // there is no server any more, and so no session of it
	}
	defer http.Close()
	second := client.NewSession(http, client.TokensOf(reply, c.o.Clock.Now()), nil)
	defer second.Close()
	if err := second.Logout(ctx); err != nil { // it ends by itself, later
		c.o.Logger.WarnContext(ctx, "end the session that showed who sits there", slog.Any("error", err))
	}
}

// openLock reads the lock of a store. Who has just typed the password has unlocked it.
func (c *Core) openLock(ctx context.Context, local *store.Store, password string) (*lock, error) {
	c.mu.Lock()
	shut := c.cfg.Locked
	c.mu.Unlock()
	l, err := newLock(ctx, local, c.o.Clock, shut)
	if err != nil || password == "" {
		return l, err
	}
	if err := l.Learn(ctx, password); err != nil {
		return nil, err
	}
	err = l.change(ctx, func(s *lockState) { s.Locked = false })
	return l, err
}

// present returns the session, locked or not.
func (c *Core) present() (*session, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session == nil {
		return nil, refuse(wire.Unauthenticated, "", "nobody is signed in")
	}
	return c.session, nil
}

// unlocked refuses calls of the page while the app is locked.
func (c *Core) unlocked() error {
	if s, err := c.present(); err == nil && s.lock.Locked() {
		return refuse(wire.Forbidden, reasonLocked, "the app is locked")
	}
	return nil
}

// signedIn returns the session for a call of the page. While the app is locked there is none.
func (c *Core) signedIn() (*session, error) {
	s, err := c.present()
	if err != nil {
		return nil, err
	}
	return s, c.unlocked()
}
