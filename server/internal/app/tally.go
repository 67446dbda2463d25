package app

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"log/slog"
	"sync"
	"time"

	"github.com/go-chi/httprate"

	"himsg/server/internal/presence"
)

// This file counts requests for all servers together, so that a limit is one whichever of them is asked. Each tells the others
// every second what it counted since; what they hear late, or never, makes a limit a little wider and nothing worse.

const (
	tallyTopic = "tally"
	tallyEvery = time.Second
	tallyPage  = 2000    // keys in one message
	tallyKeys  = 200_000 // of one limit and window
)

// tally makes counters by the names of limits. It is safe for use by several goroutines.
type tally struct {
	peers presence.Peers
	log   *slog.Logger

	mu       sync.Mutex
	counters map[string]*tallyCounter
}

// told is what a server counted of one limit in a window.
type told struct {
	Name   string         `json:"name"`
	Window int64          `json:"window"` // its beginning, Unix seconds
	Counts map[uint64]int `json:"counts"` // by the hash of a key
}

func newTally(peers presence.Peers, log *slog.Logger) *tally {
	t := &tally{peers: peers, log: log, counters: map[string]*tallyCounter{}}
	peers.Hear(tallyTopic, t.hear)
	return t
}

// counter is the counter of a limit. Its name is the same on all servers.
func (t *tally) counter(name string) httprate.LimitCounter {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.counters[name]
	if c == nil {
		c = &tallyCounter{windows: map[int64]map[uint64]int{}, untold: map[int64]map[uint64]int{}}
		t.counters[name] = c
	}
	return c
}

// run tells the others what is counted until ctx ends.
func (t *tally) run(ctx context.Context) {
	again := time.NewTicker(tallyEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-again.C:
			t.tell()
		}
	}
}

func (t *tally) tell() {
	t.mu.Lock()
	counters := make(map[string]*tallyCounter, len(t.counters))
	for name, c := range t.counters {
		counters[name] = c
	}
	t.mu.Unlock()
	var page []told
	n := 0
	send := func() {
		if n == 0 {
			return
		}
		data, err := json.Marshal(page)
		if err != nil { // of words and numbers
			t.log.Error("encode counts", slog.Any("error", err))
			return
		}
		t.peers.Tell(tallyTopic, data)
		page, n = nil, 0
	}
	for name, c := range counters {
		for window, counts := range c.take() {
			part := told{Name: name, Window: window, Counts: map[uint64]int{}}
			for key, count := range counts {
				part.Counts[key] = count
				n++
				if n >= tallyPage {
					page = append(page, part)
					send()
					part.Counts = map[uint64]int{}
				}
			}
			page = append(page, part)
		}
	}
	send()
}

// hear adds what another server counted.
func (t *tally) hear(_ string, data []byte) {
	var list []told
	if len(data) > 1<<20 || json.Unmarshal(data, &list) != nil {
		return
	}
	for _, part := range list {
		t.mu.Lock()
		c := t.counters[part.Name]
		t.mu.Unlock()
		if c != nil {
			c.hear(part)
		}
	}
}

// tallyCounter implements httprate.LimitCounter.
type tallyCounter struct {
	mu      sync.Mutex
	length  time.Duration
	windows map[int64]map[uint64]int // by their beginning, Unix seconds: this one and the one before
	untold  map[int64]map[uint64]int // what of it the others don't know
}

// Config implements httprate.LimitCounter.
func (c *tallyCounter) Config(_ int, windowLength time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.length = windowLength
}

// Increment implements httprate.LimitCounter.
func (c *tallyCounter) Increment(key string, currentWindow time.Time) error {
	return c.IncrementBy(key, currentWindow, 1)
}

// IncrementBy implements httprate.LimitCounter.
func (c *tallyCounter) IncrementBy(key string, currentWindow time.Time, amount int) error {
	hash, window := hashOf(key), currentWindow.Unix()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(window, hash, amount)
	if c.untold[window] == nil {
		c.untold[window] = map[uint64]int{}
	}
	if len(c.untold[window]) < tallyKeys {
		c.untold[window][hash] += amount
	}
	return nil
}

// Get implements httprate.LimitCounter.
func (c *tallyCounter) Get(key string, currentWindow, previousWindow time.Time) (current, previous int, err error) {
	hash := hashOf(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.windows[currentWindow.Unix()][hash], c.windows[previousWindow.Unix()][hash], nil
}

// add counts in a window, and forgets those that are over. c.mu is held.
func (c *tallyCounter) add(window int64, hash uint64, amount int) {
	w := c.windows[window]
	if w == nil {
		for old := range c.windows {
			if old < window-int64(c.length.Seconds()) {
				delete(c.windows, old)
			}
		}
		w = map[uint64]int{}
		c.windows[window] = w
	}
	if _, known := w[hash]; known || len(w) < tallyKeys {
		w[hash] += amount
	}
}

// take returns what the others don't know, and counts it as told.
func (c *tallyCounter) take() map[int64]map[uint64]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	untold := c.untold
	c.untold = map[int64]map[uint64]int{}
	return untold
}

// hear adds to windows that this server counts in too: another's clock may be wrong.
func (c *tallyCounter) hear(part told) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.windows[part.Window] == nil {
		newest := int64(0)
		for window := range c.windows {
			newest = max(newest, window)
		}
		if length := int64(c.length.Seconds()); part.Window%max(length, 1) != 0 || newest != 0 && part.Window > newest+length || part.Window < newest-length {
			return
		}
	}
	for hash, count := range part.Counts {
		if count > 0 && count < 1<<20 {
			c.add(part.Window, hash, count)
		}
	}
}

func hashOf(key string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // a hash never fails
	return h.Sum64()
}
