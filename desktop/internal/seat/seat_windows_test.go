package seat

import (
	"log/slog"
	"testing"
	"time"
)

func TestIdleTime(t *testing.T) {
	s := New(slog.New(slog.DiscardHandler))
	before, err := s.Idle(t.Context())
	if err != nil || before < 0 || before > 50*24*time.Hour {
		t.Fatalf("%s, %v", before, err)
	}
	time.Sleep(50 * time.Millisecond) // nobody sits at a test's screen: it grows with the clock
	if after, err := s.Idle(t.Context()); err != nil || after < before {
		t.Fatalf("%s, then %s, %v", before, after, err)
	}
}
