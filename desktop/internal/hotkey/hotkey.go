package hotkey

import (
	"context"
	"sync"

	"himsg/desktop/internal/core"
)

// Keys is the app's combination on this desktop. It has at most one.
type Keys struct {
	pressed func()

	mu   sync.Mutex // held while the system is asked
	held held
}

// held is a combination that the system has given.
type held interface {
	// release gives it back and waits until no press is told of any more.
	release()
}

var _ core.Hotkeys = (*Keys)(nil)

// New returns the keys; pressed is called on a goroutine of theirs, and must return soon.
func New(pressed func()) *Keys { return &Keys{pressed: pressed} }

// Set implements core.Hotkeys.
func (k *Keys) Set(ctx context.Context, keys core.Hotkey) error {
	if !k.Supported() {
		return core.ErrNoHotkeys
	}
	done := make(chan error, 1)
	go func() { done <- k.replace(keys) }() // the system's libraries know no deadline; it ends when the system answers or goes
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *Keys) replace(keys core.Hotkey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop()
	if keys == (core.Hotkey{}) {
		return nil
	}
	taken, err := take(keys, k.pressed)
	if err != nil {
		return err
	}
	k.held = taken
	return nil
}

// Close gives the combination back.
func (k *Keys) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop()
}

func (k *Keys) drop() {
	if k.held != nil {
		k.held.release()
		k.held = nil
	}
}
