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

const (
	// quietFor is how long, and quietBytes with how little made in memory, the server is quiet; worthBytes is how much must have been made since the
	// last time for it to be looked through.
	quietFor   = 10 * time.Second
	quietBytes = 4 << 20
	worthBytes = 8 << 20
	allMade    = "/gc/heap/allocs:bytes"
)

// giveBack returns to the system what nobody needs any more, whenever the server has become quiet: after its start, of which the schema's steps
// and the API's description are garbage, after a rush, after the search index was built. The runtime would do it by and by.
func giveBack(ctx context.Context) {
	tick := time.NewTicker(quietFor)
	defer tick.Stop()
	var last, given uint64
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		made := read(allMade)
		if worthwhile(made, last, given) {
			debug.FreeOSMemory()
			made = read(allMade)
			given = made
		}
		last = made
	}
}

// worthwhile decides that, by what was made in all, until a moment ago, and until the last time.
func worthwhile(made, last, given uint64) bool {
	return made-given >= worthBytes && (given == 0 || made-last < quietBytes)
}

// read is one of the runtime's figures.
func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
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
		if percent := gcPercent(read(liveHeap)); percent != set { // setting it stops everybody for a moment
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
