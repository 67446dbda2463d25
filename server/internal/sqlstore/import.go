package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file keeps files of people while they are compared and applied: directory.Imports.

var (
	textNoImport = errs.Text{KO: "가져오기를 찾을 수 없습니다.", EN: "There is no such import."}
	textStands   = errs.Text{KO: "지금 상태에서는 할 수 없습니다.", EN: "This is not possible where the import stands."}
)

// importDetail is what is kept of an import as JSON.
type importDetail struct {
	Columns        []wire.Field `json:"columns"`
	IgnoredColumns []string     `json:"ignored_columns"`
	NewDepartments []string     `json:"new_departments"`
	Failure        string       `json:"failure,omitempty"`
	FailureReason  wire.Reason  `json:"failure_reason,omitempty"`
}

func detailOf(r directory.ImportRecord) (string, error) {
	text, err := json.Marshal(importDetail{r.Columns, r.IgnoredColumns, r.NewDepartments, r.Failure, r.FailureReason})
	if err != nil {
		return "", fmt.Errorf("encode import: %w", err)
	}
	return string(text), nil
}

// CreateImport implements directory.Imports.
func (db *DB) CreateImport(ctx context.Context, r directory.ImportRecord, by int64) (id int64, err error) {
	detail, err := detailOf(r)
	if err != nil {
		return 0, err
	}
	err = db.write(ctx, "create import", func(tx *sql.Tx) error {
		at := r.CreatedAt.UnixMilli()
		res, err := tx.ExecContext(ctx, `
			insert into imports (import_uuid, created_by, created_at, updated_at, state, worker, detail)
			values (?, ?, ?, ?, ?, ?, ?)`, r.ImportUUID, nullInt(by), at, at, r.State, r.Worker, detail)
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

const importColumns = "select id, import_uuid, created_at, state, worker, total, done, detail from imports "

func scanImport(row scanner) (r directory.ImportRecord, err error) {
	var created int64
	var text string
	if err := row.Scan(&r.ID, &r.ImportUUID, &created, &r.State, &r.Worker, &r.Total, &r.Done, &text); err != nil {
		return r, err
	}
	var d importDetail
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return r, fmt.Errorf("detail of import: %w", err)
	}
	r.CreatedAt, r.Counts = wire.TimeOfMilli(created), map[string]int{}
	r.Columns, r.IgnoredColumns, r.NewDepartments = d.Columns, d.IgnoredColumns, d.NewDepartments
	r.Failure, r.FailureReason = d.Failure, d.FailureReason
	return r, nil
}

// countFates fills in how many rows have which fate.
func countFates(ctx context.Context, q querier, r directory.ImportRecord) error {
	return each(ctx, q, func(row scanner) error {
		var fate string
		var n int
		if err := row.Scan(&fate, &n); err != nil {
			return err
		}
		r.Counts[fate] = n
		return nil
	}, "select fate, count(*) from import_rows where import_id = ? group by fate", r.ID)
}

// Import implements directory.Imports.
func (db *DB) Import(ctx context.Context, importUUID string) (r directory.ImportRecord, err error) {
	err = db.snapshot(ctx, "import", func(q querier) error {
		if r, err = scanImport(q.QueryRowContext(ctx, importColumns+"where import_uuid = ?", importUUID)); err != nil {
			return noRows(err, textNoImport)
		}
		return countFates(ctx, q, r)
	})
	return r, err
}

// RecentImports implements directory.Imports.
func (db *DB) RecentImports(ctx context.Context, limit int) (list []directory.ImportRecord, err error) {
	err = db.snapshot(ctx, "recent imports", func(q querier) error {
		if list, err = collect(ctx, q, scanImport, importColumns+"order by id desc limit ?", limit); err != nil {
			return err
		}
		for _, r := range list {
			if err := countFates(ctx, q, r); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// IdleImports implements directory.Imports.
func (db *DB) IdleImports(ctx context.Context, since int64) (ids []int64, err error) {
	err = db.read(ctx, "idle imports", func(q querier) error {
		ids, err = collect(ctx, q, scanID,
			"select id from imports where updated_at < ? and state not in ('reading', 'applying') order by id", since)
		return err
	})
	return ids, err
}

// SetImport implements directory.Imports.
func (db *DB) SetImport(
	ctx context.Context, r directory.ImportRecord, now int64, from ...wire.ImportState,
) error {
	detail, err := detailOf(r)
	if err != nil {
		return err
	}
	return db.write(ctx, "set import", func(tx *sql.Tx) error {
		var state wire.ImportState
		var worker string
		err := tx.QueryRowContext(ctx, "select state, worker from imports where id = ?"+db.d.forUpdate, r.ID).Scan(&state, &worker)
		if err != nil {
			return noRows(err, textNoImport)
		}
		working := state == wire.ImportReading || state == wire.ImportApplying
		if !slices.Contains(from, state) || working && worker != r.Worker {
			return errs.E(wire.Conflict, wire.ReasonImportState, textStands)
		}
		_, err = tx.ExecContext(ctx, `
			update imports
			set state = ?, worker = ?, total = ?, done = ?, detail = ?, updated_at = ?
			where id = ?`, r.State, r.Worker, r.Total, r.Done, detail, now, r.ID)
		return err
	})
}

// rowData is what is kept of a row as JSON.
type rowData struct {
	Values   map[wire.Field]string `json:"values"`
	Changes  []wire.FieldChange    `json:"changes,omitempty"`
	Problems []wire.RowProblem     `json:"problems,omitempty"`
}

func dataOf(row wire.ImportRow) (string, error) {
	text, err := json.Marshal(rowData{row.Values, row.Changes, row.Problems})
	if err != nil {
		return "", fmt.Errorf("encode row: %w", err)
	}
	return string(text), nil
}

// AddImportRows implements directory.Imports.
func (db *DB) AddImportRows(ctx context.Context, id int64, rows []wire.ImportRow) error {
	if len(rows) == 0 {
		return nil
	}
	return db.write(ctx, "add import rows", func(tx *sql.Tx) error {
		for chunk := range slices.Chunk(rows, maxIn) {
			args := make([]any, 0, 5*len(chunk))
			for _, row := range chunk {
				data, err := dataOf(row)
				if err != nil {
					return err
				}
				args = append(args, id, row.Row, row.Fate, data, row.UserUUID)
			}
			query := insertInto("import_rows", "import_id, row_no, fate, row_data, user_uuid", len(chunk))
			if _, err := tx.ExecContext(ctx, query, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func scanImportRow(row scanner) (r wire.ImportRow, err error) {
	var text string
	if err := row.Scan(&r.Row, &r.Fate, &text, &r.UserUUID); err != nil {
		return r, err
	}
	var d rowData
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return r, fmt.Errorf("data of row %d: %w", r.Row, err)
	}
	r.Values = d.Values
	r.Changes, r.Problems = append([]wire.FieldChange{}, d.Changes...), append([]wire.RowProblem{}, d.Problems...)
	return r, nil
}

// ImportRows implements directory.Imports.
func (db *DB) ImportRows(
	ctx context.Context, id int64, after int, only []wire.RowFate, limit int,
) (rows []wire.ImportRow, err error) {
	where, args := "", []any{id, after}
	if len(only) > 0 {
		where = " and fate in (" + holes(len(only)) + ")"
		args = append(args, anys(only)...)
	}
	err = db.read(ctx, "import rows", func(q querier) error {
		rows, err = collect(ctx, q, scanImportRow, `
			select row_no, fate, row_data, user_uuid
			from import_rows
			where import_id = ? and row_no > ?`+where+`
			order by row_no
			limit ?`, append(args, limit)...)
		return err
	})
	return rows, err
}

// DeleteImport implements directory.Imports. Rows go in parts, so that nobody waits long for the lock.
func (db *DB) DeleteImport(ctx context.Context, id int64) error {
	for more := true; more; {
		err := db.write(ctx, "delete import rows", func(tx *sql.Tx) error {
			rows, err := collect(ctx, tx, scanID, "select row_no from import_rows where import_id = ? order by row_no limit ?",
				id, deletedRows)
			if err != nil {
				return err
			}
			if more = len(rows) == deletedRows; !more {
				_, err = tx.ExecContext(ctx, "delete from import_rows where import_id = ?", id)
				if err == nil {
					_, err = tx.ExecContext(ctx, "delete from imports where id = ?", id)
				}
				return err
			}
			_, err = tx.ExecContext(ctx, "delete from import_rows where import_id = ? and row_no <= ?", id, rows[len(rows)-1])
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

const deletedRows = 5_000

// SignImport implements directory.Imports.
func (db *DB) SignImport(ctx context.Context, id int64, worker string, now int64) (mine bool, err error) {
	err = db.write(ctx, "sign import", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
			update imports
			set updated_at = ?
			where id = ? and worker = ? and state in ('reading', 'applying')`, now, id, worker)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		mine = n > 0
		return err
	})
	return mine, err
}

// InterruptImports implements directory.Imports. It writes only when there is something to end.
func (db *DB) InterruptImports(ctx context.Context, worker string, started, stale, now int64) error {
	const stopped = " where state in ('reading', 'applying') and (worker = ? and updated_at < ? or updated_at < ?)"
	var ids []int64
	err := db.read(ctx, "stopped imports", func(q querier) (err error) {
		ids, err = collect(ctx, q, scanID, "select id from imports"+stopped, worker, started, stale)
		return err
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	return db.write(ctx, "interrupt imports", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "update imports set state = case state when 'reading' then 'failed' else 'cancelled' end, updated_at = ?"+
			stopped, now, worker, started, stale)
		return err
	})
}

// ImportedWithoutPassword implements directory.Imports.
func (db *DB) ImportedWithoutPassword(ctx context.Context, id int64) (users []model.User, err error) {
	err = db.read(ctx, "imported people", func(q querier) error {
		users, err = scanAccounts(ctx, q, "select "+accountColumns+accountTables+`
			join import_rows r on r.user_uuid = u.user_uuid and r.import_id = ? and r.fate = 'created'
			where u.state = 'active' and u.password_hash = '' and u.role = 'user'
			order by r.row_no`, id)
		return err
	})
	return users, err
}

// StoreCodes implements directory.Imports.
func (db *DB) StoreCodes(ctx context.Context, by directory.By, codes []model.OneTimeCode) error {
	return db.write(ctx, "store codes", func(tx *sql.Tx) error {
		if err := lockTree(ctx, tx); err != nil { // changes of roles wait for it
			return err
		}
		for chunk := range slices.Chunk(codes, maxIn) {
			ids := make([]int64, len(chunk))
			for i, c := range chunk {
				ids[i] = c.UserID
			}
			var others int
			err := tx.QueryRowContext(ctx, "select count(*) from users where (role <> 'user' or password_hash <> '') and id in ("+
				holes(len(ids))+")", anys(ids)...).Scan(&others)
			if err != nil {
				return err
			}
			if others > 0 {
				return changedMeanwhile()
			}
		}
		if err := db.storeCodes(ctx, tx, codes); err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, by.Entry)
	})
}
