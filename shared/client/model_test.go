package client_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// model is the server by brute force: it keeps the rules of the protocol and nothing else. One reader, "me", looks at it.
type model struct {
	rooms        map[string]*modelRoom
	people       []wire.Profile
	directoryRev int64
	nextID       int64
	maxBehind    int64
	events       []client.Event // for me, not yet delivered
}

type modelRoom struct {
	uuid     string
	name     string
	rev      int64
	metaRev  int64
	messages []wire.Message
	members  map[string]int64 // user → joined_seq
	mine     wire.My
}

const me = "me"

func newModel() *model {
	return &model{rooms: map[string]*modelRoom{}, maxBehind: wire.MaxChangesBehind}
}

func (m *model) emit(ev wire.Ev, data any) {
	m.events = append(m.events, client.Event{Ev: ev, Data: data})
}

func (m *model) create(uuid string, members ...string) *modelRoom {
	r := &modelRoom{uuid: uuid, name: uuid, members: map[string]int64{}}
	r.rev, r.metaRev = 1, 1
	for _, user := range members {
		r.members[user] = 0
	}
	r.mine = wire.My{Rev: 1, Role: wire.RoomMember}
	m.rooms[uuid] = r
	m.tellRoom(r)
	return r
}

func (m *model) tellRoom(r *modelRoom) {
	if _, ok := r.members[me]; ok {
		summary := r.summary()
		m.emit(wire.EvRoom, &summary)
	}
}

func (r *modelRoom) lastSeq() int64 { return int64(len(r.messages)) }

func (r *modelRoom) visible(msg wire.Message) bool { return msg.Seq > r.members[me] }

func (m *model) send(r *modelRoom, sender, text string) wire.Message {
	m.nextID++
	r.rev++
	msg := wire.Message{
		MessageID: m.nextID, RoomUUID: r.uuid, Seq: r.lastSeq() + 1, Rev: r.rev, Kind: wire.MessageUser,
		SenderUUID: sender, ClientID: fmt.Sprintf("c%d", m.nextID), Text: text,
		Timestamp: wire.TimeOf(time.UnixMilli(m.nextID)),
	}
	r.messages = append(r.messages, msg)
	m.tellMessage(r, msg)
	return msg
}

func (m *model) tellMessage(r *modelRoom, msg wire.Message) {
	if _, ok := r.members[me]; ok && r.visible(msg) {
		m.emit(wire.EvMessage, &msg)
	}
}

// change edits or deletes a message.
func (m *model) change(r *modelRoom, seq int64, change func(*wire.Message)) {
	msg := &r.messages[seq-1]
	if msg.DeletedAt != nil {
		return
	}
	r.rev++
	msg.Rev = r.rev
	change(msg)
	m.tellMessage(r, *msg)
}

func tombstone(msg *wire.Message) {
	at := msg.Timestamp
	msg.Text, msg.DeletedAt = "", &at
}

func (m *model) rename(r *modelRoom, name string) {
	r.rev++
	r.name, r.metaRev = name, r.rev
	m.tellRoom(r)
	m.send(r, "system", "renamed")
}

func (m *model) mute(r *modelRoom) {
	r.mine.Rev++
	r.mine.Favourite = !r.mine.Favourite
	m.tellRoom(r)
}

func (m *model) leave(r *modelRoom) {
	r.rev++
	r.metaRev = r.rev
	delete(r.members, me)
	m.emit(wire.EvRoomRemoved, &wire.RoomRemoved{RoomUUID: r.uuid})
	m.send(r, "system", "left")
}

func (m *model) rejoin(r *modelRoom) {
	r.rev++
	r.metaRev = r.rev
	r.members[me] = r.lastSeq()
	r.mine.Rev++
	r.mine.JoinedSeq = r.lastSeq()
	m.tellRoom(r)
	m.send(r, "system", "joined")
}

func (m *model) hire(name string) {
	m.directoryRev++
	person := wire.Profile{UserUUID: name, Name: name, Rev: m.directoryRev}
	m.people = slices.DeleteFunc(m.people, func(p wire.Profile) bool { return p.UserUUID == name })
	m.people = append(m.people, person)
	m.emit(wire.EvUser, &wire.UserChanged{DirectoryRev: m.directoryRev, User: person})
}

func (r *modelRoom) summary() wire.RoomSummary {
	s := wire.RoomSummary{
		RoomUUID: r.uuid, Kind: wire.RoomGroup, Name: r.name, MemberCount: len(r.members),
		Members: slices.Sorted(maps.Keys(r.members)), LastSeq: r.lastSeq(), Rev: r.rev,
	}
	if n := len(r.messages); n > 0 && r.visible(r.messages[n-1]) {
		last := r.messages[n-1]
		s.LastMessage = &last
	}
	mine := r.mine
	s.My = &mine
	return s
}

func (m *model) mineOf(uuid string) (*modelRoom, error) {
	r := m.rooms[uuid]
	if r == nil {
		return nil, &wire.Error{Code: wire.NotFound}
	}
	if _, ok := r.members[me]; !ok {
		return nil, &wire.Error{Code: wire.NotFound}
	}
	return r, nil
}

func (m *model) sync(in wire.SyncRequest) wire.SyncReply {
	out := wire.SyncReply{DirectoryRev: m.directoryRev}
	for uuid, r := range m.rooms {
		_, member := r.members[me]
		held, named := in.Rooms[uuid]
		switch {
		case !member && named:
			out.Removed = append(out.Removed, uuid)
		case member && (!named || held != [2]int64{r.rev, r.mine.Rev}):
			out.Rooms = append(out.Rooms, r.summary())
		}
	}
	return out
}

