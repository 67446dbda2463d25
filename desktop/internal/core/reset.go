package core

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Who lost his password asks for a new one here, says the compare code to the administrator who rings, and sets the new
// password on this same device: its secret shows that it is the one that asked. It stands in the keyring and nowhere
// else, since who has it becomes that person once an administrator approved.

// reasonPasswordSet is the notice that the password was set, but the sign-in after it did not work.
const reasonPasswordSet wire.Reason = "password_set"

// slowest is how many times longer than at first the wait between two questions to the server gets.
const slowest = 6

// AskReset asks for a new password. It is received whoever is named; a request made here before is forgotten.
func (c *Core) AskReset(username, employeeID, department string) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	if err := checkFields(username, employeeID, department); err != nil {
		return err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	http, err := c.signedOut()
	if err != nil {
		return fail(err)
	}
	defer http.Close()
	ctx, cancel := c.call()
	defer cancel()
	username = strings.TrimSpace(username)
	asked, err := http.RequestReset(ctx, wire.ResetRequest{Username: username, EmployeeID: employeeID, Department: department})
	if err != nil {
		return fail(err)
	}
	c.vault.Keep(ctx, secretReset, asked.Secret) // without a keyring it lasts until the app ends
	c.configure(func(cfg *config) {
		cfg.Reset = &PasswordReset{
			Username: username, CompareCode: asked.CompareCode, State: wire.ResetPending, ExpiresAt: asked.ExpiresAt.UnixMilli(),
		}
	})
	c.setNotice(nil)
	return nil
}

// signedOut prepares a call that only somebody without a session makes. changing is held.
func (c *Core) signedOut() (*client.HTTP, error) {
	if _, err := c.present(); err == nil {
		return nil, refuse(wire.Conflict, "", "somebody is signed in")
	}
	return c.newHTTP()
}

// CheckReset asks the server where the request stands.
func (c *Core) CheckReset() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	ctx, cancel := c.call()
	defer cancel()
	return fail(c.checkReset(ctx))
}

func (c *Core) checkReset(ctx context.Context) error {
	c.mu.Lock()
	before := c.cfg.Reset
	c.mu.Unlock()
	if before == nil {
		return refuse(wire.NotFound, "", "no request for a password waits here")
	}
	secret, err := c.vault.Get(ctx, secretReset)
	if err != nil && ctx.Err() == nil {
		c.resetStands(before, wire.ResetEntry{Status: ResetLost}) // until the keyring answers again, if ever
		return nil
	}
	if err != nil {
		return err
	}
	http, err := c.newHTTP()
	if err != nil {
		return err
	}
	defer http.Close()
	status, err := http.ResetStatus(ctx, secret)
	if f := refusalOf(err); f != nil && f.Code == string(wire.NotFound) {
		c.resetStands(before, wire.ResetEntry{Status: ResetLost})
		return nil
	}
	if err != nil {
		return err
	}
	c.resetStands(before, status.Request)
	return nil
}

func (c *Core) resetStands(before *PasswordReset, entry wire.ResetEntry) {
	now := *before
	now.State, now.Reason = entry.Status, entry.Reason
	if !entry.ExpiresAt.IsZero() {
		now.ExpiresAt = entry.ExpiresAt.UnixMilli()
	}
	if now == *before {
		return
	}
	c.configure(func(cfg *config) {
		if cfg.Reset == before { // not canceled meanwhile
			cfg.Reset = &now
		}
	})
	c.updates.State()
}

// CancelReset goes back to the sign-in screen. The server forgets the request by itself.
func (c *Core) CancelReset() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.forgetReset(c.life)
	c.updates.State()
	return nil
}

func (c *Core) forgetReset(ctx context.Context) {
	c.mu.Lock()
	asked := c.cfg.Reset != nil
	c.mu.Unlock()
	if asked {
		c.configure(func(cfg *config) { cfg.Reset = nil })
		c.vault.Forget(ctx, secretReset)
	}
}

// FinishReset sets the new password of an approved request, and signs in with it. wire.Forbidden: the approval is over.
func (c *Core) FinishReset(next string, keep bool) error {
	if err := errors.Join(c.unlocked(), checkField(next, maxSecretRunes)); err != nil {
		return fail(err)
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	asked := c.cfg.Reset
	c.mu.Unlock()
	if asked == nil {
		return refuse(wire.NotFound, "", "no request for a password waits here")
	}
	ctx, cancel := c.call()
	defer cancel()
	secret, err := c.vault.Get(ctx, secretReset)
	if err != nil {
		return refuse(wire.Unavailable, "", "the keyring does not answer")
	}
	err = c.resetPassword(ctx, wire.PasswordResetRequest{Secret: secret, NewPassword: next})
	if f := refusalOf(err); f != nil && f.Code == string(wire.Forbidden) {
		// It was too late, or this is the second try of one that was done and whose answer was lost.
		return fail(errors.Join(c.checkReset(ctx), err))
	}
	if err != nil {
		return fail(err)
	}
	c.forgetReset(ctx)
	c.enter(asked.Username, next, keep)
	return nil
}

// RedeemCode sets a new password with a one-time code that an administrator gave by hand, and signs in with it.
// wire.Forbidden: user name or code is wrong, or the code is used up.
func (c *Core) RedeemCode(username, code, next string, keep bool) error {
	username, code = strings.TrimSpace(username), strings.TrimSpace(code)
	err := errors.Join(c.unlocked(), checkFields(username, code), checkField(next, maxSecretRunes))
	if err != nil {
		return fail(err)
	}
	if username == "" || code == "" {
		return refuse(wire.BadRequest, "", "user name and code are needed")
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	ctx, cancel := c.call()
	defer cancel()
	err = c.resetPassword(ctx, wire.PasswordResetRequest{Username: username, Code: code, NewPassword: next})
	if err != nil {
		return fail(err)
	}
	c.forgetReset(ctx)
	c.enter(username, next, keep)
	return nil
}

func (c *Core) resetPassword(ctx context.Context, in wire.PasswordResetRequest) error {
	http, err := c.signedOut()
	if err != nil {
		return err
	}
	defer http.Close()
	return http.ResetPassword(ctx, in)
}

// enter signs in with a password that was just set. Where that does not work, the sign-in screen says that it was set.
// changing is held.
func (c *Core) enter(username, password string, keep bool) {
	if err := c.signIn(username, password, keep); err != nil {
		c.o.Logger.Info("sign in with the new password", slog.Any("error", err))
		c.setNotice(refuse(wire.Unauthenticated, reasonPasswordSet, "the password was set"))
	}
}

// open reports whether the server may say something new of a request.
func (r *PasswordReset) open() bool {
	return r.State == wire.ResetPending || r.State == wire.ResetApproved || r.State == ResetLost
}

// watchReset asks while a request waits, more seldom as time goes by: an administrator takes his time.
func (c *Core) watchReset(ctx context.Context) {
	wait := c.o.Pace.SignUpPoll
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		c.mu.Lock()
		before, signedIn := c.cfg.Reset, c.session != nil
		c.mu.Unlock()
		if signedIn || before == nil || !before.open() {
			wait = c.o.Pace.SignUpPoll
			continue
		}
		asking, cancel := context.WithTimeout(ctx, c.o.Pace.CallTimeout)
		err := c.checkReset(asking)
		cancel()
		if err != nil && ctx.Err() == nil {
			c.o.Logger.InfoContext(ctx, "ask for the new password", slog.Any("error", err))
		}
		wait = max(min(wait*5/4, slowest*c.o.Pace.SignUpPoll), client.RetryAfter(err))
	}
}
