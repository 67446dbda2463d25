package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/notice"
	"himsg/shared/wire"
)

// This file is notices as administrators see them: whom they ask, and how far those are.

// noticeRow is a notice with what only SQL needs.
type noticeRow struct {
	wire.AdminNotice

	id, author, asked, created int64
	everybody                  bool
}

const noticeColumns = `n.id, n.notice_uuid, n.author_id, u.user_uuid, u.name, n.title, n.text, n.everybody, n.confirm, n.due_at, n.rev,
       n.created_at, n.asked_at, n.edited_at, n.reminded_at, n.withdrawn_at
  from notices n
  join users u on u.id = n.author_id`

func scanNotice(row scanner) (n noticeRow, err error) {
	var due, edited, reminded, withdrawn sql.NullInt64
	err = row.Scan(&n.id, &n.NoticeUUID, &n.author, &n.AuthorUUID, &n.AuthorName, &n.Title, &n.Text, &n.everybody, &n.Confirm, &due,
		&n.Rev, &n.created, &n.asked, &edited, &reminded, &withdrawn)
	n.CreatedAt = wire.TimeOfMilli(n.created)
	n.DueAt, n.EditedAt, n.RemindedAt, n.WithdrawnAt = timeOf(due), timeOf(edited), timeOf(reminded), timeOf(withdrawn)
	n.DepartmentUUIDs = []string{}
	return n, err
}

// adminNotice returns a notice, or not_found.
func adminNotice(ctx context.Context, q querier, noticeUUID string) (noticeRow, error) {
	n, err := scanNotice(q.QueryRowContext(ctx, "select "+noticeColumns+" where n.notice_uuid = ?", noticeUUID))
	if errors.Is(err, sql.ErrNoRows) {
		return n, errs.NotFound(textNoNotice)
	}
	return n, err
}

// withDepartments fills in whom a notice is for.
func (n *noticeRow) withDepartments(ctx context.Context, q querier) error {
	found, err := collect(ctx, q, func(row scanner) (uuid string, err error) {
		err = row.Scan(&uuid)
		return uuid, err
	}, `
		select d.department_uuid
		from notice_departments x
		join departments d on d.id = x.department_id
		where x.notice_id = ?
		order by d.name, d.id`, n.id)
	if len(found) > 0 {
		n.DepartmentUUIDs = found
	}
	return err
}

// audience begins a query: asked (id) are those whom a notice asks.
func (n *noticeRow) audience() (with string, args []any) {
	const active = `
			select u.id
			from users u
			where u.state = 'active' and u.id <> ? and coalesce(u.decided_at, u.created_at) <= ?`
	if n.everybody {
		return "with asked (id) as (" + active + ") ", []any{n.author, n.created}
	}
	return `
		with recursive within (id) as (
			select department_id from notice_departments where notice_id = ?
			union
			select d.id from departments d join within w on d.parent_id = w.id
		), asked (id) as (` + active + ` and u.department_id in (select id from within)) `, []any{n.id, n.author, n.created}
}

// noticeCounts is how far each department is; 0 is those without one.
func noticeCounts(ctx context.Context, q querier, n noticeRow) (map[int64]wire.NoticeCount, error) {
	with, args := n.audience()
	counts := map[int64]wire.NoticeCount{}
	err := each(ctx, q, func(row scanner) error {
		var department int64
		var c wire.NoticeCount
		if err := row.Scan(&department, &c.Asked, &c.Read, &c.Confirmed); err != nil {
			return err
		}
		counts[department] = c
		return nil
	}, with+`
		select coalesce(u.department_id, 0) as department, count(*),
			sum(case when k.read_at >= ? then 1 else 0 end), sum(case when k.confirmed_at >= ? then 1 else 0 end)
		from asked a
		join users u on u.id = a.id
		left join notice_marks k on k.notice_id = ? and k.user_id = a.id
		group by department`, append(args, n.asked, n.asked, n.id)...)
	return counts, err
}

func sumOf(counts map[int64]wire.NoticeCount) (sum wire.NoticeCount) {
	for _, c := range counts {
		sum.Asked, sum.Read, sum.Confirmed = sum.Asked+c.Asked, sum.Read+c.Read, sum.Confirmed+c.Confirmed
	}
	return sum
}

