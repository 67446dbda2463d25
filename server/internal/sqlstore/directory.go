package sqlstore

import (
	"context"
	"database/sql"
	"slices"

	"himsg/server/internal/model"
)

// This file reads the directory: the ports of package directory.

// nextDirectoryRev takes the next revision of the directory. Its row lock lasts until the commit, so revisions become
// visible in their order and a reader that pages by them misses none.
func nextDirectoryRev(ctx context.Context, tx *sql.Tx) (rev int64, err error) {
	_, err = tx.ExecContext(ctx, "update counters set value = value + 1 where name = 'directory_rev'")
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, "select value from counters where name = 'directory_rev'").Scan(&rev)
	return rev, err
}

// DirectoryRev is the revision of the last change of a profile or department.
func (db *DB) DirectoryRev(ctx context.Context) (rev int64, err error) {
	err = db.read(ctx, "directory rev", func(q querier) error {
		rev, err = directoryRev(ctx, q)
		return err
	})
	return rev, err
}

func directoryRev(ctx context.Context, q querier) (rev int64, err error) {
	err = q.QueryRowContext(ctx, "select value from counters where name = 'directory_rev'").Scan(&rev)
	return rev, err
}

// DirectoryAfter returns people and departments that changed after a revision, each by rev and at most limit of them,
// and the directory's revision at that moment.
func (db *DB) DirectoryAfter(
	ctx context.Context, after int64, limit int,
) (users []model.User, departments []model.Department, rev int64, err error) {
	err = db.snapshot(ctx, "directory", func(q querier) error {
		if rev, err = directoryRev(ctx, q); err != nil {
			return err
		}
		users, err = scanAccounts(ctx, q, "select "+accountColumns+accountTables+`
			where u.rev > ?
			order by u.rev
			limit ?`, after, limit)
		if err != nil {
			return err
		}
		departments, err = scanDepartments(ctx, q, `
			where d.rev > ?
			order by d.rev
			limit ?`, after, limit)
		return err
	})
	return users, departments, rev, err
}

// maxDepartments bounds the list for the sign-up form.
const maxDepartments = 5000

// Departments returns the departments that exist, in the order in which people see them.
func (db *DB) Departments(ctx context.Context) (departments []model.Department, err error) {
	err = db.read(ctx, "departments", func(q querier) error {
		departments, err = scanDepartments(ctx, q, `
			where d.deleted_at is null
			order by d.sort, d.name
			limit ?`, maxDepartments)
		return err
	})
	return departments, err
}

func scanDepartments(ctx context.Context, q querier, where string, args ...any) ([]model.Department, error) {
	rows, err := q.QueryContext(ctx, `
		select d.id, d.department_uuid, coalesce(d.parent_id, 0), coalesce(p.department_uuid, ''), d.name,
			coalesce(h.user_uuid, ''), d.sort, d.rev, d.created_at, coalesce(d.deleted_at, 0)
		from departments d
		left join departments p on p.id = d.parent_id
		left join users h on h.id = d.head_user_id`+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var departments []model.Department
	for rows.Next() {
		var d model.Department
		err := rows.Scan(&d.ID, &d.UUID, &d.ParentID, &d.ParentUUID, &d.Name, &d.HeadUUID, &d.Sort, &d.Rev,
			&d.CreatedAt, &d.DeletedAt)
		if err != nil {
			return nil, err
		}
		departments = append(departments, d)
	}
	return departments, rows.Err()
}

// ActiveAccounts returns everyone who may sign in, by id.
func (db *DB) ActiveAccounts(ctx context.Context) (users []model.User, err error) {
	err = db.read(ctx, "active accounts", func(q querier) error {
		users, err = scanAccounts(ctx, q, "select "+accountColumns+accountTables+`
			where u.state = 'active'
			order by u.id`)
		return err
	})
	return users, err
}

// AccountsByUUID returns the accounts with these UUIDs, in any state and order; unknown ones are left out.
func (db *DB) AccountsByUUID(ctx context.Context, uuids []string) (users []model.User, err error) {
	err = db.read(ctx, "accounts by uuid", func(q querier) error {
		users = nil
		for chunk := range slices.Chunk(uuids, maxIn) {
			part, err := scanAccounts(ctx, q, "select "+accountColumns+accountTables+
				"where u.user_uuid in ("+holes(len(chunk))+")", anys(chunk)...)
			if err != nil {
				return err
			}
			users = append(users, part...)
		}
		return nil
	})
	return users, err
}
