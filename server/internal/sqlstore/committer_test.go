package sqlstore

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// gate is a committer whose batches wait until they are let through.
type gate struct {
	*committer[int]
	open    chan struct{}
	mu      sync.Mutex
	batches [][]int
	began   chan struct{}
}

func newGate(limits batchLimits) *gate {
	g := &gate{open: make(chan struct{}), began: make(chan struct{}, 100)}
	g.committer = newCommitter(context.Background(), 1, limits, func(v int) int { return v }, func(ctx context.Context, batch []int) func() {
		g.began <- struct{}{}
		select {
		case <-g.open:
		case <-ctx.Done():
		}
		return func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.batches = append(g.batches, batch)
		}
	})
	return g
}

func TestCommitterBatches(t *testing.T) {
	g := newGate(batchLimits{items: 3, weight: 100, queue: 6})
	puts := []int{1, 1, 1, 1, 1, 90, 20} // the first goes alone, the rest waits
	for i, v := range puts {
		if err := g.put(7, v); err != nil {
			t.Fatalf("put %d: %v", i, err)
		}
		if i == 0 {
			<-g.began
		}
	}
	if err := g.put(7, 1); !errs.Is(err, wire.Unavailable) || !errors.Is(err, errFull) {
		t.Errorf("a full queue answers %v", err)
	}
	if g.waiting() != 6 {
		t.Errorf("%d wait", g.waiting())
	}
	close(g.open)
	if err := g.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := [][]int{{1}, {1, 1, 1}, {1, 90, 20}}
	if len(g.batches) != len(want) {
		t.Fatalf("batches %v, want %v", g.batches, want)
	}
	for i := range want {
		if len(g.batches[i]) != len(want[i]) {
			t.Errorf("batch %d is %v, want %v", i, g.batches[i], want[i])
		}
	}
	if err := g.put(7, 1); !errs.Is(err, wire.Unavailable) || !errors.Is(err, errClosed) {
		t.Errorf("a closed committer answers %v", err)
	}
}

func TestCommitterWeight(t *testing.T) {
	g := newGate(batchLimits{items: 100, weight: 10, queue: 10})
	for _, v := range []int{1, 9, 9, 9} {
		if err := g.put(0, v); err != nil {
			t.Fatal(err)
		}
		if v == 1 {
			<-g.began
		}
	}
	close(g.open)
	if err := g.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(g.batches) != 3 || len(g.batches[1]) != 2 {
		t.Errorf("batches %v, want [1] [9 9] [9]", g.batches)
	}
}

func TestCommitterCloseIsBounded(t *testing.T) {
	g := newGate(batchLimits{items: 1, weight: 10, queue: 10})
	for range 3 {
		if err := g.put(0, 1); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := g.close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("close of a stuck committer: %v", err)
	}
	if len(g.batches) != 3 {
		t.Errorf("%d of 3 items were answered", len(g.batches))
	}
}
