package rig

import (
	"context"
	"time"
)

// Now is the only place of the bench that reads the clock.
func Now() time.Time { return time.Now() }

// Sleep waits; false: ctx ended first.
func Sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
