package admin

import (
	"context"
	"sync"
)

// jobs are what runs beside requests, by name.
type jobs struct {
	mu      sync.Mutex
	running map[string]*running
	closed  bool
	all     sync.WaitGroup
}

type running struct {
	cancel context.CancelFunc
	done   chan struct{}
}

// start runs do until it returns; its context ends when the job is cancelled or close is called.
func (j *jobs) start(name string, do func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{cancel, make(chan struct{})}
	j.mu.Lock()
	if j.running == nil {
		j.running = map[string]*running{}
	}
	j.running[name] = r
	if j.closed {
		cancel()
	}
	j.all.Add(1)
	j.mu.Unlock()
	go func() {
		defer j.all.Done()
		defer cancel()
		do(ctx)
		j.mu.Lock()
		delete(j.running, name)
		j.mu.Unlock()
		close(r.done)
	}()
}

func (j *jobs) find(name string) (*running, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r, ok := j.running[name]
	return r, ok
}

func (j *jobs) cancel(name string) {
	if r, ok := j.find(name); ok {
		r.cancel()
	}
}

// wait returns when the job has ended, or ctx.
func (j *jobs) wait(ctx context.Context, name string) {
	if r, ok := j.find(name); ok {
		select {
		case <-r.done:
		case <-ctx.Done():
		}
	}
}

func (j *jobs) close() {
	j.mu.Lock()
	j.closed = true
	for _, r := range j.running {
		r.cancel()
	}
	j.mu.Unlock()
	j.all.Wait()
}
