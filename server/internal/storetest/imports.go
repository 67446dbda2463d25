package storetest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/directory"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func importCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"StoppedImportIsHalfAppliedByRows": stoppedImportIsHalfAppliedByRows,
		"ImportsAreListedAndForgotten":     importsAreListedAndForgotten,
		"ImportsAreTheirWorkers":           importsAreTheirWorkers,
	}
}

// newImport stores a file of new people, compared.
func newImport(t testing.TB, db *sqlstore.DB, state wire.ImportState, at int64, rows int) directory.ImportRecord {
	t.Helper()
	ctx := context.Background()
	r := directory.ImportRecord{Import: wire.Import{
		ImportUUID: uuid.NewString(), State: state, Total: rows, CreatedAt: wire.TimeOfMilli(at),
	}}
	var err error
	r.ID, err = db.CreateImport(ctx, r, 0)
	check(t, err)
	list := make([]wire.ImportRow, rows)
	for i := range list {
		name := fmt.Sprintf("n%d-%d", r.ID, i)
		list[i] = wire.ImportRow{Row: i + 2, Fate: wire.RowCreate, Values: map[wire.Field]string{
			wire.FieldName: "사람", wire.FieldEmployeeID: name, wire.FieldUsername: name, wire.FieldDepartment: "본부 > 팀",
		}}
	}
	check(t, db.AddImportRows(ctx, r.ID, list))
	return r
}

// created counts the active people whom an import made.
func created(t testing.TB, db *sqlstore.DB, r directory.ImportRecord) (people, rows int) {
	t.Helper()
	users, err := db.ImportedWithoutPassword(context.Background(), r.ID)
	check(t, err)
	at, err := db.Import(context.Background(), r.ImportUUID)
	check(t, err)
	return len(users), at.Counts[string(wire.RowCreated)]
}

// dying is a context that ends by itself once it was looked at so often: in the midst of many statements.
type dying struct {
	context.Context //nolint:containedctx // it is one
	left            atomic.Int64
	end             context.CancelFunc
}

// Done implements context.Context.
func (d *dying) Done() <-chan struct{} {
	if d.left.Add(-1) == 0 {
		d.end()
	}
	return d.Context.Done()
}

// cutWithin ends within a slice of ten rows, each of which takes several statements.
func cutWithin(t testing.TB) context.Context {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	t.Cleanup(end)
	d := &dying{Context: ctx, end: end}
	d.left.Store(40)
	return d
}

// stoppedImportIsHalfAppliedByRows: a server that is killed while it applies leaves whole slices only. The rows say which
// people are there; the next start tells that it stopped, and the rest can be applied.
func stoppedImportIsHalfAppliedByRows(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	const all, slice = 30, 10
	r := newImport(t, db, wire.ImportApplying, Start, all)
	next := func(after int) []wire.ImportRow {
		rows, err := db.ImportRows(ctx, r.ID, after, []wire.RowFate{wire.RowCreate, wire.RowChange}, slice)
		check(t, err)
		return rows
	}
	first := next(0)
	_, err := db.ApplyRows(ctx, by(model.Actor{}), r.ID, first)
	check(t, err)
	// The second slice is cut off while its rows are written: nothing of it may be there.
	if _, err := db.ApplyRows(cutWithin(t), by(model.Actor{}), r.ID, next(0)); err == nil {
		t.Error("a cut slice was applied")
	}
	if people, rows := created(t, db, r); people != slice || rows != slice {
		t.Errorf("half: %d people, %d rows, want %d", people, rows, slice)
	}
	check(t, db.InterruptImports(ctx, "", Start+1, 0, Start+1)) // as the next start does
	at, err := db.Import(ctx, r.ImportUUID)
	if err != nil || at.State != wire.ImportCancelled || at.Counts[string(wire.RowCreate)] != all-slice {
		t.Fatalf("after the stop: %+v, %v", at, err)
	}
	for rows := next(0); len(rows) > 0; rows = next(0) {
		_, err := db.ApplyRows(ctx, by(model.Actor{}), r.ID, rows)
		check(t, err)
	}
	if people, rows := created(t, db, r); people != all || rows != all {
		t.Errorf("in the end: %d people, %d rows, want %d", people, rows, all)
	}
}

func importsAreListedAndForgotten(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	old := newImport(t, db, wire.ImportApplied, Start, 1)
	working := newImport(t, db, wire.ImportReading, Start, 1)
	young := newImport(t, db, wire.ImportReady, Start+10, 2)
	list, err := db.RecentImports(ctx, 2)
	if err != nil || len(list) != 2 || list[0].ImportUUID != young.ImportUUID || list[1].ImportUUID != working.ImportUUID ||
		list[0].Counts[string(wire.RowCreate)] != 2 {
		t.Errorf("recent: %+v, %v", list, err)
	}
	ids, err := db.IdleImports(ctx, Start+5)
	if err != nil || len(ids) != 1 || ids[0] != old.ID {
		t.Errorf("idle: %v, %v", ids, err)
	}
	check(t, db.DeleteImport(ctx, old.ID))
	_, err = db.Import(ctx, old.ImportUUID)
	wantCode(t, err, wire.NotFound)
	check(t, db.InterruptImports(ctx, "", 0, Start+20, Start+20))
	at, err := db.Import(ctx, working.ImportUUID)
	if err != nil || at.State != wire.ImportFailed {
		t.Errorf("a stopped reading: %+v, %v", at, err)
	}
}

// importsAreTheirWorkers: a server that starts ends its own imports and those that nobody gives a sign of, and who lost one writes
// nothing to it any more.
func importsAreTheirWorkers(t *testing.T, db *sqlstore.DB) {
	const before, stale, now = Start + 10, Start + 5, Start + 20
	ctx := context.Background()
	begin := func(worker string, signed int64) directory.ImportRecord {
		t.Helper()
		r := newImport(t, db, wire.ImportReady, Start, 1)
		r.State, r.Worker = wire.ImportApplying, worker
		check(t, db.SetImport(ctx, r, Start, wire.ImportReady))
		mine, err := db.SignImport(ctx, r.ID, worker, signed)
		check(t, err)
		if !mine {
			t.Fatalf("%s has lost its import", worker)
		}
		return r
	}
	mine, mineNew := begin("a", before-1), begin("a", before)
	other, stopped := begin("b", stale), begin("c", stale-1)
	check(t, db.InterruptImports(ctx, "a", before, stale, now))
	for _, c := range []struct {
		name string
		r    directory.ImportRecord
		want wire.ImportState
	}{
		{"begun here before the start", mine, wire.ImportCancelled},
		{"begun here since", mineNew, wire.ImportApplying},
		{"another's", other, wire.ImportApplying},
		{"one that has stopped", stopped, wire.ImportCancelled},
	} {
		at, err := db.Import(ctx, c.r.ImportUUID)
		check(t, err)
		if at.State != c.want {
			t.Errorf("%s is %s, want %s", c.name, at.State, c.want)
		}
		signed, err := db.SignImport(ctx, c.r.ID, c.r.Worker, now)
		check(t, err)
		if signed != (c.want == wire.ImportApplying) {
			t.Errorf("%s may be signed: %t", c.name, signed)
		}
	}
	again := stopped // is applied on, elsewhere
	again.Worker = "a"
	check(t, db.SetImport(ctx, again, now, wire.ImportCancelled))
	wantCode(t, db.SetImport(ctx, stopped, now, wire.ImportApplying), wire.Conflict)
	check(t, db.SetImport(ctx, again, now, wire.ImportApplying))
}
