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

	"himsg/server/internal/admin"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file keeps the audit chain: each entry's hash is an HMAC over its fields and the entry before, so that a
// change, a removal, a swap or (with the counter and audithead.go) a cut tail shows. The keys are not in the database: who has
// only that can't write an entry. Who has the keys too could write a new chain; the heads in the log prove against that.

// auditCounter is the row of counters that holds the number of entries. Its lock orders the writers of the chain.
const auditCounter = "audit_entries"

// AppendAudit adds one entry to the chain.
func (db *DB) AppendAudit(ctx context.Context, e model.AuditEntry) error {
	return db.write(ctx, "append audit", func(tx *sql.Tx) error { return db.appendAudit(ctx, tx, e) })
}

// appendAudit adds entries, one or a few dozen, within the transaction of what they tell: all is stored, or nothing is.
func (db *DB) appendAudit(ctx context.Context, tx *sql.Tx, entries ...model.AuditEntry) error {
	if len(entries) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "insert into counters (name, value) values (?, ?)"+
		db.d.upsert("name", "value = counters.value + "+db.d.fresh("value")), auditCounter, len(entries))
	if err != nil {
		return err
	}
	var prev string
	err = tx.QueryRowContext(ctx, "select hash from audit order by id desc limit 1").Scan(&prev)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if err := noteBackstep(ctx, tx, entries); err != nil {
		return err
	}
	db.audits.Add(int64(len(entries)))
	version := auditByMaster
	if db.auditKey2 != nil {
		version = auditByOwnKey
	}
	args := make([]any, 0, 9*len(entries))
	for _, e := range entries {
		hash := db.auditHash(version, prev, e)
		args = append(args, e.At, nullInt(e.ActorID), e.Action, e.Subject, e.Detail, e.RemoteAddr, version, prev, hash)
		prev = hash
	}
	_, err = tx.ExecContext(ctx, insertInto("audit",
		"at, actor_id, action, subject, detail, remote_addr, version, prev_hash, hash", len(entries)), args...)
	return err
}

// The versions of entries: which key their hash was made with.
const (
	auditByMaster = 1 // derived from the master secret
	auditByOwnKey = 2
)

// auditHash is empty for a version that can't be: no entry has that hash.
func (db *DB) auditHash(version int, prev string, e model.AuditEntry) string {
	// JSON keeps the fields apart: no text can pass for the start of the next one.
	values, key := []any{prev, e.At, e.ActorID, e.Action, e.Subject, e.Detail, e.RemoteAddr}, db.auditKey
	if version != auditByMaster {
		values, key = append([]any{version}, values...), db.auditKey2
	}
	if key == nil || version > auditByOwnKey {
		return ""
	}
	fields, err := json.Marshal(values)
	if err != nil {
		panic(err) // numbers and strings can always be encoded
	}
	mac := hmac.New(sha256.New, key)
	mac.Write(fields)
	return hex.EncodeToString(mac.Sum(nil))
}

const auditPage = 1000

// CheckAudit reads the whole chain and reports the first fault: an entry that was changed, deleted or moved, or an end that
// was cut off.
func (db *DB) CheckAudit(ctx context.Context) (r admin.AuditReport, err error) {
	head, headErr := db.readAuditHead()
	if headErr != nil && !errors.Is(headErr, errHeadChanged) {
		return r, fmt.Errorf("read the audit's head: %w", headErr)
	}
	err = db.snapshot(ctx, "check audit", func(q querier) error {
		r = admin.AuditReport{Signed: head.ID}
		var counted, lastID int64
		err := q.QueryRowContext(ctx, "select coalesce(max(value), 0) from counters where name = ?", auditCounter).
			Scan(&counted)
		if err != nil {
			return err
		}
		for more := true; more && r.Whole(); {
			if lastID, more, err = db.checkAuditPage(ctx, q, auditPlace{lastID, head}, &r); err != nil {
				return err
			}
		}
		switch {
		case !r.Whole():
		case headErr != nil:
			r.Fault.Kind = wire.AuditFaultHeadChanged
		case head.ID > lastID:
			r.Fault = wire.AuditFault{Kind: wire.AuditFaultEndCut, Entry: head.ID, Expected: head.Entries, Found: lastID}
		}
		if r.Whole() && r.Entries != counted {
			r.Fault = wire.AuditFault{Kind: wire.AuditFaultEndMissing, Expected: counted, Found: r.Entries}
		}
		return nil
	})
	return r, err
}

// auditPlace is how far a check has come, and the head that it must meet.
type auditPlace struct {
	after int64
	head  auditHead
}

func (db *DB) checkAuditPage(
	ctx context.Context, q querier, at auditPlace, r *admin.AuditReport,
) (lastID int64, more bool, err error) {
	rows, err := q.QueryContext(ctx, `
		select id, at, coalesce(actor_id, 0), action, subject, detail, remote_addr, version, prev_hash, hash
		from audit
		where id > ?
		order by id
		limit ?`, at.after, auditPage)
	if err != nil {
		return 0, false, err
	}
	defer rows.Close()
	n := 0
	for lastID = at.after; rows.Next(); n++ {
		var e model.AuditEntry
		var prev, hash string
		var version int
		err := rows.Scan(&e.ID, &e.At, &e.ActorID, &e.Action, &e.Subject, &e.Detail, &e.RemoteAddr, &version, &prev, &hash)
		if err != nil {
			return 0, false, err
		}
		switch {
		case prev != r.Head:
			r.Fault = wire.AuditFault{Kind: wire.AuditFaultUnlinked, Entry: e.ID}
		case hash != db.auditHash(version, prev, e) || hash == "":
			r.Fault = wire.AuditFault{Kind: wire.AuditFaultChanged, Entry: e.ID}
		case lastID < at.head.ID && at.head.ID < e.ID:
			r.Fault = wire.AuditFault{Kind: wire.AuditFaultHeadMissing, Entry: at.head.ID}
		case e.ID == at.head.ID && hash != at.head.Hash:
			r.Fault = wire.AuditFault{Kind: wire.AuditFaultHeadDiffers, Entry: e.ID}
		}
		if !r.Whole() {
			return e.ID, false, nil
		}
		r.Entries, r.Head, lastID = r.Entries+1, hash, e.ID
	}
	return lastID, n == auditPage, rows.Err()
}

// AuditHash is the hash of an entry; empty if there is none. It says nothing about the chain: CheckAudit does.
func (db *DB) AuditHash(ctx context.Context, entry int64) (hash string, err error) {
	err = db.read(ctx, "audit hash", func(q querier) error {
		err := q.QueryRowContext(ctx, "select hash from audit where id = ?", entry).Scan(&hash)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return hash, err
}
