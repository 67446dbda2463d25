package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/retention"
	"himsg/shared/wire"
)

// This file keeps runs of retention: retention.Runs.

var (
	runUnknown = errs.Text{KO: "삭제 작업을 찾을 수 없습니다.", EN: "There is no such run."}
	runAlready = errs.Text{KO: "이미 진행 중인 삭제 작업이 있습니다.", EN: "Another run is under way."}
)

const runColumns = `n.id, n.run_uuid, n.state, n.phase, n.after_id, n.in_window, n.worker, coalesce(n.requested_by, 0),
	coalesce(u.user_uuid, ''), n.started_at, n.updated_at, coalesce(n.finished_at, 0), n.due_messages, n.due_files, n.messages, n.files, n.bytes`

const runTables = " from retention_runs n left join users u on u.id = n.requested_by "

func scanRun(row scanner) (r retention.Run, err error) {
	err = row.Scan(&r.ID, &r.UUID, &r.State, &r.Phase, &r.After, &r.InWindow, &r.Worker, &r.RequestedByID, &r.RequestedBy,
		&r.StartedAt, &r.UpdatedAt, &r.FinishedAt, &r.DueMessages, &r.DueFiles, &r.Messages, &r.Files, &r.Bytes)
	return r, err
}

// AddRun implements retention.Runs.
func (db *DB) AddRun(ctx context.Context, r retention.Run, rev int64, entry model.AuditEntry) error {
	return db.write(ctx, "add run", func(tx *sql.Tx) error {
		if err := db.lockHolds(ctx, tx); err != nil {
			return err
		}
		var running int
		err := tx.QueryRowContext(ctx, "select count(*) from retention_runs where state = 'running'").Scan(&running)
		if err != nil {
			return err
		}
		p, err := readRetention(ctx, tx, "")
		switch {
		case err != nil:
			return err
		case running > 0:
			return errs.E(wire.Conflict, wire.ReasonDecided, runAlready)
		case p.Rev != rev:
			return errs.E(wire.Conflict, wire.ReasonEditConflict, rulesChanged)
		}
		_, err = tx.ExecContext(ctx, `
			insert into retention_runs (run_uuid, state, phase, in_window, requested_by, started_at, updated_at)
			values (?, 'running', ?, ?, ?, ?, ?)`, r.UUID, wire.PhaseCounting, r.InWindow, nullInt(r.RequestedByID), entry.At, entry.At)
		if err != nil {
			return err
		}
		r.State = wire.RunRunning
		return db.tellRun(ctx, tx, r, entry)
	})
}

// tellRun writes into the audit how a run stands.
func (db *DB) tellRun(ctx context.Context, tx *sql.Tx, r retention.Run, entry model.AuditEntry) error {
	detail, err := json.Marshal(struct {
		State    wire.RunState `json:"state"`
		Messages int64         `json:"messages"`
		Files    int64         `json:"files"`
		Bytes    int64         `json:"bytes"`
	}{r.State, r.Messages, r.Files, r.Bytes})
	if err != nil {
		return fmt.Errorf("encode run: %w", err)
	}
	entry.Subject, entry.Detail = r.UUID, string(detail)
	return db.appendAudit(ctx, tx, entry)
}

// RunList implements retention.Runs.
func (db *DB) RunList(ctx context.Context, limit int) (list []retention.Run, err error) {
	err = db.read(ctx, "runs", func(q querier) error {
		list, err = collect(ctx, q, scanRun, "select "+runColumns+runTables+"order by n.id desc limit ?", limit)
		return err
	})
	return list, err
}

// ClaimRun implements retention.Runs. It writes only when there is something to claim.
func (db *DB) ClaimRun(ctx context.Context, worker string, stale, now int64) (r retention.Run, mine bool, err error) {
	const open = "select " + runColumns + runTables + "where n.state = 'running' order by n.id limit 1"
	err = db.read(ctx, "open run", func(q querier) error {
		r, err = scanRun(q.QueryRowContext(ctx, open))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	err = db.write(ctx, "claim run", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
			update retention_runs
			set worker = ?, updated_at = ?
			where id = ? and state = 'running' and (worker in ('', ?) or updated_at < ?)`, worker, now, r.ID, worker, stale)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if mine = n > 0; err != nil || !mine {
			return err
		}
		r, err = scanRun(tx.QueryRowContext(ctx, "select "+runColumns+runTables+"where n.id = ?", r.ID))
		return err
	})
	return r, mine, err
}

// MoveRun implements retention.Runs.
func (db *DB) MoveRun(ctx context.Context, r retention.Run, now int64) error {
	return db.write(ctx, "move run", func(tx *sql.Tx) error { return moveRun(ctx, tx, r, retention.Retired{}, now) })
}

// moveRun notes how far a run is, in the transaction that deleted something.
func moveRun(ctx context.Context, tx *sql.Tx, r retention.Run, gone retention.Retired, now int64) error {
	res, err := tx.ExecContext(ctx, `
		update retention_runs
		set phase = ?, after_id = ?, due_messages = ?, due_files = ?, messages = messages + ?, files = files + ?,
			bytes = bytes + ?, updated_at = ?
		where id = ? and state = 'running' and worker = ?`, r.Phase, r.After, r.DueMessages, r.DueFiles,
		gone.Messages, gone.Files, gone.Bytes, now, r.ID, r.Worker)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, retention.ErrLost)
	}
	return nil
}

// EndRun implements retention.Runs.
func (db *DB) EndRun(
	ctx context.Context, r retention.Run, state wire.RunState, entry model.AuditEntry,
) (ended retention.Run, err error) {
	err = db.write(ctx, "end run", func(tx *sql.Tx) error {
		if err := moveRun(ctx, tx, r, retention.Retired{}, entry.At); err != nil {
			return err
		}
		ended, err = db.closeRun(ctx, tx, r.UUID, state, entry)
		return err
	})
	return ended, err
}

// CancelRun implements retention.Runs.
func (db *DB) CancelRun(ctx context.Context, runUUID string, entry model.AuditEntry) error {
	return db.write(ctx, "cancel run", func(tx *sql.Tx) error {
		var state wire.RunState
		err := tx.QueryRowContext(ctx, "select state from retention_runs where run_uuid = ?"+db.d.forUpdate, runUUID).Scan(&state)
		if err != nil {
			return noRows(err, runUnknown)
		}
		if state != wire.RunRunning {
			return nil
		}
		_, err = db.closeRun(ctx, tx, runUUID, wire.RunCancelled, entry)
		return err
	})
}

func (db *DB) closeRun(
	ctx context.Context, tx *sql.Tx, runUUID string, state wire.RunState, entry model.AuditEntry,
) (retention.Run, error) {
	_, err := tx.ExecContext(ctx, "update retention_runs set state = ?, updated_at = ?, finished_at = ? where run_uuid = ?",
		state, entry.At, entry.At, runUUID)
	if err != nil {
		return retention.Run{}, err
	}
	r, err := scanRun(tx.QueryRowContext(ctx, "select "+runColumns+runTables+"where n.run_uuid = ?", runUUID))
	if err != nil {
		return r, err
	}
	return r, db.tellRun(ctx, tx, r, entry)
}
