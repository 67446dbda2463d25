package store

import (
	"context"
	"errors"
	"fmt"
)

// MakeFirst makes a file as the first release did, runs a script in it and closes it.
func MakeFirst(ctx context.Context, path string, key Key, script string) error {
	db, err := connect(path, key, "immediate")
	if err != nil {
		return err
	}
	err = step(ctx, db, "migrations/0001_start.sql", 1)
	if err == nil {
		_, err = db.ExecContext(ctx, script)
	}
	return errors.Join(err, closeAll(db))
}

// LimitPages lets the file grow to n pages; then there is no room, as on a full disk.
func LimitPages(ctx context.Context, s *Store, n int) error {
	_, err := s.write.ExecContext(ctx, fmt.Sprintf("pragma max_page_count=%d", n))
	return err
}
