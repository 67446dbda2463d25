package hub

import (
	"sync"

	"himsg/server/internal/bus"
	"himsg/shared/wire"
)

// Who says whose session it is.
type Who struct {
	UserID      int64
	UserUUID    string
	SessionUUID string
	Admin       bool
	Numbered    bool // takes presence by number
}

// hears reports whether an event is for this session of a person who is told of it.
func (w Who) hears(e *bus.Event) bool {
	return (!e.AdminsOnly || w.Admin) && (e.Numbered == nil || *e.Numbered == w.Numbered)
}

// Session is the hub's side of one socket: a bounded queue of what is to be written, and why to close. One writer takes
// from it; any goroutine may put.
type Session struct {
	who     Who
	onClose func(flush bool)
	ready   chan struct{} // holds a token when there is something to take

	mu       sync.Mutex
	queue    []item
	events   int // events in queue, replies and what is shared not counted
	bytes    int // of those events
	overflow bool
	closing  *Closing
	metrics  Metrics
	person   *person   // set by the hub while attached
	rooms    []RoomRev // as the hub found them when it attached the session, until they are taken or no longer good
}

type item struct {
	data   Outgoing
	reply  bool
	shared bool // by many sessions: not counted
}

// Closing is how a session is to end.
type Closing struct {
	Code   int    // the WebSocket close code
	Reason string // for the close frame
}

// NewSession makes a session that is not attached yet. Its queue takes wire.QueueEvents and wire.QueueBytes. onClose is
// called once, when the session is told to end; its writer may be stuck in a socket then. It must not block.
func NewSession(who Who, onClose func(flush bool)) *Session {
	return &Session{who: who, onClose: onClose, ready: make(chan struct{}, 1), metrics: noMetrics{}}
}

// Who says whose session it is.
func (s *Session) Who() Who { return s.who }

// Ready receives when Take may have something new.
func (s *Session) Ready() <-chan struct{} { return s.ready }

// Push queues an event. When the queue is full, all events in it are dropped and one resync stands in their place.
func (s *Session) Push(out Outgoing) {
	s.mu.Lock()
	if s.closing != nil {
		s.mu.Unlock()
		return
	}
	full := s.events >= wire.QueueEvents || (s.events > 0 && s.bytes+len(out) > wire.QueueBytes)
	if full {
		s.drop()
		s.rooms = nil // what came since is not known to the client
		s.add(item{data: resyncEnvelope()})
		s.overflow = true
	}
	s.add(item{data: out})
	s.mu.Unlock()
	s.signal()
	if full {
		s.metrics.Overflowed()
	}
}

// Rooms returns, once, the person's rooms as they were when changes began to reach the session; nil if that is not known, if he was
// taken out of one or into one meanwhile, or if events were dropped. They are for a first sync that comes at once.
func (s *Session) Rooms() []RoomRev {
	s.mu.Lock()
	defer s.mu.Unlock()
	rooms := s.rooms
	s.rooms = nil
	return rooms
}

func (s *Session) list(rooms []RoomRev) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms = rooms
}

// PushShared queues events that all sessions have in common, such as who is there. They are no memory of this session's, so its
// bounds don't count them: a snapshot of a large company would fill the queue at once, and again after each resync. When the
// queue is full they are dropped with the others.
func (s *Session) PushShared(out []Outgoing) {
	s.mu.Lock()
	if s.closing == nil {
		for _, data := range out {
			s.add(item{data: data, shared: true})
		}
	}
	s.mu.Unlock()
	s.signal()
}

// Reply queues the answer to a request. It is never dropped, so the caller bounds how many are open at a time.
func (s *Session) Reply(out Outgoing) {
	s.mu.Lock()
	if s.closing == nil {
		s.add(item{data: out, reply: true})
	}
	s.mu.Unlock()
	s.signal()
}

// Batch is what the writer sends as one frame.
type Batch struct {
	Out     []Outgoing
	Replies int      // how many of Out are replies
	Closing *Closing // set when nothing follows Out but the close frame
}

// Take fills b with what is due, at most maxItems and (but for a single larger one) maxBytes. b.Out is reused.
func (s *Session) Take(b *Batch, maxItems, maxBytes int) {
	b.Out, b.Replies, b.Closing = b.Out[:0], 0, nil
	s.mu.Lock()
	defer s.mu.Unlock()
	n, size := 0, 0
	for n < len(s.queue) && n < maxItems {
		it := s.queue[n]
		if n > 0 && size+len(it.data) > maxBytes {
			break
		}
		size += len(it.data)
		b.Out = append(b.Out, it.data)
		switch {
		case it.reply:
			b.Replies++
		case !it.shared:
			s.events--
			s.bytes -= len(it.data)
		}
		n++
	}
	s.queue = s.queue[n:]
	if len(s.queue) == 0 {
		s.queue = nil // an idle session holds no buffer
		b.Closing = s.closing
		return
	}
	s.signal()
}

// Close ends the session: nothing more is queued. With flush, what is queued is written before the close frame; without,
// it is dropped, so that a revoked session hears nothing more. Only the first Close counts, but one without
// flush still drops what an earlier one left.
func (s *Session) Close(c Closing, flush bool) {
	s.mu.Lock()
	if !flush {
		s.queue, s.events, s.bytes = nil, 0, 0
	}
	first := s.closing == nil
	if first {
		s.closing = &c
	}
	s.mu.Unlock()
	s.signal()
	if first {
		s.onClose(flush)
	}
}

// Closed reports whether the session was told to end: nothing it asks for is done any more.
func (s *Session) Closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closing != nil
}

// Overflowed reports once whether events were dropped since the last call: then the session missed what a sync doesn't
// bring back.
func (s *Session) Overflowed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.overflow
	s.overflow = false
	return was
}

// missed tells the session that events were lost, whatever they were about.
func (s *Session) missed() {
	s.mu.Lock()
	s.overflow = true
	s.mu.Unlock()
	s.resync()
}

// resync tells the session to run sync again, once however often it is asked for before the event is written.
func (s *Session) resync() {
	s.list(nil)
	s.Push(resyncEnvelope())
}

func (s *Session) add(it item) {
	s.queue = append(s.queue, it)
	if !it.reply && !it.shared {
		s.events++
		s.bytes += len(it.data)
	}
}

// drop leaves only the replies.
func (s *Session) drop() {
	kept := make([]item, 0, 8)
	for _, it := range s.queue {
		if it.reply {
			kept = append(kept, it)
		}
	}
	s.queue, s.events, s.bytes = kept, 0, 0
}

func (s *Session) signal() {
	select {
	case s.ready <- struct{}{}:
	default: // a token is there already
	}
}
