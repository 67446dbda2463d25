package core

import "sync"

// turns lets one at a time work on a thing.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn
}

type turn struct {
	sync.Mutex
	users int
}

func newTurns() *turns { return &turns{held: map[string]*turn{}} }

// enter waits for the turn of an id. leave must be called.
func (t *turns) enter(id string) (leave func()) {
	t.mu.Lock()
	one := t.held[id]
	if one == nil {
		one = &turn{}
		t.held[id] = one
	}
	one.users++
	t.mu.Unlock()
	one.Lock()
	return func() {
		one.Unlock()
		t.mu.Lock()
		defer t.mu.Unlock()
		one.users--
		if one.users == 0 {
			delete(t.held, id)
		}
	}
}
