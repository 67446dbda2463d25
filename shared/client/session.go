package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"himsg/shared/wire"
)

// refreshAhead is how long before its end an access token is renewed, so that it can't end on the way.
const refreshAhead = 60 * time.Second

// Tokens is what keeps a device signed in. Refresh is a secret to be kept in the keyring; it is spent by its first use.
type Tokens struct {
	Access        string
	Refresh       string
	AccessExpires time.Time
}

// TokensOf takes the pair out of a sign-in's reply. The lifetime counts from now, this device's clock, so that a wrong
// clock does no harm.
func TokensOf(r wire.LoginReply, now time.Time) Tokens {
	return Tokens{Access: r.Token, Refresh: r.RefreshToken, AccessExpires: expiry(now, r.ExpiresIn)}
}

func expiry(now time.Time, seconds int) time.Time {
	return now.Add(time.Duration(seconds) * time.Second)
}

// Session is a signed-in device. It is safe for concurrent use; Close it when done.
type Session struct {
	http     *HTTP
	onChange func(Tokens) error
	life     context.Context //nolint:containedctx // bounds the refresh, which outlives the call that started it
	end      context.CancelFunc
	running  sync.WaitGroup

	mu     sync.Mutex
	tokens Tokens
	flight *flight // the refresh under way, nil if none
	dead   error   // a RevokedError: the session ended
}

// flight is one refresh that several callers wait for.
type flight struct {
	done chan struct{}
	err  error // set before done is closed
}

// NewSession makes a session of a pair. onChange keeps each next pair; it returns before the pair is used, so that a
// crash in between leaves a usable one. If it fails the session goes on with the pair in memory. nil: nothing is kept.
func NewSession(h *HTTP, t Tokens, onChange func(Tokens) error) *Session {
	if onChange == nil {
		onChange = func(Tokens) error { return nil }
	}
	life, end := context.WithCancel(context.Background())
	return &Session{http: h, onChange: onChange, life: life, end: end, tokens: t}
}

// HTTP is the server that the session belongs to.
func (s *Session) HTTP() *HTTP { return s.http }

// Close ends a refresh under way and waits for it. It does not sign out.
func (s *Session) Close() {
	s.end()
	s.running.Wait()
}

// Access returns a token that holds for a while, renewed first if it must be. It returns ErrRevoked once the session
// ended.
func (s *Session) Access(ctx context.Context) (string, error) {
	s.mu.Lock()
	t, dead := s.tokens, s.dead
	s.mu.Unlock()
	if dead != nil {
		return "", dead
	}
	if s.http.options.Now().Add(refreshAhead).Before(t.AccessExpires) {
		return t.Access, nil
	}
	err := s.renew(ctx, t.Access)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil && s.dead == nil && s.http.options.Now().Before(s.tokens.AccessExpires) {
		return s.tokens.Access, nil // the server could not renew just now; the old one still holds
	}
	return s.tokens.Access, err
}

// renew replaces the access token that the caller found to be old. Callers at the same time share one refresh.
func (s *Session) renew(ctx context.Context, old string) error {
	s.mu.Lock()
	if s.dead != nil || s.tokens.Access != old {
		defer s.mu.Unlock()
		return s.dead // renewed meanwhile, or over
	}
	f := s.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		s.flight = f
		s.running.Add(1)
		go s.fly(f, s.tokens.Refresh)
	}
	s.mu.Unlock()
	select {
	case <-f.done:
		return f.err
	case <-ctx.Done():
		return classify(ctx.Err())
	}
}

// fly does one refresh. It belongs to the session and not to the caller that started it: a spent refresh token whose
// reply nobody reads would end the session.
func (s *Session) fly(f *flight, refresh string) {
	defer s.running.Done()
	reply, err := s.http.Refresh(s.life, refresh)
	next := Tokens{Access: reply.Token, Refresh: reply.RefreshToken}
	if err == nil {
		next.AccessExpires = expiry(s.http.options.Now(), reply.ExpiresIn)
		if keepErr := s.onChange(next); keepErr != nil {
			s.http.options.Logger.Error("keep tokens", "error", keepErr)
		}
	}
	s.mu.Lock()
	switch {
	case err == nil:
		s.tokens = next
	case ended(err):
		s.dead = &RevokedError{Reason: ReasonOf(err), Err: err}
		err = s.dead
	}
	f.err = err
	s.flight = nil
	s.mu.Unlock()
	close(f.done)
}

// ended reports whether the server refused for good: the refresh token is spent, revoked or its owner disabled.
func ended(err error) bool {
	var e *Error
	return errors.As(err, &e) &&
		(e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden || e.Status == http.StatusBadRequest)
}

// do is an authenticated call; a token that the server no longer takes is renewed once.
func (s *Session) do(ctx context.Context, c call) error {
	return s.authorised(ctx, func(token string) error {
		c.token = token
		return s.http.do(ctx, c)
	})
}

// authorised makes a call with a token, and again with the next one when the server no longer takes it.
func (s *Session) authorised(ctx context.Context, do func(token string) error) error {
	token, err := s.Access(ctx)
	if err != nil {
		return err
	}
	err = do(token)
	if !unauthenticated(err) || !aboutToken(err) {
		return err
	}
	if renewErr := s.renew(ctx, token); renewErr != nil {
		return fmt.Errorf("renew the token: %w", renewErr)
	}
	if token, err = s.Access(ctx); err != nil {
		return err
	}
	return do(token)
}

// aboutToken tells a 401 for the token from a 401 for a password in the body.
func aboutToken(err error) bool {
	reason := ReasonOf(err)
	return reason != wire.ReasonWrongPassword && reason != wire.ReasonBadCredentials
}
