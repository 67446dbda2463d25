package files

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Options are the ports and tools of a Service; all are required but Scanner.
type Options struct {
	Store   Store
	Blobs   Blobs
	Painter Painter
	Scanner Scanner // nil: files are not looked at for malware
	Sender  Sender
	Clock   func() time.Time
	Logger  *slog.Logger
	// Alone: no other node has this Store, so that who writes to an upload need not be written down for the others.
	Alone bool
}

// Service takes, checks, keeps and hands out files. It is safe for use by several goroutines.
type Service struct {
	o       Options
	name    string // among the nodes
	writers *writers
	checks  *checks
	counts  counts
	limits  limits
	wake    chan struct{} // the collector

	running sync.WaitGroup
	stop    context.CancelFunc
}

// New makes a Service that checks and collects until Close.
func New(o Options) *Service {
	s := &Service{o: o, name: uuid.NewString(), writers: newWriters(o.Clock), checks: newChecks(), wake: make(chan struct{}, 1)}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	for range checkers {
		s.running.Go(func() { s.checkAll(ctx) })
	}
	s.running.Go(func() { s.findUnfinished(ctx) })
	s.running.Go(func() { s.collectAlways(ctx) })
	return s
}

// Close ends what goes on in the background and waits for it. Checks that were under way go on at the next start.
func (s *Service) Close() {
	s.stop()
	s.running.Wait()
}

// Ping tells whether files can be stored now.
func (s *Service) Ping(ctx context.Context) error { return s.o.Blobs.Ping(ctx) }

func (s *Service) now() int64 { return s.o.Clock().UnixMilli() }

// afterTime bounds what must be noted even though the caller has gone.
const afterTime = 10 * time.Second

// after is a context for what must be noted even though the caller has gone.
func after(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), afterTime)
}
