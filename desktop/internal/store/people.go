package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"himsg/shared/wire"
)

const directoryRevKey = "directory_rev"

// ApplyDirectory stores changed people and departments, each only if its rev is higher than the held one, and raises the
// directory's revision to rev. It returns what was new.
func (s *Store) ApplyDirectory(ctx context.Context, page wire.DirectoryPage) (wire.DirectoryPage, error) {
	applied := wire.DirectoryPage{Rev: page.Rev}
	err := s.update(ctx, copied, func(tx *sql.Tx) error {
		applied.Users, applied.Departments = nil, nil
		for _, u := range page.Users {
			fresh, err := upsert(ctx, tx, personRow, record{id: u.UserUUID, rev: u.Rev, value: u, more: []any{u.Number}})
			if err != nil {
				return fmt.Errorf("store person: %w", err)
			}
			if fresh {
				applied.Users = append(applied.Users, u)
			}
		}
		for _, d := range page.Departments {
			fresh, err := upsert(ctx, tx, departmentRow, record{id: d.DepartmentUUID, rev: d.Rev, value: d})
			if err != nil {
				return fmt.Errorf("store department: %w", err)
			}
			if fresh {
				applied.Departments = append(applied.Departments, d)
			}
		}
		return raiseDirectoryRev(ctx, tx, page.Rev)
	})
	return applied, err
}

const (
	personRow = `
insert into people (user_uuid, rev, profile, number)
values (?, ?, ?, ?)
on conflict (user_uuid) do update set rev = excluded.rev, profile = excluded.profile, number = excluded.number
where excluded.rev > rev`
	departmentRow = `
insert into departments (department_uuid, rev, department)
values (?, ?, ?)
on conflict (department_uuid) do update set rev = excluded.rev, department = excluded.department
where excluded.rev > rev`
)

type record struct {
	id    string
	rev   int64
	value any
	more  []any // further columns
}

func upsert(ctx context.Context, tx *sql.Tx, query string, r record) (changed bool, err error) {
	text, err := json.Marshal(r.value)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, query, append([]any{r.id, r.rev, string(text)}, r.more...)...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func raiseDirectoryRev(ctx context.Context, tx *sql.Tx, rev int64) error {
	held, err := directoryRev(ctx, tx)
	if err != nil || rev <= held {
		return err
	}
	_, err = tx.ExecContext(ctx, `
insert into meta (key, value)
values (?, ?)
on conflict (key) do update set value = excluded.value`, directoryRevKey, strconv.FormatInt(rev, 10))
	if err != nil {
		return fmt.Errorf("keep directory revision: %w", err)
	}
	return nil
}

func directoryRev(ctx context.Context, tx *sql.Tx) (int64, error) {
	var text string
	err := tx.QueryRowContext(ctx, "select value from meta where key = ?", directoryRevKey).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("directory revision: %w", err)
	}
	rev, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: directory revision %q", ErrDamaged, text)
	}
	return rev, nil
}

// DirectoryRev is up to which revision the directory is held.
func (s *Store) DirectoryRev(ctx context.Context) (int64, error) {
	var rev int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		var err error
		rev, err = directoryRev(ctx, tx)
		return err
	})
	return rev, err
}

// People lists everybody whom the directory has told of, those that left included: old messages name them.
func (s *Store) People(ctx context.Context) ([]wire.Profile, error) {
	return records[wire.Profile](ctx, s, "select profile from people")
}

// PeopleByNumber lists the user_uuid of everybody whose wire.Profile.Number is known.
func (s *Store) PeopleByNumber(ctx context.Context) (map[int64]string, error) {
	people := map[int64]string{}
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "select number, user_uuid from people where number > 0")
		if err != nil {
			return fmt.Errorf("numbers of people: %w", err)
		}
		defer func() { _ = rows.Close() }() // read to its end
		for rows.Next() {
			var number int64
			var userUUID string
			if err := rows.Scan(&number, &userUUID); err != nil {
				return fmt.Errorf("number of a person: %w", err)
			}
			people[number] = userUUID
		}
		return rows.Err()
	})
	return people, err
}

// HasPhoto reports whether somebody has this picture.
func (s *Store) HasPhoto(ctx context.Context, pictureUUID string) (bool, error) {
	found, err := records[wire.Profile](ctx, s,
		"select profile from people where json_extract(profile, '$.picture') = ? limit 1", pictureUUID)
	return len(found) > 0, err
}

// Departments lists the departments, deleted ones not.
func (s *Store) Departments(ctx context.Context) ([]wire.Department, error) {
	all, err := records[wire.Department](ctx, s, "select department from departments")
	kept := all[:0]
	for _, d := range all {
		if !d.Deleted {
			kept = append(kept, d)
		}
	}
	return kept, err
}

// Person finds one, or returns ErrNotFound.
func (s *Store) Person(ctx context.Context, userUUID string) (wire.Profile, error) {
	found, err := records[wire.Profile](ctx, s, "select profile from people where user_uuid = ?", userUUID)
	if err != nil {
		return wire.Profile{}, err
	}
	if len(found) == 0 {
		return wire.Profile{}, ErrNotFound
	}
	return found[0], nil
}

func records[T any](ctx context.Context, s *Store, query string, args ...any) ([]T, error) {
	var out []T
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		out, err = collect(rows, err, func(r *sql.Rows) (T, error) {
			var v T
			text, err := scanText(r)
			if err != nil {
				return v, err
			}
			if err := json.Unmarshal([]byte(text), &v); err != nil {
				return v, fmt.Errorf("%w: a record of the directory", ErrDamaged)
			}
			return v, nil
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read directory: %w", err)
	}
	return out, nil
}
