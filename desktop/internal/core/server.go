package core

import (
	"context"
	"log/slog"
	"time"

	"himsg/shared/wire"
)

// waysIn is how people may sign in on a server, as it told.
type waysIn struct {
	server string // empty: nobody was asked yet
	ways   wire.SignInWays
}

// watchServer asks the server for its name and for the ways to sign in, for who is not in yet, until it told.
func (c *Core) watchServer(ctx context.Context) {
	for wait := c.o.Pace.SignUpPoll; ; wait = min(wait*5/4, slowest*c.o.Pace.SignUpPoll) {
		c.mu.Lock()
		needed := c.cfg.Server != "" && c.ways.server != c.cfg.Server
		c.mu.Unlock()
		if !needed {
			wait = c.o.Pace.SignUpPoll
		} else if err := c.askServer(ctx); err != nil && ctx.Err() == nil {
			c.o.Logger.InfoContext(ctx, "ask the server who it is", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (c *Core) askServer(ctx context.Context) error {
	http, err := c.newHTTP()
	if err != nil {
		return err
	}
	defer http.Close()
	info, err := http.ServerInfo(ctx)
	if err != nil {
		return err
	}
	c.configure(func(cfg *config) {
		if cfg.Server == http.Address() {
			cfg.ServerName = info.Name
		}
	})
	c.learn(http.Address(), info)
	c.updates.State()
	return nil
}

// learn keeps how people may sign in.
func (c *Core) learn(server string, info wire.ServerInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cfg.Server == server {
		c.ways = waysIn{server: server, ways: info.SignIn}
	}
}
