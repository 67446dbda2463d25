package clienttest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Model is the server by brute force: it keeps the rules of the protocol and nothing else. One reader, Me, looks at it.
type Model struct {
	Events    []client.Event // for Me, not yet delivered
	MaxBehind int64
	Epoch     int64

	rooms        map[string]*Room
	people       []wire.Profile
	directoryRev int64
	nextID       int64
}

// Room is a room of a Model.
type Room struct {
	uuid     string
	name     string
	history  wire.RoomHistory
	rev      int64
	metaRev  int64
	messages []wire.Message
	members  map[string]int64 // user → joined_seq
	pins     []int64
	mine     wire.My
	hidden   []hiddenMessage // in the order of hiding
}

type hiddenMessage struct{ rev, seq int64 }

// Me is the reader, Other somebody else.
const (
	Me    = "me"
	Other = "other"
)

// NewModel returns a server without rooms.
func NewModel() *Model {
	return &Model{rooms: map[string]*Room{}, MaxBehind: wire.MaxChangesBehind}
}

// backup is a copy of the server as it is now.
func (m *Model) backup() *Model {
	out := *m
	out.Events, out.people, out.rooms = nil, slices.Clone(m.people), make(map[string]*Room, len(m.rooms))
	for uuid, r := range m.rooms {
		room := *r
		room.messages, room.pins, room.hidden = slices.Clone(r.messages), slices.Clone(r.pins), slices.Clone(r.hidden)
		room.members = maps.Clone(r.members)
		out.rooms[uuid] = &room
	}
	return &out
}

func (m *Model) emit(ev wire.Ev, data any) {
	m.Events = append(m.Events, client.Event{Ev: ev, Data: data})
}

// Create makes a room.
func (m *Model) Create(uuid string, members ...string) *Room {
	r := &Room{uuid: uuid, name: uuid, history: wire.HistoryJoined, members: map[string]int64{}}
	r.rev, r.metaRev = 1, 1
	for _, user := range members {
		r.members[user] = 0
	}
	r.mine = wire.My{Rev: 1, Role: wire.RoomMember, Notify: wire.NotifyAll}
	m.rooms[uuid] = r
	m.tellMe(r)
	return r
}

// Rooms lists the rooms by room_uuid.
func (m *Model) Rooms() map[string]*Room { return m.rooms }

// tellMe sends the summary that was made for Me.
func (m *Model) tellMe(r *Room) {
	if r.mineNow() {
		summary := r.Summary()
		m.emit(wire.EvRoom, &summary)
	}
}

// tellAll sends the summary that all members get.
func (m *Model) tellAll(r *Room) {
	if r.mineNow() {
		summary := r.Summary()
		summary.My, summary.LastMessage = nil, nil
		m.emit(wire.EvRoom, &summary)
	}
}

func (r *Room) mineNow() bool {
	_, member := r.members[Me]
	return member
}

// LastSeq is the room's newest message.
func (r *Room) LastSeq() int64 { return int64(len(r.messages)) }

func (r *Room) border() int64 {
	if r.history == wire.HistoryAll {
		return 0
	}
	return r.members[Me]
}

func (r *Room) visible(msg wire.Message) bool { return msg.Seq > r.border() }

// Send stores a message. Mention: whom it calls; "all" calls everybody.
func (m *Model) Send(r *Room, sender, text string, mention ...string) wire.Message {
	msg := wire.Message{Kind: wire.MessageUser, SenderUUID: sender, Text: text}
	call(&msg, mention)
	msg = m.add(r, msg)
	if sender == Me && r.mineNow() {
		r.mine.LastReadSeq = max(r.mine.LastReadSeq, msg.Seq)
		r.mine.Rev++
	}
	m.tellMessage(r, msg)
	return msg
}

func call(msg *wire.Message, mention []string) {
	msg.Mentions, msg.MentionAll = nil, slices.Contains(mention, "all")
	if !msg.MentionAll {
		msg.Mentions = mention
	}
}

func (m *Model) add(r *Room, msg wire.Message) wire.Message {
	m.nextID++
	r.rev++
	msg.MessageID, msg.RoomUUID, msg.Seq, msg.Rev = m.nextID, r.uuid, r.LastSeq()+1, r.rev
	msg.ClientID, msg.Timestamp = fmt.Sprintf("c%d", m.nextID), wire.TimeOf(time.UnixMilli(m.nextID))
	r.messages = append(r.messages, msg)
	return msg
}

func (m *Model) line(r *Room, action wire.SystemAction) {
	m.tellMessage(r, m.add(r, wire.Message{Kind: wire.MessageSystem, System: &wire.SystemNotice{Action: action}}))
}

func (m *Model) tellMessage(r *Room, msg wire.Message) {
	if r.mineNow() && r.visible(msg) {
		m.emit(wire.EvMessage, &msg)
	}
}

// Change edits a message, reacts to it or the like. A deleted one stays as it is.
func (m *Model) Change(r *Room, seq int64, change func(*wire.Message)) {
	msg := &r.messages[seq-1]
	if msg.DeletedAt != nil || msg.Kind != wire.MessageUser {
		return
	}
	r.rev++
	msg.Rev = r.rev
	change(msg)
	m.tellMessage(r, *msg)
}

// Delete makes a message a tombstone.
func (m *Model) Delete(r *Room, seq int64) {
	m.Pin(r, seq, false)
	m.Change(r, seq, func(msg *wire.Message) {
		at := msg.Timestamp
		*msg = wire.Message{
			MessageID: msg.MessageID, RoomUUID: msg.RoomUUID, Seq: msg.Seq, Rev: msg.Rev, Kind: msg.Kind,
			SenderUUID: msg.SenderUUID, ClientID: msg.ClientID, Timestamp: msg.Timestamp, DeletedAt: &at,
		}
	})
}

