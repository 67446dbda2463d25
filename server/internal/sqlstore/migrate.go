package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"himsg/migrations"
)

// Migrate applies the migrations that are missing and returns the schema's number before and after. Repeating is
// harmless, and so are several nodes at once. One that was cut short, at whatever place, is gone on with. A database that is
// newer than this program is refused.
func (db *DB) Migrate(ctx context.Context) (from, to int64, err error) {
	ctx, unlock, err := db.migrateLock(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := db.repairVersions(ctx); err != nil {
		return 0, 0, err
	}
	provider, err := db.provider()
	if err != nil {
		return 0, 0, err
	}
	from, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read the schema's version: %w", err)
	}
	if from > newest {
		return from, from, fmt.Errorf("the database's schema is number %d, newer than this program's %d: use a newer program",
			from, newest)
	}
	if to, err = migrateUp(ctx, provider, from); err != nil {
		return from, to, err
	}
	return from, to, db.forgetSteps(ctx)
}

// migrateUp applies what is missing. In SQLite another process may have applied the same step between our reading of
// the version and our transaction: then the step fails, but the version has grown, and we go on from there.
func migrateUp(ctx context.Context, provider *goose.Provider, from int64) (to int64, err error) {
	for to = from; ; {
		_, failure := provider.Up(ctx)
		reached, err := provider.GetDBVersion(ctx)
		if err != nil {
			return to, fmt.Errorf("read the schema's version: %w", errors.Join(failure, err))
		}
		if failure != nil && reached == to {
			return to, fmt.Errorf("migrate the schema from %d: %w", to, failure)
		}
		if to = reached; failure == nil {
			return to, nil
		}
	}
}

// Version is the schema's number in the database and the newest that this program knows.
func (db *DB) Version(ctx context.Context) (current, newest int64, err error) {
	provider, err := db.provider()
	if err != nil {
		return 0, 0, err
	}
	current, newest, err = provider.GetVersions(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("read the schema's version: %w", err)
	}
	return current, newest, nil
}

func (db *DB) provider() (*goose.Provider, error) {
	files, dialect, dir := migrations.SQLite, goose.DialectSQLite3, "sqlite"
	if db.d.mysql {
		files, dialect, dir = migrations.MySQL, goose.DialectMySQL, "mysql"
	}
	sub, err := fs.Sub(files, dir)
	if err != nil {
		return nil, fmt.Errorf("open migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithSlog(db.log)}
	if db.d.mysql {
		all, err := db.stepMigrations(sub)
		if err != nil {
			return nil, err
		}
		sub, options = nil, append(options, goose.WithGoMigrations(all...))
	}
	provider, err := goose.NewProvider(dialect, db.writer, sub, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}
