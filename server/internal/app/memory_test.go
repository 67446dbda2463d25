package app

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

func TestWorthwhile(t *testing.T) {
	const mb = 1 << 20
	for name, c := range map[string]struct {
		made, last, given uint64
		want              bool
	}{
		"after the start":          {30 * mb, 0, 0, true},
		"a start that took little": {5 * mb, 0, 0, false},
		"in a rush":                {900 * mb, 500 * mb, 31 * mb, false},
		"after it":                 {901 * mb, 900 * mb, 31 * mb, true},
		"quiet since":              {902 * mb, 901 * mb, 901 * mb, false},
	} {
		if got := worthwhile(c.made, c.last, c.given); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestGCPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 100, 1 << 20: 6300, 8 << 20: 700, 16 << 20: 300, 30 << 20: 100, 64 << 20: 100, 1 << 34: 100} {
		if got := gcPercent(live); got != want {
			t.Errorf("%d MiB alive: %d, want %d", live>>20, got, want)
		}
	}
}

// TestCollectSeldom: after a collection of a small heap the next one is further away, and as near as ever when that is stopped.
func TestCollectSeldom(t *testing.T) {
	t.Setenv("GOGC", "")
	stop := collectSeldom()
	becomes := func(what string, good func(percent int) bool) {
		t.Helper()
		for deadline := time.Now().Add(10 * time.Second); ; runtime.Gosched() {
			runtime.GC()
			percent := debug.SetGCPercent(usualGC)
			debug.SetGCPercent(percent)
			if good(percent) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d percent", what, percent)
			}
		}
	}
	becomes("small heap", func(percent int) bool { return percent > usualGC })
	stop()
	becomes("stopped", func(percent int) bool { return percent == usualGC })
}
