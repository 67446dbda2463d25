package directory

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file finds changes of people and departments whose event was lost between servers.

const (
	// watchEvery is how long a change stays untold, at most twice: it is told when it was there at two looks.
	watchEvery = 2 * time.Second
	watchPage  = 500
)

// Heard is told of every event, of all servers.
func (s *Service) Heard(e bus.Event) {
	if e.Ev != wire.EvUser && e.Ev != wire.EvDepartment {
		return
	}
	var said struct {
		DirectoryRev int64 `json:"directory_rev"`
	}
	if json.Unmarshal(e.Data, &said) == nil {
		s.heardRev(said.DirectoryRev)
	}
}

func (s *Service) heardRev(rev int64) {
	for told := s.told.Load(); told < rev; told = s.told.Load() {
		if s.told.CompareAndSwap(told, rev) {
			return
		}
	}
}

// Watch tells this server's own sessions (here) of changes whose event did not come, until ctx ends. It tells of the last one: who
// hears of it lacks the others, and pages through them. missed gets the people who changed.
func (s *Service) Watch(ctx context.Context, here Publisher, missed func([]model.User)) {
	again := time.NewTicker(watchEvery)
	defer again.Stop()
	for before := int64(-1); ; {
		rev, err := s.store.DirectoryRev(ctx)
		switch {
		case err != nil:
		case before < 0: // whoever connects asks by himself
			s.heardRev(rev)
		case s.told.Load() < before:
			err = s.tellMissed(ctx, here, missed)
		}
		if err == nil {
			before = rev
		} else if ctx.Err() == nil {
			s.o.Logger.WarnContext(ctx, "changes of people were not looked for", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

func (s *Service) tellMissed(ctx context.Context, here Publisher, missed func([]model.User)) error {
	users, departments, rev, err := s.store.DirectoryAfter(ctx, s.told.Load(), watchPage)
	if err != nil {
		return err
	}
	last := lastOf(Outcome{Users: users, Departments: departments})
	for _, d := range last.Departments {
		s.publishTo(ctx, here, wire.EvDepartment, wire.DepartmentChanged{DirectoryRev: d.Rev, Department: wireDepartment(d)})
	}
	for _, u := range last.Users {
		s.publishTo(ctx, here, wire.EvUser, wire.UserChanged{DirectoryRev: u.Rev, User: u.Profile()})
	}
	missed(users)
	s.heardRev(rev)
	return nil
}
