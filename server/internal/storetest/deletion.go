package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/directory"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func deletionCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"DeletionKeepsOutAndGivesBack":   deletionKeepsOutAndGivesBack,
		"DeletionFollowsDepartments":     deletionFollowsDepartments,
		"DeletionEndsOnce":               deletionEndsOnce,
		"DeletionErases":                 deletionErases,
		"DeletionKeepsAnOwner":           deletionKeepsAnOwner,
		"BackupsAreListedAndExpire":      backupsAreListedAndExpire,
		"BackupsHoldWhatOneCouldSee":     backupsHoldWhatOneCouldSee,
		"DeletionLeavesDisabledPeopleSo": deletionLeavesDisabledPeopleSo,
	}
}

func audited(action model.AuditAction) model.AuditEntry {
	return model.AuditEntry{At: Start, Action: action}
}

// beginDeletion starts the deletion of a person.
func beginDeletion(t testing.TB, db *sqlstore.DB, boss model.Actor, userUUID string) (model.Backup, model.User) {
	t.Helper()
	b, u, _, err := db.StartBackup(context.Background(), boss, userUUID, model.Backup{
		UUID: uuid.NewString(), Reason: "퇴사", RequestedAt: Start, ExpiresAt: Start + 1000,
	}, audited(model.AuditDeleteRequested))
	check(t, err)
	return b, u
}

// erase deletes a person, as when his archive is whole.
func erase(t testing.TB, db *sqlstore.DB, boss model.Actor, userUUID string) (model.Backup, []model.RoomChange) {
	t.Helper()
	b, _ := beginDeletion(t, db, boss, userUUID)
	b.State, b.FinishedAt = wire.BackupDone, Start
	u, left, err := db.RemovePerson(context.Background(), b, audited(model.AuditUserDeleted))
	check(t, err)
	if u.State != wire.UserDeleted || u.UUID != userUUID || u.Name != "" {
		t.Errorf("erased %+v", u)
	}
	return b, left
}

// bossOf makes an owner.
func bossOf(t testing.TB, db *sqlstore.DB) model.Actor {
	t.Helper()
	u, err := db.CreateAccount(context.Background(), model.User{
		UUID: uuid.NewString(), Username: "boss", EmployeeID: "B1", Name: "대표", PasswordHash: "x",
		Role: wire.RoleOwner, State: wire.UserActive, CreatedAt: Start, UpdatedAt: Start,
	}, "", audited(model.AuditOwnerCreated))
	check(t, err)
	return model.Actor{UserID: u.ID, UserUUID: u.UUID, Role: u.Role}
}

func stateOf(t testing.TB, db *sqlstore.DB, who model.Actor) wire.UserState {
	t.Helper()
	u, err := db.Account(context.Background(), who.UserID)
	check(t, err)
	return u.State
}

func deletionKeepsOutAndGivesBack(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, kim := bossOf(t, db), People(t, db, 1)[0]
	b, u := beginDeletion(t, db, boss, kim.UserUUID)
	if u.State != wire.UserDisabled || stateOf(t, db, kim) != wire.UserDisabled || b.UserUUID != kim.UserUUID || b.Name != "사람0001" {
		t.Errorf("begun: %+v, %+v", b, u)
	}
	_, _, _, err := db.StartBackup(ctx, boss, kim.UserUUID, model.Backup{UUID: uuid.NewString()}, audited(model.AuditDeleteRequested))
	wantCode(t, err, wire.Conflict)
	b.Messages, b.State = 7, wire.BackupVerifying
	check(t, db.SaveBackup(ctx, b))
	list, err := db.UnfinishedBackups(ctx)
	if err != nil || len(list) != 1 || list[0].Messages != 7 || list[0].State != wire.BackupVerifying {
		t.Errorf("unfinished: %+v, %v", list, err)
	}
	b.State, b.Failure, b.FinishedAt = wire.BackupFailed, "stopped", Start
	back, err := db.FailBackup(ctx, b, audited(model.AuditDeleteFailed))
	if err != nil || back.State != wire.UserActive || back.Rev <= u.Rev || stateOf(t, db, kim) != wire.UserActive {
		t.Errorf("back: %+v, %v", back, err)
	}
	if list, err := db.UnfinishedBackups(ctx); err != nil || len(list) != 0 {
		t.Errorf("still unfinished: %+v, %v", list, err)
	}
}

