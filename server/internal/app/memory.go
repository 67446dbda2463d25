package app

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
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

const (
	// smallHeap is up to where the heap may grow before its garbage is collected.
	smallHeap = 64 << 20
	usualGC   = 100 // percent of what is alive that may come to it until the next collection; the runtime's own choice
	liveHeap  = "/gc/heap/live:bytes"
)

// collectSeldom lets more garbage gather while little is alive, until stop. A server of a small company holds some ten megabytes; the runtime
// would collect whenever it has made as much again, fifty times a second under load, which takes a tenth of its processor time. From half
// of smallHeap on it is as ever, so that ten thousand connections take no more memory. Who sets GOGC has chosen for himself.
func collectSeldom() (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	var stopped atomic.Bool
	set := usualGC
	var collected func(struct{})
	wait := func() { runtime.AddCleanup(&mark{}, collected, struct{}{}) }
	collected = func(struct{}) { // after each collection
		if stopped.Load() {
			debug.SetGCPercent(usualGC)
			return
		}
		live := []metrics.Sample{{Name: liveHeap}}
		metrics.Read(live)
		if percent := gcPercent(live[0].Value.Uint64()); percent != set { // setting it stops everybody for a moment
			set = percent
			debug.SetGCPercent(percent)
		}
		wait()
	}
	wait()
	return func() { stopped.Store(true) }
}

// mark is garbage from the beginning, of a size and kind that is collected by itself.
type mark struct {
	_ *mark
	_ [48]byte
}

// gcPercent is the GOGC under which a heap of which so much is alive grows to smallHeap, in steps of 50.
func gcPercent(live uint64) int {
	if live == 0 || live >= smallHeap {
		return usualGC
	}
	return max(usualGC, int((smallHeap-live)*100/live)/50*50)
}
