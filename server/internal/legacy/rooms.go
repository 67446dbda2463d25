package legacy

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file decides what becomes of rooms, their members and what these have read.

func (p *Plan) readRooms(ctx context.Context) error {
	read := int64(0)
	err := p.source.Rooms(ctx, func(row Room) error {
		read++
		p.stamp(id(row.ID), row.UUID, row.Name, row.CreatedAt)
		p.addRoom(row)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the original's rooms: %w", err)
	}
	p.whole(tableRooms, read)
	return nil
}

func (p *Plan) addRoom(row Room) {
	key := strings.ToLower(row.UUID)
	problem := Problem{Table: tableRooms, Row: row.ID, Name: row.Name}
	if _, taken := p.groups[key]; taken {
		problem.Kind = KindRoomDuplicate
		p.Report.note(problem)
		return
	}
	r := room{kind: wire.RoomGroup, owner: -1, sourceID: row.ID}
	var kept bool
	if r.uuid, kept = usableUUID(key, "room"); !kept {
		problem.Kind = KindUUID
		p.Report.note(problem)
	}
	var done repair
	if r.name, done = line(row.Name, wire.MaxNameRunes); done != 0 {
		problem.Kind = KindRoomName
		p.Report.note(problem)
	}
	var d doubt
	if r.createdAt, d = p.calendar.read(row.CreatedAt); d == noTime || d == future {
		r.createdAt = 0 // its first message says it better
	}
	p.groups[key] = int32(len(p.rooms))
	p.rooms = append(p.rooms, r)
}

func (p *Plan) readSeats(ctx context.Context) error {
	read, taken := int64(0), map[seat]bool{}
	err := p.source.Seats(ctx, func(row Seat) error {
		read++
		p.stamp(id(row.ID), row.RoomUUID, row.UserUUID)
		problem := Problem{Table: tableSeats, Row: row.ID, Name: row.UserUUID, Note: row.RoomUUID}
		r, known := p.groups[strings.ToLower(row.RoomUUID)]
		who, there := p.who(row.UserUUID, 0)
		switch {
		case !known || !there || p.people[who].user.State == wire.UserPending:
			problem.Kind = KindSeatOrphan
		case taken[seat{r, who}]:
			problem.Kind = KindSeatDuplicate
		default:
			taken[seat{r, who}] = true
			p.rooms[r].members = append(p.rooms[r].members, who)
			p.people[who].involved = true
			p.Report.table(tableSeats).Comes++
			return nil
		}
		p.Report.table(tableSeats).Left++
		p.Report.note(problem)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the original's members: %w", err)
	}
	p.whole(tableSeats, read)
	p.dropEmpty()
	return nil
}

// dropEmpty leaves out rooms that nobody is in.
func (p *Plan) dropEmpty() {
	moved := make([]int32, len(p.rooms))
	var kept []room
	for i, r := range p.rooms {
		moved[i] = -1
		if len(r.members) == 0 {
			p.Report.note(Problem{Table: tableRooms, Row: r.sourceID, Name: r.name, Kind: KindRoomEmpty})
			continue
		}
		moved[i] = int32(len(kept))
		kept = append(kept, r)
	}
	p.rooms = kept
	for key, i := range p.groups {
		p.groups[key] = moved[i]
	}
	t := p.Report.table(tableRooms)
	t.Comes = int64(len(kept))
	t.Left = t.Rows - t.Comes
}

// direct is the conversation of two people, or the memo of one; it is made by its first message.
func (p *Plan) direct(a, b int32) int32 {
	pair := [2]int32{min(a, b), max(a, b)}
	if i, ok := p.directs[pair]; ok {
		return i
	}
	r := room{kind: wire.RoomDirect, owner: -1, pair: pair, members: pair[:]}
	if a == b {
		r.kind, r.members, r.owner = wire.RoomSelf, []int32{a}, a
	}
	r.members = slices.Clone(r.members)
	i := int32(len(p.rooms))
	p.rooms = append(p.rooms, r)
	p.directs[pair] = i
	return i
}

func (p *Plan) readMarks(ctx context.Context) error {
	read := int64(0)
	err := p.source.RoomReads(ctx, func(row RoomRead) error {
		read++
		p.stamp(id(row.ID), row.UserUUID, row.RoomUUID, row.At)
		problem := Problem{Table: tableRoomReads, Row: row.ID, Name: row.UserUUID, Note: row.RoomUUID}
		at, d := p.calendar.read(row.At)
		r, known := p.groups[strings.ToLower(row.RoomUUID)]
		who, there := p.who(row.UserUUID, 0)
		s := seat{r, who}
		switch {
		case d == noTime || !known || r < 0 || !there || !slices.Contains(p.rooms[r].members, who):
			problem.Kind = KindReadOrphan
			p.Report.table(tableRoomReads).Left++
			p.Report.note(problem)
		case p.marks[s].at != 0:
			problem.Kind = KindReadDuplicate
			p.Report.table(tableRoomReads).Left++
			p.Report.note(problem)
			p.marks[s] = mark{at: max(p.marks[s].at, at)}
		default:
			p.Report.table(tableRoomReads).Comes++
			p.marks[s] = mark{at: at}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the original's marks of reading: %w", err)
	}
	p.whole(tableRoomReads, read)
	return p.readMessageMarks(ctx)
}

// readMessageMarks takes marks of single messages. The original wrote none.
func (p *Plan) readMessageMarks(ctx context.Context) error {
	read := int64(0)
	err := p.source.MessageReads(ctx, func(row MessageRead) error {
		read++
		p.stamp(id(row.MessageID), row.ReaderUUID)
		m := p.find(row.MessageID)
		who, there := p.who(row.ReaderUUID, 0)
		if m == nil || m.room < 0 || !there || !slices.Contains(p.rooms[m.room].members, who) {
			p.Report.table(tableMessageReads).Left++
			p.Report.note(Problem{Table: tableMessageReads, Row: row.MessageID, Name: row.ReaderUUID, Kind: KindReadOrphan})
			return nil
		}
		p.Report.table(tableMessageReads).Comes++
		s := seat{m.room, who}
		if held := p.find(p.marks[s].message); held == nil || held.at < m.at || held.at == m.at && held.id < m.id {
			p.marks[s] = mark{at: p.marks[s].at, message: m.id}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the original's marks of messages: %w", err)
	}
	p.whole(tableMessageReads, read)
	return nil
}

// settleRooms gives rooms their identifiers, names and owners, now that all that is known of them was read.
func (p *Plan) settleRooms() {
	for i := range p.rooms {
		r := &p.rooms[i]
		if r.kind != wire.RoomGroup {
			r.uuid = p.uuid("direct", p.people[r.pair[0]].user.UUID, p.people[r.pair[1]].user.UUID)
		} else {
			r.owner = p.ownerOf(r)
		}
		if r.createdAt == 0 && len(r.order) > 0 {
			r.createdAt = p.messages[r.order[0]].at
		}
		if r.createdAt == 0 {
			r.createdAt = p.o.Now.UnixMilli()
		}
	}
}

// uuid is the UUID of something that the original has none for. It is the same in each run.
func (p *Plan) uuid(parts ...string) string {
	return uuid.NewSHA1(p.namespace, []byte(strings.Join(parts, ":"))).String()
}

// ownerOf is who gets the rights of an owner in a group. The original knew none: every member could delete it. The author of its
// first message most likely made it; if he is not in it, the first member who may sign in.
func (p *Plan) ownerOf(r *room) int32 {
	if len(r.order) > 0 {
		if first := p.messages[r.order[0]].sender; slices.Contains(r.members, first) && p.people[first].user.State == wire.UserActive {
			return first
		}
	}
	for _, m := range r.members {
		if p.people[m].user.State == wire.UserActive {
			return m
		}
	}
	return r.members[0]
}

// findTwins makes groups of conversations whose two people have one here already. Only linked people can.
func (p *Plan) findTwins(ctx context.Context, store Store) error {
	byKey := map[string]int{}
	for i, r := range p.rooms {
		if r.kind == wire.RoomGroup {
			continue
		}
		if a, b := p.people[r.pair[0]].linked, p.people[r.pair[1]].linked; a != 0 && b != 0 {
			byKey[model.DirectKey(a, b)] = i
		}
	}
	keys := make([]string, 0, len(byKey))
	for key := range byKey {
		keys = append(keys, key)
	}
	there, err := store.LegacyDirect(ctx, keys)
	if err != nil {
		return fmt.Errorf("look for conversations: %w", err)
	}
	for key, uuid := range there {
		r := &p.rooms[byKey[key]]
		if uuid == r.uuid {
			continue
		}
		r.kind, r.owner, r.name = wire.RoomGroup, r.members[0], "이전 Hi_Msg"
		p.Report.note(Problem{
			Table: tableMessages, Kind: KindRoomTwin,
			Name: p.people[r.pair[0]].user.Username + ", " + p.people[r.pair[1]].user.Username,
		})
	}
	return nil
}

// cursor is how far a member has read: what is marked, what he wrote himself, and all that is older than the options say. Where
// the original has no mark, all is read.
func (p *Plan) cursor(r *room, i, who int32, own int64) (seq, at int64) {
	m, marked := p.marks[seat{i, who}]
	if !marked {
		return r.lastSeq, 0
	}
	if m.at != 0 {
		seq = p.readUpTo(r, m.at)
	}
	if read := p.find(m.message); read != nil {
		seq = max(seq, read.seq+int64(read.parts)-1)
	}
	old := p.newest() - int64(p.o.UnreadDays)*24*3600*1000
	return max(seq, own, p.readUpTo(r, old)), m.at
}

// newest is the time of the last message of all.
func (p *Plan) newest() (at int64) {
	if p.Report.Last != nil {
		at = p.Report.Last.UnixMilli()
	}
	return at
}

// seats are the members of a room as they are stored.
func (p *Plan) seats(i int32) []model.Member {
	r := &p.rooms[i]
	own := map[int32]int64{}
	for _, n := range r.order {
		m := p.messages[n]
		own[m.sender] = m.seq + int64(m.parts) - 1
	}
	members := make([]model.Member, 0, len(r.members))
	for _, who := range r.members {
		if p.people[who].ghost && r.kind == wire.RoomGroup {
			continue
		}
		role := wire.RoomMember
		if who == r.owner {
			role = wire.RoomOwner
		}
		seq, _ := p.cursor(r, i, who, own[who])
		members = append(members, model.Member{RoomID: r.id, UserID: p.people[who].id, Role: role, LastReadSeq: seq, MyRev: 1})
	}
	return members
}