func (m *model) changes(in wire.ChangesRequest) (wire.ChangesReply, error) {
	r, err := m.mineOf(in.RoomUUID)
	if err != nil {
		return wire.ChangesReply{}, err
	}
	if r.rev-in.AfterRev > m.maxBehind {
		summary := r.summary()
		return wire.ChangesReply{Reset: true, Room: &summary}, nil
	}
	out := wire.ChangesReply{Rev: r.rev}
	for _, msg := range r.messages {
		if msg.Rev > in.AfterRev && r.visible(msg) {
			out.Messages = append(out.Messages, msg)
		}
	}
	sort.Slice(out.Messages, func(i, j int) bool { return out.Messages[i].Rev < out.Messages[j].Rev })
	if len(out.Messages) > in.Limit {
		out.Messages, out.More = out.Messages[:in.Limit], true
		out.Rev = out.Messages[in.Limit-1].Rev
	}
	if r.metaRev > in.AfterRev {
		summary := r.summary()
		out.Room = &summary
	}
	return out, nil
}

func (m *model) history(in wire.HistoryRequest) (wire.HistoryReply, error) {
	r, err := m.mineOf(in.RoomUUID)
	if err != nil {
		return wire.HistoryReply{}, err
	}
	out := wire.HistoryReply{Rev: r.rev}
	for _, msg := range slices.Backward(r.messages) {
		if !r.visible(msg) || in.BeforeSeq != 0 && msg.Seq >= in.BeforeSeq {
			continue
		}
		if len(out.Messages) == in.Limit {
			out.HasMore = true
			break
		}
		out.Messages = append(out.Messages, msg)
	}
	slices.Reverse(out.Messages)
	return out, nil
}

func (m *model) page(afterRev int64) wire.DirectoryPage {
	out := wire.DirectoryPage{Rev: m.directoryRev}
	for _, p := range m.people {
		if p.Rev > afterRev {
			out.Users = append(out.Users, p)
		}
	}
	return out
}

// sweep is the server's repair of lost events: it tells the newest revision of every room again.
func (m *model) sweep() {
	for _, r := range m.rooms {
		if _, member := r.members[me]; !member {
			m.emit(wire.EvRoomRemoved, &wire.RoomRemoved{RoomUUID: r.uuid})
		}
		m.tellRoom(r)
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

// differences compares a replica with the model; "" means that they are equal as far as the replica holds.
func (m *model) differences(replica *client.Memory) string {
	var out strings.Builder
	rooms := replica.Rooms()
	for uuid, r := range m.rooms {
		_, member := r.members[me]
		if _, held := rooms[uuid]; held != member {
			fmt.Fprintf(&out, "room %s: member %v, held %v\n", uuid, member, held)
			continue
		}
		if member {
			held, _ := replica.Room(uuid)
			r.differences(&out, held)
		}
	}
	people := replica.People()
	for _, p := range m.people {
		if people[p.UserUUID].Rev != p.Rev {
			fmt.Fprintf(&out, "person %s: rev %d, want %d\n", p.UserUUID, people[p.UserUUID].Rev, p.Rev)
		}
	}
	return out.String()
}

func (r *modelRoom) differences(out *strings.Builder, held client.MemoryRoom) {
	want := r.summary()
	got := held.Summary
	if got.Name != want.Name || got.LastSeq != want.LastSeq || !slices.Equal(got.Members, want.Members) {
		fmt.Fprintf(out, "room %s: %s %d %v, want %s %d %v\n",
			r.uuid, got.Name, got.LastSeq, got.Members, want.Name, want.LastSeq, want.Members)
	}
	if got.My == nil || !reflect.DeepEqual(got.My, want.My) {
		fmt.Fprintf(out, "room %s: my %+v, want %+v\n", r.uuid, got.My, want.My)
	}
	if held.Held.Rev != r.rev {
		fmt.Fprintf(out, "room %s: rev %d, want %d\n", r.uuid, held.Held.Rev, r.rev)
	}
	if want.LastMessage != nil && (got.LastMessage == nil || got.LastMessage.Rev != want.LastMessage.Rev) {
		fmt.Fprintf(out, "room %s: last message %+v, want %+v\n", r.uuid, got.LastMessage, want.LastMessage)
	}
	if held.Held.Hi != 0 && held.Held.Hi != r.lastSeq() && want.LastMessage != nil {
		fmt.Fprintf(out, "room %s: held up to %d, want %d\n", r.uuid, held.Held.Hi, r.lastSeq())
	}
	for _, msg := range r.messages {
		inRange := held.Held.Hi != 0 && msg.Seq >= held.Held.Lo && msg.Seq <= held.Held.Hi
		row, ok := held.Messages[msg.Seq]
		switch {
		case ok != (inRange && r.visible(msg)):
			fmt.Fprintf(out, "room %s: seq %d held %v in %d…%d\n", r.uuid, msg.Seq, ok, held.Held.Lo, held.Held.Hi)
		case ok && (row.Rev != msg.Rev || row.Text != msg.Text):
			fmt.Fprintf(out, "room %s: seq %d rev %d %q, want %d %q\n", r.uuid, msg.Seq, row.Rev, row.Text, msg.Rev, msg.Text)
		}
	}
}
