package sqlstore_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

// TestTheJournalIsTakenInBesideTheWriter: long before the writer would have to do it itself.
func TestTheJournalIsTakenInBesideTheWriter(t *testing.T) {
	dir := t.TempDir()
	db := storetest.SQLiteIn(t, dir)
	people := storetest.People(t, db, 2)
	room := storetest.Group(t, db, people...)
	text := strings.Repeat("가나다라 ", 300)
	taken := func() int {
		pages, err := sqlstore.JournalTaken(context.Background(), db)
		if err != nil {
			t.Fatal(err)
		}
		return pages
	}
	before := 0
	for i := range 250 { // about 2,500 pages
		say(t, db, room, people[0], fmt.Sprint(text, i))
		before = max(before, taken())
	}
	for began := time.Now(); before < 500; before = max(before, taken()) {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("%d pages of the journal were taken in", before)
		}
		time.Sleep(5 * time.Millisecond)
	}
	info, err := os.Stat(filepath.Join(dir, "himsg.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	if limit := int64(4000 * 4200); info.Size() > limit {
		t.Errorf("the journal has %d bytes", info.Size())
	}
}
