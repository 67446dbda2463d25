package hub_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/hub"
	"himsg/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(w *world) *hub.Hub {
	return hub.New(hub.Options{Bus: w, Members: w, Repair: w, Clock: w.clock, Logger: slog.New(slog.DiscardHandler)})
}

// step is one thing that happens in the property test.
type step struct {
	Kind       int
	Room, User int64
	Wait       time.Duration
}

const (
	users = 4
	rooms = 3
)

func steps(t *rapid.T) []step {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) step {
		return step{
			Kind: rapid.IntRange(0, 12).Draw(t, "kind"),
			Room: rapid.Int64Range(1, rooms).Draw(t, "room"),
			User: rapid.Int64Range(1, users).Draw(t, "user"),
			Wait: time.Duration(rapid.IntRange(0, 120).Draw(t, "wait")) * time.Millisecond,
		}
	}), 1, 120).Draw(t, "steps")
}

// TestEachSessionSeesEachRevOnceInOrder is the hub's promise: whatever the bus loses, doubles and reorders, a session
// hears of each change of its rooms in the order of revs, once, of nothing from before it joined or after it left, and
// within 5 s of the last change it holds what the database holds.
func TestEachSessionSeesEachRevOnceInOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed, script := rapid.Uint64().Draw(rt, "seed"), steps(rt)
		var fault string
		synctest.Test(t, func(*testing.T) { fault = play(seed, script) })
		if fault != "" {
			rt.Fatal(fault)
		}
	})
}

func play(seed uint64, script []step) (fault string) {
	w := newWorld(seed, rooms)
	h := start(w)
	defer h.Close()
	var clients []*client
	for i, s := range script {
		w.mu.Lock()
		w.meddle = func() { // other nodes and people don't wait for this one
			w.mu.Lock()
			w.meddle = nil
			w.mu.Unlock()
			if i%2 == 0 {
				w.toggle(s.Room, s.User)
			} else {
				w.message(s.Room)
			}
		}
		w.mu.Unlock()
		switch s.Kind {
		case 0, 1, 2:
			w.message(s.Room)
		case 3, 4:
			w.edit(s.Room)
		case 5, 6, 7:
			w.toggle(s.Room, s.User)
		case 8, 9:
			if c, err := connect(w, h, s.User); err == nil {
				clients = append(clients, c)
			}
		case 10:
			if len(clients) > 0 {
				last := clients[len(clients)-1]
				h.Detach(last.session)
				clients = clients[:len(clients)-1]
				last.take()
				if last.broken != "" {
					return last.broken
				}
			}
		case 11:
			w.deliverLate()
		case 12:
			time.Sleep(20 * s.Wait)
		}
		time.Sleep(s.Wait)
		for _, c := range clients {
			c.take()
		}
	}
	w.mu.Lock()
	w.meddle = nil
	w.mu.Unlock()
	w.deliverLate()
	time.Sleep(5 * time.Second)
	for _, c := range clients {
		c.take()
		if c.broken != "" {
			return c.broken
		}
		if missing := c.behind(); missing != "" {
			return missing
		}
	}
	return ""
}

// quiet runs fn in a bubble with a hub whose bus works, and one room with users 1 and 2.
func quiet(t *testing.T, fn func(t *testing.T, w *world, h *hub.Hub, clients []*client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1, 2)
		h := start(w)
		defer h.Close()
		w.busMu.Lock()
		w.lose = true
		w.busMu.Unlock()
		w.toggle(1, 1)
		w.toggle(1, 2)
		var clients []*client
		for user := range int64(2) {
			c, err := connect(w, h, user+1)
			if err != nil {
				t.Fatal(err)
			}
			clients = append(clients, c)
		}
		fn(t, w, h, clients)
		for _, c := range clients {
			c.take()
			if c.broken != "" {
				t.Error(c.broken)
			}
			h.Detach(c.session)
		}
	})
}

