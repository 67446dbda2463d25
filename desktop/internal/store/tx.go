package store

import (
	"context"
	"database/sql"
	"fmt"
)

// durability says whether a commit waits for the disk.
type durability string

const (
	// copied is for what the server has anyway: a power cut may take the last commits, never the file's integrity.
	copied durability = "normal"
	// only here: the outbox, drafts. The commit has reached the disk when the call returns.
	durable durability = "full"
)

// update runs fn in one write transaction.
func (s *Store) update(ctx context.Context, how durability, fn func(tx *sql.Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if _, err := s.write.ExecContext(ctx, "pragma synchronous="+string(how)); err != nil {
		return classify(fmt.Errorf("set durability: %w", err))
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return classify(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := fn(tx); err != nil {
		return classify(err)
	}
	if err := tx.Commit(); err != nil {
		return classify(fmt.Errorf("commit: %w", err))
	}
	_ = s.dropSealed(context.WithoutCancel(ctx), s.write) // else with the next write
	return nil
}

// view runs fn in one read transaction, so that all its queries see the same state.
func (s *Store) view(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return classify(fmt.Errorf("begin reading: %w", err))
	}
	defer func() { _ = tx.Rollback() }()
	return classify(fn(tx))
}

// collect runs a query and scans every row with scan.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
