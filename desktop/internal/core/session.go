package core

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// session is a signed-in person at work: his store, his connection, and what goes on between them. Core makes one at
// sign-in (or at a start with kept tokens) and closes it at sign-out.
type session struct {
	o       Options
	log     *slog.Logger
	me      string // user_uuid
	store   *store.Store
	lock    *lock
	auth    *client.Session
	updates *updates
	account accountPort
	trouble error // why the connection has to wait for a while; nil: it need not

	outbox       *outbox
	transfers    *transfers
	uploads      *uploads
	downloads    *downloads
	taking       *taking
	reads        *readQueue
	readers      *readers
	keeper       *keeper
	presence     *presence
	presenceTold sync.Mutex // held while presence changes and the page is told
	notes        *notes
	board        *board
	opened       *opened
	fetching     *turns // pictures
	watches      *watches
	recall       *recall
	importing    held[string] // the import_uuid of the last import that this device began
	saving       saving
	writing      held[writing] // a notice whose answer got lost
	linked       *signal       // the link changed
	arrived      *signal       // rooms were added

	life    context.Context // ends with the session; the calls of the page live in it
	end     context.CancelFunc
	running sync.WaitGroup

	mu          sync.Mutex
	live        live
	link        client.Link
	admin       *wire.AdminCounts
	access      AccessNews
	version     string        // the server's
	limits      wire.Limits   // the server's, once it told
	clockOffset time.Duration // server's clock minus ours
	typing      struct {
		room string
		at   time.Time
	}

	over sync.Once
	fail chan error // what giveUp was told, at most one
}

// accountPort is how a session tells Core of what is not its own to keep.
type accountPort interface {
	// profileChanged: the directory or the server's welcome shows the signed-in person differently.
	profileChanged(p wire.Profile)
	isAdmin() bool
	// seesAccess: he may ask to read others' conversations, or decide about it.
	seesAccess() bool
	settings() Settings
	language() string
}

// live is one connection and the sync engine on it. It is replaced when the local store fails for a while.
type live struct {
	conn   *client.Conn
	syncer *client.Syncer
}

// sessionParts are what newSession needs beside the ports.
type sessionParts struct {
	me      string
	store   *store.Store
	lock    *lock
	auth    *client.Session
	updates *updates
	account accountPort
	trouble error
}

func newSession(ctx context.Context, o Options, p sessionParts) *session {
	life, end := context.WithCancel(ctx)
	s := &session{
		o: o, log: o.Logger, me: p.me, store: p.store, lock: p.lock, auth: p.auth, updates: p.updates, account: p.account,
		trouble: p.trouble,
		readers: newReaders(), presence: newPresence(), opened: newOpened(), arrived: newSignal(), fetching: newTurns(), watches: newWatches(), recall: newRecall(), linked: newSignal(),
		life: life, end: end, fail: make(chan error, 1),
	}
	s.link = client.Link{State: client.LinkConnecting}
	s.outbox = newOutbox(s)
	s.transfers = newTransfers(s)
	s.uploads = newUploads(s)
	s.downloads = newDownloads(s)
	s.taking = &taking{}
	s.reads = newReadQueue(s)
	s.keeper = newKeeper(s)
	s.notes = newNotes(s)
	s.board = newBoard(s)
	s.renewLive()
	return s
}