func TestSweepRepairsWithinFiveSeconds(t *testing.T) {
	for name, happen := range map[string]func(w *world){
		"message": func(w *world) { w.message(1) },
		"join":    func(w *world) { w.toggle(2, 1) }, // nobody here was in that room
		"leave":   func(w *world) { w.toggle(1, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
				for range 20 {
					happen(w)
					time.Sleep(5 * time.Second)
					synctest.Wait()
					for _, c := range clients {
						c.take()
						if missing := c.behind(); missing != "" {
							t.Fatal(missing)
						}
					}
					if name != "message" {
						return
					}
				}
			})
		})
	}
}

func TestSweepGoesOnAfterDatabaseWasDown(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, h *hub.Hub, clients []*client) {
		w.message(1)
		w.mu.Lock()
		w.down = true
		w.mu.Unlock()
		time.Sleep(10 * time.Minute)
		if _, err := connect(w, h, 3); err == nil {
			t.Error("attached without a database")
		}
		if h.Sessions() != 2 {
			t.Errorf("%d sessions", h.Sessions())
		}
		w.mu.Lock()
		w.down = false
		w.mu.Unlock()
		time.Sleep(5 * time.Second)
		clients[0].take()
		if missing := clients[0].behind(); missing != "" {
			t.Error(missing)
		}
	})
}

// TestWhoJoinsHearsNothingOfBefore: a message and then a join are on their way to the hub when the new member connects; the
// database has both. The message that comes late is not his to see.
func TestWhoJoinsHearsNothingOfBefore(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, h *hub.Hub, clients []*client) {
		w.mu.Lock()
		room := w.rooms[1]
		late := room.commit(wire.EvMessage)
		room.seqs = append(room.seqs, late.Rev)
		w.mu.Unlock()
		w.toggle(1, 3)
		joined, err := connect(w, h, 3)
		if err != nil {
			t.Fatal(err)
		}
		defer h.Detach(joined.session)
		w.busMu.Lock()
		w.listen(late)
		w.busMu.Unlock()
		joined.take()
		if joined.broken != "" {
			t.Error(joined.broken)
		}
		clients[0].take()
		if clients[0].held[1] < late.Rev {
			t.Error("who was a member did not hear of it either: this proves nothing")
		}
	})
}

// TestListOfRoomsIsGoodUntilOneIsTaken: a first sync goes by what the hub read, once, and not over a change of who is where.
func TestListOfRoomsIsGoodUntilOneIsTaken(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, h *hub.Hub, _ []*client) {
		attach := func() *hub.Session {
			s := hub.NewSession(hub.Who{UserID: 3, UserUUID: "3", SessionUUID: "third"}, func(bool) {})
			if err := h.Attach(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			return s
		}
		listen := func(e bus.Event) {
			w.busMu.Lock()
			defer w.busMu.Unlock()
			w.listen(e)
		}
		listen(w.comeOrGo(1, 3))
		s := attach()
		if rooms := s.Rooms(); len(rooms) != 1 || rooms[0].RoomID != 1 {
			t.Errorf("%+v", rooms)
		}
		if again := s.Rooms(); again != nil {
			t.Errorf("once more: %+v", again)
		}
		h.Detach(s)
		s = attach()
		listen(w.comeOrGo(1, 3))
		if rooms := s.Rooms(); rooms != nil {
			t.Errorf("after he left: %+v", rooms)
		}
		h.Detach(s)
	})
}

// TestWhoLeftHearsNothingAfter: his leaving ends what he hears at once, and not at the next sweep.
func TestWhoLeftHearsNothingAfter(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
		left := w.comeOrGo(1, 2)
		w.mu.Lock()
		room := w.rooms[1]
		after := room.commit(wire.EvMessage)
		room.seqs = append(room.seqs, after.Rev)
		w.mu.Unlock()
		w.busMu.Lock()
		w.listen(left)
		w.listen(after)
		w.busMu.Unlock()
		clients[1].take()
		if clients[1].broken != "" {
			t.Error(clients[1].broken)
		}
		clients[0].take()
		if clients[0].held[1] < after.Rev {
			t.Error("who stayed did not hear of it either: this proves nothing")
		}
	})
}

