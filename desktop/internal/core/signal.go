package core

import "sync"

// signal wakes all who wait for "something changed, look again".
type signal struct {
	mu sync.Mutex
	ch chan struct{}
}

func newSignal() *signal { return &signal{ch: make(chan struct{})} }

// Next returns a channel that is closed at the next Fire. Take it before looking, so that nothing is missed.
func (s *signal) Next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ch
}

// Fire wakes everybody.
func (s *signal) Fire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.ch)
	s.ch = make(chan struct{})
}

// todo is a set of ids that one goroutine works off. Adding one that is there is harmless.
type todo struct {
	kick chan struct{}

	mu  sync.Mutex
	ids map[string]bool
}

func newTodo() *todo { return &todo{kick: make(chan struct{}, 1), ids: map[string]bool{}} }

// Add puts ids into the set and wakes the worker.
func (t *todo) Add(ids ...string) {
	t.mu.Lock()
	for _, id := range ids {
		t.ids[id] = true
	}
	t.mu.Unlock()
	t.Wake()
}

// Wake makes the worker look.
func (t *todo) Wake() {
	select {
	case t.kick <- struct{}{}:
	default: // it is awake
	}
}

// Take empties the set.
func (t *todo) Take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := keys(t.ids)
	clear(t.ids)
	return out
}
