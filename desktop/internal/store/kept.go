package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// keptPrefix keeps the names of callers apart from the store's own.
const keptPrefix = "kept."

// Kept returns what was kept under a name, "" if nothing was.
func (s *Store) Kept(ctx context.Context, name string) (string, error) {
	var value string
	err := s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "select value from meta where key = ?", keptPrefix+name).Scan(&value)
	})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read what is kept: %w", err)
	}
	return value, nil
}

// Keep keeps a value under a name, durably; it is encrypted as the rest of the file is. A repeat replaces it.
func (s *Store) Keep(ctx context.Context, name, value string) error {
	return s.keep(ctx, durable, name, value)
}

// KeepCopy is Keep for what can be made again: a power cut may take it.
func (s *Store) KeepCopy(ctx context.Context, name, value string) error {
	return s.keep(ctx, copied, name, value)
}

func (s *Store) keep(ctx context.Context, how durability, name, value string) error {
	return s.update(ctx, how, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
insert into meta (key, value)
values (?, ?)
on conflict (key) do update set value = excluded.value`, keptPrefix+name, value)
		if err != nil {
			return fmt.Errorf("keep: %w", err)
		}
		return nil
	})
}