// TestSweepGoesOnWithAClockThatWasSetBack: what is stored after the clock was set back is older, by its time, than the last
// sweep. It must be found all the same.
func TestSweepGoesOnWithAClockThatWasSetBack(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
		time.Sleep(time.Minute)
		w.back.Store(int64(24 * time.Hour))
		for range 3 {
			w.message(1)
			time.Sleep(5 * time.Second)
			for _, c := range clients {
				c.take()
				if missing := c.behind(); missing != "" {
					t.Fatal(missing)
				}
			}
		}
	})
}

func TestRevokedSessionHearsNothingMore(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, h *hub.Hub, clients []*client) {
		c := clients[0]
		w.busMu.Lock()
		w.listen(bus.Event{Ev: wire.EvUser, Data: []byte(`{}`)})
		w.listen(bus.Event{Revoked: []string{c.session.Who().SessionUUID}})
		w.listen(bus.Event{Ev: wire.EvUser, Data: []byte(`{}`)})
		w.busMu.Unlock()
		c.take()
		if c.closed != wire.CloseRevoked || c.events != 0 {
			t.Errorf("closed with %d after %d events", c.closed, c.events)
		}
		if h.Sessions() != 1 {
			t.Errorf("%d sessions", h.Sessions())
		}
		again := hub.NewSession(c.session.Who(), func(bool) {})
		if err := h.Attach(t.Context(), again); !errs.Is(err, wire.Unauthenticated) {
			t.Errorf("a revoked session came back: %v", err)
		}
	})
}

func TestSweepFindsRevokedSessions(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
		w.mu.Lock()
		w.revoked[clients[0].session.Who().SessionUUID] = time.Now().UnixMilli()
		w.mu.Unlock()
		time.Sleep(5 * time.Second)
		clients[0].take()
		clients[1].take()
		if clients[0].closed != wire.CloseRevoked || clients[1].closed != 0 {
			t.Errorf("closed with %d and %d", clients[0].closed, clients[1].closed)
		}
	})
}

func TestSlowReaderGetsOneResync(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
		slow, other := clients[0], clients[1]
		w.busMu.Lock()
		defer w.busMu.Unlock()
		for i := range 10 * wire.QueueEvents {
			w.listen(bus.Event{Ev: wire.EvTyping, RoomID: 1, RoomUUID: uuidOf(1), Data: []byte(`{}`)})
			if i%100 == 0 {
				other.take()
			}
		}
		slow.take()
		other.take()
		if slow.resyncs != 1 || slow.events > wire.QueueEvents+1 {
			t.Errorf("slow: %d resyncs among %d events", slow.resyncs, slow.events)
		}
		if other.resyncs != 0 || other.events != 10*wire.QueueEvents {
			t.Errorf("other: %d resyncs, %d events", other.resyncs, other.events)
		}
		if !slow.session.Overflowed() || slow.session.Overflowed() {
			t.Error("overflow is told once")
		}
	})
}

func TestQueueIsBoundedInBytesAndKeepsReplies(t *testing.T) {
	s := hub.NewSession(hub.Who{}, func(bool) {})
	large := make([]byte, wire.QueueBytes/2)
	s.Reply([]byte(`{"re":1}`))
	for range 3 {
		s.Push(large)
	}
	s.Reply([]byte(`{"re":2}`))
	var b hub.Batch
	s.Take(&b, 64, 4*wire.QueueBytes)
	got := make([]int, len(b.Out))
	for i, out := range b.Out {
		got[i] = len(out)
	}
	if want := []int{8, len(`{"ev":"resync","d":{}}`), len(large), 8}; !slices.Equal(got, want) || b.Replies != 2 {
		t.Errorf("queue %v, %d replies, want %v", got, b.Replies, want)
	}
}

