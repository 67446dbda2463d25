package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file stores requests to read others' conversations: admin.Access.

var _ admin.Access = (*DB)(nil)

var accessUnknown = errs.Text{KO: "열람 요청을 찾을 수 없습니다.", EN: "There is no such request."}

// AddAccess implements admin.Access.
func (db *DB) AddAccess(ctx context.Context, a model.Access, entry model.AuditEntry) (stored model.Access, err error) {
	err = db.write(ctx, "add access", func(tx *sql.Tx) error {
		stored = a
		query, unknown := "select id from users where user_uuid = ? and state not in ('deleted', 'bot')", userUnknown
		if a.Kind == wire.AccessRoom {
			query, unknown = "select id from rooms where room_uuid = ?", textNoRoom
		}
		if err := tx.QueryRowContext(ctx, query, a.SubjectUUID).Scan(&stored.SubjectID); err != nil {
			return noRows(err, unknown)
		}
		_, err := tx.ExecContext(ctx, `
			insert into access_requests (access_uuid, subject_kind, subject_id, reason, period_from, period_to, state,
				requested_by, requested_at, expires_at, hours)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.UUID, a.Kind, stored.SubjectID, a.Reason, a.From, a.To, a.State,
			a.RequestedByID, a.RequestedAt, a.ExpiresAt, a.Hours)
		if err != nil {
			return err
		}
		return db.auditAccess(ctx, tx, stored, entry)
	})
	return stored, err
}

func (db *DB) auditAccess(ctx context.Context, tx *sql.Tx, a model.Access, entry model.AuditEntry) error {
	entry.Subject, entry.Detail = a.SubjectUUID, "request "+a.UUID+": "+a.Reason
	return db.appendAudit(ctx, tx, entry)
}

const accessColumns = `a.id, a.access_uuid, a.subject_kind, a.subject_id, coalesce(s.user_uuid, r.room_uuid, ''),
	coalesce(s.name, r.name, ''), a.reason, a.period_from, a.period_to, a.state, u.user_uuid, a.requested_by, a.requested_at, coalesce(d.user_uuid, ''), coalesce(a.decided_at, 0), a.expires_at,
	a.hours`

const accessTables = ` from access_requests a
	join users u on u.id = a.requested_by
	left join users d on d.id = a.decided_by
	left join users s on s.id = a.subject_id and a.subject_kind = 'person'
	left join rooms r on r.id = a.subject_id and a.subject_kind = 'room' `

func scanAccess(row scanner) (a model.Access, err error) {
	err = row.Scan(&a.ID, &a.UUID, &a.Kind, &a.SubjectID, &a.SubjectUUID, &a.SubjectName, &a.Reason, &a.From, &a.To, &a.State,
		&a.RequestedBy, &a.RequestedByID, &a.RequestedAt, &a.DecidedBy, &a.DecidedAt, &a.ExpiresAt, &a.Hours)
	return a, noRows(err, accessUnknown)
}

// AccessList implements admin.Access.
func (db *DB) AccessList(ctx context.Context, before int64, limit int) (list []model.Access, err error) {
	err = db.snapshot(ctx, "access requests", func(q querier) error {
		list, err = collect(ctx, q, scanAccess, "select "+accessColumns+accessTables+"where a.id < ? order by a.id desc limit ?",
			cmp.Or(before, math.MaxInt64), limit)
		for i := range list {
			if err == nil && list[i].Kind == wire.AccessRoom && list[i].SubjectName == "" {
				list[i].People, err = firstMembers(ctx, q, list[i].SubjectID)
			}
		}
		return err
	})
	return list, err
}

// CountAccess implements admin.Access.
func (db *DB) CountAccess(ctx context.Context, userID, now int64) (n int, err error) {
	err = db.read(ctx, "count access requests", func(q querier) error {
		return q.QueryRowContext(ctx, `
			select count(*)
			from access_requests
			where state = 'pending'
			and expires_at > ?
			and requested_by <> ?
			and not (subject_kind = 'person' and subject_id = ?)`, now, userID, userID).Scan(&n)
	})
	return n, err
}

// AccessWatchers implements admin.Access.
func (db *DB) AccessWatchers(ctx context.Context) (ids []int64, err error) {
	err = db.read(ctx, "who watches access", func(q querier) error {
		ids, err = collect(ctx, q, func(row scanner) (id int64, err error) {
			err = row.Scan(&id)
			return id, err
		}, "select id from users where state = 'active' and role in ('owner', 'admin', 'auditor')")
		return err
	})
	return ids, err
}

// Access implements admin.Access.
func (db *DB) Access(ctx context.Context, accessUUID string) (a model.Access, err error) {
	err = db.read(ctx, "access request", func(q querier) error {
		a, err = scanAccess(q.QueryRowContext(ctx, "select "+accessColumns+accessTables+"where a.access_uuid = ?", accessUUID))
		return err
	})
	return a, err
}

// DecideAccess implements admin.Access.
func (db *DB) DecideAccess(ctx context.Context, d admin.AccessDecision) (a model.Access, err error) {
	err = db.write(ctx, "decide access", func(tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, "select id from access_requests where access_uuid = ?"+db.d.forUpdate, d.UUID).Scan(&id)
		if err != nil {
			return noRows(err, accessUnknown)
		}
		if a, err = scanAccess(tx.QueryRowContext(ctx, "select "+accessColumns+accessTables+"where a.id = ?", id)); err != nil {
			return err
		}
		if !slices.Contains(d.From, a.At(d.Entry.At).State) {
			return errs.E(wire.Conflict, wire.ReasonDecided, resetDecided)
		}
		a.State = d.To
		if d.ExpiresAt != 0 {
			a.ExpiresAt = d.ExpiresAt
		}
		_, err = tx.ExecContext(ctx, `
			update access_requests
			set state = ?, decided_by = ?, decided_at = ?, expires_at = ?
			where id = ?`, a.State, d.By, d.Entry.At, a.ExpiresAt, id)
		if err != nil {
			return err
		}
		return db.auditAccess(ctx, tx, a, d.Entry)
	})
	return a, err
}
