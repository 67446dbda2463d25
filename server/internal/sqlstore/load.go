package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"himsg/server/internal/backup"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file fills an empty database with what a backup holds. While it does, nobody checks that rows refer to rows: they come table
// by table, and FinishRestore checks them all.

var _ backup.Target = (*DB)(nil)

var (
	textOtherTables = errs.Text{
		KO: "데이터베이스에 다른 프로그램의 테이블이 있습니다. 빈 데이터베이스에만 복원할 수 있습니다.",
		EN: "The database holds tables of another program. A backup is restored into an empty database only.",
	}
	textPeopleThere = errs.Text{
		KO: "데이터베이스에 이미 사용자가 있습니다. 빈 데이터베이스에만 복원할 수 있습니다.",
		EN: "The database has users already. A backup is restored into an empty database only.",
	}
)

// NewestSchema implements backup.Target.
func (db *DB) NewestSchema(context.Context) (int64, error) {
	provider, err := db.provider()
	if err != nil {
		return 0, err
	}
	sources := provider.ListSources()
	return sources[len(sources)-1].Version, nil
}

// ClearAll implements backup.Target.
func (db *DB) ClearAll(ctx context.Context, version int64, anew bool) error {
	there, err := db.tableNames(ctx)
	if err != nil {
		return err
	}
	if len(there) > 0 {
		if !slices.Contains(there, gooseTable) {
			return errs.E(wire.Conflict, "", textOtherTables)
		}
		if err := db.refuseUsers(ctx, there, anew); err != nil {
			return err
		}
		if err := db.dropTables(ctx, there); err != nil {
			return db.fault("clear the database", err)
		}
	}
	provider, err := db.provider()
	if err != nil {
		return err
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return fmt.Errorf("make the schema number %d: %w", version, err)
	}
	tables, err := db.tables(ctx, db.writer)
	if err != nil {
		return db.fault("clear the database", err)
	}
	return db.unchecked(ctx, func(tx *sql.Tx) error {
		for _, t := range tables { // what the migrations have put there
			if _, err := tx.ExecContext(ctx, "delete from "+t.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (db *DB) tableNames(ctx context.Context) (names []string, err error) {
	query := "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name"
	if db.d.mysql {
		query = "select table_name from information_schema.tables where table_schema = database() order by table_name"
	}
	names, err = collect(ctx, db.writer, scanText, query)
	return names, db.fault("list the tables", err)
}

func (db *DB) refuseUsers(ctx context.Context, there []string, anew bool) error {
	if anew || !slices.Contains(there, "users") {
		return nil
	}
	n, err := db.UserCount(ctx)
	if err == nil && n > 0 {
		return errs.E(wire.Conflict, "", textPeopleThere)
	}
	return err
}

// dropTables drops the tables of a server that has nobody, whatever their schema: a later one than the backup's can't go back.
func (db *DB) dropTables(ctx context.Context, names []string) error {
	return db.unchecked(ctx, func(tx *sql.Tx) error {
		for _, name := range names {
			if _, err := tx.ExecContext(ctx, "drop table "+quoteName(name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// quoteName quotes a name that the database itself has told.
func quoteName(name string) string {
	return "`" + strings.ReplaceAll(name, "`", "``") + "`" // SQLite understands MySQL's way
}

// unchecked runs a transaction in which rows may refer to rows that are not there yet. Nobody else writes.
func (db *DB) unchecked(ctx context.Context, fn func(*sql.Tx) error) (err error) {
	off, on := "pragma foreign_keys = off", "pragma foreign_keys = on"
	if db.d.mysql {
		off, on = "set session foreign_key_checks = 0", "set session foreign_key_checks = 1"
	}
	conn, err := db.writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, off); err != nil {
		return err
	}
	defer func() {
		_, failed := conn.ExecContext(context.WithoutCancel(ctx), on)
		err = errors.Join(err, failed)
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

const (
	loadMarks = 30_000  // values in one insert; SQLite takes 32,766
	loadBytes = 2 << 20 // of values in one insert; MySQL takes what max_allowed_packet says, 16 MiB by itself
)

// LoadRows implements backup.Target.
func (db *DB) LoadRows(ctx context.Context, t backup.Table, rows []backup.Row) error {
	here, err := db.tables(ctx, db.writer)
	if err != nil {
		return db.fault("load "+t.Name, err)
	}
	kinds, err := kindsHere(here, t)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := fitRow(t, kinds, row); err != nil {
			return err
		}
	}
	err = db.unchecked(ctx, func(tx *sql.Tx) error {
		for rest := rows; len(rest) > 0; {
			n := fitting(t, rest)
			if err := insertRows(ctx, tx, t, rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
		return nil
	})
	return db.fault("load "+t.Name, err)
}

func insertRows(ctx context.Context, tx *sql.Tx, t backup.Table, rows []backup.Row) error {
	args := make([]any, 0, len(rows)*len(t.Columns))
	for _, row := range rows {
		args = append(args, row...)
	}
	_, err := tx.ExecContext(ctx, "insert into "+t.Name+" ("+columnList(t)+") values "+tuples(len(rows), len(t.Columns)), args...)
	return err
}

// fitting is how many rows go into one insert, at least one.
func fitting(t backup.Table, rows []backup.Row) int {
	size := 0
	for n, row := range rows {
		for _, v := range row {
			switch v := v.(type) {
			case string:
				size += len(v)
			case []byte:
				size += 2 * len(v)
			}
		}
		if n > 0 && (size > loadBytes || (n+1)*len(t.Columns) > loadMarks) {
			return n
		}
	}
	return len(rows)
}

// kindsHere are the kinds that this database gives to the columns of a table that comes from a backup.
func kindsHere(here []backup.Table, t backup.Table) ([]backup.Kind, error) {
	i := slices.IndexFunc(here, func(h backup.Table) bool { return h.Name == t.Name })
	if i < 0 {
		return nil, fmt.Errorf("this schema has no table %s", t.Name)
	}
	kinds := make([]backup.Kind, len(t.Columns))
	for j, c := range t.Columns {
		k := slices.IndexFunc(here[i].Columns, func(h backup.Column) bool { return h.Name == c.Name })
		if k < 0 {
			return nil, fmt.Errorf("this schema has no column %s.%s", t.Name, c.Name)
		}
		kinds[j] = here[i].Columns[k].Kind
	}
	return kinds, nil
}

// fitRow makes values those of the columns' kinds here: what is text in one make of database can be bytes in the other.
func fitRow(t backup.Table, kinds []backup.Kind, row backup.Row) error {
	for i, kind := range kinds {
		v := row[i]
		if text, ok := v.(string); ok && kind == backup.Bytes {
			row[i] = []byte(text)
		}
		if raw, ok := v.([]byte); ok && kind == backup.Text {
			row[i] = string(raw)
		}
		_, number := v.(int64)
		if v != nil && number != (kind == backup.Integer) {
			return fmt.Errorf("%s.%s: a value of the type %T", t.Name, t.Columns[i].Name, v)
		}
	}
	return nil
}

// CountRows implements backup.Target.
func (db *DB) CountRows(ctx context.Context, table string) (n int64, err error) {
	err = db.read(ctx, "count rows", func(q querier) error {
		return q.QueryRowContext(ctx, "select count(*) from "+quoteName(table)).Scan(&n)
	})
	return n, err
}

// FinishRestore implements backup.Target.
func (db *DB) FinishRestore(ctx context.Context, tables []backup.Table, at int64, detail string) error {
	if err := db.checkReferences(ctx); err != nil {
		return err
	}
	for _, t := range tables {
		if err := db.setKeyCounter(ctx, t); err != nil {
			return db.fault("set the counter of "+t.Name, err)
		}
	}
	if _, _, err := db.Migrate(ctx); err != nil {
		return err
	}
	epoch, err := db.Epoch(ctx)
	if err != nil {
		return err
	}
	if err := db.SetEpoch(ctx, max(epoch+1, at)); err != nil {
		return err
	}
	return db.AppendAudit(ctx, model.AuditEntry{At: at, Action: model.AuditServerRestored, Detail: detail})
}

// setKeyCounter makes the database go on counting where the one that was backed up was: a key is not given twice.
func (db *DB) setKeyCounter(ctx context.Context, t backup.Table) (err error) {
	if t.Counter == 0 {
		return nil
	}
	if db.d.mysql {
		_, err = db.writer.ExecContext(ctx, "alter table "+quoteName(t.Name)+" auto_increment = "+strconv.FormatInt(t.Counter+1, 10))
		return err
	}
	done, err := db.writer.ExecContext(ctx, "update sqlite_sequence set seq = ? where name = ?", t.Counter, t.Name)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = db.writer.ExecContext(ctx, "insert into sqlite_sequence (name, seq) values (?, ?)", t.Name, t.Counter)
	return err
}

// checkReferences looks for rows that refer to rows which are not there.
func (db *DB) checkReferences(ctx context.Context) error {
	if !db.d.mysql {
		broken, err := collect(ctx, db.writer, func(row scanner) (string, error) {
			var table, parent string
			var rowID, key sql.NullInt64
			err := row.Scan(&table, &rowID, &parent, &key)
			return table + " to " + parent, err
		}, "pragma foreign_key_check")
		if err == nil && len(broken) > 0 {
			err = fmt.Errorf("%d rows refer to rows that are not there, the first from %s", len(broken), broken[0])
		}
		return db.fault("check references", err)
	}
	type reference struct{ table, column, parent, key string }
	list, err := collect(ctx, db.writer, func(row scanner) (r reference, err error) {
		err = row.Scan(&r.table, &r.column, &r.parent, &r.key)
		return r, err
	}, `select table_name, column_name, referenced_table_name, referenced_column_name
		from information_schema.key_column_usage
		where table_schema = database() and referenced_table_name is not null`)
	if err != nil {
		return db.fault("check references", err)
	}
	for _, r := range list {
		var n int64
		err := db.writer.QueryRowContext(ctx, "select count(*) from "+quoteName(r.table)+" c left join "+quoteName(r.parent)+
			" p on p."+quoteName(r.key)+" = c."+quoteName(r.column)+
			" where c."+quoteName(r.column)+" is not null and p."+quoteName(r.key)+" is null").Scan(&n)
		if err == nil && n > 0 {
			err = fmt.Errorf("%d rows refer to rows that are not there, from %s to %s", n, r.table, r.parent)
		}
		if err != nil {
			return db.fault("check references", err)
		}
	}
	return nil
}
