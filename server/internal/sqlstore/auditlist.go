package sqlstore

import (
	"context"

	"himsg/server/internal/admin"
)

var _ admin.Audit = (*DB)(nil)

// AuditEntries implements admin.Audit.
func (db *DB) AuditEntries(ctx context.Context, q admin.AuditQuery) (list []admin.AuditView, err error) {
	where, args := "where 1 = 1", []any{}
	for _, f := range []struct {
		set   bool
		where string
		arg   any
	}{
		{q.ActorUUID != "", "a.actor_id = (select id from users where user_uuid = ?)", q.ActorUUID},
		{q.Subject != "", "a.subject = ?", q.Subject},
		{q.Action != "", "a.action = ?", q.Action},
		{q.From != 0, "a.at >= ?", q.From},
		{q.To != 0, "a.at < ?", q.To},
		{q.Before != 0, "a.id < ?", q.Before},
	} {
		if f.set {
			where += " and " + f.where
			args = append(args, f.arg)
		}
	}
	err = db.read(ctx, "audit entries", func(c querier) error {
		list, err = collect(ctx, c, func(row scanner) (e admin.AuditView, err error) {
			err = row.Scan(&e.ID, &e.At, &e.ActorID, &e.Action, &e.Subject, &e.Detail, &e.RemoteAddr, &e.ActorUUID, &e.ActorName)
			return e, err
		}, `
			select a.id, a.at, coalesce(a.actor_id, 0), a.action, a.subject, a.detail, a.remote_addr,
				coalesce(u.user_uuid, ''), coalesce(u.name, '')
			from audit a
			left join users u on u.id = a.actor_id
			`+where+`
			order by a.id desc
			limit ?`, append(args, q.Limit)...)
		return err
	})
	return list, err
}
