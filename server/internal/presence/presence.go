package presence

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

const (
	tick       = time.Second // changes are gathered this long, of few people
	perTick    = 2000        // for each so many people they are gathered a tick longer: each event goes to all of them
	mostTicks  = 10
	graceTicks = 5    // a person stays for this many ticks after the last session, so a reconnect doesn't flicker
	pageSize   = 1000 // people in one event that names them
)

// Options sets up a Tracker.
type Options struct {
	Publisher Publisher // this node's own: each node tells its own sessions
	Peers     Peers     // nil: this node is alone
	Node      string    // names this node among its peers
	Logger    *slog.Logger
}

// Tracker holds everyone's state. It is safe for use by several goroutines.
type Tracker struct {
	publisher Publisher
	logger    *slog.Logger
	stop      context.CancelFunc
	done      chan struct{}

	o Options

	mu     sync.Mutex
	people map[string]*person
	dirty  map[string]*person         // to be looked at in the next tick
	full   map[Form][]json.RawMessage // the snapshot as it was asked for; empty when a tick changed something
	peers  map[string]*peer           // the other nodes that were heard, by name
	asked  bool                       // a peer asked for everything
	seq    int64                      // of what peers were told last
	ticks  int
	waited int // ticks since changes were told
}

// person is someone with a session, or with one that ended a moment ago.
type person struct {
	number  int64 // wire.Profile.Number; 0: not known, another node said no more than his name
	devices map[*Device]wire.PresenceState
	there   map[string]wire.PresenceState // what other nodes say of him, by node
	shared  wire.PresenceState            // what they were told of him here; empty: nothing, or that he is off
	told    wire.PresenceState            // what was published last; empty: nothing yet
	left    int                           // ticks since the last session ended
}

// Device is one session's part in a person's state.
type Device struct {
	tracker  *Tracker
	userUUID string
}

// New starts a Tracker; Close ends it.
func New(o Options) *Tracker {
	ctx, stop := context.WithCancel(context.Background())
	t := &Tracker{
		publisher: o.Publisher, logger: o.Logger, stop: stop, done: make(chan struct{}),
		people: make(map[string]*person), full: make(map[Form][]json.RawMessage), dirty: make(map[string]*person), peers: make(map[string]*peer), o: o,
	}
	if o.Peers != nil {
		o.Peers.Hear(topic, t.hear)
	}
	go t.run(ctx)
	return t
}

// Close stops publishing and waits for the last event to be handed over.
func (t *Tracker) Close() {
	t.stop()
	<-t.done
}

// Connect tells that a session of a person began, who has this wire.Profile.Number. It is active until it says otherwise; Disconnect
// ends it.
func (t *Tracker) Connect(userUUID string, number int64) *Device {
	d := &Device{tracker: t, userUUID: userUUID}
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.person(userUUID, number)
	p.devices[d] = wire.PresenceActive
	t.dirty[userUUID] = p
	return d
}

// person is somebody, known or not. t.mu is held.
func (t *Tracker) person(userUUID string, number int64) *person {
	p := t.people[userUUID]
	if p == nil {
		p = &person{devices: make(map[*Device]wire.PresenceState, 1)}
		t.people[userUUID] = p
	}
	if number > 0 {
		p.number = number
	}
	return p
}

// Set changes the session's state. It returns wire.BadRequest for anything but active, away and dnd. After Disconnect it
// does nothing.
func (d *Device) Set(state wire.PresenceState) error {
	switch state {
	case wire.PresenceActive, wire.PresenceAway, wire.PresenceDND:
	default:
		return errs.BadField("state", errs.Text{KO: "알 수 없는 상태입니다.", EN: "Unknown state."})
	}
	t := d.tracker
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.people[d.userUUID]
	if p == nil {
		return nil
	}
	if _, here := p.devices[d]; here {
		p.devices[d] = state
		t.dirty[d.userUUID] = p
	}
	return nil
}

// Disconnect tells that the session ended. A repeat is harmless.
func (d *Device) Disconnect() {
	t := d.tracker
	t.mu.Lock()
	defer t.mu.Unlock()
	p := t.people[d.userUUID]
	if p == nil {
		return
	}
	delete(p.devices, d)
	t.dirty[d.userUUID] = p
}

// Snapshot is everyone who is there as of the last tick, as full presence events; what changed since comes with the next tick. There
// is always at least one, so that a client learns that nobody is there. Until something changes the same slice is
// returned; it must not be modified.
func (t *Tracker) Snapshot(form Form) []json.RawMessage {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.full[form] == nil {
		users := make([]change, 0, len(t.people))
		for uuid, p := range t.people {
			if p.told != "" {
				users = append(users, change{uuid: uuid, number: p.number, state: p.told})
			}
		}
		t.full[form] = t.encode(form, users, true)
	}
	return t.full[form]
}

func (t *Tracker) run(ctx context.Context) {
	defer close(t.done)
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			t.share()
			changed := t.due()
			for _, form := range forms {
				for _, page := range t.encode(form, changed, false) {
					t.publisher.Publish(ctx, bus.Event{Ev: wire.EvPresence, Data: page, Numbered: form.numbered()})
				}
			}
		}
	}
}

// due is what is to be told now. While thousands come, an event each second to all who are there would cost more than all the
// rest of their coming.
func (t *Tracker) due() []change {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waited++
	if t.waited < min(1+len(t.people)/perTick, mostTicks) {
		return nil
	}
	waited := t.waited
	t.waited = 0
	return t.changes(waited)
}

// changes settles who changed in the last ticks. t.mu is held.
func (t *Tracker) changes(ticks int) []change {
	var users []change
	for uuid, p := range t.dirty {
		state := p.state()
		if state == wire.PresenceOff {
			p.left += ticks
			if p.left < graceTicks {
				continue // still dirty: it is looked at again
			}
			delete(t.people, uuid)
		} else {
			p.left = 0
		}
		delete(t.dirty, uuid)
		gone := state == wire.PresenceOff && p.told == "" // came and went between two ticks: nobody knew
		if state != p.told && !gone {
			p.told = state
			users = append(users, change{uuid: uuid, number: p.number, state: state})
		}
	}
	if len(users) > 0 {
		clear(t.full)
	}
	return users
}

// state is what the person's sessions say together: who asked on one device not to be disturbed, means it everywhere;
// who is active on one, is there.
func (p *person) state() wire.PresenceState {
	state := p.here()
	for _, s := range p.there {
		if rank[s] > rank[state] {
			state = s
		}
	}
	return state
}

// here is what the person's sessions on this node say.
func (p *person) here() wire.PresenceState {
	state := wire.PresenceOff
	for _, s := range p.devices {
		if rank[s] > rank[state] {
			state = s
		}
	}
	return state
}

var rank = map[wire.PresenceState]int{
	wire.PresenceOff: 0, wire.PresenceAway: 1, wire.PresenceActive: 2, wire.PresenceDND: 3,
}

// Counts is how many people are in each state as of the last tick, on all nodes; off is not among them.
func (t *Tracker) Counts() map[wire.PresenceState]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	counts := map[wire.PresenceState]int{}
	for _, p := range t.people {
		if p.told != "" && p.told != wire.PresenceOff {
			counts[p.told]++
		}
	}
	return counts
}
