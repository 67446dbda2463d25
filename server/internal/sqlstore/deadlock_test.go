package sqlstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

// TestDeadlockRunsAgain makes MariaDB give up the transaction of an append: the rival has changed more rows, so it
// wins.
func TestDeadlockRunsAgain(t *testing.T) {
	ctx, db := context.Background(), storetest.MariaDB(t)
	people := storetest.People(t, db, 2)
	room := storetest.Group(t, db, people...)
	rival, err := sqlstore.Writer(db).BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rival.Rollback() }()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := rival.ExecContext(ctx, query, args...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	for i := range 200 {
		exec("insert into counters (name, value) values (?, 0)", fmt.Sprintf("rival %d", i))
	}
	exec("update room_members set favourite = 1 where room_id = ? and user_id = ?", room.ID, people[1].UserID)
	done := make(chan error, 1)
	go func() {
		stored, err := db.Append(ctx, storetest.Draft(room, people[1], "x"))
		if err == nil && (stored.Duplicate || stored.Message.Seq != room.LastSeq+1) {
			err = fmt.Errorf("stored %+v", stored)
		}
		done <- err
	}()
	awaitLockWait(t, db)
	exec("update rooms set name = 'rival' where id = ?", room.ID)
	if err := rival.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("append: %v", err)
	}
}

// awaitLockWait waits until the append waits for the rival.
func awaitLockWait(t *testing.T, db *sqlstore.DB) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(200 * time.Millisecond) // asked more often, InnoDB gives the same cached answer for ever
	defer tick.Stop()
	query := `select count(*) from information_schema.innodb_trx
 where trx_state = 'LOCK WAIT' and trx_query like '%room_members%'`
	for queryLines(t, sqlstore.Writer(db), query)[0] == "0" {
		select {
		case <-deadline:
			t.Fatal("the append does not wait for the rival")
		case <-tick.C:
		}
	}
}
