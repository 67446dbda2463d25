package core_test

import (
	"testing"

	"himsg/shared/wire"
)

// A room that follows a department says so, and one that was ended, also after a restart without a network.
func TestDepartmentsRoom(t *testing.T) {
	s := newServer(t)
	room := s.addRoom(third, wire.RoomGroup, "기획팀")
	room.summary.Rev, room.summary.DepartmentUUID = 1, other
	a := signedIn(t, s)
	a.until(t, "the department's room", func() bool { return a.rooms[third].DepartmentUUID == other && !a.rooms[third].ReadOnly })
	s.with(func() {
		room.summary.Rev, room.summary.DepartmentUUID, room.summary.ReadOnly = 2, "", true
		s.tell(wire.EvRoom, s.summary(room))
	})
	a.until(t, "the ended room", func() bool { return a.rooms[third].DepartmentUUID == "" && a.rooms[third].ReadOnly })
	a.offline()
	a = a.restart()
	a.until(t, "the ended room, kept", func() bool { return a.rooms[third].ReadOnly })
	if a.now().rooms[roomA].ReadOnly {
		t.Error("a usual room is ended")
	}
}
