package retention_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/shared/wire"
)

// slowStore has one run and rooms with so many messages that are due. What it deletes takes time, and its writer is asked for by
// others.
type slowStore struct {
	retention.Store

	perMessage time.Duration
	fixed      time.Duration // of a transaction, whatever is in it
	othersFor  time.Duration // how long others have the writer before
	due        map[int64]int
	fail       func(room int64, left int) error

	slices []slice
	rows   int64 // of messages that went, in all
}

// slice is when a transaction had the writer, and what it deleted.
type slice struct {
	from, to time.Time
	deleted  int
}

func (s *slowStore) RetentionPolicy(context.Context) (wire.RetentionPolicy, error) {
	return wire.RetentionPolicy{}, nil
}

func (s *slowStore) ClaimRun(context.Context, string, int64, int64) (retention.Run, bool, error) {
	return retention.Run{ID: 1, State: wire.RunRunning, Phase: wire.PhaseMessages}, true, nil
}

func (s *slowStore) DueRooms(_ context.Context, after, _ int64, _ int) (rooms []int64, err error) {
	for room, n := range s.due {
		if n > 0 && room > after {
			rooms = append(rooms, room)
		}
	}
	slices.Sort(rooms)
	return rooms, nil
}

func (s *slowStore) RetireMessages(
	_ context.Context, _ retention.Run, room, _ int64, limit int,
) (retention.Retired, error) {
	if s.fail != nil {
		if err := s.fail(room, s.due[room]); err != nil {
			return retention.Retired{}, err
		}
	}
	time.Sleep(s.othersFor)
	n := min(limit, s.due[room])
	from := time.Now()
	time.Sleep(s.fixed + time.Duration(n)*s.perMessage)
	s.slices = append(s.slices, slice{from, time.Now(), n})
	s.due[room] -= n
	s.rows += int64(n)
	return retention.Retired{
		RoomUUID: "r", Messages: int64(n), Through: s.rows, Passed: 3, More: n == limit, Took: time.Since(from),
	}, nil
}

func (s *slowStore) PassedBy(_ context.Context, _, seq int64) ([]model.CursorMove, error) {
	return []model.CursorMove{{UserID: 1, Seq: seq}, {UserID: 2, Seq: seq}, {UserID: 3, Seq: seq}}, nil
}

func (s *slowStore) DueFiles(context.Context, int64, int64) ([]int64, int64, error) {
	return nil, 0, nil
}

func (s *slowStore) MoveRun(context.Context, retention.Run, int64) error { return nil }

func (s *slowStore) EndRun(
	_ context.Context, r retention.Run, _ wire.RunState, _ model.AuditEntry,
) (retention.Run, error) {
	return r, nil
}

// listener is the rooms, and what they were told.
type listener struct {
	at  []time.Time
	seq []int64
}

func (l *listener) CursorsMoved(_ context.Context, _ int64, _ string, moved []model.CursorMove) {
	l.at, l.seq = append(l.at, time.Now()), append(l.seq, moved[0].Seq)
}