func (s *session) renewLive() live {
	conn := client.NewConn(client.ConnOptions{Session: s.auth, BackoffMin: s.o.Pace.ConnBackoff})
	syncer := client.NewSyncer(client.SyncerOptions{
		Remote: conn, Replica: replica{s}, Next: listener{s}, Logger: s.log,
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = live{conn: conn, syncer: syncer}
	return s.live
}

// start begins the work. ended is called at most once, from a goroutine of the session, when it can't go on: with
// client.ErrRevoked, client.ErrEpoch or store.ErrDamaged. It must return when the session's life ends.
func (s *session) start(ended func(error)) {
	s.keeper.Left()
	for _, run := range []func(context.Context){
		s.reads.run, s.keeper.run, s.notes.run, s.board.run, s.checkStore, s.index, s.uploads.run, s.downloads.run,
	} {
		s.running.Go(func() { run(s.life) })
	}
	s.running.Go(func() {
		if err := s.sync(s.life); err != nil {
			s.giveUp(err)
		}
	})
	s.running.Go(func() {
		select {
		case err := <-s.fail:
			ended(err)
		case <-s.life.Done():
		}
	})
}

// knowPeople reads by which numbers the server will tell who is there.
func (s *session) knowPeople(ctx context.Context) error {
	people, err := s.store.PeopleByNumber(ctx)
	if err != nil {
		return err
	}
	s.know(people)
	return nil
}

// know takes people's numbers, and shows who of them was there already.
func (s *session) know(people map[int64]string) {
	s.changePresence(func() ([]wire.UserPresence, bool) { return s.presence.Know(people), false })
}

// checkStore looks at the whole file beside the work, so that a broken page is found before the user does. It waits until the
// app has started: on a plain PC it would take half of what there is.
func (s *session) checkStore(ctx context.Context) {
	timer := time.NewTimer(s.o.Pace.StoreCheck)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return
	}
	err := s.store.Check(ctx)
	if errors.Is(err, store.ErrDamaged) {
		s.giveUp(err)
	} else if err != nil && ctx.Err() == nil {
		s.log.WarnContext(ctx, "check the local store", slog.Any("error", err))
	}
}

// giveUp says that the session can't go on. Only the first reason counts.
func (s *session) giveUp(err error) {
	s.over.Do(func() { s.fail <- err })
}

// sync keeps the store equal to the server. When the store fails for a reason that may pass (a full disk), it tries again
// after a while; the page goes on reading meanwhile.
func (s *session) sync(ctx context.Context) error {
	s.mu.Lock()
	l := s.live
	s.mu.Unlock()
	if s.trouble != nil && !s.holdOff(ctx, s.trouble) {
		return nil
	}
	for {
		err := s.knowPeople(ctx)
		if err == nil {
			err = l.syncer.Run(ctx)
		}
		switch {
		case ctx.Err() != nil || err == nil:
			return nil
		case errors.Is(err, client.ErrRevoked), errors.Is(err, client.ErrEpoch), errors.Is(err, store.ErrDamaged):
			return err
		}
		if !s.holdOff(ctx, err) {
			return nil
		}
		l = s.renewLive()
	}
}

// holdOff waits because the store failed. It returns false when ctx ended.
func (s *session) holdOff(ctx context.Context, err error) bool {
	s.log.ErrorContext(ctx, "sync stopped; next try follows", slog.Any("error", err))
	s.setLink(client.Link{
		State: client.LinkOffline, Cause: fmt.Errorf("%w: %w", errStore, err),
		RetryAt: s.o.Clock.Now().Add(s.o.Pace.RetryMost),
	})
	return pause(ctx, s.o.Pace.RetryMost)
}

// close ends all work and waits for it.
func (s *session) close() {
	s.end()
	s.running.Wait()
	s.outbox.wait()
	s.taking.Stop()
	s.auth.Close()
	s.auth.HTTP().Close()
	if err := s.store.Close(); err != nil {
		s.log.Warn("close the local store", slog.Any("error", err))
	}
}

func (s *session) current() live {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

func (s *session) linkNow() client.Link {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.link
}

func (s *session) online() bool { return s.linkNow().State == client.LinkOnline }

func (s *session) setLink(l client.Link) (before client.Link) {
	s.mu.Lock()
	before = s.link
	s.link = l
	s.mu.Unlock()
	s.linked.Fire()
	s.updates.State()
	return before
}

// call bounds what a call of the page waits for.
func (s *session) call() (context.Context, context.CancelFunc) {
	return context.WithTimeout(s.life, s.o.Pace.CallTimeout)
}
