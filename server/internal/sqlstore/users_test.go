package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

const aTime = 1_790_000_000_000

// someone is an account whose unique names end in tag.
func someone(tag string, state wire.UserState) model.User {
	return model.User{
		UUID: uuid.NewString(), Username: "User." + tag, EmployeeID: "E-" + tag, Email: tag + "@Example.com",
		Name: "김" + tag, BirthDate: "1990-01-02", Position: "팀장", Grade: "과장", Department: "개발1팀", Phone: "02-1",
		StatusText: "회의 중 🙂", PasswordHash: "$hash$" + tag, Role: wire.RoleUser, State: state,
		CreatedAt: aTime, UpdatedAt: aTime,
	}
}

func create(t testing.TB, db *sqlstore.DB, u model.User, tokenHash string) model.User {
	t.Helper()
	stored, err := db.CreateAccount(context.Background(), u, tokenHash, entry(model.AuditUserRegistered, 0))
	if err != nil {
		t.Fatalf("create %s: %v", u.Username, err)
	}
	return stored
}

func entry(action model.AuditAction, actor int64) model.AuditEntry {
	return model.AuditEntry{At: aTime + 1, ActorID: actor, Action: action, Subject: "x", RemoteAddr: "10.0.0.1"}
}

func TestAccountsComeBackAsTheyWereStored(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		want := create(t, db, someone("a", wire.UserPending), "hash-a")
		if want.ID == 0 || want.Rev != 0 {
			t.Fatalf("stored %+v", want)
		}
		for name, load := range map[string]func() (model.User, error){
			"by name, case ignored": func() (model.User, error) { return db.AccountByUsername(ctx, " USER.A ") },
			"by token":              func() (model.User, error) { return db.AccountByRegisterToken(ctx, "hash-a") },
			"by id":                 func() (model.User, error) { return db.Account(ctx, want.ID) },
		} {
			got, err := load()
			if err != nil || cmp.Diff(want, got) != "" {
				t.Errorf("%s: %v %s", name, err, cmp.Diff(want, got))
			}
		}
		if _, err := db.AccountByUsername(ctx, "nobody"); !errs.Is(err, wire.NotFound) {
			t.Errorf("unknown name: %v", err)
		}
		if _, err := db.AccountByRegisterToken(ctx, "other"); !errs.Is(err, wire.NotFound) {
			t.Errorf("unknown token: %v", err)
		}
	})
}

func TestTakenNamesAreRefusedInTheOriginalsOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		create(t, db, someone("a", wire.UserActive), "")
		create(t, db, someone("b", wire.UserActive), "")
		for _, c := range []struct {
			name   string
			change func(*model.User)
			want   wire.Reason
		}{
			{"all three", func(u *model.User) {
				u.Username, u.Email, u.EmployeeID = "USER.A", "A@example.com", "e-a"
			}, wire.ReasonUsernameTaken},
			{"e-mail and number", func(u *model.User) { u.Email, u.EmployeeID = "A@EXAMPLE.COM", "e-b" }, wire.ReasonEmailTaken},
			{"number", func(u *model.User) { u.EmployeeID = "e-b" }, wire.ReasonEmployeeIDTaken},
		} {
			u := someone("c", wire.UserPending)
			c.change(&u)
			_, err := db.CreateAccount(context.Background(), u, "", entry(model.AuditUserRegistered, 0))
			if got := errs.As(err); got.Code != wire.BadRequest || got.Reason != c.want {
				t.Errorf("%s: got %v, want %s", c.name, err, c.want)
			}
		}
	})
}

func TestOfManySignUpsWithOneNameOneWins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		const n = 20
		results := make([]error, n)
		var all sync.WaitGroup
		for i := range n {
			all.Go(func() {
				u := someone(fmt.Sprint(i), wire.UserPending)
				u.Username = "same"
				_, results[i] = db.CreateAccount(context.Background(), u, "", entry(model.AuditUserRegistered, 0))
			})
		}
		all.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if errs.As(err).Reason != wire.ReasonUsernameTaken {
				t.Errorf("got %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
	})
}

func TestARejectedSignUpFreesItsNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		boss := create(t, db, someone("boss", wire.UserActive), "")
		first := create(t, db, someone("a", wire.UserPending), "first")
		if _, changed, err := db.Reject(ctx, first.ID, "사진이 없습니다", entry(model.AuditUserRejected, boss.ID)); err != nil || !changed {
			t.Fatalf("reject: %v, %v", changed, err)
		}
		if u, err := db.AccountByUsername(ctx, "user.a"); err != nil || u.State != wire.UserRejected || u.RejectReason != "사진이 없습니다" {
			t.Fatalf("before the second sign-up: %+v, %v", u, err)
		}
		second := create(t, db, someone("a", wire.UserPending), "second")
		if u, err := db.AccountByUsername(ctx, "user.a"); err != nil || u.ID != second.ID {
			t.Errorf("after it: %+v, %v", u, err)
		}
		if u, err := db.AccountByRegisterToken(ctx, "first"); err != nil || u.State != wire.UserRejected {
			t.Errorf("the first one's watcher: %+v, %v", u, err)
		}
	})
}

func TestDecisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		boss := create(t, db, someone("boss", wire.UserActive), "")
		if boss.Rev != 1 {
			t.Errorf("an active account has directory rev %d", boss.Rev)
		}
		a, b := create(t, db, someone("a", wire.UserPending), ""), create(t, db, someone("b", wire.UserPending), "")
		if n, err := db.CountPending(ctx); n != 2 || err != nil {
			t.Errorf("pending: %d, %v", n, err)
		}
		list, err := db.PendingAccounts(ctx)
		if err != nil || len(list) != 2 || list[0].ID != a.ID || list[1].ID != b.ID {
			t.Errorf("list: %v, %v", list, err)
		}
		u, changed, err := db.Approve(ctx, a.ID, entry(model.AuditUserApproved, boss.ID))
		if err != nil || !changed || u.State != wire.UserActive || u.Rev != 2 || u.DecidedBy != boss.ID || u.DecidedAt != aTime+1 {
			t.Errorf("approve: %+v, %v, %v", u, changed, err)
		}
		if again, err := db.Account(ctx, a.ID); err != nil || cmp.Diff(u, again) != "" {
			t.Errorf("stored: %v %s", err, cmp.Diff(u, again))
		}
		if u, changed, err = db.Approve(ctx, a.ID, entry(model.AuditUserApproved, boss.ID)); err != nil || changed || u.Rev != 2 {
			t.Errorf("approve again: %+v, %v, %v", u, changed, err)
		}
		if _, _, err = db.Reject(ctx, a.ID, "", entry(model.AuditUserRejected, boss.ID)); !errs.Is(err, wire.Conflict) {
			t.Errorf("reject an approved one: %v", err)
		}
		if _, changed, err = db.Reject(ctx, b.ID, "", entry(model.AuditUserRejected, boss.ID)); err != nil || !changed {
			t.Errorf("reject: %v, %v", changed, err)
		}
		if _, changed, err = db.Reject(ctx, b.ID, "", entry(model.AuditUserRejected, boss.ID)); err != nil || changed {
			t.Errorf("reject again: %v, %v", changed, err)
		}
		if _, _, err = db.Approve(ctx, b.ID, entry(model.AuditUserApproved, boss.ID)); !errs.Is(err, wire.Conflict) {
			t.Errorf("approve a rejected one: %v", err)
		}
		second := create(t, db, someone("second", wire.UserActive), "")
		_, _, err = db.Approve(ctx, a.ID, entry(model.AuditUserApproved, second.ID))
		if e := errs.As(err); e == nil || e.Reason != wire.ReasonDecided || !strings.Contains(e.Text.KO, boss.Name) {
			t.Errorf("a second administrator is told who was first: %v", err)
		}
		_, _, err = db.Reject(ctx, b.ID, "", entry(model.AuditUserRejected, second.ID))
		if e := errs.As(err); e == nil || e.Reason != wire.ReasonDecided || !strings.Contains(e.Text.KO, boss.Name) {
			t.Errorf("and so for a rejected one: %v", err)
		}
		if _, _, err = db.Approve(ctx, 999, entry(model.AuditUserApproved, boss.ID)); !errs.Is(err, wire.NotFound) {
			t.Errorf("approve nobody: %v", err)
		}
	})
}

func TestAStrongerHashDoesNotUndoAPasswordChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		u := create(t, db, someone("a", wire.UserActive), "")
		if err := db.ReplacePasswordHash(ctx, u.ID, u.PasswordHash, "strong"); err != nil {
			t.Fatal(err)
		}
		if err := db.ReplacePasswordHash(ctx, u.ID, u.PasswordHash, "late"); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Account(ctx, u.ID); err != nil || got.PasswordHash != "strong" {
			t.Errorf("%q, %v", got.PasswordHash, err)
		}
	})
}

func TestTheDatabaseBeingAwayIsUnavailable(t *testing.T) {
	server := storetest.OwnMariaDB(t)
	db := server.Open(t)
	u := create(t, db, someone("a", wire.UserActive), "")
	server.Kill(t)
	if _, err := db.Account(context.Background(), u.ID); !errs.Is(err, wire.Unavailable) {
		t.Errorf("read: %v", err)
	}
	_, err := db.CreateAccount(context.Background(), someone("b", wire.UserPending), "", entry(model.AuditUserRegistered, 0))
	if !errs.Is(err, wire.Unavailable) {
		t.Errorf("write: %v", err)
	}
	server.Start(t)
	if got, err := db.Account(context.Background(), u.ID); err != nil || got.ID != u.ID {
		t.Errorf("after it came back: %v", errors.Join(err))
	}
}
