package core

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// keyringPatience is how long a start waits for a keyring that shows a prompt. The sign-in screen stands there meanwhile.
const keyringPatience = time.Hour

// asksToUnlock reports that somebody stays signed in, and that the keyring has not answered: it is locked, and shows a prompt of its own.
func asksToUnlock(kept *account, err error) bool {
	return kept != nil && errors.Is(err, context.DeadlineExceeded)
}

// awaitKeyring goes on with the start when the keyring that was asked in it is unlocked. It asks once: a prompt that was sent away
// does not come back, and a sign-in with the password is as good.
func (c *Core) awaitKeyring(ctx context.Context) {
	c.mu.Lock()
	waiting := c.keyringWaits
	c.mu.Unlock()
	if !waiting {
		return
	}
	asked, cancel := context.WithTimeout(ctx, keyringPatience)
	defer cancel()
	_, err := c.o.Secrets.Get(asked, secretTokens) // behind the call that shows the prompt
	if ctx.Err() != nil {
		return
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	c.keyringWaits = false
	signedIn := c.session != nil
	c.mu.Unlock()
	if err != nil {
		c.o.Logger.WarnContext(ctx, "keyring was not unlocked", slog.Any("error", err))
	}
	if err != nil || signedIn {
		c.updates.State()
		return
	}
	c.restoreHeld(ctx)
}
