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
	sizeFor    = time.Minute            // for which a room's number of members is believed
)

// gathered are the reads of one room since its last event.
type gathered struct {
	roomID   int64
	roomUUID string
	reads    map[string]int64 // user_uuid → seq
}

// readGatherer turns many reads of a room into few events: the first goes out at once, further ones every 250 ms, so that
// a thousand members who read one message at the same time cost each of them a handful of events.
type readGatherer struct {
	publish func(ctx context.Context, g gathered, size int) (members int)
	clock   func() time.Time
	wake    chan struct{}
	stop    context.CancelFunc
	done    chan struct{}

	mu      sync.Mutex
	rooms   map[int64]*readRoom // those that had an event lately
	waiting []*readRoom         // those of them with something gathered
}

type readRoom struct {
	gathered
	next  time.Time // when the next event may go out
	size  int       // members, 0 if not known
	sized time.Time // when size was read
}

func newReadGatherer(clock func() time.Time, publish func(context.Context, gathered, int) int) *readGatherer {
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
	room := g.rooms[roomID]
	if room == nil {
		room = &readRoom{gathered: gathered{roomID: roomID, roomUUID: roomUUID}}
		g.rooms[roomID] = room
	}
	if room.reads == nil {
		room.reads = make(map[string]int64)
		g.waiting = append(g.waiting, room)
	}
	room.reads[r.UserUUID] = max(r.Seq, room.reads[r.UserUUID])
	g.mu.Unlock()
	select {
	case g.wake <- struct{}{}:
	default: // it looks soon anyway
	}
}

// run sleeps until a read comes, a room may have its next event, or what is known of rooms has grown old.
func (g *readGatherer) run(ctx context.Context) {
	defer close(g.done)
	timer := time.NewTimer(sizeFor)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			for _, room := range g.due(g.clock().Add(readsEvery)) {
				g.send(context.WithoutCancel(ctx), room)
			}
			return
		case <-g.wake:
		case <-timer.C:
		}
		for _, room := range g.due(g.clock()) {
			g.send(ctx, room)
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

// pause is how long nothing is due. When nothing waits, rooms that had no event for long are forgotten.
func (g *readGatherer) pause() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock()
	if len(g.waiting) == 0 {
		maps.DeleteFunc(g.rooms, func(_ int64, room *readRoom) bool { return now.Sub(room.sized) > sizeFor })
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
	out, size := room.gathered, room.size
	if now.Sub(room.sized) > sizeFor {
		size = 0
	}
	room.reads, room.next = nil, now.Add(readsEvery)
	g.mu.Unlock()

	asking, cancel := context.WithTimeout(ctx, aftermath)
	defer cancel()
	members := g.publish(asking, out, size)

	g.mu.Lock()
	defer g.mu.Unlock()
	if members != size {
		room.size, room.sized = members, now
	}
}
