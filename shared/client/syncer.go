package client

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"himsg/shared/wire"
)

// Remote is the server as a Syncer sees it; *Conn is one.
type Remote interface {
	// Run keeps the connection and reports to h; see Conn.Run.
	Run(ctx context.Context, h Handler) error
	// Call sends one request; see Conn.Call.
	Call(ctx context.Context, op wire.Op, req, reply any) error
	// Directory pages through people and departments; see Session.Directory.
	Directory(ctx context.Context, afterRev int64, limit int) (wire.DirectoryPage, error)
}

// SyncerOptions are the settings of a Syncer. Remote and Replica are required.
type SyncerOptions struct {
	Remote  Remote
	Replica Replica
	// Next hears of the link (with Synced) and of the events that don't concern the Replica: welcome, typing, presence,
	// admin, notices, going_away; and of resync, for what it keeps beside the Replica. nil: nobody.
	Next     Listener
	Parallel int          // rooms repaired at a time; 0: 4
	Logger   *slog.Logger // nil: no log
}

// Syncer keeps a Replica equal to the server: it asks what was missed after each connect, applies live events in the order
// of their revisions, and asks for what a gap shows to be missing. Its methods are safe for concurrent use.
//
// The rule that everything here serves: a room's Held.Rev is raised to n only when every change up to n of the messages in
// the held range has been applied. So whatever is lost, doubled or late, asking for the changes after Held.Rev repairs it.
type Syncer struct {
	options SyncerOptions
	life    context.Context // of Run; replica calls take it, so that a lost connection does not cut a transaction
	stop    context.CancelFunc
	jobs    sync.WaitGroup

	mu        sync.Mutex // guards what follows, and is held during replica calls: one at a time
	failed    error      // of the replica; the Syncer is stopping
	rooms     map[string]*room
	dirty     map[string]*room // rooms whose target is above their rev
	preferred map[string]bool
	directory directory
	epoch     int64       // of what is held
	live      *attachment // nil: offline

	nextMu sync.Mutex // keeps the calls of Next one at a time; never taken while mu is held
}

// room is what the Syncer knows of one room.
type room struct {
	Held
	uuid       string
	summaryRev int64        // of the newest summary that was applied
	target     int64        // the highest rev that was heard of
	busy       *attachment  // whose worker repairs it now
	waiting    *attachment  // the last try failed; a timer of this connection brings the next one
	attempts   int          // failed tries in a row
	idle       int          // those of them that were answered and brought nothing
	epoch      int          // counts how often the held range was replaced: a page asked for before is void
	watches    []*pageWatch // pages of history under way
}

// attachment is the Syncer's state for one connection; its jobs end with ctx.
type attachment struct {
	ctx       context.Context
	syncing   bool
	again     bool // sync once more when the present one is done
	synced    bool // the first sync was applied
	announced bool
	touched   map[string]bool // rooms that events added (true) or removed (false) while a sync was under way
	gone      map[string]bool // rooms that were removed
	running   int             // repairs
	paging    bool            // through the directory
}

