//go:build !bindings

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"time"

	"himsg/desktop/internal/autostart"
	"himsg/desktop/internal/core"
	"himsg/desktop/internal/instance"
	"himsg/desktop/internal/scheme"
	"himsg/desktop/internal/secret"
	"himsg/desktop/internal/shell"
)

// handOverLimit is what the first start may take to hear of the second.
const handOverLimit = 5 * time.Second

// lockProfile makes the profile and takes it for this process. done: another one has it, and has been handed this start.
func lockProfile(f flags) (unlock func(), done bool, err error) {
	if err := os.MkdirAll(f.profile, 0o700); err != nil {
		return nil, false, &unstarted{f.profile, fmt.Errorf("make profile: %w", err)}
	}
	unlock, taken, err := instance.Lock(f.profile)
	if err != nil {
		return nil, false, &unstarted{f.profile, err}
	}
	if !taken {
		return unlock, false, nil
	}
	if err := handOver(f); err != nil {
		return nil, false, &unstarted{f.profile, err}
	}
	return nil, true, nil
}

// handOver is the second start of a profile: the first one's window comes up, and this process ends.
func handOver(f flags) error {
	ctx, cancel := context.WithTimeout(context.Background(), handOverLimit)
	defer cancel()
	return instance.HandOver(ctx, f.profile, instance.Call{Hidden: f.hidden, Link: f.link})
}

// hear takes what later starts hand over. Without it the app runs as well.
func hear(f flags, sh *shell.Shell, logger *slog.Logger) (stop func()) {
	stop, err := instance.Listen(f.profile, logger, func(call instance.Call) { sh.Called(call.Hidden, call.Link) })
	if err != nil {
		logger.Error("a later start can't be heard", slog.Any("error", err))
		return func() {}
	}
	return stop
}

// sessionStart is how the session starts this profile; each has an entry of its own.
func sessionStart(f flags, logger *slog.Logger) core.Autostart {
	opts := autostart.Options{Name: "himsg", Args: []string{"--hidden"}}
	if !f.usual {
		sum := sha256.Sum256([]byte(f.profile))
		opts.Name += "-" + hex.EncodeToString(sum[:4])
		opts.Args = append(opts.Args, "--profile", f.profile)
	}
	entry, err := autostart.New(opts)
	if err != nil {
		logger.Error("no autostart", slog.Any("error", err))
		return nil
	}
	return entry
}

// registerLinks has the system open links with the usual profile.
func registerLinks(f flags, logger *slog.Logger) {
	if !f.usual {
		return
	}
	program, err := autostart.Program()
	if err == nil {
		err = scheme.Register(program)
	}
	if err != nil {
		logger.Warn("links are not registered", slog.Any("error", err))
	}
}

func closeKeyring(keyring *secret.Keyring, logger *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := keyring.Close(ctx); err != nil {
		logger.Warn("keyring still busy at the end", "error", err)
	}
}
