package client

import "himsg/shared/wire"

// directory is how far people and departments are held.
type directory struct {
	held   int64
	target int64 // the highest revision that was heard of
}

// directoryEvent takes one changed person or department; mu is held.
func (s *Syncer) directoryEvent(page wire.DirectoryPage) {
	switch {
	case page.Rev < s.directory.held:
	case page.Rev <= s.directory.held+1: // one more row of the same revision is possible
		s.applyDirectory(page)
	default:
		s.directory.target = max(s.directory.target, page.Rev)
		s.startDirectory()
	}
}

func (s *Syncer) applyDirectory(page wire.DirectoryPage) {
	if err := s.options.Replica.ApplyDirectory(s.life, page); err != nil {
		s.fail(err)
		return
	}
	s.directory.held = max(s.directory.held, page.Rev)
}

// startDirectory pages through what changed, unless that is under way; mu is held.
func (s *Syncer) startDirectory() {
	a := s.live
	if a == nil || a.paging || s.failed != nil || s.directory.target <= s.directory.held {
		return
	}
	a.paging = true
	s.spawn(s.pageDirectory)
}

// pageDirectory is the job.
func (s *Syncer) pageDirectory(a *attachment) {
	for attempt := 0; ; {
		s.mu.Lock()
		after := s.directory.held
		s.mu.Unlock()
		page, err := s.options.Remote.Directory(a.ctx, after, 0)
		if a.ctx.Err() != nil {
			return
		}
		if err == nil {
			if s.turnPage(a, after, page) {
				return
			}
			attempt = 0
			continue
		}
		s.options.Logger.Warn("directory", "error", err, "attempt", attempt)
		if !sleep(a.ctx, pauseAfter(attempt, err)) {
			return
		}
		attempt++
	}
}

// turnPage takes a page; it returns true when there is no other. A server that announced a revision which it does not have
// is believed to have none: the next event or sync tells.
func (s *Syncer) turnPage(a *attachment, after int64, page wire.DirectoryPage) (done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.current(a) {
		return true
	}
	if page.Rev > after || len(page.Users)+len(page.Departments) > 0 {
		s.applyDirectory(page)
	}
	more := page.Rev > after && (page.More || s.directory.target > page.Rev)
	if more && s.failed == nil {
		return false
	}
	s.directory.target = s.directory.held
	a.paging = false
	return true
}
