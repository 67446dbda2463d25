package core_test

import (
	"testing"

	"himsg/shared/wire"
)

// Whoever asked for an account while no administrator was there must not be forgotten: the server tells of changes only.
func TestWaitingSignUpsAreCountedAtEachConnection(t *testing.T) {
	s := newServer(t)
	s.me.Role, s.me.IsAdmin = wire.RoleAdmin, true
	s.people[0].Role = wire.RoleAdmin
	s.pending = []wire.PendingUser{{ID: 1, Name: "한가람"}, {ID: 2, Name: "정새봄"}}
	a := signedIn(t, s)
	a.until(t, "two that wait", func() bool { return a.admin.PendingUsers == 2 })
	s.event(wire.EvAdmin, wire.AdminCounts{PendingUsers: 3, PendingResets: 1})
	a.until(t, "a third", func() bool { return a.admin.PendingUsers == 3 })

	a.offline()
	s.mu.Lock()
	s.pending = s.pending[:1]
	s.mu.Unlock()
	a.online()
	a.until(t, "one left", func() bool { return a.admin == wire.AdminCounts{PendingUsers: 1, PendingResets: 1} })
}
