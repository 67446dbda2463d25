package ws

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/hub"
	"himsg/shared/wire"
)

func TestTheDoorLetsSomeInAtATimeAndTheFirstFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(2)
		var leaves []func()
		for range 2 {
			leave, err := d.enter(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			leaves = append(leaves, leave)
		}
		var mu sync.Mutex
		var in []int
		came := func() []int {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(in)
		}
		for who := range 3 {
			go func() {
				leave, err := d.enter(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				in = append(in, who)
				leaves = append(leaves, leave)
			}()
			synctest.Wait()
		}
		first := leaves[0]
		first()
		first() // it gives up one place, however often it is called
		if now := came(); !slices.Equal(now, []int{0}) {
			t.Fatalf("one place is free, and %v are in", now)
		}
		for i, want := range [][]int{{0, 1}, {0, 1, 2}} {
			mu.Lock()
			leave := leaves[i+1]
			mu.Unlock()
			leave()
			if now := came(); !slices.Equal(now, want) {
				t.Errorf("they came in as %v, want %v", now, want)
			}
		}
	})
}

func TestWhoWaitsTooLongAtTheDoorIsSentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(1)
		leave, err := d.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := d.enter(t.Context()); !errs.Is(err, wire.Unavailable) || errs.As(err).RetryAfter != doorRetry || time.Since(began) != doorWait {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := d.enter(ctx); !errs.Is(err, wire.Unavailable) {
			t.Errorf("one who went away: %v", err)
		}
		d.waiting.Store(doorWaiting)
		began = time.Now()
		if _, err := d.enter(t.Context()); !errs.Is(err, wire.Unavailable) || time.Since(began) > 0 {
			t.Errorf("a full house lets wait: %v", err)
		}
		d.waiting.Store(0)
		leave()
		if _, err := d.enter(t.Context()); err != nil {
			t.Errorf("nobody is in: %v", err)
		}
	})
}

// A place is given up with the first answer to a sync, or without one after a moment.
func TestAPlaceIsNotHeldForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := 0
		c := &conn{session: hub.NewSession(hub.Who{}, func(bool) {})}
		c.settle(func() { left++ })
		c.answered(wire.OpHistory)
		if left != 0 {
			t.Error("a page of history gives a place up")
		}
		c.answered(wire.OpSync)
		c.answered(wire.OpSync)
		time.Sleep(2 * doorSync)
		synctest.Wait()
		if left != 1 {
			t.Errorf("given up %d times by the sync", left)
		}
		silent := &conn{session: hub.NewSession(hub.Who{}, func(bool) {})}
		silent.settle(func() { left++ })
		time.Sleep(2 * doorSync)
		synctest.Wait()
		if left != 2 {
			t.Error("who asks for nothing keeps his place")
		}
	})
}