// Who is there may be more than a queue takes: that must not end in one resync after the other.
func TestWhatIsSharedIsNotCounted(t *testing.T) {
	s := hub.NewSession(hub.Who{}, func(bool) {})
	page := make([]byte, 70<<10)
	pages := make([]hub.Outgoing, 100)
	for i := range pages {
		pages[i] = page
	}
	s.PushShared(pages)
	s.Push([]byte("own"))
	if s.Overflowed() {
		t.Error("the queue of a session that has next to nothing of its own is full")
	}
	var b hub.Batch
	taken := 0
	for range pages {
		s.Take(&b, 64, 16<<10)
		taken += len(b.Out)
	}
	if s.Take(&b, 64, 16<<10); taken != len(pages) || len(b.Out) != 1 || string(b.Out[0]) != "own" {
		t.Errorf("%d pages and %d events behind them", taken, len(b.Out))
	}
	s.PushShared(pages)
	for range wire.QueueEvents + 1 {
		s.Push([]byte("own"))
	}
	if s.Take(&b, 64, 16<<10); !s.Overflowed() || string(b.Out[0]) != `{"ev":"resync","d":{}}` {
		t.Errorf("a full queue begins with %.40s", b.Out[0])
	}
}

func TestTooManySocketsOfOnePerson(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, h *hub.Hub, _ []*client) {
		for i := range hub.MaxSockets {
			if _, err := connect(w, h, 7); err != nil {
				t.Fatalf("socket %d: %v", i, err)
			}
		}
		if _, err := connect(w, h, 7); !errs.Is(err, wire.RateLimited) {
			t.Errorf("one too many: %v", err)
		}
	})
}

func TestWhoHearsWhat(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
		one, two := clients[0], clients[1]
		for _, tt := range []struct {
			name     string
			event    bus.Event
			one, two int
		}{
			{"everyone", bus.Event{Ev: wire.EvPresence}, 1, 1},
			{"one user", bus.Event{Ev: wire.EvRead, Users: []int64{2}}, 0, 1},
			{"room", bus.Event{Ev: wire.EvRead, RoomID: 1}, 1, 1},
			{"room but one", bus.Event{Ev: wire.EvTyping, RoomID: 1, Except: 1}, 0, 1},
			{"one user of a room", bus.Event{Ev: wire.EvRead, RoomID: 1, Users: []int64{1}}, 1, 0},
			{"one user of a room that is not his", bus.Event{Ev: wire.EvRead, RoomID: 2, Users: []int64{1}}, 0, 0},
			{"another room", bus.Event{Ev: wire.EvRead, RoomID: 2}, 0, 0},
			{"who takes people by number", bus.Event{Ev: wire.EvPresence, Numbered: new(true)}, 0, 0},
			{"who takes people by name", bus.Event{Ev: wire.EvPresence, Numbered: new(false)}, 1, 1},
			{"administrators", bus.Event{Ev: wire.EvAdmin, AdminsOnly: true}, 0, 0},
		} {
			before1, before2 := one.events, two.events
			w.busMu.Lock()
			tt.event.Data = []byte(`{}`)
			w.listen(tt.event)
			w.busMu.Unlock()
			one.take()
			two.take()
			if one.events-before1 != tt.one || two.events-before2 != tt.two {
				t.Errorf("%s: told %d and %d times", tt.name, one.events-before1, two.events-before2)
			}
		}
	})
}

func TestSilentEntryTellsNothing(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, _ *hub.Hub, clients []*client) {
		w.mu.Lock()
		e := w.rooms[1].commit(wire.EvMessage)
		w.mu.Unlock()
		e.Personal = map[int64]json.RawMessage{1: nil}
		w.busMu.Lock()
		w.listen(e)
		w.busMu.Unlock()
		clients[0].take()
		clients[1].take()
		if clients[0].events != 0 || clients[1].events != 1 {
			t.Errorf("told %d and %d", clients[0].events, clients[1].events)
		}
	})
}

func TestDrainSpreadsTheReturn(t *testing.T) {
	quiet(t, func(t *testing.T, w *world, h *hub.Hub, clients []*client) {
		drained := make(chan error, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		go func() { drained <- h.Drain(ctx) }()
		synctest.Wait()
		for _, c := range clients {
			c.take()
			if c.closed != wire.CloseRestart || c.events != 1 {
				t.Errorf("closed with %d after %d events", c.closed, c.events)
			}
			h.Detach(c.session)
		}
		if err := <-drained; err != nil {
			t.Error(err)
		}
		if _, err := connect(w, h, 1); !errs.Is(err, wire.Unavailable) {
			t.Errorf("attached while draining: %v", err)
		}
	})
}
