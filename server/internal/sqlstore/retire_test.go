package sqlstore_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestASliceIsMeasuredWithoutItsWait: a slice that waits for somebody else's transaction is not slow itself.
func TestASliceIsMeasuredWithoutItsWait(t *testing.T) {
	const wait = 300 * time.Millisecond
	ctx, db := context.Background(), storetest.SQLite(t)
	people := storetest.People(t, db, 2)
	room := storetest.Group(t, db, people...)
	if _, err := db.Append(ctx, storetest.Draft(room, people[0], "오래된 것")); err != nil {
		t.Fatal(err)
	}
	entry := model.AuditEntry{At: storetest.Start, ActorID: people[0].UserID, Action: "x"}
	p, err := db.SetRetentionPolicy(ctx, wire.RetentionPolicy{Rules: []wire.RetentionRule{{Class: wire.ClassGroup, MessageDays: 1}}}, entry)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.AddRun(ctx, retention.Run{UUID: "r"}, p.Rev, entry); err != nil {
		t.Fatal(err)
	}
	r, mine, err := db.ClaimRun(ctx, "w", 0, storetest.Start)
	if err != nil || !mine {
		t.Fatal(mine, err)
	}
	held, done := make(chan struct{}), make(chan error)
	go func() {
		done <- sqlstore.Write(ctx, db, func(*sql.Tx) error {
			close(held)
			time.Sleep(wait)
			return nil
		})
	}()
	<-held
	began := time.Now()
	gone, err := db.RetireMessages(ctx, r, room.ID, storetest.Start+100*24*3_600_000, 50)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	all := time.Since(began)
	if err != nil || gone.Messages != 1 || gone.Passed != 1 {
		t.Fatalf("%+v, %v", gone, err)
	}
	if gone.Took <= 0 || gone.Took > all-wait/2 {
		t.Errorf("the slice took %v of %v, of which it waited for about %v", gone.Took, all, wait)
	}
}
