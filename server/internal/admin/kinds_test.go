package admin

import (
	"context"
	"testing"
	"time"

	"himsg/shared/wire"
)

// shelf is a store of files that takes its time to count them.
type shelf struct {
	Figures

	bytes  int64
	takes  time.Duration
	now    time.Time
	counts int
}

func (s *shelf) FileUsage(context.Context) (bytes, files int64, err error) { return s.bytes, 1, nil }

func (s *shelf) FileKinds(context.Context) ([]wire.StoredKind, error) {
	s.counts++
	s.now = s.now.Add(s.takes)
	return []wire.StoredKind{{Extension: "pdf", Files: 1, Bytes: s.bytes}}, nil
}

func TestKindsAreCountedAsOftenAsThatIsCheap(t *testing.T) {
	for _, c := range []struct {
		name        string
		takes, wait time.Duration
		grows       bool
		asked       int // counts after who asked again
		kept        int // and after the job's turn
	}{
		{"quick, nothing new", time.Millisecond, time.Hour, false, 1, 1},
		{"quick, a new file", time.Millisecond, 0, true, 2, 2},
		{"slow, nothing new", time.Second, time.Hour, false, 1, 1},
		{"slow, a new file, soon", time.Second, 5 * time.Second, true, 1, 1},
		{"slow, a new file, later", time.Second, 25 * time.Second, true, 1, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := &shelf{bytes: 10, takes: c.takes, now: time.UnixMilli(1)}
			s := New(Options{Figures: files, Now: func() time.Time { return files.now }})
			ask := func() wire.Stored {
				stored := wire.Stored{Bytes: files.bytes, Files: 1}
				if known, err := s.kindsOf(t.Context(), &stored); err != nil || !known {
					t.Fatalf("known %t, %v", known, err)
				}
				return stored
			}
			if kinds := ask().Kinds; len(kinds) != 1 || kinds[0].Bytes != 10 {
				t.Errorf("kinds %+v", kinds)
			}
			if c.grows {
				files.bytes = 20
			}
			files.now = files.now.Add(c.wait)
			ask()
			if files.counts != c.asked {
				t.Errorf("%d counts after who asked, want %d", files.counts, c.asked)
			}
			if err := s.countKinds(t.Context()); err != nil {
				t.Fatal(err)
			}
			if files.counts != c.kept {
				t.Errorf("%d counts after the job, want %d", files.counts, c.kept)
			}
		})
	}
}

func TestManyFilesAreNotCountedWhileSomebodyWaits(t *testing.T) {
	files := &shelf{bytes: 10, takes: time.Second, now: time.UnixMilli(1)}
	s := New(Options{Figures: files, Now: func() time.Time { return files.now }})
	ask := func() (wire.Stored, bool) {
		stored := wire.Stored{Bytes: files.bytes, Files: 200_000}
		known, err := s.kindsOf(t.Context(), &stored)
		if err != nil {
			t.Fatal(err)
		}
		return stored, known
	}
	if stored, known := ask(); known || stored.Kinds == nil || len(stored.Kinds) != 0 || files.counts != 0 {
		t.Errorf("before anything was counted: %+v, known %t, %d counts", stored, known, files.counts)
	}
	if err := s.countKinds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stored, known := ask(); !known || len(stored.Kinds) != 1 || files.counts != 1 {
		t.Errorf("counted by the job: %+v, known %t, %d counts", stored, known, files.counts)
	}
}
