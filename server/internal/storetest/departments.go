package storetest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func departmentCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"DepartmentsAreATree":        departmentsAreATree,
		"SiblingsAreSorted":          siblingsAreSorted,
		"MovesMakeNoCycle":           movesMakeNoCycle,
		"RoomFollowsDepartment":      roomFollowsDepartment,
		"RoomMissesNobodyWhoArrives": roomMissesNobodyWhoArrives,
		"DeletedDepartmentMovesAll":  deletedDepartmentMovesAll,
		"ManyPeopleOrNone":           manyPeopleOrNone,
	}
}

func by(actor model.Actor) directory.By {
	return directory.By{Actor: actor, Entry: model.AuditEntry{At: Start, ActorID: actor.UserID, Action: "test"}}
}

// Department makes a department below another, or at the top.
func Department(t testing.TB, db *sqlstore.DB, name, parent string) (departmentUUID string) {
	t.Helper()
	out, err := db.CreateDepartment(context.Background(), by(model.Actor{}), model.Department{
		UUID: uuid.NewString(), ParentUUID: parent, Name: name,
	})
	check(t, err)
	return out.Departments[0].UUID
}

// Employ puts people into a department.
func Employ(t testing.TB, db *sqlstore.DB, department string, people ...model.Actor) directory.Outcome {
	t.Helper()
	var uuids []string
	for _, p := range people {
		uuids = append(uuids, p.UserUUID)
	}
	out, err := db.ChangePeople(context.Background(), by(model.Actor{}), uuids, directory.PersonChange{DepartmentUUID: &department})
	check(t, err)
	return out
}

func departmentsAreATree(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	top := Department(t, db, "본부", "")
	team := Department(t, db, "팀", top)
	out := Employ(t, db, team, people[0])
	if u := out.Users[0]; u.DepartmentUUID != team || u.Department != "팀" {
		t.Errorf("employed %+v", u)
	}
	name := "새 팀"
	out, err := db.ChangeDepartment(ctx, by(people[1]), team, directory.DepartmentChange{Name: &name, HeadUUID: &people[1].UserUUID})
	check(t, err)
	if len(out.Departments) != 1 || len(out.Users) != 1 || out.Users[0].Department != name ||
		out.Departments[0].HeadUUID != people[1].UserUUID || out.Departments[0].Rev == out.Users[0].Rev {
		t.Errorf("renamed %+v", out)
	}
	again, err := db.ChangeDepartment(ctx, by(people[1]), team, directory.DepartmentChange{Name: &name})
	if err != nil || len(again.Departments)+len(again.Users) != 0 {
		t.Errorf("renamed again %+v, %v", again, err)
	}
	none := ""
	out, err = db.ChangeDepartment(ctx, by(people[1]), team, directory.DepartmentChange{ParentUUID: &none, HeadUUID: &none})
	check(t, err)
	if d := out.Departments[0]; d.ParentUUID != "" || d.HeadUUID != "" {
		t.Errorf("moved to the top %+v", d)
	}
	_, err = db.DeleteDepartment(ctx, by(people[1]), team, nil)
	wantRefusal(t, err, wire.Conflict, wire.ReasonDepartmentUsed)
	_, err = db.DeleteDepartment(ctx, by(people[1]), top, nil)
	check(t, err)
	_, err = db.ChangeDepartment(ctx, by(people[1]), top, directory.DepartmentChange{Name: &name})
	wantCode(t, err, wire.NotFound)
	report, err := db.CheckAudit(ctx)
	if err != nil || !report.Whole() {
		t.Errorf("audit %+v, %v", report, err)
	}
}

func siblingsAreSorted(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	var made []string
	for _, name := range []string{"가", "나", "다"} {
		made = append(made, Department(t, db, name, ""))
	}
	last := ""
	for range 12 { // until there is no room between two of them
		for _, before := range []string{made[1], last} {
			_, err := db.ChangeDepartment(ctx, by(model.Actor{}), made[2], directory.DepartmentChange{BeforeUUID: &before})
			check(t, err)
		}
		_, err := db.ChangeDepartment(ctx, by(model.Actor{}), made[2], directory.DepartmentChange{BeforeUUID: &made[1]})
		check(t, err)
		made[1], made[2] = made[2], made[1]
		list, err := db.Departments(ctx)
		check(t, err)
		for i, d := range list {
			if d.UUID != made[i] {
				t.Fatalf("order %+v, want %v", list, made)
			}
		}
	}
}

// movesMakeNoCycle lets two moves that would together make a cycle run at the same time.
func movesMakeNoCycle(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	for range 10 {
		pair := []string{Department(t, db, uuid.NewString(), ""), Department(t, db, uuid.NewString(), "")}
		var wg sync.WaitGroup
		refusals := make([]error, 2)
		for i := range 2 {
			wg.Go(func() {
				_, refusals[i] = db.ChangeDepartment(ctx, by(model.Actor{}), pair[i], directory.DepartmentChange{ParentUUID: &pair[1-i]})
			})
		}
		wg.Wait()
		if (refusals[0] == nil) == (refusals[1] == nil) {
			t.Fatalf("two moves: %v, %v", refusals[0], refusals[1])
		}
		for _, err := range refusals {
			if err != nil {
				wantRefusal(t, err, wire.Conflict, wire.ReasonDepartmentCycle)
			}
		}
	}
}

