package retention

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// ErrLost says that a run is over, or that another node goes on with it.
var ErrLost = errors.New("the run is not this worker's")

// Run is a run of retention.
type Run struct {
	ID            int64
	UUID          string
	State         wire.RunState
	Phase         wire.RunPhase
	After         int64 // the room or file up to which its phase is done
	InWindow      bool
	Worker        string
	RequestedByID int64 // 0: it began by itself
	RequestedBy   string
	StartedAt     int64
	UpdatedAt     int64
	FinishedAt    int64
	DueMessages   int64
	DueFiles      int64
	Messages      int64
	Files         int64
	Bytes         int64
}

func (r Run) wire(p wire.RetentionPolicy, now time.Time) wire.RetentionRun {
	w := wire.RetentionRun{
		RunUUID: r.UUID, State: r.State, Phase: r.Phase, InWindow: r.InWindow, RequestedBy: r.RequestedBy,
		StartedAt: wire.TimeOfMilli(r.StartedAt), UpdatedAt: wire.TimeOfMilli(r.UpdatedAt),
		DueMessages: r.DueMessages, DueFiles: r.DueFiles, Messages: r.Messages, Files: r.Files, Bytes: r.Bytes,
	}
	if r.State == wire.RunRunning && r.InWindow && !within(p, now) {
		w.State = wire.RunWaiting
	}
	if r.FinishedAt != 0 {
		at := wire.TimeOfMilli(r.FinishedAt)
		w.FinishedAt = &at
	}
	return w
}

// Retired is what a slice deleted. Files are those that hang nowhere any more.
type Retired struct {
	RoomUUID               string
	Messages, Files, Bytes int64
	Through                int64         // the seq up to which the room is gone
	Passed                 int64         // members whose cursors moved there
	More                   bool          // there may be more in this room
	Took                   time.Duration // that others could not write; its own wait for them is not in it
}

// RetiredFile is a file that a run looked at. Took is as for Retired.
type RetiredFile struct {
	model.File

	Gone bool // no place needs it
	Took time.Duration
}

const (
	lookEvery   = time.Minute
	staleAfter  = time.Minute
	roomsAtOnce = 200
	// tellEvery is how long members wait to hear that their cursors moved, in a room in which much goes.
	tellEvery = 5 * time.Second
	tellTime  = 5 * time.Second // for the last of that, when a run stops
	// dailyAfter is how old the last run must be for the daily one: somewhat less than a day, so that it doesn't walk around the clock.
	dailyAfter = 20 * time.Hour
)

func (s *Service) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default: // it looks soon anyway
	}
}

// Run goes on with the run that was begun, here or on a node that stopped, and begins the daily one, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	again := time.NewTicker(lookEvery)
	defer again.Stop()
	for {
		if err := s.Look(ctx); err != nil && ctx.Err() == nil {
			s.o.Logger.WarnContext(ctx, "retention stopped, it goes on in a minute", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		case <-s.wake:
		}
	}
}

// Look does what is to be done now, and returns when that is done, the window is over or ctx ends.
func (s *Service) Look(ctx context.Context) error {
	policy, err := s.o.Store.RetentionPolicy(ctx)
	if err != nil {
		return err
	}
	if err := s.daily(ctx, policy); err != nil {
		return err
	}
	now := s.o.Now()
	stale := now.Add(-staleAfter)
	if s.o.Alone {
		stale = now.Add(day) // who had it is gone
	}
	r, mine, err := s.o.Store.ClaimRun(ctx, s.o.Worker, stale.UnixMilli(), now.UnixMilli())
	if err != nil || !mine {
		return err
	}
	err = s.work(ctx, r)
	if errors.Is(err, ErrLost) || errors.Is(err, errWindow) {
		return nil
	}
	return err
}

