package chat

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"himsg/shared/wire"
)

const (
	readsEvery = 250 * time.Millisecond // at most one read event of a room in this time
	readsRest  = 3                      // and it rests this many times as long as the event took to make and hand out
	readsAgain = 2 * time.Second        // when an event could not be made
	sizeFor    = time.Minute            // for which a room's number of members is believed
	// surelySmall is a number of members of which it is believed that it is not over wire.MaxSummaryMembers by now.
	surelySmall = wire.MaxSummaryMembers / 2
)

// gathered are the reads of one room since its last event. There may be none: then a message has moved its sender's
// cursor, which only a histogram tells.
type gathered struct {
	roomID   int64
	roomUUID string
	reads    map[string]int64 // user_uuid → seq
}

// readGatherer turns many reads of a room into few events: the first goes out at once, further ones every 250 ms, so that
// a thousand members who read one message at the same time cost each of them a handful of events. Where events are slow to
// make, there are fewer of them: a busy server is not made busier.
type readGatherer struct {
	publish func(ctx context.Context, g gathered, size int) (members int, err error)
	clock   func() time.Time
	wake    chan struct{}
	stop    context.CancelFunc
	done    chan struct{}

	mu      sync.Mutex
	rooms   map[int64]*readRoom // those that had an event lately
	waiting []*readRoom         // those of them with something to tell
	cleared time.Time           // when rooms were last forgotten
}

type readRoom struct {
	gathered
	waits bool      // is in waiting, or was until its event that is being sent
	next  time.Time // when the next event may go out
	size  int       // members, 0 if not known
	sized time.Time // when size was read
}

func newReadGatherer(clock func() time.Time, publish func(context.Context, gathered, int) (int, error)) *readGatherer {
	ctx, stop := context.WithCancel(context.Background())
	g := &readGatherer{
		publish: publish, clock: clock, wake: make(chan struct{}, 1), stop: stop, done: make(chan struct{}),
		rooms: make(map[int64]*readRoom),
	}
	go g.run(ctx)
	return g
}

// close sends what is gathered and waits for that.
func (g *readGatherer) close() {
	g.stop()
	<-g.done
}

func (g *readGatherer) add(roomID int64, roomUUID string, r wire.UserRead) {
	g.mu.Lock()
	defer g.mu.Unlock()
	room := g.room(roomID, roomUUID)
	g.gather(room, r)
	g.queue(room)
}

// gather puts a read into a room's next event. g.mu is held.
func (g *readGatherer) gather(room *readRoom, r wire.UserRead) {
	if room.reads == nil {
		room.reads = make(map[string]int64)
	}
	room.reads[r.UserUUID] = max(r.Seq, room.reads[r.UserUUID])
}

// sent notes that a message moved its sender's cursor. Who has a list of members knows by the message itself; a room whose
// members are only counted gets a new histogram.
func (g *readGatherer) sent(roomID int64, roomUUID string) {
	now := g.clock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if room := g.room(roomID, roomUUID); room.believed(now) == 0 || room.size > wire.MaxSummaryMembers {
		g.queue(room)
	}
}

// membersChanged notes how many members a room has now. Who holds a histogram gets a new one.
func (g *readGatherer) membersChanged(roomID int64, roomUUID string, members int) {
	now := g.clock()
	g.mu.Lock()
	defer g.mu.Unlock()
	room := g.room(roomID, roomUUID)
	room.size, room.sized = members, now
	if members > wire.MaxSummaryMembers {
		g.queue(room)
	}
}

// room is the room of an id, known or not. g.mu is held.
func (g *readGatherer) room(roomID int64, roomUUID string) *readRoom {
	room := g.rooms[roomID]
	if room == nil {
		room = &readRoom{gathered: gathered{roomID: roomID, roomUUID: roomUUID}}
		g.rooms[roomID] = room
	}
	return room
}

// queue sees to it that the room gets an event. g.mu is held.
func (g *readGatherer) queue(room *readRoom) {
	if !room.waits {
		room.waits = true
		g.waiting = append(g.waiting, room)
	}
	select {
	case g.wake <- struct{}{}:
	default: // it looks soon anyway
	}
}

// believed is the room's number of members, or 0 if it must be read again: what was read long ago, or by another node's
// invitation may be over the border by now.
func (r *readRoom) believed(now time.Time) int {
	if now.Sub(r.sized) > sizeFor || r.size > surelySmall && r.size <= wire.MaxSummaryMembers {
		return 0
	}
	return r.size
}

// run sleeps until a read comes, a room may have its next event, or what is known of rooms has grown old.
func (g *readGatherer) run(ctx context.Context) {
	defer close(g.done)
	timer := time.NewTimer(sizeFor)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			for _, room := range g.due(g.clock().Add(24 * time.Hour)) { // all that wait, whenever their turn is
				g.send(context.WithoutCancel(ctx), room)
			}
			return
		case <-g.wake:
		case <-timer.C:
		}
		for _, room := range g.due(g.clock()) {
			g.send(context.WithoutCancel(ctx), room) // also when close comes in the middle of it
		}
		timer.Reset(g.pause())
	}
}

// due takes the rooms whose event may go out.
func (g *readGatherer) due(now time.Time) (due []*readRoom) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = slices.DeleteFunc(g.waiting, func(room *readRoom) bool {
		if room.next.After(now) {
			return false
		}
		due = append(due, room)
		return true
	})
	return due
}

// pause is how long nothing is due. Now and then, rooms that had no event for long are forgotten.
func (g *readGatherer) pause() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock()
	if now.Sub(g.cleared) > sizeFor {
		g.cleared = now
		maps.DeleteFunc(g.rooms, func(_ int64, room *readRoom) bool {
			return !room.waits && now.After(room.next) && now.Sub(room.sized) > sizeFor
		})
	}
	if len(g.waiting) == 0 {
		return sizeFor
	}
	first := g.waiting[0].next
	for _, room := range g.waiting {
		if room.next.Before(first) {
			first = room.next
		}
	}
	return max(first.Sub(now), 0)
}

// send publishes what a room has gathered.
func (g *readGatherer) send(ctx context.Context, room *readRoom) {
	g.mu.Lock()
	now := g.clock()
	out, size := room.gathered, room.believed(now)
	room.reads, room.waits = nil, false
	g.mu.Unlock()

	asking, cancel := context.WithTimeout(ctx, aftermath)
	defer cancel()
	members, err := g.publish(asking, out, size)

	g.mu.Lock()
	defer g.mu.Unlock()
	if err != nil { // nothing else would tell of these
		for uuid, seq := range out.reads {
			g.gather(room, wire.UserRead{UserUUID: uuid, Seq: seq})
		}
		room.next = now.Add(readsAgain)
		g.queue(room)
		return
	}
	took := g.clock().Sub(now)
	room.next = now.Add(max(readsEvery, took+readsRest*took))
	if size == 0 {
		room.size, room.sized = members, now
	}
}