// AdminNotices implements notice.Store.
func (db *DB) AdminNotices(ctx context.Context, before int64, limit int) (list wire.AdminNoticeList, err error) {
	err = db.snapshot(ctx, "admin notices", func(q querier) error {
		list = wire.AdminNoticeList{Notices: []wire.AdminNotice{}}
		where, args := "", []any{}
		if before > 0 {
			where, args = " where n.id < ?", append(args, before)
		}
		found, err := collect(ctx, q, scanNotice, "select "+noticeColumns+where+" order by n.id desc limit ?", append(args, limit)...)
		if err != nil {
			return err
		}
		for _, n := range found {
			if err := n.withDepartments(ctx, q); err != nil {
				return err
			}
			counts, err := noticeCounts(ctx, q, n)
			if err != nil {
				return err
			}
			n.NoticeCount = sumOf(counts)
			list.Notices = append(list.Notices, n.AdminNotice)
		}
		if len(found) == limit {
			list.Next = found[limit-1].id
		}
		return nil
	})
	return list, err
}

// NoticeStatus implements notice.Store.
func (db *DB) NoticeStatus(ctx context.Context, noticeUUID string) (s wire.NoticeStatus, err error) {
	err = db.snapshot(ctx, "notice status", func(q querier) error {
		s = wire.NoticeStatus{Departments: []wire.NoticeDepartment{}}
		n, err := adminNotice(ctx, q, noticeUUID)
		if err != nil {
			return err
		}
		if err := n.withDepartments(ctx, q); err != nil {
			return err
		}
		counts, err := noticeCounts(ctx, q, n)
		if err != nil {
			return err
		}
		departments, err := scanDepartments(ctx, q, "")
		if err != nil {
			return err
		}
		n.NoticeCount = sumOf(counts)
		s.Notice = n.AdminNotice
		for _, d := range departments {
			if c, ok := counts[d.ID]; ok {
				s.Departments = append(s.Departments, wire.NoticeDepartment{DepartmentUUID: d.UUID, Name: d.Name, NoticeCount: c})
			}
		}
		if c, ok := counts[0]; ok {
			s.Departments = append(s.Departments, wire.NoticeDepartment{NoticeCount: c})
		}
		slices.SortStableFunc(s.Departments, func(a, b wire.NoticeDepartment) int {
			return (b.Asked - b.Confirmed) - (a.Asked - a.Confirmed)
		})
		return nil
	})
	return s, err
}

// NoticePeople implements notice.Store.
func (db *DB) NoticePeople(ctx context.Context, noticeUUID string, p notice.PeopleQuery) (page wire.NoticePeople, err error) {
	err = db.snapshot(ctx, "notice people", func(q querier) error {
		page = wire.NoticePeople{People: []wire.NoticePerson{}}
		n, err := adminNotice(ctx, q, noticeUUID)
		if err != nil {
			return err
		}
		query, args := n.peopleQuery(p)
		var last int64
		found, err := collect(ctx, q, func(row scanner) (w wire.NoticePerson, err error) {
			var read, confirmed sql.NullInt64
			err = row.Scan(&last, &w.UserUUID, &w.Name, &w.EmployeeID, &w.Department, &w.Left, &read, &confirmed)
			if read.Int64 >= n.asked {
				w.ReadAt = timeOf(read)
			}
			if confirmed.Int64 >= n.asked {
				w.ConfirmedAt = timeOf(confirmed)
			}
			return w, err
		}, query, args...)
		if len(found) > 0 {
			page.People = found
		}
		if len(found) == p.Limit {
			page.Next = last
		}
		return err
	})
	return page, err
}

// peopleQuery finds whom a notice asks, and who confirmed it and is not asked any more.
func (n *noticeRow) peopleQuery(p notice.PeopleQuery) (query string, args []any) {
	with, args := n.audience()
	query = with + `
		select u.id, u.user_uuid, u.name, u.employee_id, u.department, case when a.id is null then 1 else 0 end, k.read_at,
			k.confirmed_at
		from users u
		left join asked a on a.id = u.id
		left join notice_marks k on k.notice_id = ? and k.user_id = u.id
		where u.id > ? and (a.id is not null or k.confirmed_at >= ?)`
	args = append(args, n.id, p.After, n.asked)
	if p.Settled != nil {
		mark := "k.read_at"
		if n.Confirm {
			mark = "k.confirmed_at"
		}
		query += " and coalesce(" + mark + ", 0) " + map[bool]string{true: ">= ?", false: "< ?"}[*p.Settled]
		args = append(args, n.asked)
	}
	if p.DepartmentUUID != nil {
		query += " and coalesce((select d.department_uuid from departments d where d.id = u.department_id), '') = ?"
		args = append(args, *p.DepartmentUUID)
	}
	return query + " order by u.id limit ?", append(args, p.Limit)
}
