package presence

import (
	"encoding/json"
	"log/slog"
	"slices"

	"himsg/shared/wire"
)

// This file tells other nodes who is here, and hears from them who is there. Each word of a node has a number; who missed one
// asks for everything.

const (
	topic      = "presence"
	sayTicks   = 5       // a node says its number so often, though nothing changed
	maxPeers   = 1000    // nodes
	maxThere   = 200_000 // people of one of them
	uuidLength = 36
)

// word is what a node tells its peers.
type word struct {
	Seq   int64   `json:"seq"`             // grows with every page of changes
	Users []named `json:"users,omitempty"` // who changed, or with Full everybody who is there
	Full  bool    `json:"full,omitempty"`
	Page  int     `json:"page,omitempty"` // of a full word, from 0
	More  bool    `json:"more,omitempty"` // another page of it follows
	Ask   string  `json:"ask,omitempty"`  // a node that is to say everything
}

// named is somebody's state as nodes tell it.
type named struct {
	UserUUID string             `json:"user_uuid"`
	Number   int64              `json:"number,omitempty"` // a node of an earlier version says none
	State    wire.PresenceState `json:"state"`
}

// peer is another node.
type peer struct {
	seq    int64 // the number of its last word that was understood; -1: none
	states map[string]named
	full   map[string]named // of a full word whose pages are coming
	pages  int              // of it that came
	absent int              // ticks in which it was not heard
}

// share tells the peers what changed here since the last tick, and forgets those that are gone.
func (t *Tracker) share() {
	if t.o.Peers == nil {
		return
	}
	others, connected := t.o.Peers.Others(), t.o.Peers.Connected()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ticks++
	var users []named
	for uuid, p := range t.dirty {
		if state := p.here(); state != p.shared && (state != wire.PresenceOff || p.shared != "") {
			p.shared = state
			users = append(users, named{UserUUID: uuid, Number: p.number, State: state})
		}
	}
	switch {
	case t.asked:
		t.asked = false
		t.seq++
		t.sayFull()
	case len(users) > 0:
		t.say(users)
	case t.ticks%sayTicks == 0:
		t.tell(word{Seq: t.seq})
	}
	if !connected {
		return // it is we who hear nobody
	}
	for node, p := range t.peers {
		p.absent++
		if slices.Contains(others, node) {
			p.absent = 0
		}
		if p.absent >= graceTicks {
			delete(t.peers, node)
			t.replace(node, p.states, nil)
		}
	}
}

// say tells of changes. t.mu is held.
func (t *Tracker) say(users []named) {
	for page := range slices.Chunk(users, pageSize) {
		t.seq++
		t.tell(word{Seq: t.seq, Users: page})
	}
}

// sayFull tells of everybody who is here. t.mu is held.
func (t *Tracker) sayFull() {
	var users []named
	for uuid, p := range t.people {
		if p.shared != "" && p.shared != wire.PresenceOff {
			users = append(users, named{UserUUID: uuid, Number: p.number, State: p.shared})
		}
	}
	for page := 0; page == 0 || len(users) > 0; page++ {
		n := min(len(users), pageSize)
		t.tell(word{Seq: t.seq, Users: users[:n], Full: true, Page: page, More: n < len(users)})
		users = users[n:]
	}
}

func (t *Tracker) tell(w word) {
	data, err := json.Marshal(w)
	if err != nil {
		t.logger.Error("encode presence", slog.Any("error", err))
		return
	}
	t.o.Peers.Tell(topic, data)
}

// hear takes a word of another node.
func (t *Tracker) hear(node string, data []byte) {
	var w word
	if len(data) > 1<<20 || json.Unmarshal(data, &w) != nil || len(w.Users) > pageSize || w.Seq < 0 {
		return
	}
	w.Users = slices.DeleteFunc(w.Users, func(u named) bool {
		_, known := rank[u.State]
		return !known || len(u.UserUUID) != uuidLength || u.Number < 0
	})
	t.mu.Lock()
	defer t.mu.Unlock()
	if w.Ask != "" {
		t.asked = t.asked || w.Ask == t.o.Node
		return
	}
	if t.peers[node] == nil && len(t.peers) < maxPeers {
		t.peers[node] = &peer{seq: -1, states: map[string]named{}}
	}
	if p := t.peers[node]; p != nil {
		p.absent = 0
		t.take(node, p, w)
	}
}

// take goes by what a peer says. t.mu is held.
func (t *Tracker) take(node string, p *peer, w word) {
	switch {
	case w.Full:
		t.hearFull(node, p, w)
	case len(w.Users) == 0 && w.Seq == p.seq:
	case len(w.Users) > 0 && p.seq >= 0 && w.Seq == p.seq+1:
		p.seq = w.Seq
		for _, u := range w.Users {
			t.there(node, p, u)
		}
	default:
		t.tell(word{Ask: node})
	}
}

// hearFull gathers the pages of a full word, and takes it when the last one is there. t.mu is held.
func (t *Tracker) hearFull(node string, p *peer, w word) {
	if w.Page == 0 {
		p.full, p.pages = map[string]named{}, 0
	}
	if p.full == nil || w.Page != p.pages {
		p.full = nil // the next word shows that something is missing, and it is asked for
		return
	}
	p.pages++
	for _, u := range w.Users {
		if len(p.full) < maxThere && u.State != wire.PresenceOff {
			p.full[u.UserUUID] = u
		}
	}
	if w.More {
		return
	}
	was := p.states
	p.seq, p.states, p.full = w.Seq, p.full, nil
	t.replace(node, was, p.states)
}

// replace changes what a node says of people from one state of things to another. t.mu is held.
func (t *Tracker) replace(node string, was, is map[string]named) {
	for uuid := range was {
		if _, still := is[uuid]; !still {
			t.set(node, named{UserUUID: uuid, State: wire.PresenceOff})
		}
	}
	for _, u := range is {
		t.set(node, u)
	}
}

func (t *Tracker) there(node string, p *peer, u named) {
	if u.State == wire.PresenceOff {
		delete(p.states, u.UserUUID)
	} else if len(p.states) < maxThere {
		p.states[u.UserUUID] = u
	}
	t.set(node, u)
}

// set notes what a node says of a person. t.mu is held.
func (t *Tracker) set(node string, u named) {
	if u.State == wire.PresenceOff {
		p := t.people[u.UserUUID]
		if p == nil {
			return
		}
		delete(p.there, node)
		t.dirty[u.UserUUID] = p
		return
	}
	p := t.person(u.UserUUID, u.Number)
	if p.there[node] == u.State {
		return
	}
	if p.there == nil {
		p.there = make(map[string]wire.PresenceState, 1)
	}
	p.there[node] = u.State
	t.dirty[u.UserUUID] = p
}

// Here is how many people this node counts, so that the sum over all nodes is everybody once: who is on several nodes is counted
// by the one whose name is first.
func (t *Tracker) Here() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.people {
		if p.told == "" || p.told == wire.PresenceOff || len(p.devices) == 0 {
			continue
		}
		first := true
		for node := range p.there {
			first = first && node > t.o.Node
		}
		if first {
			n++
		}
	}
	return n
}
