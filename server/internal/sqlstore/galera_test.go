//go:build galera

package sqlstore_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestGalera has servers whose databases are members of a cluster, each its own. They know nothing of each other's locks: what both
// change is decided when they commit, and who comes second runs again.
func TestGalera(t *testing.T) {
	members := storetest.Galera(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, []*storetest.Server)
	}{
		{"BothMigrateAtOnce", bothMigrateAtOnce},
		{"AMigrationsLockOfADeadServerEnds", aDeadServersLockEnds},
		{"NumbersHaveNoGapAndNobodyIsLost", numbersOfTwoMembers},
		{"WhatIsAcknowledgedThereIsReadHere", whatIsAcknowledgedIsRead},
		{"WhatIsLockedIsCompared", whatIsLockedIsCompared},
		{"OneOfTwoMembersTakesALease", oneOfTwoTakesALease},
		{"AMemberThatIsCutOffIsLeft", aMemberThatIsCutOffIsLeft},
		{"WhatWasBegunWhenItWasCutOffIsGone", whatWasBegunIsGone},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, members) })
	}
}

// onMembers opens one database at both members.
func onMembers(t *testing.T, members []*storetest.Server) []*sqlstore.DB {
	t.Helper()
	var nodes []*sqlstore.DB
	for _, url := range storetest.EmptyURLs(t, members) {
		nodes = append(nodes, storetest.OpenURL(t, url, t.TempDir()))
	}
	return nodes
}