func deletionLeavesDisabledPeopleSo(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 3)
	become := func(who model.Actor, state wire.UserState) bool {
		done, err := db.ChangeAccount(ctx, admin.AccountChange{
			Actor: boss, UserUUID: who.UserUUID, State: state, Entry: audited(model.AuditUserDisabled),
		})
		check(t, err)
		return done.Changed
	}
	for name, row := range map[string]struct {
		who            model.Actor
		before, during wire.UserState
		after          wire.UserState
	}{
		"who was disabled before":        {people[0], wire.UserDisabled, "", wire.UserDisabled},
		"who was let in again meanwhile": {people[1], wire.UserActive, wire.UserActive, wire.UserActive},
		"who was disabled meanwhile":     {people[2], wire.UserActive, wire.UserDisabled, wire.UserDisabled},
	} {
		become(row.who, row.before)
		b, _ := beginDeletion(t, db, boss, row.who.UserUUID)
		if row.during != "" && (!become(row.who, row.during) || become(row.who, row.during)) {
			t.Errorf("%s: not once", name)
		}
		if row.during == wire.UserActive {
			b.State = wire.BackupDone
			_, _, err := db.RemovePerson(ctx, b, audited(model.AuditUserDeleted))
			wantCode(t, err, wire.Conflict)
		}
		b.State = wire.BackupFailed
		_, err := db.FailBackup(ctx, b, audited(model.AuditDeleteFailed))
		check(t, err)
		if got := stateOf(t, db, row.who); got != row.after {
			t.Errorf("%s is %s", name, got)
		}
	}
}

// present reports who is in a room.
func present(t testing.TB, db *sqlstore.DB, room model.Room) (ids []int64) {
	t.Helper()
	members, err := db.Members(context.Background(), room.ID)
	check(t, err)
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	slices.Sort(ids)
	return ids
}

func deletionFollowsDepartments(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	team := Department(t, db, "팀", "")
	Employ(t, db, team, people...)
	_, err := db.ChangeDepartment(ctx, by(boss), team, directory.DepartmentChange{HeadUUID: &people[0].UserUUID})
	check(t, err)
	_, out, err := db.SetDepartmentRoom(ctx, by(boss), team, uuid.NewString(), false)
	check(t, err)
	room := out.Rooms[0].Room
	both, one := []int64{people[0].UserID, people[1].UserID}, []int64{people[1].UserID}
	b, _ := beginDeletion(t, db, boss, people[0].UserUUID)
	if got := present(t, db, room); !slices.Equal(got, one) {
		t.Errorf("while he is deleted %v are in it", got)
	}
	b.State = wire.BackupCancelled
	_, err = db.FailBackup(ctx, b, audited(model.AuditDeleteFailed))
	check(t, err)
	if got := present(t, db, room); !slices.Equal(got, both) {
		t.Errorf("after it failed %v are in it", got)
	}
	erase(t, db, boss, people[0].UserUUID)
	if got := present(t, db, room); !slices.Equal(got, one) {
		t.Errorf("without him %v are in it", got)
	}
	_, departments, _, err := db.DirectoryAfter(ctx, 0, 10)
	if err != nil || len(departments) != 1 || departments[0].HeadUUID != "" {
		t.Errorf("the department %+v, %v", departments, err)
	}
}

func deletionEndsOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, kim := bossOf(t, db), People(t, db, 1)[0]
	b, _ := beginDeletion(t, db, boss, kim.UserUUID)
	b.State, b.FinishedAt = wire.BackupFailed, Start
	_, err := db.FailBackup(ctx, b, audited(model.AuditDeleteFailed))
	check(t, err)
	// Its own server, which was only slow, comes too late.
	_, err = db.FailBackup(ctx, b, audited(model.AuditDeleteFailed))
	wantCode(t, err, wire.Conflict)
	b.State = wire.BackupRunning
	wantCode(t, db.SaveBackup(ctx, b), wire.Conflict)
	_, _, err = db.RemovePerson(ctx, b, audited(model.AuditUserDeleted))
	wantCode(t, err, wire.Conflict)
	if got := stateOf(t, db, kim); got != wire.UserActive {
		t.Errorf("he is %s", got)
	}
}

