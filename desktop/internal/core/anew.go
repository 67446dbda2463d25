package core

import (
	"errors"
	"fmt"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// This file is the way out for an app that went back to an older version: the store is of the newer one.

// noteNewer remembers which store nobody could be signed in for, and why.
func (c *Core) noteNewer(name, userUUID string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newer = nil
	if errors.Is(err, store.ErrNewer) {
		c.newer = &storeRequest{name: name, user: userUUID}
	}
}

// StartAnew sets the store aside that a newer version of the app wrote, and signs in with one that this version can use, which gets
// everything from the server. Nothing is deleted; what only the other store held is taken over as far as it can be read, and
// State.StoreAside says so. Who is not kept signed in has to sign in again. It refuses with wire.Conflict when there is no such store.
func (c *Core) StartAnew() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.mu.Lock()
	newer, begun := c.newer, c.session != nil
	c.mu.Unlock()
	if newer == nil || begun {
		return refuse(wire.Conflict, "", "no store of a newer version")
	}
	aside, err := c.locker.leaveNewer(c.life, newer.name, newer.user)
	if err != nil {
		return fail(fmt.Errorf("%w: %w", errStore, err))
	}
	c.mu.Lock()
	c.newer, c.aside, c.notice = nil, &aside, nil
	if c.cfg.Account == nil {
		c.notice = refuse(codeStore, reasonStoreAnew, "sign in again")
	}
	c.mu.Unlock()
	c.restoreHeld(c.life)
	return nil
}
