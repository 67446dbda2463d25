package sqlstore_test

import (
	"context"
	"database/sql"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestFiguresDoNotCountManyMessagesWhileSomebodyWaits makes a gap in the ids of what a store of a million messages would have.
func TestFiguresDoNotCountManyMessagesWhileSomebodyWaits(t *testing.T) {
	const hour, gap = int64(3_600_000), 30_000
	onBoth(t, func(t *testing.T, db *sqlstore.DB, bare *sql.DB) {
		ctx := context.Background()
		people := storetest.People(t, db, 2)
		room := storetest.Group(t, db, people...)
		for range 3 {
			if _, err := db.Append(ctx, storetest.Draft(room, people[0], "x")); err != nil {
				t.Fatal(err)
			}
		}
		var last int64
		if err := bare.QueryRowContext(ctx, "select max(id) from messages").Scan(&last); err != nil {
			t.Fatal(err)
		}
		exec(t, bare, "update messages set id = id + ? where id = ?", gap, last)
		figures := func(now int64) wire.Statistics {
			t.Helper()
			s, err := db.Statistics(ctx, now, storetest.Start, storetest.Start)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if s := figures(storetest.Start + 1); s.Counting != nil || len(s.Messages) != 0 {
			t.Errorf("a busy minute: %+v, messages %v", s.Counting, s.Messages)
		}
		want := &wire.Counting{Written: last + gap}
		if s := figures(storetest.Start + hour); cmp.Diff(want, s.Counting) != "" || len(s.Messages) != 0 {
			t.Errorf("an hour later: %+v, messages %v", s.Counting, s.Messages)
		}
		if more, err := db.CountWritten(ctx, storetest.Start+hour); more || err != nil {
			t.Fatalf("more %t, %v", more, err)
		}
		s := figures(storetest.Start + hour)
		if diff := cmp.Diff([][2]int64{{storetest.Start / hour, 3}}, s.Messages); diff != "" || s.Counting != nil {
			t.Errorf("counted: %+v (-want +got):\n%s", s.Counting, diff)
		}
	})
}
