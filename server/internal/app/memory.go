package app

import (
	"context"
	"runtime/debug"
	"time"
)

// settledAfter is when a start is over, and what it took in memory (the schema's steps, the API's description) is garbage.
const settledAfter = 10 * time.Second

// giveBack returns to the system what only the start needed. The runtime would do it by and by; a server that nobody has come to
// yet would hold it for minutes.
func giveBack(ctx context.Context) {
	settled := time.NewTimer(settledAfter)
	defer settled.Stop()
	select {
	case <-ctx.Done():
	case <-settled.C:
		debug.FreeOSMemory()
	}
}