func memberIDs(t testing.TB, db *sqlstore.DB, roomUUID string, asSeenBy model.Actor) (ids []int64) {
	t.Helper()
	room, _, err := db.RoomFor(context.Background(), asSeenBy.UserID, roomUUID)
	check(t, err)
	members, err := db.Members(context.Background(), room.ID)
	check(t, err)
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	slices.Sort(ids)
	return ids
}

func ids(people ...model.Actor) (out []int64) {
	for _, p := range people {
		out = append(out, p.UserID)
	}
	slices.Sort(out)
	return out
}

func roomFollowsDepartment(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 6)
	top := Department(t, db, "본부", "")
	team := Department(t, db, "팀", top)
	Employ(t, db, top, p[0])
	Employ(t, db, team, p[1], p[2])
	set := func(uuid string, whole bool) (wire.DepartmentRoom, directory.Outcome) {
		t.Helper()
		room, out, err := db.SetDepartmentRoom(ctx, by(p[0]), uuid, newID(), whole)
		check(t, err)
		return room, out
	}
	own, out := set(top, false)
	if got := memberIDs(t, db, own.RoomUUID, p[0]); !slices.Equal(got, ids(p[0])) || len(out.Rooms) != 1 {
		t.Errorf("its own people: %v, %+v", got, out.Rooms)
	}
	whole, out := set(top, true)
	if got := memberIDs(t, db, own.RoomUUID, p[0]); whole.RoomUUID != own.RoomUUID || !slices.Equal(got, ids(p[0], p[1], p[2])) ||
		len(out.Rooms) != 1 || len(out.Rooms[0].Joined) != 2 || out.Rooms[0].System.System.Action != wire.SystemJoined {
		t.Errorf("with those below: %v, %+v", got, out.Rooms)
	}
	if _, out := set(top, true); len(out.Rooms) != 0 {
		t.Errorf("again: %+v", out.Rooms)
	}
	out = Employ(t, db, team, p[3], p[4])
	if len(out.Rooms) != 1 || !slices.Equal(out.Rooms[0].Joined, ids(p[3], p[4])) {
		t.Errorf("two come: %+v", out.Rooms)
	}
	before := send(t, db, out.Rooms[0].Room, p[1], "부서 글")
	none := ""
	out, err := db.ChangeDepartment(ctx, by(p[0]), team, directory.DepartmentChange{ParentUUID: &none})
	check(t, err)
	if len(out.Rooms) != 1 || !slices.Equal(out.Rooms[0].Left, ids(p[1], p[2], p[3], p[4])) || out.Rooms[0].System.System.Action != wire.SystemLeft {
		t.Errorf("the team moved away: %+v", out.Rooms)
	}
	_, _, err = db.RoomFor(ctx, p[1].UserID, own.RoomUUID)
	wantCode(t, err, wire.NotFound)
	_, err = db.ChangeDepartment(ctx, by(p[0]), team, directory.DepartmentChange{ParentUUID: &top})
	check(t, err)
	if _, m := enter(t, db, p[1], out.Rooms[0].Room); m.JoinedSeq <= before.Seq {
		t.Errorf("who comes back sees what was before: %+v", m)
	}
	// A head from elsewhere is in the room, and its only owner.
	out, err = db.ChangeDepartment(ctx, by(p[0]), top, directory.DepartmentChange{HeadUUID: &p[5].UserUUID})
	check(t, err)
	if _, m := enter(t, db, p[5], out.Rooms[0].Room); m.Role != wire.RoomOwner {
		t.Errorf("the head: %+v", m)
	}
	if out, err := db.FollowTree(ctx, Start); err != nil || len(out.Rooms) != 0 {
		t.Errorf("looked at again: %+v, %v", out, err)
	}
	boss := p[0]
	boss.Role = wire.RoleOwner
	for i, state := range []wire.UserState{wire.UserDisabled, wire.UserActive} {
		_, err = db.ChangeAccount(ctx, admin.AccountChange{
			Actor: boss, UserUUID: p[5].UserUUID, State: state, Entry: model.AuditEntry{At: Start, Action: model.AuditUserDisabled},
		})
		check(t, err)
		if got := memberIDs(t, db, own.RoomUUID, p[0]); slices.Contains(got, p[5].UserID) != (i == 1) {
			t.Errorf("the head, %s, and the room has %v", state, got)
		}
	}
	for name, do := range map[string]func() error{
		"leave":  func() error { _, err := db.LeaveRoom(ctx, p[0], own.RoomUUID, Start); return err },
		"close":  func() error { _, err := db.CloseRoom(ctx, p[5], own.RoomUUID, Start); return err },
		"invite": func() error { _, err := db.Invite(ctx, p[0], own.RoomUUID, users(p[2]), Start); return err },
		"remove": func() error { _, err := db.RemoveMember(ctx, p[5], own.RoomUUID, p[0].UserUUID, Start); return err },
		"role": func() error {
			_, err := db.SetRole(ctx, p[5], own.RoomUUID, p[0].UserUUID, wire.RoomOwner, Start)
			return err
		},
	} {
		if err := do(); errs.As(err).Reason != wire.ReasonDepartmentRoom {
			t.Errorf("%s by hand: %v", name, err)
		}
	}
}

