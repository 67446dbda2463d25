package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/auth"
	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func outsideCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"OutsidePeopleComeChangeAndLeave": outsidePeopleComeChangeAndLeave,
		"OutsideNamesThatAreTaken":        outsideNamesThatAreTaken,
		"OutsideLinksButNoOwner":          outsideLinksButNoOwner,
		"OutsideRoles":                    outsideRoles,
		"OutsideRoomsFollow":              outsideRoomsFollow,
	}
}

func outsider(name string, path ...string) model.OutsidePerson {
	return model.OutsidePerson{
		Key: "key-" + name, Username: name, Name: "이" + name, EmployeeID: "E-" + name, Email: name + "@himsg.test", Department: path,
		Role: wire.RoleUser,
	}
}

// putOutside takes people over and returns what changed.
func putOutside(
	t *testing.T, db *sqlstore.DB, put directory.OutsidePut, people ...model.OutsidePerson,
) (directory.Outcome, []directory.OutsideProblem) {
	t.Helper()
	put.Source, put.People = model.SourceLDAP, people
	for _, p := range people {
		put.Digests = append(put.Digests, "of "+p.Username)
	}
	out, problems, err := db.PutOutside(context.Background(), by(model.Actor{}), put)
	check(t, err)
	return out, problems
}

func leaveOutside(t *testing.T, db *sqlstore.DB, names ...string) directory.Outcome {
	t.Helper()
	for i := range names {
		names[i] = "key-" + names[i]
	}
	out, err := db.LeaveOutside(context.Background(), by(model.Actor{}), model.SourceLDAP, names)
	check(t, err)
	return out
}

func outsideUser(t *testing.T, db *sqlstore.DB, name string) model.User {
	t.Helper()
	u, err := db.OutsideUser(context.Background(), model.SourceLDAP, "key-"+name)
	check(t, err)
	return u
}

// outsideSession signs somebody in.
func outsideSession(t *testing.T, db *sqlstore.DB, u model.User) (sessionUUID string) {
	t.Helper()
	s := auth.NewSession{
		UUID: uuid.NewString(), UserID: u.ID, PasswordHash: u.PasswordHash, TokenHash: strings.Repeat("0", 28) + uuid.NewString(),
		Device: model.Device{UUID: uuid.NewString()}, Now: Start, ExpiresAt: Start + 1000,
	}
	check(t, db.StartSession(context.Background(), s))
	return s.UUID
}

func outsidePeopleComeChangeAndLeave(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	shut := outsider("shut")
	shut.Disabled = true
	out, problems := putOutside(t, db, directory.OutsidePut{}, outsider("kim", "본사", "영업팀"), outsider("lee", "본사"), shut)
	if len(out.Users) != 2 || len(out.Departments) != 2 || len(problems) != 0 {
		t.Fatalf("came %+v, %+v", out, problems)
	}
	kim := outsideUser(t, db, "kim")
	if kim.Department != "영업팀" || kim.State != wire.UserActive || kim.Source != model.SourceLDAP || kim.PasswordHash != "" || kim.Rev == 0 {
		t.Errorf("kim is %+v", kim)
	}
	if _, err := db.OutsideUser(ctx, model.SourceLDAP, "key-shut"); !errs.Is(err, wire.NotFound) {
		t.Errorf("who was shut before he came: %v", err)
	}

	// The same again changes nothing and takes no revision.
	rev, err := db.DirectoryRev(ctx)
	check(t, err)
	if out, _ := putOutside(t, db, directory.OutsidePut{}, outsider("kim", "본사", "영업팀"), outsider("lee", "본사")); len(out.Users) != 0 {
		t.Errorf("the same again changed %+v", out)
	}
	if again, err := db.DirectoryRev(ctx); err != nil || again != rev {
		t.Errorf("the same again took revisions: %d after %d, %v", again, rev, err)
	}

	// A change by hand is noticed; what the outside does not know stays.
	_, err = db.ChangePeople(ctx, by(model.Actor{}), []string{kim.UUID}, directory.PersonChange{Fields: map[wire.Field]string{
		wire.FieldPhone: "02-1234-5678", wire.FieldName: "다른 이름",
	}})
	check(t, err)
	accounts, err := db.OutsideAccounts(ctx, model.SourceLDAP)
	check(t, err)
	if len(accounts) != 2 {
		t.Errorf("accounts %+v", accounts)
	}
	for _, a := range accounts {
		if (a.Key == "key-kim") != (a.Digest == "") || a.State != wire.UserActive {
			t.Errorf("after a change by hand: %+v", a)
		}
	}
	putOutside(t, db, directory.OutsidePut{}, outsider("kim", "본사"))
	if kim = outsideUser(t, db, "kim"); kim.Name != "이kim" || kim.Phone != "02-1234-5678" || kim.Department != "본사" {
		t.Errorf("in step again: %+v", kim)
	}

	// Who left is out, and comes back as he was.
	session := outsideSession(t, db, kim)
	left := leaveOutside(t, db, "kim", "nobody")
	if len(left.Users) != 1 || left.Users[0].State != wire.UserDisabled || !slices.Equal(left.Sessions, []string{session}) {
		t.Errorf("left %+v", left)
	}
	if out, _ := putOutside(t, db, directory.OutsidePut{}, outsider("kim", "본사")); len(out.Users) != 1 || out.Users[0].State != wire.UserActive {
		t.Errorf("back %+v", out)
	}

	// Whom an administrator disabled stays so.
	boss := People(t, db, 1)[0]
	boss.Role = wire.RoleOwner
	_, err = db.ChangeAccount(ctx, admin.AccountChange{
		Actor: boss, UserUUID: kim.UUID, State: wire.UserDisabled, Entry: model.AuditEntry{At: Start, Action: model.AuditUserDisabled},
	})
	check(t, err)
	if out, _ := putOutside(t, db, directory.OutsidePut{}, outsider("kim", "본사")); len(out.Users) != 0 {
		t.Errorf("whom an administrator disabled: %+v", out)
	}

	// Who was deleted here stays so, though the outside still knows him.
	erase(t, db, boss, kim.UUID)
	out, problems = putOutside(t, db, directory.OutsidePut{}, outsider("kim", "본사"))
	if len(out.Users) != 0 || len(problems) != 1 || problems[0].Reason != wire.ReasonDisabled {
		t.Errorf("who was deleted here: %+v, %+v", out, problems)
	}
}

