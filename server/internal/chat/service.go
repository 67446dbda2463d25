package chat

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"himsg/server/internal/bus"
	"himsg/shared/wire"
)

// aftermath bounds what is done after a commit, when the caller may be gone already.
const aftermath = 5 * time.Second

// Options are the ports and tools of a Service; all are required.
type Options struct {
	Messages   Messages
	Rooms      Rooms
	Membership Membership
	Cursors    Cursors
	Search     Search
	Seating    Seating
	Settings   Settings
	Receipts   Receipts
	Painter    Painter
	People     People
	Directory  Directory
	Publisher  Publisher
	Clock      func() time.Time
	Logger     *slog.Logger
	// Deleted is told that a message was deleted, after it was stored: its files may be nobody's now. It must not block.
	// nil: nobody wants to know.
	Deleted func()
}

// Service is the chat. It is safe for use by several goroutines.
type Service struct {
	messages   Messages
	rooms      Rooms
	membership Membership
	cursors    Cursors
	search     Search
	seating    Seating
	settings   Settings
	receipts   Receipts
	painter    Painter
	people     People
	directory  Directory
	publisher  Publisher
	clock      func() time.Time
	logger     *slog.Logger
	deleted    func()

	known  *knownRooms
	reads  *readGatherer
	typing throttle

	running sync.WaitGroup // work that goes on after a call returned
}

// New makes a Service that is ready; Close ends it.
func New(o Options) *Service {
	s := &Service{
		messages: o.Messages, rooms: o.Rooms, membership: o.Membership, cursors: o.Cursors, search: o.Search,
		people: o.People, seating: o.Seating, settings: o.Settings, receipts: o.Receipts, painter: o.Painter, directory: o.Directory,
		publisher: o.Publisher, clock: o.Clock, logger: o.Logger, deleted: o.Deleted,
		known: newKnownRooms(),
	}
	if s.deleted == nil {
		s.deleted = func() {}
	}
	s.reads = newReadGatherer(o.Clock, s.publishReads)
	return s
}

// Close publishes the reads that are being gathered and waits for what is under way. No method may be called after it.
func (s *Service) Close() {
	s.reads.close()
	s.running.Wait()
}

// now is the clock as the database holds time.
func (s *Service) now() int64 { return s.clock().UnixMilli() }

// after is a context for what must be done once something is committed, also when the caller is gone.
func after(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), aftermath)
}

// publish encodes an event's data and tells the hubs. An event that can't be built is lost, and repaired by revision.
func (s *Service) publish(ctx context.Context, e bus.Event, data any) {
	var err error
	if e.Data, err = json.Marshal(data); err != nil {
		s.logger.ErrorContext(ctx, "encode event", slog.String("event", string(e.Ev)), slog.Any("error", err))
		return
	}
	s.publisher.Publish(ctx, e)
}

// unpublished logs why members were not told at once of something that is committed.
func (s *Service) unpublished(ctx context.Context, ev wire.Ev, roomID int64, err error) {
	s.logger.WarnContext(ctx, "event not published, the sweep will repair it",
		slog.String("event", string(ev)), slog.Int64("room_id", roomID), slog.Any("error", err))
}