// roomMissesNobodyWhoArrives makes a room while people are approved, moved and created.
func roomMissesNobodyWhoArrives(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 6)
	team := Department(t, db, "팀", "")
	Employ(t, db, team, p[0])
	var wg sync.WaitGroup
	var room wire.DepartmentRoom
	var failed error
	wg.Go(func() { room, _, failed = db.SetDepartmentRoom(ctx, by(p[0]), team, newID(), false) })
	for _, one := range p[1:5] {
		wg.Go(func() { Employ(t, db, team, one) })
	}
	wg.Go(func() {
		waiting, err := db.CreateAccount(ctx, model.User{
			UUID: newID(), Username: "late", Department: "팀", State: wire.UserPending, Role: wire.RoleUser, CreatedAt: Start,
		}, "", model.AuditEntry{At: Start, Action: model.AuditUserRegistered})
		if err == nil {
			_, _, err = db.Approve(ctx, waiting.ID, model.AuditEntry{At: Start, Action: model.AuditUserApproved})
		}
		if err != nil {
			t.Error(err)
		}
	})
	wg.Wait()
	check(t, failed)
	if got := memberIDs(t, db, room.RoomUUID, p[0]); len(got) != 6 {
		t.Errorf("in the room: %v", got)
	}
}

func deletedDepartmentMovesAll(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 3)
	old := Department(t, db, "옛 본부", "")
	child := Department(t, db, "옛 본부", old) // called like what it is in
	fresh := Department(t, db, "새 본부", "")
	Employ(t, db, old, p[0], p[1])
	Employ(t, db, child, p[2])
	room, _, err := db.SetDepartmentRoom(ctx, by(p[0]), old, newID(), true)
	check(t, err)
	_, err = db.DeleteDepartment(ctx, by(p[0]), old, &child)
	wantRefusal(t, err, wire.Conflict, wire.ReasonDepartmentCycle)
	top := ""
	out, err := db.DeleteDepartment(ctx, by(p[0]), old, &fresh)
	check(t, err)
	list, err := db.Departments(ctx)
	check(t, err)
	if len(list) != 2 || list[0].UUID != child && list[1].UUID != child || len(out.Users) != 2 || out.Users[0].DepartmentUUID != fresh {
		t.Errorf("left %+v, told %+v", list, out.Users)
	}
	r, m := enter(t, db, p[1], out.Rooms[len(out.Rooms)-1].Room)
	if !r.ReadOnly || r.DepartmentUUID != "" || m.LeftSeq >= 0 {
		t.Errorf("its room %+v, %+v", r, m)
	}
	_, err = db.Append(ctx, Draft(r, p[1], "x"))
	wantRefusal(t, err, wire.Forbidden, wire.ReasonReadOnly)
	_, err = db.DeleteDepartment(ctx, by(p[0]), fresh, &top)
	check(t, err)
	if got := memberIDs(t, db, room.RoomUUID, p[0]); !slices.Equal(got, ids(p...)) {
		t.Errorf("those who were in the room: %v", got)
	}
}

func manyPeopleOrNone(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	p := People(t, db, 3)
	change := directory.PersonChange{Fields: map[wire.Field]string{wire.FieldGrade: "과장"}}
	_, err := db.ChangePeople(ctx, by(p[0]), []string{p[0].UserUUID, newID()}, change)
	wantCode(t, err, wire.NotFound)
	u, err := db.Account(ctx, p[0].UserID)
	if err != nil || u.Grade != "" {
		t.Errorf("half of it was stored: %+v, %v", u, err)
	}
	out, err := db.ChangePeople(ctx, by(p[0]), []string{p[0].UserUUID, p[1].UserUUID}, change)
	if err != nil || len(out.Users) != 2 || out.Users[0].Rev+1 != out.Users[1].Rev {
		t.Errorf("%+v, %v", out, err)
	}
	if out, err := db.ChangePeople(ctx, by(p[0]), []string{p[0].UserUUID}, change); err != nil || len(out.Users) != 0 {
		t.Errorf("again: %+v, %v", out, err)
	}
	_, err = db.ChangePeople(ctx, by(p[0]), []string{p[0].UserUUID}, directory.PersonChange{
		Fields: map[wire.Field]string{wire.FieldEmail: "USER0002@example.com"},
	})
	wantRefusal(t, err, wire.BadRequest, wire.ReasonEmailTaken)
}

func newID() string { return uuid.NewString() }