// Pin pins a message or takes the pin off.
func (m *Model) Pin(r *Room, seq int64, on bool) {
	if msg := r.messages[seq-1]; msg.Pinned == on || msg.DeletedAt != nil || msg.Kind != wire.MessageUser {
		return
	}
	r.pins = slices.DeleteFunc(slices.Clone(r.pins), func(s int64) bool { return s == seq })
	if on {
		r.pins = append(r.pins, seq)
	}
	m.Change(r, seq, func(msg *wire.Message) { msg.Pinned = on })
	r.metaRev = r.rev
	m.tellAll(r)
}

// Hide hides a message from Me.
func (m *Model) Hide(r *Room, seq int64) {
	if slices.ContainsFunc(r.hidden, func(h hiddenMessage) bool { return h.seq == seq }) || !r.mineNow() {
		return
	}
	r.mine.Rev++
	r.mine.HiddenRev = r.mine.Rev
	r.hidden = append(r.hidden, hiddenMessage{rev: r.mine.Rev, seq: seq})
	m.tellMe(r)
}

func (r *Room) hides(seq int64) bool {
	return slices.ContainsFunc(r.hidden, func(h hiddenMessage) bool { return h.seq == seq })
}

// Rename changes the room's name.
func (m *Model) Rename(r *Room, name string) {
	r.rev++
	r.name, r.metaRev = name, r.rev
	m.tellAll(r)
	m.line(r, wire.SystemRenamed)
}

// SwitchHistory changes what newcomers see.
func (m *Model) SwitchHistory(r *Room) {
	r.rev++
	r.metaRev = r.rev
	if r.history == wire.HistoryAll {
		r.history = wire.HistoryJoined
	} else {
		r.history = wire.HistoryAll
	}
	m.tellMe(r)
	m.line(r, wire.SystemHistory)
}

// My changes the reader's own settings.
func (m *Model) My(r *Room, change func(*wire.My)) {
	r.mine.Rev++
	change(&r.mine)
	m.tellMe(r)
}

// Read moves the reader's cursor.
func (m *Model) Read(r *Room, seq int64) {
	if seq = min(seq, r.LastSeq()); seq <= r.mine.LastReadSeq {
		return
	}
	r.mine.Rev++
	r.mine.LastReadSeq = seq
	m.emit(wire.EvRead, &wire.Read{RoomUUID: r.uuid, Reads: []wire.UserRead{{UserUUID: Me, Seq: seq}}})
}

// Leave takes Me out of a room.
func (m *Model) Leave(r *Room) {
	r.rev++
	r.metaRev = r.rev
	delete(r.members, Me)
	m.emit(wire.EvRoomRemoved, &wire.RoomRemoved{RoomUUID: r.uuid})
	m.line(r, wire.SystemLeft)
}

// Drop takes Me out of a room without a word.
func (r *Room) Drop() { delete(r.members, Me) }

// Rejoin takes Me in again.
func (m *Model) Rejoin(r *Room) {
	r.rev++
	r.metaRev = r.rev
	r.members[Me] = r.LastSeq()
	r.mine.Rev++
	r.mine.JoinedSeq = r.LastSeq()
	r.mine.LastReadSeq = max(r.mine.LastReadSeq, r.LastSeq())
	m.tellMe(r)
	m.line(r, wire.SystemJoined)
}

// Hire adds a person or changes him.
func (m *Model) Hire(name string) {
	m.directoryRev++
	person := wire.Profile{UserUUID: name, Name: name, Rev: m.directoryRev}
	m.people = slices.DeleteFunc(m.people, func(p wire.Profile) bool { return p.UserUUID == name })
	m.people = append(m.people, person)
	m.emit(wire.EvUser, &wire.UserChanged{DirectoryRev: m.directoryRev, User: person})
}

// Summary is the room as Me sees it.
func (r *Room) Summary() wire.RoomSummary {
	s := wire.RoomSummary{
		RoomUUID: r.uuid, Kind: wire.RoomGroup, Name: r.name, MemberCount: len(r.members), History: r.history,
		Members: slices.Sorted(maps.Keys(r.members)), Pins: slices.Clone(r.pins), LastSeq: r.LastSeq(), Rev: r.rev,
	}
	if n := len(r.messages); n > 0 && r.visible(r.messages[n-1]) {
		last := r.messages[n-1]
		s.LastMessage = &last
	}
	mine := r.mine
	mine.MentionSeqs = r.mentions()
	s.My = &mine
	return s
}

func (r *Room) mentions() []int64 {
	var out []int64
	for _, msg := range r.messages {
		called := msg.SenderUUID != Me && (msg.MentionAll || slices.Contains(msg.Mentions, Me))
		if called && msg.Seq > r.mine.LastReadSeq && r.visible(msg) && !r.hides(msg.Seq) {
			out = append(out, msg.Seq)
		}
	}
	return out[max(0, len(out)-wire.MaxMentionSeqs):]
}

// sweep is the server's repair of lost events: it tells the newest revision of every room again.
func (m *Model) sweep() {
	for _, uuid := range slices.Sorted(maps.Keys(m.rooms)) { // in one order, or a failure could not be had again
		r := m.rooms[uuid]
		if !r.mineNow() {
			m.emit(wire.EvRoomRemoved, &wire.RoomRemoved{RoomUUID: r.uuid})
		}
		m.tellMe(r)
		for _, msg := range r.messages {
			if msg.Rev == r.rev {
				m.tellMessage(r, msg)
			}
		}
	}
	for _, p := range m.people {
		if p.Rev == m.directoryRev {
			m.emit(wire.EvUser, &wire.UserChanged{DirectoryRev: p.Rev, User: p})
		}
	}
}
