// Package secret keeps small secrets (tokens, the store's key) in the desktop's keyring: Secret Service on Linux, the
// Credential Manager on Windows, the Keychain on macOS. It implements core.Secrets; only main.go imports it.
//
// A keyring may show a prompt and answer minutes later, or never. So one goroutine speaks to it, call by call, and
// callers wait for it no longer than their context allows. Core decides what to do without a keyring.
package secret

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"himsg/desktop/internal/core"
)

// queueLimit bounds the calls that wait behind one that is stuck.
const queueLimit = 64

// ErrBusy is returned when too many calls wait for a keyring that does not answer.
var ErrBusy = errors.New("the keyring does not answer")

// ErrClosed is returned after Close.
var ErrClosed = errors.New("the keyring is closed")

// errDismissed says that the user sent the prompt of a locked keyring away.
var errDismissed = errors.New("the keyring stays locked")

// dismissedFor is how long a prompt that was sent away does not come back: one start asks for several secrets.
const dismissedFor = time.Minute

// Keyring is one profile's part of the desktop's keyring.
type Keyring struct {
	service string
	calls   chan call
	quit    chan struct{}
	once    sync.Once
	done    chan struct{}

	dismissed time.Time // when the user last sent a prompt away; only work touches it
}

var _ core.Secrets = (*Keyring)(nil)

// call is one piece of work for the goroutine that owns the keyring.
type call struct {
	ctx    context.Context // the caller's: it says whether he still waits
	run    func() (string, error)
	undo   func()      // after a run that succeeded when its caller had already given up
	always bool        // run it even though its caller has given up
	reply  chan answer // buffered: nobody may be waiting any more
}

type answer struct {
	value string
	err   error
}

// ServiceName is the name of a profile's part of the keyring: its folder tells it apart.
func ServiceName(profileDir string) string {
	if whole, err := filepath.Abs(profileDir); err == nil {
		profileDir = whole
	}
	sum := sha256.Sum256([]byte(profileDir))
	return "Hi_Msg " + hex.EncodeToString(sum[:4])
}

// New returns the keyring of a profile. service tells profiles apart and is what a person sees in the keyring's own
// window. Close ends it.
func New(service string) *Keyring {
	k := &Keyring{
		service: service,
		calls:   make(chan call, queueLimit),
		quit:    make(chan struct{}),
		done:    make(chan struct{}),
	}
	go k.work()
	return k
}

// Get returns what is kept under name. It returns core.ErrNoSecret when nothing is.
func (k *Keyring) Get(ctx context.Context, name string) (string, error) {
	value, err := k.do(ctx, call{run: func() (string, error) { return keyring.Get(k.service, name) }})
	if errors.Is(err, keyring.ErrNotFound) {
		return "", core.ErrNoSecret
	}
	if err != nil {
		return "", fmt.Errorf("get from keyring: %w", err)
	}
	return value, nil
}

// Set keeps value under name. An error means that it is not kept: when the keyring takes it after ctx ended, it is
// removed again.
func (k *Keyring) Set(ctx context.Context, name, value string) error {
	_, err := k.do(ctx, call{
		run:  func() (string, error) { return "", keyring.Set(k.service, name, value) },
		undo: func() { _ = keyring.Delete(k.service, name) }, // the caller has its error already
	})
	if err != nil {
		return fmt.Errorf("set in keyring: %w", err)
	}
	return nil
}

// Delete removes what is kept under name; nothing there is fine. It is carried out as soon as the keyring answers, even
// if ctx has ended by then: a token that was to go must go.
func (k *Keyring) Delete(ctx context.Context, name string) error {
	_, err := k.do(ctx, call{
		run:    func() (string, error) { return "", keyring.Delete(k.service, name) },
		always: true,
	})
	if err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return fmt.Errorf("delete from keyring: %w", err)
	}
	return nil
}

// Close stops taking calls and waits until those that were taken are done, or ctx ends.
func (k *Keyring) Close(ctx context.Context) error {
	k.once.Do(func() { close(k.quit) })
	select {
	case <-k.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("close keyring: %w", ctx.Err())
	}
}

func (k *Keyring) do(ctx context.Context, c call) (string, error) {
	c.ctx = ctx
	c.reply = make(chan answer, 1)
	select {
	case <-k.quit:
		return "", ErrClosed
	default:
	}
	select {
	case k.calls <- c:
	default:
		return "", ErrBusy
	}
	select {
	case a := <-c.reply:
		return a.value, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	case <-k.done:
		return "", ErrClosed
	}
}

// work speaks to the keyring until Close, and then with what is still in the queue.
func (k *Keyring) work() {
	defer close(k.done)
	for {
		select {
		case c := <-k.calls:
			k.carryOut(c)
		case <-k.quit:
			k.drain()
			return
		}
	}
}

func (k *Keyring) drain() {
	for {
		select {
		case c := <-k.calls:
			k.carryOut(c)
		default:
			return
		}
	}
}

func (k *Keyring) carryOut(c call) {
	if c.ctx.Err() != nil && !c.always {
		return
	}
	if err := k.unlock(); err != nil {
		c.reply <- answer{err: err}
		return
	}
	value, err := c.run()
	if err == nil && c.undo != nil && c.ctx.Err() != nil {
		c.undo()
	}
	c.reply <- answer{value, err}
}

// unlock has a locked keyring ask its user, unless he has just sent its prompt away.
func (k *Keyring) unlock() error {
	err := unlock(now().Sub(k.dismissed) > dismissedFor)
	if errors.Is(err, errDismissed) {
		k.dismissed = now()
	}
	return err
}