func outsideNamesThatAreTaken(t *testing.T, db *sqlstore.DB) {
	putOutside(t, db, directory.OutsidePut{}, outsider("kim"))
	other := outsider("lee")
	other.Username = "KIM"
	mail := outsider("park")
	mail.Email = "Kim@himsg.test"
	deep := outsider("deep", strings.Split(strings.Repeat("x", wire.MaxDepartmentDepth+1), "")...)
	out, problems := putOutside(t, db, directory.OutsidePut{}, other, mail, deep, outsider("choi"))
	if len(out.Users) != 1 || out.Users[0].Username != "choi" || len(problems) != 3 ||
		problems[0].Reason != wire.ReasonUsernameTaken || problems[1].Reason != wire.ReasonEmailTaken ||
		problems[2].Reason != wire.ReasonDepartmentDepth {
		t.Errorf("came %+v with %+v", out.Users, problems)
	}
}

func outsideLinksButNoOwner(t *testing.T, db *sqlstore.DB) {
	var kim model.User
	for _, role := range []wire.UserRole{wire.RoleOwner, wire.RoleUser} {
		var err error
		name := map[wire.UserRole]string{wire.RoleOwner: "boss", wire.RoleUser: "kim"}[role]
		kim, err = db.CreateAccount(context.Background(), model.User{
			UUID: uuid.NewString(), Username: name, EmployeeID: "E-" + name, Email: name + "@here.test", Name: name, Role: role,
			State: wire.UserActive, PasswordHash: "secret", CreatedAt: Start, UpdatedAt: Start,
		}, "", model.AuditEntry{At: Start, Action: "test"})
		check(t, err)
	}
	if _, problems := putOutside(t, db, directory.OutsidePut{}, outsider("kim")); len(problems) != 1 {
		t.Errorf("without linking: %+v", problems)
	}
	other := outsider("kim")
	other.EmployeeID = "E-other"
	if _, problems := putOutside(t, db, directory.OutsidePut{Link: true}, other, outsider("boss")); len(problems) != 2 {
		t.Errorf("another number, and an owner: %+v", problems)
	}
	out, problems := putOutside(t, db, directory.OutsidePut{Link: true}, outsider("kim"))
	if len(problems) != 0 || len(out.Users) != 1 {
		t.Fatalf("linked %+v, %+v", out, problems)
	}
	if u := outsideUser(t, db, "kim"); u.UUID != kim.UUID || u.PasswordHash != "" || u.Email != "kim@himsg.test" {
		t.Errorf("linked: %+v", u)
	}
}

func outsideRoles(t *testing.T, db *sqlstore.DB) {
	kim := outsider("kim")
	kim.Role = wire.RoleOwner
	putOutside(t, db, directory.OutsidePut{}, kim)
	if u := outsideUser(t, db, "kim"); u.Role != wire.RoleUser {
		t.Errorf("roles are not asked for: %s", u.Role)
	}
	putOutside(t, db, directory.OutsidePut{Roles: true}, kim)
	u := outsideUser(t, db, "kim")
	if u.Role != wire.RoleOwner {
		t.Errorf("an owner outside: %s", u.Role)
	}
	session := outsideSession(t, db, u)
	// The last owner stays one, and goes on.
	_, problems := putOutside(t, db, directory.OutsidePut{Roles: true}, outsider("kim"))
	if len(problems) != 1 || problems[0].Reason != wire.ReasonLastOwner {
		t.Errorf("the last owner: %+v", problems)
	}
	if left := leaveOutside(t, db, "kim"); len(left.Users) != 0 {
		t.Errorf("the last owner leaves: %+v", left)
	}
	lee := outsider("lee")
	lee.Role = wire.RoleOwner
	out, problems := putOutside(t, db, directory.OutsidePut{Roles: true}, lee, outsider("kim"))
	if len(problems) != 0 || len(out.Users) != 2 || !slices.Equal(out.Reread, []string{session}) {
		t.Errorf("another owner is there: %+v, %+v", out, problems)
	}
}

func outsideRoomsFollow(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	putOutside(t, db, directory.OutsidePut{}, outsider("kim", "영업팀"))
	kim := outsideUser(t, db, "kim")
	_, _, err := db.SetDepartmentRoom(ctx, by(model.Actor{}), kim.DepartmentUUID, uuid.NewString(), false)
	check(t, err)
	has := func(want int, when string) {
		t.Helper()
		rooms, err := db.DepartmentRooms(ctx)
		check(t, err)
		if len(rooms) != 1 || rooms[0].MemberCount != want {
			t.Errorf("%s: rooms %+v, want %d members", when, rooms, want)
		}
	}
	has(1, "at first")
	putOutside(t, db, directory.OutsidePut{}, outsider("lee", "영업팀"))
	has(2, "one came")
	putOutside(t, db, directory.OutsidePut{}, outsider("lee", "본사"))
	has(1, "one moved")
	leaveOutside(t, db, "kim")
	has(0, "one left")
}
