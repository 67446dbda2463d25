package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

// migrations are numbered 1, 2, 3 … without gaps; they go forward only and never change once released.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the file to the newest schema. Each step is one transaction with its version number, kept in
// pragma user_version.
func migrate(ctx context.Context, db *sql.DB) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	var version int
	if err := db.QueryRowContext(ctx, "pragma user_version").Scan(&version); err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	if version > len(names) {
		return fmt.Errorf("%w: schema %d, this app knows %d", ErrNewer, version, len(names))
	}
	for i := version; i < len(names); i++ {
		if err := step(ctx, db, names[i], i+1); err != nil {
			return err
		}
	}
	return nil
}

func step(ctx context.Context, db *sql.DB, name string, version int) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin %s: %w", name, err)
	}
	defer func() { _ = tx.Rollback() }()
	// A pragma takes no parameter; version is a number of ours.
	script := string(text) + fmt.Sprintf("\npragma user_version = %d;", version)
	if _, err := tx.ExecContext(ctx, script); err != nil {
		return fmt.Errorf("run %s: %w", name, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit %s: %w", name, err)
	}
	return nil
}
