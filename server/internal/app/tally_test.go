package app

import (
	"log/slog"
	"testing"
	"time"
)

// wire connects tallies.
type tallyLine struct{ hear []func(string, []byte) }

func (l *tallyLine) Tell(_ string, data []byte) {
	for _, fn := range l.hear {
		fn("other", data)
	}
}
func (l *tallyLine) Hear(string, func(string, []byte)) {}
func (l *tallyLine) Others() []string                  { return nil }
func (l *tallyLine) Connected() bool                   { return true }

func TestServersCountRequestsTogether(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	there := newTally(&tallyLine{}, log)
	here := newTally(&tallyLine{hear: []func(string, []byte){there.hear}}, log)
	a, b := here.counter("x"), there.counter("x")
	a.Config(10, time.Minute)
	b.Config(10, time.Minute)
	now := time.Now().UTC().Truncate(time.Minute)
	before := now.Add(-time.Minute)
	for range 7 {
		if err := a.Increment("10.0.0.1", now); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5000 { // more than a message holds
		_ = a.Increment(time.Duration(i).String(), before)
	}
	_ = b.Increment("10.0.0.1", now)
	here.tell()
	here.tell() // what was told is not told again
	for key, want := range map[string]int{"10.0.0.1": 8, "10.0.0.2": 0} {
		if got, _, err := b.Get(key, now, before); err != nil || got != want {
			t.Errorf("%s was counted %d times, want %d (%v)", key, got, want, err)
		}
	}
	for _, key := range []int{0, 1999, 4999} {
		if _, got, _ := b.Get(time.Duration(key).String(), now, before); got != 1 {
			t.Errorf("%d of the window before was counted %d times", key, got)
		}
	}
	for _, word := range []string{"", "[]", `[{"name":"x","window":7,"counts":{"1":5}}]`, `[{"name":"y","window":60,"counts":{"1":5}}]`, `[{"name":"x"}]`} {
		there.hear("other", []byte(word))
	}
	if c := there.counters["x"]; len(c.windows) != 2 {
		t.Errorf("windows that nobody counts in are kept: %d", len(c.windows))
	}
	next := now.Add(time.Minute)
	_ = b.Increment("10.0.0.1", next)
	if current, previous, _ := b.Get("10.0.0.1", next, now); current != 1 || previous != 8 {
		t.Errorf("in the next window: %d and %d", current, previous)
	}
}
