package bus_test

import (
	"context"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"himsg/server/internal/bus"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOrderOfOnePublisherIsKept(t *testing.T) {
	b := bus.NewLocal(bus.LocalOptions{})
	defer b.Close()
	const publishers, each = 4, 2000
	var all sync.WaitGroup
	all.Add(publishers * each)
	last := make(map[int64]int64)
	cancel := b.Subscribe(func(e bus.Event) {
		if e.Rev != last[e.RoomID]+1 {
			t.Errorf("room %d: rev %d after %d", e.RoomID, e.Rev, last[e.RoomID])
		}
		last[e.RoomID] = e.Rev
		all.Done()
	})
	for room := range int64(publishers) {
		go func() {
			for rev := range int64(each) {
				b.Publish(context.Background(), bus.Event{RoomID: room, Rev: rev + 1})
			}
		}()
	}
	all.Wait()
	cancel()
	if b.Dropped() != 0 {
		t.Errorf("%d dropped", b.Dropped())
	}
}

func TestFullQueueDropsAndCounts(t *testing.T) {
	b := bus.NewLocal(bus.LocalOptions{Queue: 10})
	stuck, release := make(chan struct{}), make(chan struct{})
	seen := 0
	b.Subscribe(func(bus.Event) {
		if seen == 0 {
			close(stuck)
			<-release
		}
		seen++
	})
	b.Publish(context.Background(), bus.Event{})
	<-stuck
	for range 25 {
		b.Publish(context.Background(), bus.Event{}) // never waits: the subscriber is stuck
	}
	if got := b.Dropped(); got != 15 {
		t.Errorf("%d dropped, want 15", got)
	}
	close(release)
	b.Close()
}

func TestCloseEndsDelivery(t *testing.T) {
	b := bus.NewLocal(bus.LocalOptions{})
	closed := false
	cancel := b.Subscribe(func(bus.Event) {
		if closed {
			t.Error("delivered after Close")
		}
	})
	b.Close()
	closed = true
	b.Publish(context.Background(), bus.Event{})
	cancel() // harmless after Close
	b.Subscribe(func(bus.Event) { t.Error("delivered to a late subscriber") })()
	b.Publish(context.Background(), bus.Event{})
}
