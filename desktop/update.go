//go:build !bindings

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"

	"himsg/desktop/internal/clock"
	"himsg/desktop/internal/core"
	"himsg/desktop/internal/update"
	"himsg/shared/release"
)

// errAgain ends run: the app is to be started again, hidden or not.
type errAgain struct {
	program string
	args    []string
}

func (*errAgain) Error() string { return "start again" }

// startAgain starts the app that has just ended once more.
func startAgain(again *errAgain) error {
	cmd := exec.Command(again.program, again.args...) //nolint:gosec,noctx // G204: this program; it outlives this process
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Start()
}

// startArgs are the arguments of another start with this profile. A link was followed already.
func (f flags) startArgs(hidden bool) []string {
	var args []string
	if !f.usual {
		args = append(args, "--profile", f.profile)
	}
	if f.server != "" {
		args = append(args, "--server", f.server)
	}
	if hidden {
		args = append(args, "--hidden")
	}
	return args
}

// findUpdates finds what installs updates here, and whose signature it takes. Without one the app runs as well.
func (p *parts) findUpdates() error {
	program, err := os.Executable() // now: an update renames the file of a program that runs
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	p.program = program
	keys := p.policy.UpdateKeys
	if len(keys) == 0 {
		built, err := release.ParseKeys(release.Keys)
		if err != nil {
			p.logger.Error("the public key that this build was made with is none", slog.Any("error", err))
		}
		keys = built
	}
	u, err := update.New(update.Options{
		ProfileDir: p.profile, Program: program, Version: release.Version, Ring: p.policy.Ring, Keys: keys, Clock: clock.System{}, Logger: p.logger,
	})
	if err != nil {
		p.logger.Error("no updates", slog.Any("error", err))
		return nil
	}
	p.updates, p.keys = u, keys
	return nil
}

func (p *parts) installer() core.Installer {
	if p.updates == nil {
		return nil // and not an interface with nothing in it
	}
	return p.updates
}

// installUpdate installs what waits. done: the app runs in another process, and this one ends. What comes back lets the profile go.
func (p *parts) installUpdate(unlock func()) (relock func(), done bool, err error) {
	if p.updates == nil || p.policy.Updates != nil && !*p.policy.Updates {
		return unlock, false, nil
	}
	args := p.startArgs(p.hidden)
	if p.link != "" {
		args = append(args, "--", p.link)
	}
	let := false
	replaced := p.updates.Begin(context.Background(), args, func() {
		unlock()
		let = true
	})
	switch {
	case replaced:
		return func() {}, true, nil
	case !let:
		return unlock, false, nil
	}
	relock, done, err = lockProfile(p.flags)
	if relock == nil {
		relock = func() {}
	}
	return relock, done, err
}

// settled is called once the window stands.
func (p *parts) settled() {
	if p.updates != nil {
		p.updates.Settled()
	}
	registerLinks(p.flags, p.logger)
}

// again ends run: the app starts again once it has let its profile go, if somebody wants that.
func (p *parts) again(again, hidden bool) error {
	if !again {
		return nil
	}
	return &errAgain{program: p.program, args: p.startArgs(hidden)}
}
