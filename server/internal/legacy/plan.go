package legacy

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Options say how the original is to be read.
type Options struct {
	Zone       *time.Location // of times that have none
	Owner      string         // user name of who becomes owner; empty: nobody
	Link       bool           // who has an account here with the same user name and employee number is that person
	UnreadDays int            // what is older counts as read
	DryRun     bool
	Now        time.Time
	Progress   func(what string, n int64)
}

// Bounds of what is held in memory: about 100 bytes a person or room, 40 a message.
const (
	maxPeople   = 100_000
	maxRooms    = 1_000_000
	maxSeats    = 10_000_000
	maxMessages = 20_000_000
	pageRows    = 1000
)

// person is somebody who comes.
type person struct {
	user     model.User // without its id
	sourceID int64
	oldHash  string // lower-case hex; empty: no password
	ghost    bool   // not among the original's users
	rejected bool
	involved bool // takes part in a conversation
	linked   int64
	id       int64 // here; 0: not there yet
}

// room is a conversation that comes.
type room struct {
	uuid      string
	kind      wire.RoomKind
	name      string
	members   []int32 // indexes of people, in the order of their rows
	pair      [2]int32
	owner     int32 // index of a member; -1: none
	createdAt int64
	order     []int32 // indexes of its messages by time
	lastSeq   int64
	lastAt    int64
	id        int64
	sourceID  int64
}

// message is where a message goes. Its text is read again when it is written.
type message struct {
	id     int64
	at     int64 // UTC milliseconds
	seq    int64 // of its first part
	room   int32 // -1: it stays
	sender int32
	parts  int32
	file   bool
}

// Plan is what an import does.
type Plan struct {
	Report      *Report
	Fingerprint string

	o         Options
	calendar  calendar
	source    Source
	uploads   Uploads // nil: no files come
	people    []person
	byUUID    map[string]int32
	bySource  map[int64]int32
	rooms     []room
	groups    map[string]int32 // by the original's room_uuid, lower case; -1: it stays
	directs   map[[2]int32]int32
	messages  []message
	files     map[int64]*upload // by the message's id
	marks     map[seat]mark
	imprint   hash.Hash
	namespace uuid.UUID
}

// seat is a member's place in a room.
type seat struct{ room, person int32 }

// mark is how far somebody has read: up to a time, or to a message.
type mark struct{ at, message int64 }

// root is what the UUIDs of things hang under that have none in the original.
var root = uuid.NewSHA1(uuid.NameSpaceURL, []byte("himsg:legacy"))

// Read decides what comes of an original, and changes nothing. The Plan's Report says what does not come as it is; if that Stops,
// there is nothing to Move. uploads may be nil.
func Read(ctx context.Context, source Source, uploads Uploads, store Store, o Options) (*Plan, error) {
	p := &Plan{
		Report: newReport(o.DryRun, o.Zone.String()), o: o, calendar: calendar{o.Zone, o.Now}, source: source, uploads: uploads,
		byUUID: map[string]int32{}, bySource: map[int64]int32{}, groups: map[string]int32{}, directs: map[[2]int32]int32{},
		files: map[int64]*upload{}, marks: map[seat]mark{}, imprint: sha256.New(),
	}
	p.stamp(o.Zone.String(), o.Owner, strconv.FormatBool(o.Link), strconv.Itoa(o.UnreadDays))
	if uploads == nil {
		p.Report.note(Problem{Table: tableFiles, Kind: KindNoFolder})
	}
	for _, step := range []func(context.Context) error{
		p.countTables, p.readPeople, p.readRooms, p.readSeats, p.readMessages, p.readMarks, p.number, p.findFiles,
	} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	p.settleRejected()
	p.Fingerprint = hex.EncodeToString(p.imprint.Sum(nil))
	p.namespace = uuid.NewSHA1(root, []byte(p.Fingerprint))
	if err := p.compare(ctx, store); err != nil {
		return nil, err
	}
	p.settleRooms()
	if err := p.findTwins(ctx, store); err != nil {
		return nil, err
	}
	p.summarise()
	return p, nil
}

