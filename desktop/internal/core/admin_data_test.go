package core_test

import (
	"testing"
	"time"

	"himsg/shared/wire"
)

// Holds and backups come page by page, and a place that is none is not asked for.
func TestHoldsAndBackupsComeByPage(t *testing.T) {
	s := newServer(t)
	s.with(func() { s.admin.answer = map[string]any{} })
	at := wire.TimeOf(time.UnixMilli(1000))
	s.answers("GET /api/admin/holds?before=0", wire.HoldList{Next: 70, Holds: []wire.Hold{{HoldUUID: third, PlacedAt: at}}})
	s.answers("GET /api/admin/holds?before=70", wire.HoldList{Holds: []wire.Hold{{HoldUUID: other, PlacedAt: at, EndedAt: &at}}})
	s.answers("GET /api/admin/backups?before=0", wire.BackupList{Next: 70, Backups: []wire.Backup{{BackupUUID: third, RequestedAt: at}}})
	s.answers("GET /api/admin/backups?before=70", wire.BackupList{Backups: []wire.Backup{{BackupUUID: other, RequestedAt: at}}})
	a := signedIn(t, s)

	holds, err := a.Holds(0)
	if err != nil || holds.Next != 70 || len(holds.Holds) != 1 || holds.Holds[0].HoldUUID != third || holds.Holds[0].PlacedAt != 1000 {
		t.Errorf("%+v, %v", holds, err)
	}
	holds, err = a.Holds(holds.Next)
	if err != nil || holds.Next != 0 || len(holds.Holds) != 1 || holds.Holds[0].EndedAt != 1000 {
		t.Errorf("%+v, %v", holds, err)
	}
	backups, err := a.Backups(0)
	if err != nil || backups.Next != 70 || len(backups.Backups) != 1 || backups.Backups[0].BackupUUID != third {
		t.Errorf("%+v, %v", backups, err)
	}
	backups, err = a.Backups(backups.Next)
	if err != nil || backups.Next != 0 || len(backups.Backups) != 1 || backups.Backups[0].BackupUUID != other {
		t.Errorf("%+v, %v", backups, err)
	}
	_, noHolds := a.Holds(-1)
	_, noBackups := a.Backups(-1)
	for _, err := range []error{noHolds, noBackups} {
		if f := failure(t, err); f.Code != string(wire.BadRequest) {
			t.Errorf("%+v", f)
		}
	}
}
