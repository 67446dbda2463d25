package files

import (
	"maps"
	"sync"
	"sync/atomic"

	"himsg/server/internal/errs"
)

// counts are the figures of a Service since it began.
type counts struct {
	uploads, bytes, downloads, ready, collected, orphans atomic.Int64

	mu      sync.Mutex
	refused map[string]int64
}

// refuse counts a refusal by its reason.
func (c *counts) refuse(err error) {
	refusal := errs.As(err)
	reason := string(refusal.Reason)
	if reason == "" {
		reason = string(refusal.Code)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refused == nil {
		c.refused = map[string]int64{}
	}
	c.refused[reason]++
}

// Figures are what a Service has done since it began.
type Figures struct {
	Uploads   int64 // begun
	Bytes     int64 // stored
	Downloads int64
	Ready     int64 // checks that found nothing wrong
	Refused   map[string]int64
	Waiting   int64 // for a check, now
	Collected int64 // files whose bytes were removed since nobody needed them
	Orphans   int64 // bytes that belonged to no file
}

// Figures returns what the Service has done so far.
func (s *Service) Figures() Figures {
	s.counts.mu.Lock()
	defer s.counts.mu.Unlock()
	return Figures{
		Uploads: s.counts.uploads.Load(), Bytes: s.counts.bytes.Load(), Downloads: s.counts.downloads.Load(),
		Ready: s.counts.ready.Load(), Refused: maps.Clone(s.counts.refused), Waiting: int64(len(s.checks.queue)),
		Collected: s.counts.collected.Load(), Orphans: s.counts.orphans.Load(),
	}
}
