package storetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/directory"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
)

func nodeCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"OneHoldsALease":           oneHoldsALease,
		"ManyWantALease":           manyWantALease,
		"WhoLostALeaseIsRefused":   whoLostALeaseIsRefused,
		"NodesKnowEachOther":       nodesKnowEachOther,
		"WrongTriesAreCountedOnce": wrongTriesAreCountedOnce,
		"MovedCursorsAreFound":     movedCursorsAreFound,
	}
}

func oneHoldsALease(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	take := func(who string, hold time.Duration) (model.Lease, bool) {
		t.Helper()
		l, ok, err := db.TakeLease(ctx, "jobs", who, hold)
		check(t, err)
		return l, ok
	}
	a, ok := take("a", time.Hour)
	if !ok || a.Token != 1 || a.Name != "jobs" {
		t.Fatalf("the first: %+v %v", a, ok)
	}
	if _, ok := take("b", time.Hour); ok {
		t.Fatal("two hold it")
	}
	again, ok := take("a", time.Hour) // started anew
	if !ok || again.Token != 2 {
		t.Fatalf("the same again: %+v %v", again, ok)
	}
	if ok, err := db.RenewLease(ctx, a, time.Hour); err != nil || ok {
		t.Errorf("the one before it renews: %v %v", ok, err)
	}
	check(t, db.ReleaseLease(ctx, a)) // not his any more
	if _, ok := take("b", time.Hour); ok {
		t.Fatal("who lost it gave it away")
	}
	if ok, err := db.RenewLease(ctx, again, 0); err != nil || !ok {
		t.Errorf("the holder does not renew: %v %v", ok, err)
	}
	time.Sleep(5 * time.Millisecond) // by the database's clock it is over
	b, ok := take("b", time.Hour)
	if !ok || b.Token != 3 {
		t.Fatalf("the next: %+v %v", b, ok)
	}
	check(t, db.ReleaseLease(ctx, b))
	check(t, db.ReleaseLease(ctx, b))
	if _, ok := take("c", time.Hour); !ok {
		t.Error("a lease that was given back is held")
	}
}

func manyWantALease(t *testing.T, db *sqlstore.DB) {
	var mu sync.Mutex
	var all sync.WaitGroup
	var holders []string
	for i := range 16 {
		all.Go(func() {
			who := string(rune('a' + i))
			_, ok, err := db.TakeLease(context.Background(), "jobs", who, time.Hour)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if ok {
				holders = append(holders, who)
			}
		})
	}
	all.Wait()
	if len(holders) != 1 {
		t.Errorf("%v hold it", holders)
	}
}

func whoLostALeaseIsRefused(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	old, _, err := db.TakeLease(ctx, "jobs", "a", 0)
	check(t, err)
	put := func(l model.Lease) error {
		by := directory.By{Entry: model.AuditEntry{At: Start, Action: model.AuditMirrored}, Lease: l}
		_, _, err := db.PutOutside(ctx, by, directory.OutsidePut{Source: model.SourceLDAP})
		return err
	}
	check(t, put(old))
	time.Sleep(5 * time.Millisecond)
	now, ok, err := db.TakeLease(ctx, "jobs", "b", time.Hour)
	check(t, err)
	if !ok {
		t.Fatal("not taken over")
	}
	if put(old) == nil {
		t.Error("who lost the lease goes on writing")
	}
	check(t, put(now))
	check(t, put(model.Lease{}))
}

func nodesKnowEachOther(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	note := func(name string) []model.Node {
		t.Helper()
		others, err := db.NoteNode(ctx, model.Node{Name: name, Version: "1", SecretSum: "sum of " + name, StartedAt: Start}, time.Minute)
		check(t, err)
		return others
	}
	if got := note("a"); len(got) != 0 {
		t.Errorf("the first meets %+v", got)
	}
	note("b")
	if got := note("a"); len(got) != 1 || got[0] != (model.Node{Name: "b", Version: "1", SecretSum: "sum of b", StartedAt: Start}) {
		t.Errorf("the first meets %+v", got)
	}
	check(t, db.ForgetNode(ctx, "b"))
	check(t, db.ForgetNode(ctx, "b"))
	if got := note("a"); len(got) != 0 {
		t.Errorf("one that left is met: %+v", got)
	}
}

func wrongTriesAreCountedOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	const key = "0123456789012345678901234567890123456789012345678901234567890123"
	delay := func(failed int64) int64 {
		if failed < 3 {
			return 0
		}
		return failed * 1000
	}
	begin := func(at int64) int64 {
		t.Helper()
		wait, err := db.BeginTry(ctx, key, Start+at, delay)
		check(t, err)
		return wait
	}
	for i := range int64(3) {
		if got := begin(i); got != 0 {
			t.Fatalf("try %d waits %d", i, got)
		}
	}
	if got := begin(1002); got != 2000 {
		t.Errorf("the fourth waits %d", got)
	}
	waits, err := db.TryWaits(ctx, key, Start+1002)
	check(t, err)
	other, err := db.TryWaits(ctx, "1"+key[1:], Start+1002)
	check(t, err)
	if !waits || other {
		t.Errorf("waits %v, another %v", waits, other)
	}
	if got := begin(3003); got != 0 {
		t.Errorf("after its time it waits %d", got)
	}
	if got := begin(3004); got != 3999 {
		t.Errorf("the next one waits %d", got)
	}
	check(t, db.EndTries(ctx, key))
	if got := begin(3005); got != 0 {
		t.Errorf("after a right one it waits %d", got)
	}
	n, err := db.PurgeTries(ctx, Start+3005, 10)
	check(t, err)
	m, err := db.PurgeTries(ctx, Start+3006, 10)
	check(t, err)
	if n != 0 || m != 1 {
		t.Errorf("%d and %d were purged", n, m)
	}

	// Tries at once all count: whoever is first, the rest waits.
	var all sync.WaitGroup
	var mu sync.Mutex
	passed := 0
	for range 12 {
		all.Go(func() {
			wait, err := db.BeginTry(ctx, key, Start+5000, delay)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if err == nil && wait == 0 {
				passed++
			}
		})
	}
	all.Wait()
	if passed != 3 {
		t.Errorf("%d of 12 tries at once passed, want 3", passed)
	}
}

func movedCursorsAreFound(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	seq := sendAt(t, db, people[0], room, 1000)
	markAt(t, db, people[1], room, seq, 2000)
	markAt(t, db, people[2], room, seq, 3000)
	moved, err := db.ReadsSince(ctx, Start+2000, 10)
	check(t, err)
	if len(moved) != 2 || moved[0].UserUUID != people[1].UserUUID || moved[0].Seq != seq || moved[0].At != Start+2000 ||
		moved[0].RoomUUID != room.UUID || moved[0].RoomID != room.ID || moved[0].UserID != people[1].UserID {
		t.Errorf("moved %+v", moved)
	}
	if moved, err = db.ReadsSince(ctx, Start+2001, 10); err != nil || len(moved) != 1 {
		t.Errorf("later %+v, %v", moved, err)
	}
	if moved, err = db.ReadsSince(ctx, 0, 1); err != nil || len(moved) != 1 {
		t.Errorf("one %+v, %v", moved, err)
	}
}
