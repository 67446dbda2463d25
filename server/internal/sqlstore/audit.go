package sqlstore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/server/internal/model"
)

// This file keeps the audit chain: each entry's hash is an HMAC over its fields and the entry before, so that a
// change, a removal, a swap or (with the counter) a cut tail shows. Who holds the key and the database could still
// write a new chain; an exported head is what proves against that.

// auditCounter is the row of counters that holds the number of entries. Its lock orders the writers of the chain.
const auditCounter = "audit_entries"

// AppendAudit adds one entry to the chain.
func (db *DB) AppendAudit(ctx context.Context, e model.AuditEntry) error {
	return db.write(ctx, "append audit", func(tx *sql.Tx) error { return db.appendAudit(ctx, tx, e) })
}

// appendAudit adds an entry within the transaction of what it tells: both are stored, or neither is.
func (db *DB) appendAudit(ctx context.Context, tx *sql.Tx, e model.AuditEntry) error {
	_, err := tx.ExecContext(ctx, "insert into counters (name, value) values (?, 1)"+
		db.d.upsert("name", "value = counters.value + 1"), auditCounter)
	if err != nil {
		return err
	}
	var prev string
	err = tx.QueryRowContext(ctx, "select hash from audit order by id desc limit 1").Scan(&prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into audit (at, actor_id, action, subject, detail, remote_addr, prev_hash, hash)
		values (?, ?, ?, ?, ?, ?, ?, ?)`,
		e.At, nullInt(e.ActorID), e.Action, e.Subject, e.Detail, e.RemoteAddr, prev, db.auditHash(prev, e))
	return err
}

func (db *DB) auditHash(prev string, e model.AuditEntry) string {
	// JSON keeps the fields apart: no text can pass for the start of the next one.
	fields, err := json.Marshal([]any{prev, e.At, e.ActorID, e.Action, e.Subject, e.Detail, e.RemoteAddr})
	if err != nil {
		panic(err) // numbers and strings can always be encoded
	}
	mac := hmac.New(sha256.New, db.auditKey)
	mac.Write(fields)
	return hex.EncodeToString(mac.Sum(nil))
}

// AuditReport says how the audit chain stands.
type AuditReport struct {
	Entries int64
	Head    string // hash of the last entry
	Fault   string // empty: whole. Otherwise which entry is wrong and how
}

const auditPage = 1000

// CheckAudit reads the whole chain and reports the first fault.
func (db *DB) CheckAudit(ctx context.Context) (r AuditReport, err error) {
	err = db.snapshot(ctx, "check audit", func(q querier) error {
		r = AuditReport{}
		var counted, lastID int64
		err := q.QueryRowContext(ctx, "select coalesce(max(value), 0) from counters where name = ?", auditCounter).
			Scan(&counted)
		if err != nil {
			return err
		}
		for more := true; more && r.Fault == ""; {
			if lastID, more, err = db.checkAuditPage(ctx, q, lastID, &r); err != nil {
				return err
			}
		}
		if r.Fault == "" && r.Entries != counted {
			r.Fault = fmt.Sprintf("%d entries were written, %d are there: the end is missing", counted, r.Entries)
		}
		return nil
	})
	return r, err
}

func (db *DB) checkAuditPage(
	ctx context.Context, q querier, after int64, r *AuditReport,
) (lastID int64, more bool, err error) {
	rows, err := q.QueryContext(ctx, `
		select id, at, coalesce(actor_id, 0), action, subject, detail, remote_addr, prev_hash, hash
		from audit
		where id > ?
		order by id
		limit ?`, after, auditPage)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var e model.AuditEntry
		var prev, hash string
		err := rows.Scan(&e.ID, &e.At, &e.ActorID, &e.Action, &e.Subject, &e.Detail, &e.RemoteAddr, &prev, &hash)
		if err != nil {
			return 0, false, err
		}
		switch {
		case prev != r.Head:
			r.Fault = fmt.Sprintf("entry %d does not follow the one before it", e.ID)
		case hash != db.auditHash(prev, e):
			r.Fault = fmt.Sprintf("entry %d was changed", e.ID)
		}
		if r.Fault != "" {
			return e.ID, false, nil
		}
		r.Entries, r.Head, lastID = r.Entries+1, hash, e.ID
	}
	return lastID, n == auditPage, rows.Err()
}
