package main

import (
	"testing"
	"time"
)

// TestClock: a clock that is set shows another time of day, and measures lengths as before.
func TestClock(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"ahead": 24 * time.Hour, "behind": -24 * time.Hour, "right": 0} {
		t.Run(name, func(t *testing.T) {
			var c clock
			before := time.Now()
			c.set(ahead)
			now := c.now()
			if moved := now.Round(0).Sub(before.Round(0)); moved < ahead || moved > ahead+time.Minute {
				t.Errorf("the time of day moved by %v, want %v", moved, ahead)
			}
			if passed := now.Sub(before); passed < 0 || passed > time.Minute {
				t.Errorf("%v passed since, by the monotonic clock", passed)
			}
		})
	}
}