func sweep(store *slowStore) (told *listener, err error) {
	told = &listener{}
	s := retention.New(retention.Options{Store: store, Rooms: told, Worker: "w", Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
	return told, s.Look(context.Background())
}

// TestSlicesAreSizedByTime: on fast and slow machines others wait about 20 ms for a slice, and it rests three times as long. But
// none is of less than 50 messages, or a run would not end where each transaction is slow.
func TestSlicesAreSizedByTime(t *testing.T) {
	for name, c := range map[string]struct {
		perMessage, fixed time.Duration
		longest           time.Duration // of a slice, when it is found out what a message costs
		deleted           int           // of a slice by then
	}{
		"on a usual machine":      {100 * time.Microsecond, 2 * time.Millisecond, 22 * time.Millisecond, 180},
		"on a slow machine":       {250 * time.Microsecond, 2 * time.Millisecond, 22 * time.Millisecond, 72},
		"on a fast machine":       {time.Microsecond, time.Millisecond, 22 * time.Millisecond, 500},
		"where a commit is slow":  {100 * time.Microsecond, 100 * time.Millisecond, 105 * time.Millisecond, 50},
		"on a machine that hangs": {10 * time.Millisecond, 100 * time.Millisecond, 600 * time.Millisecond, 50},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &slowStore{perMessage: c.perMessage, fixed: c.fixed, due: map[int64]int{1: 3000, 2: 1}}
				if _, err := sweep(store); err != nil {
					t.Fatal(err)
				}
				if store.due[1]+store.due[2] > 0 {
					t.Errorf("%v are left", store.due)
				}
				if first := store.slices[0].deleted; first != 50 {
					t.Errorf("the first slice is of %d messages", first)
				}
				for i, s := range store.slices {
					if i > 8 && s.to.Sub(s.from) > c.longest {
						t.Errorf("slice %d holds others up for %v", i, s.to.Sub(s.from))
					}
					if i > 0 {
						before := store.slices[i-1]
						if rest := s.from.Sub(before.to); rest < 3*before.to.Sub(before.from) {
							t.Errorf("slice %d comes %v after one that took %v", i, rest, before.to.Sub(before.from))
						}
					}
				}
				if n := store.slices[min(20, len(store.slices)-4)].deleted; n < c.deleted*4/5 || n > max(c.deleted*6/5, 10) {
					t.Errorf("slices are of %d messages, about %d would do", n, c.deleted)
				}
			})
		})
	}
}

// TestAWaitForTheWriterIsNoSlicesTime: where others write all the time, slices stay as large and rests get longer.
func TestAWaitForTheWriterIsNoSlicesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{
			perMessage: 100 * time.Microsecond, othersFor: 500 * time.Millisecond, due: map[int64]int{1: 4000},
		}
		if _, err := sweep(store); err != nil {
			t.Fatal(err)
		}
		if n := store.slices[10].deleted; n != 200 {
			t.Errorf("slices are of %d messages, want 200", n)
		}
		if rest := store.slices[10].from.Sub(store.slices[9].to); rest < 2*store.othersFor {
			t.Errorf("it comes back %v after a slice that waited for %v", rest, store.othersFor)
		}
	})
}

// TestMovedCursorsAreToldOncePerRoom: not after each slice; in a room in which it takes long every five seconds.
func TestMovedCursorsAreToldOncePerRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &slowStore{perMessage: 100 * time.Microsecond, due: map[int64]int{1: 5000, 2: 5000, 3: 1}}
		told, err := sweep(store)
		if err != nil {
			t.Fatal(err)
		}
		if want := []int64{5000, 10_000, 10_001}; !slices.Equal(told.seq, want) || len(store.slices) < 40 {
			t.Errorf("told of %v after %d slices, want %v", told.seq, len(store.slices), want)
		}

		store = &slowStore{perMessage: 100 * time.Microsecond, due: map[int64]int{1: 100_000}}
		began := time.Now()
		if told, err = sweep(store); err != nil {
			t.Fatal(err)
		}
		most := int(time.Since(began)/(5*time.Second)) + 1
		if n := len(told.seq); n < most/2 || n > most || told.seq[n-1] != 100_000 {
			t.Errorf("told %d times in %v, the last time of %d", n, time.Since(began), told.seq[n-1])
		}
	})
}

// TestMovedCursorsAreToldWhenTheRunStops: the room is not done, and its members know where their cursors are.
func TestMovedCursorsAreToldWhenTheRunStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("the database is away")
		store := &slowStore{perMessage: 100 * time.Microsecond, due: map[int64]int{1: 1000}}
		store.fail = func(_ int64, left int) error {
			if left < 500 {
				return broken
			}
			return nil
		}
		told, err := sweep(store)
		if !errors.Is(err, broken) {
			t.Fatalf("stopped: %v", err)
		}
		if want := []int64{store.rows}; !slices.Equal(told.seq, want) {
			t.Errorf("told of %v, want %v", told.seq, want)
		}
	})
}
