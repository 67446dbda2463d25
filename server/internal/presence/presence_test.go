package presence_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/presence"
	"himsg/shared/wire"
)

// heard applies what is published, as a client does.
type heard struct {
	t *testing.T

	mu       sync.Mutex
	states   map[string]wire.PresenceState
	events   int // that name people
	numbered map[int64]wire.PresenceState
	numbers  int // events by number
}

func (h *heard) state(userUUID string) wire.PresenceState {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.states[userUUID]
}

func (h *heard) count() (events, people int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.events, len(h.states)
}

func (h *heard) Publish(_ context.Context, e bus.Event) {
	if e.Ev != wire.EvPresence || e.RoomID != 0 || len(e.Users) != 0 {
		h.t.Errorf("event %+v", e)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.Numbered == nil {
		h.t.Error("an event for both forms")
		return
	}
	if *e.Numbered {
		h.numbers++
		if h.numbered == nil {
			h.numbered = map[int64]wire.PresenceState{}
		}
		applyNumbers(h.t, h.numbered, e.Data)
		return
	}
	h.events++
	apply(h.t, h.states, e.Data)
}

func applyNumbers(t *testing.T, states map[int64]wire.PresenceState, data []byte) {
	t.Helper()
	var p wire.Presence
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	for _, state := range []wire.PresenceState{wire.PresenceActive, wire.PresenceAway, wire.PresenceDND, wire.PresenceOff} {
		for _, number := range *p.Of(state) {
			states[number] = state
		}
	}
}

func apply(t *testing.T, states map[string]wire.PresenceState, data []byte) {
	t.Helper()
	var p wire.Presence
	if err := json.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	for _, u := range p.Users {
		states[u.UserUUID] = u.State
	}
}

// run starts a tracker within a bubble of fake time.
func run(t *testing.T, fn func(t *testing.T, p *presence.Tracker, h *heard)) {
	synctest.Test(t, func(t *testing.T) {
		h := &heard{t: t, states: map[string]wire.PresenceState{}}
		p := presence.New(presence.Options{Publisher: h, Logger: slog.New(slog.DiscardHandler)})
		defer p.Close()
		fn(t, p, h)
	})
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestStateOfSeveralDevices(t *testing.T) {
	for _, tt := range []struct {
		devices []wire.PresenceState
		want    wire.PresenceState
	}{
		{[]wire.PresenceState{wire.PresenceActive}, wire.PresenceActive},
		{[]wire.PresenceState{wire.PresenceAway}, wire.PresenceAway},
		{[]wire.PresenceState{wire.PresenceAway, wire.PresenceActive}, wire.PresenceActive},
		{[]wire.PresenceState{wire.PresenceActive, wire.PresenceDND}, wire.PresenceDND},
		{[]wire.PresenceState{wire.PresenceDND, wire.PresenceAway}, wire.PresenceDND},
	} {
		t.Run(fmt.Sprint(tt.devices), func(t *testing.T) {
			run(t, func(t *testing.T, p *presence.Tracker, h *heard) {
				for _, state := range tt.devices {
					if err := p.Connect("u", 1).Set(state); err != nil {
						t.Fatal(err)
					}
				}
				pass(2 * time.Second)
				if h.state("u") != tt.want {
					t.Errorf("%v, want %v", h.state("u"), tt.want)
				}
			})
		})
	}
}

func TestReconnectDoesNotFlicker(t *testing.T) {
	run(t, func(t *testing.T, p *presence.Tracker, h *heard) {
		d := p.Connect("u", 1)
		pass(2 * time.Second)
		d.Disconnect()
		d.Disconnect()
		pass(3 * time.Second)
		again := p.Connect("u", 1)
		pass(10 * time.Second)
		if events, _ := h.count(); events != 1 || h.state("u") != wire.PresenceActive {
			t.Errorf("%d events, state %v", events, h.state("u"))
		}
		again.Disconnect()
		pass(3 * time.Second)
		if h.state("u") != wire.PresenceActive {
			t.Error("gone before the grace was over")
		}
		pass(4 * time.Second)
		if h.state("u") != wire.PresenceOff {
			t.Errorf("state %v after the grace", h.state("u"))
		}
		if err := again.Set(wire.PresenceDND); err != nil {
			t.Error(err)
		}
		pass(2 * time.Second)
		if h.state("u") != wire.PresenceOff {
			t.Error("a device that is gone changed the state")
		}
	})
}

func TestComingAndGoingBetweenTicksIsNotTold(t *testing.T) {
	run(t, func(t *testing.T, p *presence.Tracker, h *heard) {
		p.Connect("u", 1).Disconnect()
		pass(10 * time.Second)
		if events, _ := h.count(); events != 0 {
			t.Errorf("%d events", events)
		}
	})
}

func TestSnapshotAndChangesGiveEveryone(t *testing.T) {
	run(t, func(t *testing.T, p *presence.Tracker, h *heard) {
		for _, form := range []presence.Form{presence.ByName, presence.ByNumber} {
			if pages := p.Snapshot(form); len(pages) != 1 || string(pages[0]) != `{"users":[],"full":true}` {
				t.Errorf("empty snapshot %s", pages)
			}
		}
		const people = 2500
		for i := range people {
			d := p.Connect(fmt.Sprint(i), int64(i+1))
			if err := d.Set([]wire.PresenceState{wire.PresenceActive, wire.PresenceAway, wire.PresenceDND}[i%3]); err != nil {
				t.Fatal(err)
			}
		}
		pass(2 * time.Second)
		if events, told := h.count(); events != 3 || told != people || h.numbers != 1 || len(h.numbered) != people {
			t.Errorf("%d events about %d people, %d about %d numbers", events, told, h.numbers, len(h.numbered))
		}
		states, numbered := map[string]wire.PresenceState{}, map[int64]wire.PresenceState{}
		pages, page := p.Snapshot(presence.ByName), p.Snapshot(presence.ByNumber)
		for _, page := range pages {
			apply(t, states, page)
		}
		applyNumbers(t, numbered, page[0])
		if len(pages) != 3 || len(states) != people || len(page) != 1 || len(numbered) != people || len(page[0]) > 4*people {
			t.Errorf("%d pages with %d people, %d with %d numbers in %d bytes", len(pages), len(states), len(page), len(numbered), len(page[0]))
		}
		for i := range people {
			if name, number := states[fmt.Sprint(i)], numbered[int64(i+1)]; name != number {
				t.Errorf("person %d is %s by name and %s by number", i, name, number)
			}
		}
	})
}

// A node of an earlier version says no numbers; its people are named to everybody.
func TestWhoseNumberIsNotKnownIsNamed(t *testing.T) {
	several(t, 1, func(t *testing.T, _ *line, nodes []trackerNode) {
		nodes[0].fn("old", []byte(`{"seq":1,"full":true,"users":[{"user_uuid":"`+person(1)+`","state":"away"}]}`))
		nodes[0].Connect(person(2), 2)
		pass(3 * time.Second)
		want := `{"users":[{"user_uuid":"` + person(1) + `","state":"away"}],"active":"Ag","full":true}`
		if page := nodes[0].Snapshot(presence.ByNumber); len(page) != 1 || string(page[0]) != want {
			t.Errorf("%s, want %s", page, want)
		}
	})
}

func TestUnknownStateIsRefused(t *testing.T) {
	run(t, func(t *testing.T, p *presence.Tracker, _ *heard) {
		for _, state := range []wire.PresenceState{"", "off", "busy"} {
			if err := p.Connect("u", 1).Set(state); !errs.Is(err, wire.BadRequest) {
				t.Errorf("%q: %v", state, err)
			}
		}
	})
}

// While thousands come, each event goes to all who are there already.
func TestOfManyPeopleChangesAreGatheredForLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &heard{t: t, states: map[string]wire.PresenceState{}}
		tracker := presence.New(presence.Options{Publisher: h, Logger: slog.New(slog.DiscardHandler)})
		defer tracker.Close()
		const seconds, each = 30, 400
		var devices []*presence.Device
		for s := range seconds {
			for i := range each {
				devices = append(devices, tracker.Connect(person(s*each+i), int64(s*each+i+1)))
			}
			pass(time.Second)
		}
		pass(10 * time.Second)
		events, people := h.count()
		if people != seconds*each || events > seconds*2/3 {
			t.Errorf("%d people in %d events, want %d in at most %d", people, events, seconds*each, seconds*2/3)
		}
		for _, d := range devices[1:] {
			d.Disconnect()
		}
		pass(20 * time.Second)
		if h.state(person(1)) != wire.PresenceOff || h.state(person(0)) != wire.PresenceActive {
			t.Errorf("after all but one went: %q and %q", h.state(person(1)), h.state(person(0)))
		}
	})
}
