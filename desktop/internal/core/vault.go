package core

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Names under which secrets are kept. The key of a store has the store's name behind it.
const (
	secretTokens        = "tokens"
	secretRegisterToken = "register-token"
	secretReset         = "reset-secret"
	secretStoreKey      = "store-key-"
)

// vault keeps secrets in the keyring, and in memory until the app ends where the keyring does not work. Every call has a
// deadline: a locked keyring may show a prompt and wait for the user.
type vault struct {
	secrets Secrets
	timeout time.Duration
	log     *slog.Logger
	changed func() // the keyring began or ceased to work

	mu     sync.Mutex
	broken bool
	memory map[string]string
}

func newVault(o Options, changed func()) *vault {
	return &vault{
		secrets: o.Secrets, timeout: o.Pace.Keyring, log: o.Logger, changed: changed, memory: map[string]string{},
	}
}

// OK reports whether the keyring worked when it was last asked.
func (v *vault) OK() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return !v.broken
}

// Get returns a secret. It returns ErrNoSecret when there is none, and another error when that can't be known now.
func (v *vault) Get(ctx context.Context, name string) (string, error) {
	v.mu.Lock()
	value, ok := v.memory[name]
	v.mu.Unlock()
	if ok {
		return value, nil
	}
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	value, err := v.secrets.Get(ctx, name)
	v.note(err)
	return value, err
}

// Keep stores a secret and reports whether it outlives the app.
func (v *vault) Keep(ctx context.Context, name, value string) bool {
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	err := v.secrets.Set(ctx, name, value)
	v.note(err)
	if err != nil {
		v.Hold(name, value)
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.memory, name)
	return true
}

// Hold keeps a secret until the app ends, and nowhere else.
func (v *vault) Hold(name, value string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.memory[name] = value
}

// Forget removes a secret everywhere. When the keyring does not work now, the secret stays in it.
func (v *vault) Forget(ctx context.Context, name string) {
	v.mu.Lock()
	delete(v.memory, name)
	v.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, v.timeout)
	defer cancel()
	v.note(v.secrets.Delete(ctx, name))
}

func (v *vault) note(err error) {
	broken := err != nil && !errors.Is(err, ErrNoSecret)
	if errors.Is(err, context.Canceled) {
		return // the app ends; it says nothing about the keyring
	}
	v.mu.Lock()
	was := v.broken
	v.broken = broken
	v.mu.Unlock()
	if was == broken {
		return
	}
	if broken {
		v.log.Warn("keyring does not work; sign-in lasts until the app ends", slog.Any("error", err))
	}
	v.changed()
}