// NewSyncer prepares a syncer; Run starts it.
func NewSyncer(o SyncerOptions) *Syncer {
	if o.Parallel <= 0 {
		o.Parallel = 4
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Syncer{options: o, rooms: map[string]*room{}, dirty: map[string]*room{}, preferred: map[string]bool{}}
}

// Run reads what the replica holds, keeps the connection and applies what it says until ctx ends (nil), the session ends
// (ErrRevoked), the replica fails (its error) or the server's history is another one than what is held belongs to (an
// *EpochError). Nothing of a connection on which that shows is applied, and nobody has used it: end all that works with
// what is held, have the replica start anew, and run another Syncer. Call it once.
func (s *Syncer) Run(ctx context.Context) error {
	life, stop := context.WithCancel(ctx)
	defer stop()
	state, err := s.options.Replica.Held(life)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.life, s.stop = life, stop
	for uuid, held := range state.Rooms {
		r := &room{Held: held, uuid: uuid, summaryRev: held.Rev, target: held.Rev}
		s.rooms[uuid] = r
		s.aimHidden(r)
	}
	s.directory.held, s.epoch = state.DirectoryRev, state.Epoch
	s.mu.Unlock()

	err = s.options.Remote.Run(life, s)
	s.detach()
	s.jobs.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != nil {
		return s.failed
	}
	return err
}

// Admit implements Handler for the connection.
func (s *Syncer) Admit(_ context.Context, welcome wire.Welcome) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if welcome.Epoch == s.epoch || s.failed != nil {
		return s.failed
	}
	if len(s.rooms) > 0 || s.directory.held > 0 {
		return &EpochError{Epoch: welcome.Epoch}
	}
	if err := s.options.Replica.StartAnew(s.life, welcome.Epoch); err != nil { //nolint:contextcheck // as every call of it
		s.fail(err)
		return err
	}
	s.epoch = welcome.Epoch
	return nil
}

// Link implements Handler for the connection.
func (s *Syncer) Link(ctx context.Context, link Link) {
	if link.State != LinkOnline {
		s.detach()
		s.tellLink(ctx, link)
		return
	}
	s.tellLink(ctx, link)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = &attachment{ctx: ctx, gone: map[string]bool{}}
	s.startSync()
}

// detach makes jobs of the ended connection the last of their kind; they notice by their ctx.
func (s *Syncer) detach() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = nil
}

// Prefer names the rooms that the user looks at; they are repaired first.
func (s *Syncer) Prefer(roomUUIDs ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.preferred)
	for _, uuid := range roomUUIDs {
		s.preferred[uuid] = true
	}
}

// Resync asks the server again for all that changed, as after a connect. It does not wait, and does nothing while offline:
// the next connect does it anyway.
func (s *Syncer) Resync() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.startSync()
}

// spawn starts a job of the present connection; mu is held. Run waits for it.
func (s *Syncer) spawn(job func(a *attachment)) {
	a := s.live
	s.jobs.Add(1)
	go func() {
		defer s.jobs.Done()
		job(a)
		s.settle(a)
	}()
}

// settle tells Next, once a connection, that all that was missed has been applied.
func (s *Syncer) settle(a *attachment) {
	s.mu.Lock()
	done := a == s.live && a.synced && !a.announced && !a.syncing && !a.paging && a.running == 0
	if done {
		a.announced = true
	}
	s.mu.Unlock()
	if done {
		s.tell(func(next Listener) {
			if a.ctx.Err() == nil { // else the handler was told of the end already
				next.Link(a.ctx, Link{State: LinkOnline, Synced: true})
			}
		})
	}
}

func (s *Syncer) tellLink(ctx context.Context, link Link) {
	s.tell(func(next Listener) { next.Link(ctx, link) })
}

func (s *Syncer) tell(what func(next Listener)) {
	if s.options.Next == nil {
		return
	}
	s.nextMu.Lock()
	defer s.nextMu.Unlock()
	what(s.options.Next)
}

// fail stops everything: a replica that can't store must not be told more. mu is held.
func (s *Syncer) fail(err error) {
	if s.failed == nil && s.life.Err() == nil {
		s.failed = err
		s.stop()
	}
}

// current reports whether a job may still apply what it fetched; mu is held.
func (s *Syncer) current(a *attachment) bool {
	return a == s.live && a.ctx.Err() == nil && s.failed == nil
}

// pauseAfter is how long to wait after the nth failed try, and what the server asked for.
func pauseAfter(attempt int, err error) time.Duration {
	const shortest, longest = 500 * time.Millisecond, 30 * time.Second
	wait := longest
	if attempt < 6 {
		wait = shortest << attempt
	}
	return max(wait, RetryAfter(err))
}

// sleep waits, or returns false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
