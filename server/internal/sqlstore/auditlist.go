package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/model"
)

var _ admin.Audit = (*DB)(nil)

// backstepCounter is the row of counters that holds by how many milliseconds an entry's time was ever behind that of one before
// it: clocks of nodes differ, and are set back. Its row is written under auditCounter's lock.
const backstepCounter = "audit_backstep"

// backstepAtLeast is for entries of nodes that don't keep the counter yet, while others do already.
const backstepAtLeast = int64(10 * time.Minute / time.Millisecond)

// noteBackstep keeps the counter, before entries are added.
func noteBackstep(ctx context.Context, tx *sql.Tx, entries []model.AuditEntry) error {
	var newest, step int64
	if err := tx.QueryRowContext(ctx, "select coalesce(max(at), 0) from audit").Scan(&newest); err != nil {
		return err
	}
	for _, e := range entries {
		step, newest = max(step, newest-e.At), max(newest, e.At)
	}
	if step == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "update counters set value = ? where name = ? and value < ?", step, backstepCounter, step)
	return err
}

// auditSpan returns between which ids all entries of a period are, both exclusive, 0: no border. Entries are listed by id, which
// no index on times can do; but times grow with ids, except for the backstep.
func auditSpan(ctx context.Context, c querier, from, to int64) (after, before int64, err error) {
	var margin int64
	if err := c.QueryRowContext(ctx, "select value from counters where name = ?", backstepCounter).Scan(&margin); err != nil {
		return 0, 0, err
	}
	margin = max(margin, backstepAtLeast)
	for _, border := range []struct {
		set   bool
		query string
		at    int64
		id    *int64
	}{
		{from != 0, "select id from audit where at < ? order by at desc limit 1", from - margin, &after},
		{to != 0, "select id from audit where at >= ? order by at limit 1", to + margin, &before},
	} {
		if !border.set {
			continue
		}
		err := c.QueryRowContext(ctx, border.query, border.at).Scan(border.id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return 0, 0, err
		}
	}
	return after, before, nil
}

// AuditEntries implements admin.Audit.
func (db *DB) AuditEntries(ctx context.Context, q admin.AuditQuery) (list []admin.AuditView, err error) {
	err = db.snapshot(ctx, "audit entries", func(c querier) error {
		where, args, err := auditWhere(ctx, c, q)
		if err != nil {
			return err
		}
		list, err = collect(ctx, c, func(row scanner) (e admin.AuditView, err error) {
			err = row.Scan(&e.ID, &e.At, &e.ActorID, &e.Action, &e.Subject, &e.Detail, &e.RemoteAddr, &e.ActorUUID, &e.ActorName)
			return e, err
		}, `
			select a.id, a.at, coalesce(a.actor_id, 0), a.action, a.subject, a.detail, a.remote_addr,
				coalesce(u.user_uuid, ''), coalesce(u.name, '')
			from audit a
			left join users u on u.id = a.actor_id
			where `+where+`
			order by a.id desc
			limit ?`, append(args, q.Limit)...)
		if err != nil {
			return err
		}
		return nameSubjects(ctx, c, list)
	})
	return list, err
}

// nameSubjects says who those are whom entries are about. It is a question of its own, and only of uuids: MariaDB does not use the
// index of users for a join with subjects, which may hold any text.
func nameSubjects(ctx context.Context, q querier, list []admin.AuditView) error {
	at := map[string][]int{}
	for i, e := range list {
		if uuid.Validate(e.Subject) == nil {
			at[e.Subject] = append(at[e.Subject], i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	uuids := slices.Sorted(maps.Keys(at))
	_, err := collect(ctx, q, func(row scanner) (_ struct{}, err error) {
		var subject, name, username string
		err = row.Scan(&subject, &name, &username)
		for _, i := range at[subject] {
			list[i].SubjectName, list[i].SubjectUsername = name, username
		}
		return struct{}{}, err
	}, "select user_uuid, name, username from users where user_uuid in ("+holes(len(uuids))+")", anys(uuids)...)
	return err
}

// auditWhere is what entries (a) must be that a query finds. All its values are known before, since an optimizer that sees a subquery
// instead of the actor's id doesn't use the span's ids; and +a.at keeps SQLite from sorting all that the index on times finds.
func auditWhere(ctx context.Context, c querier, q admin.AuditQuery) (where string, args []any, err error) {
	var after, before, actor int64
	if q.From != 0 || q.To != 0 {
		if after, before, err = auditSpan(ctx, c, q.From, q.To); err != nil {
			return "", nil, err
		}
	}
	if q.ActorUUID != "" {
		err := c.QueryRowContext(ctx, "select id from users where user_uuid = ?", q.ActorUUID).Scan(&actor)
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // 0 did nothing
			return "", nil, err
		}
	}
	where, args = "a.id > ?", []any{after}
	for _, f := range []struct {
		set   bool
		where string
		arg   any
	}{
		{before != 0, "a.id < ?", before},
		{q.Before != 0, "a.id < ?", q.Before},
		{q.ActorUUID != "", "a.actor_id = ?", actor},
		{q.Subject != "", "a.subject = ?", q.Subject},
		{q.Action != "", "a.action = ?", q.Action},
		{q.From != 0, "+a.at >= ?", q.From},
		{q.To != 0, "+a.at < ?", q.To},
	} {
		if f.set {
			where += " and " + f.where
			args = append(args, f.arg)
		}
	}
	return where, args, nil
}