// unmigrated opens one as it is.
func unmigrated(t *testing.T, url string) *sqlstore.DB {
	t.Helper()
	db, err := sqlstore.Open(context.Background(), sqlstore.Options{URL: url, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func bothMigrateAtOnce(t *testing.T, members []*storetest.Server) {
	urls := storetest.EmptyURLs(t, members)
	nodes := []*sqlstore.DB{unmigrated(t, urls[0]), unmigrated(t, urls[1])}
	var at, most atomic.Int64
	from := make([]int64, len(nodes))
	var all sync.WaitGroup
	for i, db := range nodes {
		inside := false
		sqlstore.CutMigrations(db, func(string) error {
			if !inside {
				inside = true
				most.Store(max(most.Load(), at.Add(1)))
			}
			return nil
		})
		all.Go(func() {
			var err error
			if from[i], _, err = db.Migrate(context.Background()); err != nil {
				t.Error(err)
			}
			if inside {
				at.Add(-1)
			}
		})
	}
	all.Wait()
	if most.Load() != 1 || (from[0] == 0) == (from[1] == 0) {
		t.Errorf("%d migrated at once, from %v; one must begin, and the other find it done", most.Load(), from)
	}
	if diff := slices.Compare(whole(t, nodes[0]), whole(t, nodes[1])); diff != 0 {
		t.Error("the members hold different schemas")
	}
}

func aDeadServersLockEnds(t *testing.T, members []*storetest.Server) {
	nodes := onMembers(t, members)
	exec(t, sqlstore.Writer(nodes[0]), "update schema_lock set holder = 'dead', held_until = cast(unix_timestamp(now(3)) * 1000 as signed) + 1500")
	began := time.Now()
	if _, _, err := nodes[1].Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < time.Second || took > 10*time.Second {
		t.Errorf("it waited %v for a lock of 1.5 s", took)
	}
}

func numbersOfTwoMembers(t *testing.T, members []*storetest.Server) {
	nodes := onMembers(t, members)
	storetest.SendToManyRooms(t, nodes, storetest.People(t, nodes[0], 8))
	checkAudit(t, nodes)
}

// checkAudit adds to the audit at both members, and reads the chain.
func checkAudit(t *testing.T, nodes []*sqlstore.DB) {
	t.Helper()
	var all sync.WaitGroup
	for i, db := range nodes {
		all.Go(func() {
			for n := range 20 {
				err := db.AppendAudit(context.Background(), model.AuditEntry{
					At: storetest.Start + int64(n), Action: model.AuditUserRegistered, Subject: fmt.Sprint(i, n), Detail: "{}",
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for _, db := range nodes {
		report, err := db.CheckAudit(context.Background())
		if err != nil || !report.Whole() || report.Entries < 40 {
			t.Errorf("the audit: %+v, %v", report, err)
		}
	}
}

func whatIsAcknowledgedIsRead(t *testing.T, members []*storetest.Server) {
	nodes := onMembers(t, members)
	people := storetest.People(t, nodes[0], 2)
	room := storetest.Group(t, nodes[0], people...)
	ctx := context.Background()
	for i := range 200 {
		writer, reader := nodes[i%2], nodes[1-i%2]
		stored, err := writer.Append(ctx, storetest.Draft(room, people[i%2], fmt.Sprint(i)))
		if err != nil {
			t.Fatal(err)
		}
		_, rev, err := reader.MembersOf(ctx, room.ID)
		if err != nil || rev < stored.Message.Rev {
			t.Fatalf("message %d has rev %d, and the other member says %d, %v", i, stored.Message.Rev, rev, err)
		}
	}
}

// whatIsLockedIsCompared has two transactions lock the same thing at two members at once: one of them must not come through.
func whatIsLockedIsCompared(t *testing.T, members []*storetest.Server) {
	nodes := onMembers(t, members)
	ctx := context.Background()
	lease, ok, err := nodes[0].TakeLease(ctx, "jobs", "a", time.Hour)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for name, lock := range map[string]func(*sqlstore.DB, *sql.Tx) error{
		"holds": func(db *sqlstore.DB, tx *sql.Tx) error { return sqlstore.LockHolds(ctx, db, tx) },
		"lease": func(db *sqlstore.DB, tx *sql.Tx) error { return sqlstore.Fence(ctx, db, tx, lease) },
	} {
		var open []*sql.Tx
		for i, db := range nodes {
			tx, err := sqlstore.Writer(db).BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback() }()
			if err := lock(db, tx); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			_, err = tx.ExecContext(ctx, "insert into counters (name, value) values (?, 1)", fmt.Sprint(name, i))
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, tx)
		}
		first, second := open[0].Commit(), open[1].Commit()
		if (first == nil) == (second == nil) {
			t.Errorf("%s: one commit says %v, the other %v", name, first, second)
		}
	}
}

func oneOfTwoTakesALease(t *testing.T, members []*storetest.Server) {
	nodes := onMembers(t, members)
	for round := range 10 {
		var holders atomic.Int64
		var all sync.WaitGroup
		for i, db := range nodes {
			all.Go(func() {
				_, ok, err := db.TakeLease(context.Background(), fmt.Sprint("job", round), fmt.Sprint(i), time.Hour)
				if err != nil {
					t.Error(err)
				}
				if ok {
					holders.Add(1)
				}
			})
		}
		all.Wait()
		if holders.Load() != 1 {
			t.Errorf("round %d: %d hold the lease", round, holders.Load())
		}
	}
}

// aMemberThatIsCutOffIsLeft: a server whose member is cut off goes on at the other one; one that has only that member says "later".
func aMemberThatIsCutOffIsLeft(t *testing.T, members []*storetest.Server) {
	urls := storetest.EmptyURLs(t, members)
	all := storetest.OpenURL(t, storetest.BothURL(urls[1], urls[0]), t.TempDir())
	only := storetest.OpenURL(t, urls[1], t.TempDir())
	people := storetest.People(t, all, 2)
	room := storetest.Group(t, all, people...)
	ctx := context.Background()
	sent := map[string]int64{}
	var refused atomic.Int64
	send := func(n int) {
		t.Helper()
		for range n {
			d := storetest.Draft(room, people[0], "x")
			sent[d.ClientID] = repeatUntilStored(t, all, d, &refused)
		}
	}
	send(20)
	members[1].CutOff(t, true)
	send(20)
	if _, err := only.Append(ctx, storetest.Draft(room, people[1], "y")); !errs.Is(err, wire.Unavailable) {
		t.Errorf("a message to the member that is cut off: %v", err)
	}
	if _, err := only.RoomsOf(ctx, people[1].UserID); !errs.Is(err, wire.Unavailable) {
		t.Errorf("a question to it: %v", err)
	}
	if _, err := all.RoomsOf(ctx, people[1].UserID); err != nil {
		t.Errorf("a question to the other one: %v", err)
	}
	members[1].CutOff(t, false)
	send(20)
	if _, err := only.Append(ctx, storetest.Draft(room, people[1], "z")); err != nil {
		t.Errorf("a message to the member that is back: %v", err)
	}
	stored := queryLines(t, sqlstore.Writer(only), "select client_id, seq from messages where kind = 'user' and text = 'x' order by seq")
	for _, line := range stored {
		id, seq, _ := strings.Cut(line, " | ")
		if fmt.Sprint(sent[id]) != seq {
			t.Errorf("acknowledged as %d, stored as %s", sent[id], seq)
		}
		delete(sent, id)
	}
	if len(sent) != 0 || len(stored) != 60 {
		t.Errorf("%d stored, %d of those that were acknowledged are missing", len(stored), len(sent))
	}
}

// whatWasBegunIsGone: a member that is cut off refuses even to roll back. What was done of a transaction then must not be committed by
// the next one on the same connection.
func whatWasBegunIsGone(t *testing.T, members []*storetest.Server) {
	urls := storetest.EmptyURLs(t, members)
	db := storetest.OpenURL(t, urls[1], t.TempDir())
	ctx := context.Background()
	sqlstore.Writer(db).SetMaxOpenConns(1)
	tx, err := sqlstore.Writer(db).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(ctx, "insert into counters (name, value) values ('half', 1)"); err != nil {
		t.Fatal(err)
	}
	members[1].CutOff(t, true)
	if _, err := tx.ExecContext(ctx, "insert into counters (name, value) values ('whole', 1)"); err == nil {
		t.Error("a member that is cut off works")
	}
	_ = tx.Rollback()
	members[1].CutOff(t, false)
	if err := sqlstore.Write(ctx, db, func(*sql.Tx) error { return nil }); err != nil && !errors.Is(err, sql.ErrTxDone) {
		t.Fatal(err)
	}
	if got := queryLines(t, sqlstore.Writer(db), "select name from counters where name in ('half', 'whole')"); len(got) != 0 {
		t.Errorf("%v came into the database", got)
	}
}
