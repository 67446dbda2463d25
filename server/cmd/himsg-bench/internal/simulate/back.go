package simulate

import (
	"container/heap"
	"math/rand/v2"
	"slices"
	"time"
)

// Return is everybody coming back.
type Return struct {
	Clients int
	Cores   float64       // of all servers together, as far as others leave them
	Connect time.Duration // of a core, until a client is connected
	Resume  time.Duration // of a core, until it holds what it missed
	Down    time.Duration // from the kill until servers listen
	Spread  time.Duration // clients learn of the kill within this: 0 when a process dies, a heartbeat when a machine does
	Seed    uint64
}

// The apps' own pauses (shared/client: ConnOptions), and how long the server lets wait at its door and sends away for
// (server/internal/ws/door.go).
const (
	shortestPause = 250 * time.Millisecond
	longestPause  = 30 * time.Second
	doorWait      = 6 * time.Second
	doorRetry     = 2 * time.Second
)

// Outcome is when they are back, counted from when the servers listen, and how often they tried.
type Outcome struct {
	Half, Most, All time.Duration // half of them, 99 of 100, everybody
	Tries           int
	SentAway        int // tries that waited in vain at the door
}

// event is a client that tries to connect at a time.
type event struct {
	at      time.Duration
	attempt int
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at < e[j].at }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)        { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// Run plays it. The servers are one queue: whoever comes first is served first, at the speed of all cores; who would wait too
// long is sent away for a while.
func (r Return) Run() Outcome {
	random := rand.New(rand.NewPCG(r.Seed, 3)) //nolint:gosec // G404: a repeatable choice
	jitter := func(bound time.Duration) time.Duration { return time.Duration(random.Float64() * float64(bound)) }
	var out Outcome
	due := make(events, 0, r.Clients)
	for range r.Clients {
		due = append(due, event{at: jitter(r.Spread) + jitter(shortestPause), attempt: 1})
	}
	heap.Init(&due)
	work := func(d time.Duration) time.Duration { return time.Duration(float64(d) / r.Cores) }
	free := r.Down // when the servers have done what they were given
	var back []time.Duration
	for due.Len() > 0 {
		e := heap.Pop(&due).(event)
		out.Tries++
		again := event{attempt: e.attempt + 1}
		if e.at < r.Down { // refused at once
			again.at = e.at + jitter(bound(e.attempt))
			heap.Push(&due, again)
			continue
		}
		if free-e.at > doorWait {
			out.SentAway++
			again.at = e.at + doorWait + doorRetry + jitter(bound(e.attempt))
			heap.Push(&due, again)
			continue
		}
		free = max(free, e.at) + work(r.Connect+r.Resume)
		back = append(back, free-r.Down)
	}
	slices.Sort(back)
	if n := len(back); n > 0 {
		out.Half, out.Most, out.All = back[n/2], back[n*99/100], back[n-1]
	}
	return out
}

// bound is that of the pause after so many failed tries.
func bound(attempt int) time.Duration {
	if attempt < 20 && shortestPause<<attempt < longestPause {
		return shortestPause << attempt
	}
	return longestPause
}
