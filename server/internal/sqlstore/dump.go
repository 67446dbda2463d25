package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"himsg/server/internal/backup"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file hands the whole database to a backup. It asks the database for its tables, so that none is forgotten that a later
// migration adds.

var _ backup.Source = (*DB)(nil)

// gooseTable is the migrations' own: a restore makes it anew.
const gooseTable = "goose_db_version"

// NoteBackup implements backup.Source.
func (db *DB) NoteBackup(ctx context.Context, at int64, detail string) error {
	return db.AppendAudit(ctx, model.AuditEntry{At: at, Action: model.AuditServerBackedUp, Detail: detail})
}

// Dump implements backup.Source.
func (db *DB) Dump(ctx context.Context, to backup.Sink) error {
	about, err := db.About(ctx)
	if err != nil {
		return err
	}
	options := &sql.TxOptions{ReadOnly: true}
	if db.d.mysql {
		options.Isolation = sql.LevelRepeatableRead // whatever the server's own is: one state for all tables
	}
	tx, err := db.reader.BeginTx(ctx, options)
	if err != nil {
		return db.fault("dump", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing to commit
	schema := backup.Schema{Engine: about}
	err = tx.QueryRowContext(ctx, "select max(version_id) from "+gooseTable).Scan(&schema.Version)
	if err != nil {
		return db.fault("dump", err)
	}
	if schema.Tables, err = db.tables(ctx, tx); err != nil {
		return db.fault("dump", err)
	}
	if err := to.Begin(schema); err != nil {
		return err
	}
	for i, t := range schema.Tables {
		if err := db.dumpTable(ctx, tx, i, t, to); err != nil {
			return err
		}
	}
	return db.dumpBlobs(ctx, tx, to)
}

// tables are all but those of the database itself and of the migrations, by name.
func (db *DB) tables(ctx context.Context, q querier) ([]backup.Table, error) {
	query := `
		select t.name, c.name, c.type, coalesce(s.seq, 0)
		from pragma_table_list t
		join pragma_table_info(t.name) c
		left join sqlite_sequence s on s.name = t.name
		where t.type = 'table' and t.schema = 'main' and t.name not like 'sqlite%' and t.name <> ?
		order by t.name, c.cid`
	if db.d.mysql {
		query = `
			select c.table_name, c.column_name, c.data_type, coalesce(t.auto_increment, 1) - 1
			from information_schema.columns c
			join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
			where c.table_schema = database() and t.table_type = 'BASE TABLE' and c.table_name not in (?, '` + schemaLock + `')
			order by c.table_name, c.ordinal_position`
	}
	var tables []backup.Table
	_, err := collect(ctx, q, func(row scanner) (struct{}, error) {
		var table, column, typed string
		var counter int64
		if err := row.Scan(&table, &column, &typed, &counter); err != nil {
			return struct{}{}, err
		}
		kind, err := columnKind(typed)
		if err != nil {
			return struct{}{}, fmt.Errorf("%s.%s: %w", table, column, err)
		}
		if n := len(tables); n == 0 || tables[n-1].Name != table {
			tables = append(tables, backup.Table{Name: table, Counter: counter})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, backup.Column{Name: column, Kind: kind})
		return struct{}{}, nil
	}, query, gooseTable)
	return tables, err
}

func columnKind(typed string) (backup.Kind, error) {
	switch strings.ToLower(typed) {
	case "integer", "bigint", "int", "smallint", "tinyint":
		return backup.Integer, nil
	case "text", "varchar", "char", "mediumtext", "longtext":
		return backup.Text, nil
	case "blob", "mediumblob", "longblob", "varbinary", "binary":
		return backup.Bytes, nil
	}
	return "", fmt.Errorf("a column of the type %s", typed)
}

func columnList(t backup.Table) string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func (db *DB) dumpTable(ctx context.Context, tx *sql.Tx, i int, t backup.Table, to backup.Sink) error {
	rows, err := tx.QueryContext(ctx, "select "+columnList(t)+" from "+t.Name)
	if err != nil {
		return db.fault("dump "+t.Name, err)
	}
	defer rows.Close()
	values, places := make(backup.Row, len(t.Columns)), make([]any, len(t.Columns))
	for j, c := range t.Columns {
		switch c.Kind {
		case backup.Integer:
			places[j] = new(sql.NullInt64)
		case backup.Text:
			places[j] = new(sql.NullString)
		case backup.Bytes:
			places[j] = new([]byte)
		}
	}
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return db.fault("dump "+t.Name, err)
		}
		for j, p := range places {
			values[j] = dumped(p)
		}
		if err := to.Row(i, values); err != nil {
			return err
		}
	}
	return db.fault("dump "+t.Name, rows.Err())
}

func dumped(place any) any {
	switch p := place.(type) {
	case *sql.NullInt64:
		if p.Valid {
			return p.Int64
		}
	case *sql.NullString:
		if p.Valid {
			return p.String
		}
	case *[]byte:
		if *p != nil {
			return *p
		}
	}
	return nil
}

// dumpBlobs names the bytes that must be there, and the thumbnails and unchecked uploads that may be.
func (db *DB) dumpBlobs(ctx context.Context, tx *sql.Tx, to backup.Sink) error {
	rows, err := tx.QueryContext(ctx, `
		select blob_name, size, sha256, state, thumbnail
		from files
		where gone_at is null
		  and state in (?, ?)
		order by id`, string(wire.FileReady), string(wire.FileChecking))
	if err != nil {
		return db.fault("dump blobs", err)
	}
	defer rows.Close()
	for rows.Next() {
		var b backup.Blob
		var state string
		var thumbnail bool
		if err := rows.Scan(&b.Name, &b.Size, &b.SHA256, &state, &thumbnail); err != nil {
			return db.fault("dump blobs", err)
		}
		b.Optional = state != string(wire.FileReady)
		if err := to.Blob(b); err != nil {
			return err
		}
		if !thumbnail {
			continue
		}
		for _, name := range files.ThumbnailBlobs(b.Name) {
			if err := to.Blob(backup.Blob{Name: name, Optional: true}); err != nil {
				return err
			}
		}
	}
	return db.fault("dump blobs", rows.Err())
}
