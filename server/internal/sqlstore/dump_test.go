package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/admin"
	"himsg/server/internal/backup"
	"himsg/server/internal/demo"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// dump is a backup.Sink that keeps what it is given.
type dump struct {
	schema backup.Schema
	rows   map[string][]backup.Row
	blobs  []backup.Blob
}

func (d *dump) Begin(s backup.Schema) error {
	d.schema, d.rows = s, map[string][]backup.Row{}
	return nil
}

func (d *dump) Row(table int, row backup.Row) error {
	name := d.schema.Tables[table].Name
	d.rows[name] = append(d.rows[name], slices.Clone(row))
	return nil
}

func (d *dump) Blob(b backup.Blob) error {
	d.blobs = append(d.blobs, b)
	return nil
}

// lines are the rows in an order of their own, and as both databases say them: what is bytes in one can be text in the other.
func (d *dump) lines() map[string][]string {
	all := map[string][]string{}
	for table, rows := range d.rows {
		for _, r := range rows {
			all[table] = append(all[table], strings.ReplaceAll(fmt.Sprintf("%s", []any(r)), "%!s", ""))
		}
		slices.Sort(all[table])
	}
	return all
}

func dumpOf(t *testing.T, db *sqlstore.DB) *dump {
	t.Helper()
	d := &dump{}
	if err := db.Dump(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestADatabaseGoesFromOneMakeIntoTheOther dumps a company, loads it into a database of the other make and back again, and finds
// the same rows each time.
func TestADatabaseGoesFromOneMakeIntoTheOther(t *testing.T) {
	ctx, first := t.Context(), storetest.SQLite(t)
	o := demo.Options{People: 30, Messages: 3000, Acts: 300, PasswordHash: "x", Now: time.UnixMilli(storetest.Start), Seed: 2}
	if _, err := demo.Build(ctx, first, o); err != nil {
		t.Fatal(err)
	}
	original := dumpOf(t, first)
	if len(original.schema.Tables) < 30 || len(original.rows["messages"]) != 3000 {
		t.Fatalf("%d tables, %d messages", len(original.schema.Tables), len(original.rows["messages"]))
	}
	want := original
	for i, db := range []*sqlstore.DB{storetest.MariaDB(t), storetest.SQLite(t)} {
		restoreInto(t, db, want, epochOf(i+1))
		got := dumpOf(t, db)
		if diff := cmp.Diff(without(want, epochOf(i)), without(got, epochOf(i+1))); diff != "" {
			t.Fatalf("after %d restores:\n%s", i+1, diff)
		}
		if report, err := db.CheckAudit(ctx); err != nil || !report.Whole() || report.Entries != int64(301+i) {
			t.Errorf("the audit: %+v, %v", report, err)
		}
		for _, table := range want.schema.Tables {
			j := slices.IndexFunc(got.schema.Tables, func(t backup.Table) bool { return t.Name == table.Name })
			if table.Name != "audit" && table.Counter > 0 && got.schema.Tables[j].Counter < table.Counter {
				t.Errorf("%s counts on from %d, not from %d", table.Name, got.schema.Tables[j].Counter, table.Counter)
			}
		}
		if err := db.ClearAll(ctx, want.schema.Version, false); !errs.Is(err, wire.Conflict) {
			t.Errorf("people were cleared: %v", err)
		}
		want = got
	}
	if err := first.NoteBackup(ctx, storetest.Start, "x"); err != nil {
		t.Fatal(err)
	}
	noted, err := first.AuditEntries(ctx, admin.AuditQuery{Action: string(model.AuditServerBackedUp), Limit: 10})
	if err != nil || len(noted) != 1 || noted[0].Detail != "x" {
		t.Errorf("the backup is noted as %+v, %v", noted, err)
	}
}

// without leaves out what a restore adds: its entry in the audit, and the epoch.
func without(d *dump, epoch int64) map[string][]string {
	all := d.lines()
	all["audit"] = slices.DeleteFunc(all["audit"], func(l string) bool { return strings.Contains(l, string(model.AuditServerRestored)) })
	all["counters"] = slices.DeleteFunc(all["counters"], func(l string) bool {
		return strings.Contains(l, "audit_entries") || epoch > 0 && strings.Contains(l, "epoch")
	})
	return all
}

func restoreInto(t *testing.T, db *sqlstore.DB, d *dump, epoch int64) {
	t.Helper()
	ctx := t.Context()
	if err := db.ClearAll(ctx, d.schema.Version, false); err != nil {
		t.Fatal(err)
	}
	for _, table := range d.schema.Tables {
		for part := range slices.Chunk(d.rows[table.Name], 700) {
			if err := db.LoadRows(ctx, table, part); err != nil {
				t.Fatal(err)
			}
		}
		if n, err := db.CountRows(ctx, table.Name); err != nil || n != int64(len(d.rows[table.Name])) {
			t.Fatalf("%s: %d rows, %v", table.Name, n, err)
		}
	}
	if err := db.FinishRestore(ctx, d.schema.Tables, epoch, "test"); err != nil {
		t.Fatal(err)
	}
}

// TestARestoreChecksItself: rows that refer to rows which are not there, values of another kind and another program's tables are
// refused.
func TestARestoreChecksItself(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		ctx, db := context.Background(), open(t)
		d := dumpOf(t, db)
		if err := db.ClearAll(ctx, d.schema.Version, false); err != nil {
			t.Fatal(err)
		}
		sessions := backup.Table{Name: "memberless", Columns: []backup.Column{{Name: "id", Kind: backup.Integer}}}
		if err := db.LoadRows(ctx, sessions, []backup.Row{{int64(1)}}); err == nil {
			t.Error("a table that is not there took a row")
		}
		counters := d.schema.Tables[slices.IndexFunc(d.schema.Tables, func(t backup.Table) bool { return t.Name == "counters" })]
		if err := db.LoadRows(ctx, counters, []backup.Row{{int64(1), "text"}}); err == nil {
			t.Error("a number took a text")
		}
		refs := d.schema.Tables[slices.IndexFunc(d.schema.Tables, func(t backup.Table) bool { return t.Name == "room_members" })]
		row := make(backup.Row, len(refs.Columns))
		for i, c := range refs.Columns {
			row[i] = any(int64(100)) // fits into the smallest column, and no room has it
			if c.Kind == backup.Text {
				row[i] = "member"
			}
		}
		if err := db.LoadRows(ctx, refs, []backup.Row{row}); err != nil {
			t.Fatal(err)
		}
		if err := db.FinishRestore(ctx, d.schema.Tables, 1, "test"); err == nil || !strings.Contains(err.Error(), "not there") {
			t.Errorf("a member of no room: %v", err)
		}
		exec(t, sqlstore.Writer(db), "drop table goose_db_version")
		if err := db.ClearAll(ctx, d.schema.Version, true); !errs.Is(err, wire.Conflict) {
			t.Errorf("another program's tables: %v", err)
		}
	})
}

// epochOf is when a restore was made, 0 for none.
func epochOf(restores int) int64 {
	if restores == 0 {
		return 0
	}
	return storetest.Start + int64(restores)
}