// stamp adds a row to the fingerprint.
func (p *Plan) stamp(fields ...string) {
	var n [8]byte
	for _, f := range fields {
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		_, _ = p.imprint.Write(n[:]) // a hash never fails
		_, _ = p.imprint.Write([]byte(f))
	}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

func (p *Plan) progress(what string, n int64) {
	if p.o.Progress != nil {
		p.o.Progress(what, n)
	}
}

func (p *Plan) countTables(ctx context.Context) error {
	counts, err := p.source.Counts(ctx)
	if err != nil {
		return fmt.Errorf("count the original's rows: %w", err)
	}
	for _, name := range Tables {
		n, there := counts[name]
		if !there {
			p.Report.note(Problem{Table: name, Kind: KindNoTable})
			continue
		}
		p.Report.table(name).Rows = n
		p.stamp(name, id(n))
	}
	for _, bound := range []struct {
		table string
		most  int64
	}{{tableUsers, maxPeople}, {tableRooms, maxRooms}, {tableSeats, maxSeats}, {tableMessages, maxMessages}} {
		if counts[bound.table] > bound.most {
			p.Report.note(Problem{Table: bound.table, Kind: KindTooMuch, Note: "at most " + id(bound.most)})
		}
	}
	if p.Report.Stops() {
		return errs.E(wire.TooLarge, "", KindTooMuch.why())
	}
	if resets := counts[tableResets]; resets > 0 {
		p.Report.table(tableResets).Left = resets
		p.Report.note(Problem{Table: tableResets, Kind: KindReset, Note: id(resets) + " rows"})
	}
	return nil
}

// whole notes it when not all rows of a table were read.
func (p *Plan) whole(table string, read int64) {
	if want := p.Report.table(table).Rows; read != want {
		p.Report.note(Problem{Table: table, Kind: KindShort, Note: fmt.Sprintf("%d of %d", read, want)})
	}
}

// who finds a person by UUID or, if there is none, by number.
func (p *Plan) who(uuid string, sourceID int64) (int32, bool) {
	if uuid != "" {
		i, ok := p.byUUID[strings.ToLower(uuid)]
		return i, ok
	}
	i, ok := p.bySource[sourceID]
	return i, ok
}

// someone is who, and makes a deleted person of somebody who is gone; -1 if nothing says who it was.
func (p *Plan) someone(said string, sourceID int64) int32 {
	if i, ok := p.who(said, sourceID); ok {
		return i
	}
	key := strings.ToLower(said)
	if key == "" {
		if sourceID <= 0 {
			return -1
		}
		key = "user " + id(sourceID)
	}
	if i, ok := p.byUUID[key]; ok {
		return i
	}
	ghost := person{ghost: true, user: model.User{Role: wire.RoleUser, State: wire.UserDeleted, CreatedAt: p.o.Now.UnixMilli(), UpdatedAt: p.o.Now.UnixMilli()}}
	var kept bool
	if ghost.user.UUID, kept = usableUUID(key, "person"); !kept {
		p.Report.note(Problem{Table: tableUsers, Name: key, Kind: KindUUID})
	}
	p.Report.note(Problem{Table: tableUsers, Name: key, Kind: KindGhost})
	p.people = append(p.people, ghost)
	i := int32(len(p.people) - 1)
	p.byUUID[key] = i
	return i
}

// usableUUID is a UUID as it is stored here: the one that was said, or one that follows from it.
func usableUUID(said, sort string) (string, bool) {
	if u, err := uuid.Parse(said); err == nil && len(said) == 36 {
		return u.String(), true
	}
	return uuid.NewSHA1(root, []byte(sort+":"+said)).String(), false
}

// number gives every message its place in its room: by time, and by id within one second.
func (p *Plan) number(_ context.Context) error {
	order := make([]int32, 0, len(p.messages))
	for i, m := range p.messages {
		if m.room >= 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &p.messages[a], &p.messages[b]
		return cmp.Or(cmp.Compare(x.room, y.room), cmp.Compare(x.at, y.at), cmp.Compare(x.id, y.id))
	})
	for start := 0; start < len(order); {
		end, r := start, &p.rooms[p.messages[order[start]].room]
		for ; end < len(order) && p.messages[order[end]].room == p.messages[order[start]].room; end++ {
			m := &p.messages[order[end]]
			m.seq = r.lastSeq + 1
			r.lastSeq += int64(m.parts)
			r.lastAt = m.at
		}
		r.order = order[start:end:end]
		start = end
	}
	return nil
}

// find is the plan of a message, by its id.
func (p *Plan) find(messageID int64) *message {
	i := sort.Search(len(p.messages), func(i int) bool { return p.messages[i].id >= messageID })
	if i == len(p.messages) || p.messages[i].id != messageID {
		return nil
	}
	return &p.messages[i]
}

// readUpTo is the seq of the last message of a room that was written up to a time.
func (p *Plan) readUpTo(r *room, at int64) int64 {
	n := sort.Search(len(r.order), func(i int) bool { return p.messages[r.order[i]].at > at })
	if n == 0 {
		return 0
	}
	last := p.messages[r.order[n-1]]
	return last.seq + int64(last.parts) - 1
}

func (p *Plan) summarise() {
	r := p.Report
	for _, person := range p.people {
		if person.ghost {
			r.Ghosts++
		} else {
			r.People++
		}
	}
	var first, last int64
	for _, room := range p.rooms {
		if room.kind == wire.RoomGroup {
			r.Groups++
		} else {
			r.Directs++
		}
		if len(room.order) > 0 {
			if at := p.messages[room.order[0]].at; first == 0 || at < first {
				first = at
			}
			last = max(last, room.lastAt)
		}
	}
	for _, m := range p.messages {
		if m.room >= 0 {
			r.Source.Messages += int64(m.parts)
		}
	}
	if first != 0 {
		from, to := time.UnixMilli(first).UTC(), time.UnixMilli(last).UTC()
		r.First, r.Last = &from, &to
		if to.Sub(p.o.Now) > futureFrom {
			r.note(Problem{Table: tableMessages, Kind: KindZone, Note: to.Format(time.RFC3339)})
		}
	}
	r.seal()
}
