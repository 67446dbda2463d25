package core

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"himsg/shared/wire"
)

// SignUp asks for an account; an administrator decides. The waiting survives a restart.
func (c *Core) SignUp(form wire.RegisterRequest) error {
	if err := c.unlocked(); err != nil {
		return err
	}
	form.Username = strings.TrimSpace(form.Username)
	err := checkFields(form.Name, form.EmployeeID, form.BirthDate, form.Position, form.Grade,
		form.Department, form.Email, form.Username)
	if err == nil {
		err = checkField(form.Password, maxSecretRunes)
	}
	if err != nil {
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
	reply, err := http.Register(ctx, form)
	if err != nil {
		return fail(err)
	}
	// The token shows where this sign-up stands and does nothing else; without a keyring it may stand in the profile.
	kept := c.vault.Keep(ctx, secretRegisterToken, reply.RegisterToken)
	c.configure(func(cfg *config) {
		cfg.SignUp = &SignUp{Username: form.Username, Name: form.Name, State: wire.UserPending}
		cfg.RegisterToken = ""
		if !kept {
			cfg.RegisterToken = reply.RegisterToken
		}
	})
	c.setNotice(nil)
	return nil
}

// CheckSignUp asks the server where the sign-up stands.
func (c *Core) CheckSignUp() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	ctx, cancel := c.call()
	defer cancel()
	return fail(c.checkSignUp(ctx))
}

func (c *Core) checkSignUp(ctx context.Context) error {
	c.mu.Lock()
	waiting, token := c.cfg.SignUp != nil, c.cfg.RegisterToken
	c.mu.Unlock()
	if !waiting {
		return refuse(wire.NotFound, "", "no sign-up waits here")
	}
	if token == "" {
		var err error
		if token, err = c.vault.Get(ctx, secretRegisterToken); err != nil {
			return refuse(wire.NotFound, "", "the sign-up can't be followed from here any more")
		}
	}
	http, err := c.newHTTP()
	if err != nil {
		return err
	}
	defer http.Close()
	status, err := http.RegisterStatus(ctx, token)
	if err != nil {
		return err
	}
	c.signUpStands(status)
	return nil
}

func (c *Core) signUpStands(status wire.RegisterStatusReply) {
	c.mu.Lock()
	before := c.cfg.SignUp
	c.mu.Unlock()
	if before == nil || before.State == status.State && before.Reason == status.Reason {
		return
	}
	c.configure(func(cfg *config) {
		if cfg.SignUp == before { // not cancelled meanwhile
			now := *before
			now.State, now.Reason = status.State, status.Reason
			cfg.SignUp = &now
		}
	})
	c.updates.State()
}

// CancelSignUp leaves the waiting screen; the server keeps the request.
func (c *Core) CancelSignUp() error {
	if err := c.unlocked(); err != nil {
		return err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	c.configure(func(cfg *config) { cfg.SignUp, cfg.RegisterToken = nil, "" })
	c.vault.Forget(c.life, secretRegisterToken)
	c.updates.State()
	return nil
}

// watchSignUp asks every few seconds while a sign-up waits for its decision.
func (c *Core) watchSignUp(ctx context.Context) {
	tick := time.NewTicker(c.o.Pace.SignUpPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		c.mu.Lock()
		waiting := c.session == nil && c.cfg.SignUp != nil && c.cfg.SignUp.State == wire.UserPending
		c.mu.Unlock()
		if !waiting {
			continue
		}
		if err := c.pollSignUp(ctx); err != nil && ctx.Err() == nil {
			c.o.Logger.InfoContext(ctx, "ask for the sign-up", slog.Any("error", err))
		}
	}
}

func (c *Core) pollSignUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.o.Pace.CallTimeout)
	defer cancel()
	return c.checkSignUp(ctx)
}

// DepartmentNames lists the departments for the sign-up form.
func (c *Core) DepartmentNames() ([]string, error) {
	if err := c.unlocked(); err != nil {
		return nil, err
	}
	http, err := c.newHTTP()
	if err != nil {
		return nil, fail(err)
	}
	defer http.Close()
	ctx, cancel := c.call()
	defer cancel()
	names, err := http.DepartmentNames(ctx)
	return orEmpty(names), fail(err)
}
