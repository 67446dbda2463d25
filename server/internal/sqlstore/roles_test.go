package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestManyChangesStandEachForItself: in one transaction, those that are refused change nothing and undo nothing, and each of the
// others has its entry.
func TestManyChangesStandEachForItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		boss := someone("boss", wire.UserActive)
		boss.Role = wire.RoleOwner
		boss = create(t, db, boss, "")
		a, b := create(t, db, someone("a", wire.UserActive), ""), create(t, db, someone("b", wire.UserActive), "")
		waits := create(t, db, someone("p", wire.UserPending), "")
		actor := model.Actor{UserID: boss.ID, UserUUID: boss.UUID, Role: wire.RoleOwner}
		to := func(role wire.UserRole, of string) admin.AccountChange {
			return admin.AccountChange{
				Actor: actor, UserUUID: of, Role: role, Reason: "정리", Entry: entry(model.AuditRoleChanged, boss.ID),
			}
		}
		before, err := db.CheckAudit(ctx)
		if err != nil {
			t.Fatal(err)
		}
		rev, err := db.DirectoryRev(ctx)
		if err != nil {
			t.Fatal(err)
		}
		done, err := db.ChangeAccounts(ctx, []admin.AccountChange{
			to(wire.RoleUser, boss.UUID), // the only owner
			to(wire.RoleAdmin, a.UUID),
			to(wire.RoleAdmin, "nobody"),
			to(wire.RoleAdmin, waits.UUID),
			to(wire.RoleAdmin, a.UUID), // he is
			to(wire.RoleOwner, b.UUID),
			to(wire.RoleUser, boss.UUID), // not any more
			to(wire.RoleUser, b.UUID),    // but he is now
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range done {
			code := "unchanged"
			if d.Changed {
				code = fmt.Sprintf("%s %d", d.User.Role, d.User.Rev-rev)
			} else if d.Refusal != nil {
				code = fmt.Sprint(errs.As(d.Refusal).Code, " ", errs.As(d.Refusal).Reason)
			}
			got = append(got, code)
		}
		want := []string{
			"conflict last_owner", "admin 1", "not_found ", "conflict ", "unchanged", "owner 2", "user 3", "conflict last_owner",
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		for uuid, role := range map[string]wire.UserRole{boss.UUID: wire.RoleUser, a.UUID: wire.RoleAdmin, b.UUID: wire.RoleOwner, waits.UUID: wire.RoleUser} {
			if found, err := db.AccountsByUUID(ctx, []string{uuid}); err != nil || found[0].Role != role {
				t.Errorf("stored %+v, %v, want %s", found, err, role)
			}
		}
		if now, err := db.DirectoryRev(ctx); err != nil || now != rev+3 {
			t.Errorf("the directory is at %d, %v, was at %d", now, err, rev)
		}
		if after, err := db.CheckAudit(ctx); err != nil || !after.Whole() || after.Entries != before.Entries+3 {
			t.Errorf("audit %+v, %v, had %d entries", after, err, before.Entries)
		}
		acts, err := db.AuditEntries(ctx, admin.AuditQuery{Limit: 3})
		if err != nil {
			t.Fatal(err)
		}
		for i, subject := range []string{boss.UUID, b.UUID, a.UUID} {
			if acts[i].Subject != subject || acts[i].Action != model.AuditRoleChanged {
				t.Errorf("act %d before the last: %+v", i, acts[i])
			}
		}
	})
}

// BenchmarkChangeAccounts disables and enables people, one in a transaction and 20.
func BenchmarkChangeAccounts(b *testing.B) {
	ctx, db := context.Background(), storetest.SQLite(b)
	people := storetest.People(b, db, 1000)
	owner := people[0]
	owner.Role = wire.RoleOwner
	for i := range 50 {
		storetest.Employ(b, db, storetest.Department(b, db, fmt.Sprint("부서", i), ""), people[20*i:20*i+20]...)
	}
	state := make([]wire.UserState, len(people))
	next := 0
	for _, size := range []int{1, 20} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for n := 0; n < b.N; n += size {
				var changes []admin.AccountChange
				for range size {
					next = next%(len(people)-1) + 1
					if state[next] != wire.UserDisabled {
						state[next] = wire.UserDisabled
					} else {
						state[next] = wire.UserActive
					}
					changes = append(changes, admin.AccountChange{
						Actor: owner, UserUUID: people[next].UserUUID, State: state[next], Entry: entry(model.AuditUserDisabled, owner.UserID),
					})
				}
				if _, err := db.ChangeAccounts(ctx, changes); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