// daily begins a run by itself once a day.
func (s *Service) daily(ctx context.Context, p wire.RetentionPolicy) error {
	now := s.o.Now()
	if !p.Daily || len(p.Rules) == 0 || !within(p, now) {
		return nil
	}
	last, err := s.o.Store.RunList(ctx, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 && (last[0].State == wire.RunRunning || now.UnixMilli()-last[0].StartedAt < dailyAfter.Milliseconds()) {
		return nil
	}
	r := Run{UUID: uuid.NewString(), InWindow: true}
	err = s.o.Store.AddRun(ctx, r, p.Rev, s.entry(model.Actor{}, model.AuditRetentionBegun))
	if errs.Is(err, wire.Conflict) {
		return nil // another node was first, or somebody changes the rules
	}
	return err
}

// errWindow says that the window is over.
var errWindow = errors.New("outside of the window")

// work does a run from where it stands to its end.
func (s *Service) work(ctx context.Context, r Run) error {
	s.o.Logger.InfoContext(ctx, "retention runs", slog.String("run_uuid", r.UUID), slog.String("phase", string(r.Phase)))
	for _, phase := range []struct {
		name wire.RunPhase
		do   func(context.Context, *Run) error
	}{
		{wire.PhaseCounting, s.countDue}, {wire.PhaseMessages, s.retireMessages}, {wire.PhaseFiles, s.retireFiles},
	} {
		if r.Phase != phase.name {
			continue
		}
		if err := phase.do(ctx, &r); err != nil {
			return err
		}
	}
	r, err := s.o.Store.EndRun(ctx, r, wire.RunDone, s.entry(model.Actor{UserID: r.RequestedByID}, model.AuditRetentionEnded))
	if err == nil {
		s.o.Logger.InfoContext(ctx, "retention is done", slog.String("run_uuid", r.UUID),
			slog.Int64("messages", r.Messages), slog.Int64("files", r.Files))
	}
	return err
}

// mayGoOn is asked before each slice.
func (s *Service) mayGoOn(ctx context.Context, r *Run) error {
	if err := ctx.Err(); err != nil || !r.InWindow {
		return err
	}
	p, err := s.o.Store.RetentionPolicy(ctx)
	if err == nil && !within(p, s.o.Now()) {
		return errWindow
	}
	return err
}

// enter begins a phase.
func (s *Service) enter(ctx context.Context, r *Run, phase wire.RunPhase) error {
	r.Phase, r.After = phase, 0
	return s.o.Store.MoveRun(ctx, *r, s.o.Now().UnixMilli())
}

func (s *Service) countDue(ctx context.Context, r *Run) error {
	if err := s.mayGoOn(ctx, r); err != nil {
		return err
	}
	p, err := s.o.Store.RetentionPolicy(ctx)
	if err != nil {
		return err
	}
	counts, err := s.count(ctx, RulesAt(p, s.o.Now().UnixMilli()), func() error {
		return s.o.Store.MoveRun(ctx, *r, s.o.Now().UnixMilli()) // a sign of life
	})
	if err != nil {
		return err
	}
	sum := counts.total()
	r.DueMessages, r.DueFiles = sum.Messages, sum.Files
	return s.enter(ctx, r, wire.PhaseMessages)
}

func (s *Service) retireMessages(ctx context.Context, r *Run) error {
	p := newPace()
	for {
		rooms, err := s.o.Store.DueRooms(ctx, r.After, s.o.Now().UnixMilli(), roomsAtOnce)
		if err != nil {
			return err
		}
		for _, room := range rooms {
			if err := s.retireRoom(ctx, r, room, p); err != nil {
				return err
			}
			r.After = room // stored with the next slice: a room that is done has nothing due
		}
		if len(rooms) < roomsAtOnce {
			return s.enter(ctx, r, wire.PhaseFiles)
		}
	}
}

// retireRoom deletes in one room, slice by slice. Its members hear once where their cursors are now, or every few seconds.
func (s *Service) retireRoom(ctx context.Context, r *Run, roomID int64, p *pace) error {
	told := s.o.Now()
	var untold Retired
	defer func() { s.tellPassed(ctx, roomID, untold) }()
	for more := true; more; {
		if err := s.mayGoOn(ctx, r); err != nil {
			return err
		}
		began := s.o.Now()
		gone, err := s.o.Store.RetireMessages(ctx, *r, roomID, began.UnixMilli(), p.size)
		if err != nil {
			return err
		}
		p.took(gone)
		if gone.Passed > 0 {
			untold = gone
		}
		if began.Sub(told) >= tellEvery {
			s.tellPassed(ctx, roomID, untold)
			told, untold = began, Retired{}
		}
		if gone.Files > 0 {
			s.o.Bytes.Wake()
		}
		r.Messages, r.Files, r.Bytes = r.Messages+gone.Messages, r.Files+gone.Files, r.Bytes+gone.Bytes
		if more = gone.More; !more {
			s.tellPassed(ctx, roomID, untold)
			untold = Retired{}
		}
		if err := s.rest(ctx, began, gone.Took); err != nil {
			return err
		}
	}
	return nil
}

// tellPassed tells of the cursors that moved to the end of what is gone, also when the run stops: the members' apps count by them.
func (s *Service) tellPassed(ctx context.Context, roomID int64, gone Retired) {
	if gone.Passed == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellTime)
	defer cancel()
	moved, err := s.o.Store.PassedBy(ctx, roomID, gone.Through)
	if err != nil {
		s.o.Logger.WarnContext(ctx, "nobody is told of moved cursors, apps find out when they connect again", slog.Any("error", err))
		return
	}
	s.o.Rooms.CursorsMoved(ctx, roomID, gone.RoomUUID, moved)
}

func (s *Service) retireFiles(ctx context.Context, r *Run) error {
	for first := true; first || r.After != 0; first = false {
		files, looked, err := s.o.Store.DueFiles(ctx, r.After, s.o.Now().UnixMilli())
		if err != nil {
			return err
		}
		for _, id := range files {
			if err := s.mayGoOn(ctx, r); err != nil {
				return err
			}
			began := s.o.Now()
			f, err := s.o.Store.RetireFile(ctx, *r, id, began.UnixMilli())
			if err != nil {
				return err
			}
			if f.Gone {
				s.o.Bytes.RemoveBytes(ctx, f.File)
				r.Files, r.Bytes = r.Files+1, r.Bytes+f.Size
			}
			if err := s.rest(ctx, began, f.Took); err != nil {
				return err
			}
		}
		if r.After = looked; looked != 0 {
			if err := s.o.Store.MoveRun(ctx, *r, s.o.Now().UnixMilli()); err != nil {
				return err
			}
		}
	}
	return nil
}

// rest waits a few times as long as a slice held others up, and no shorter than it had to wait for them itself: people come first.
func (s *Service) rest(ctx context.Context, began time.Time, took time.Duration) error {
	wait := time.NewTimer(max(restTimes*took, min(s.o.Now().Sub(began), time.Second)))
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-wait.C:
		return nil
	}
}