func deletionErases(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	kim, lee := people[0], people[1]
	shared, own := Group(t, db, kim, lee), Group(t, db, kim)
	memo, pair := direct(t, db, kim, kim).Room, direct(t, db, kim, lee).Room
	send(t, db, shared, kim, "모두에게")
	send(t, db, memo, kim, "나에게만")
	send(t, db, pair, kim, "둘이서")
	_, left := erase(t, db, boss, kim.UserUUID)
	if len(left) != 2 || left[0].Room.ID != shared.ID || left[0].System == nil || !slices.Equal(left[0].Touched, []int64{lee.UserID}) ||
		!slices.Equal(left[0].Left, []int64{kim.UserID}) || left[1].Room.ID != own.ID || left[1].Room.ClosedAt == 0 {
		t.Errorf("left %+v", left)
	}
	room, seat := enter(t, db, lee, shared)
	if seat.Role != wire.RoomOwner || room.Rev != left[0].Room.Rev {
		t.Errorf("lee's seat %+v in %+v", seat, room)
	}
	texts := func(room model.Room) (all []string) {
		page, err := db.BackupPage(ctx, room.ID, 0, 100, 100)
		check(t, err)
		for _, m := range page {
			if m.Kind == wire.MessageUser {
				all = append(all, m.Text)
			}
		}
		return all
	}
	if got := texts(shared); !slices.Equal(got, []string{"모두에게"}) {
		t.Errorf("the group keeps %q", got)
	}
	if got := texts(pair); !slices.Equal(got, []string{"둘이서"}) {
		t.Errorf("the pair keeps %q", got)
	}
	if got := texts(memo); !slices.Equal(got, []string{""}) {
		t.Errorf("the memo keeps %q", got)
	}
	if _, err := db.Account(ctx, kim.UserID); err == nil && stateOf(t, db, kim) != wire.UserDeleted {
		t.Error("he is still there")
	}
}

func deletionKeepsAnOwner(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss := bossOf(t, db)
	other := People(t, db, 1)[0]
	other.Role = wire.RoleOwner // as he believes
	_, _, _, err := db.StartBackup(ctx, other, boss.UserUUID, model.Backup{UUID: uuid.NewString()}, audited(model.AuditDeleteRequested))
	wantCode(t, err, wire.Conflict)
	if got := stateOf(t, db, boss); got != wire.UserActive {
		t.Errorf("the last owner is %s", got)
	}
}

func backupsAreListedAndExpire(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	boss, people := bossOf(t, db), People(t, db, 2)
	var made []model.Backup
	for _, p := range people {
		b, _ := erase(t, db, boss, p.UserUUID)
		made = append(made, b)
	}
	list, err := db.Backups(ctx, 0, 100)
	if err != nil || len(list) != 2 || list[0].UUID != made[1].UUID || list[0].Name != "사람0002" || list[0].RequestedBy != boss.UserUUID {
		t.Errorf("%+v, %v", list, err)
	}
	if page, err := db.Backups(ctx, made[1].ID, 100); err != nil || len(page) != 1 || page[0].UUID != made[0].UUID {
		t.Errorf("the page behind: %+v, %v", page, err)
	}
	for expired, at := range map[int]int64{0: list[0].ExpiresAt - 1, 2: list[0].ExpiresAt} {
		if found, err := db.ExpiredBackups(ctx, at); err != nil || len(found) != expired {
			t.Errorf("at %d: %d of %d have expired, %v", at, len(found), expired, err)
		}
	}
	for range 2 { // on two nodes
		check(t, db.ExpireBackup(ctx, made[0], audited(model.AuditBackupExpired)))
	}
	b, err := db.Backup(ctx, made[0].UUID)
	if err != nil || b.State != wire.BackupExpired || b.Name != "" {
		t.Errorf("%+v, %v", b, err)
	}
	entries, err := db.AuditEntries(ctx, admin.AuditQuery{Action: string(model.AuditBackupExpired), Limit: 10})
	if err != nil || len(entries) != 1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	_, err = db.Backup(ctx, uuid.NewString())
	wantCode(t, err, wire.NotFound)
}

func backupsHoldWhatOneCouldSee(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[0], people[1])
	send(t, db, room, people[0], "1")
	_, err := db.Invite(ctx, people[0], room.UUID, []model.User{{ID: people[2].UserID, UUID: people[2].UserUUID}}, Start)
	check(t, err)
	send(t, db, room, people[0], "2")
	_, err = db.LeaveRoom(ctx, people[2], room.UUID, Start)
	check(t, err)
	send(t, db, room, people[0], "3")
	rooms, err := db.BackupRooms(ctx, people[2].UserID)
	if err != nil || len(rooms) != 1 || len(rooms[0].Members) != 3 {
		t.Fatalf("%+v, %v", rooms, err)
	}
	page, err := db.BackupPage(ctx, room.ID, rooms[0].After, rooms[0].UpTo, 10)
	check(t, err)
	n, err := db.CountMessages(ctx, room.ID, rooms[0].After, rooms[0].UpTo)
	check(t, err)
	var texts []string
	for _, m := range page {
		if m.Kind == wire.MessageUser {
			texts = append(texts, m.Text)
		}
	}
	if !slices.Equal(texts, []string{"2"}) || n != len(page) {
		t.Errorf("he could see %q, %d of %d", texts, len(page), n)
	}
}
