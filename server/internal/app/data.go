package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"himsg/server/internal/auth"
	"himsg/server/internal/backup"
	"himsg/server/internal/config"
	"himsg/server/internal/sqlstore"
)

// ErrDatabase marks that the database could not be reached or opened.
var ErrDatabase = errors.New("database")

// Data is what every command that touches data opens: the database, at today's schema, and the keys.
type Data struct {
	DB          *sqlstore.DB
	Dir         string
	Secret      auth.Secret
	Fingerprint string // of the keys: equal for servers with the same ones
}

// OpenData makes the data directory and the master secret if they are missing, opens the database and migrates it.
// Its errors are one sentence; those about the database wrap ErrDatabase.
func OpenData(ctx context.Context, c config.Store, log *slog.Logger) (Data, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return Data{}, fmt.Errorf("make the data directory: %w", err)
	}
	if _, err := os.Stat(filepath.Join(c.Data, backup.Unfinished)); err == nil {
		return Data{}, fmt.Errorf("a restore into %s was broken off: run himsg-server restore again", c.Data)
	}
	data, err := openDatabase(ctx, c, log)
	if err != nil {
		return data, err
	}
	from, to, err := data.DB.Migrate(ctx)
	if err != nil {
		return Data{}, errors.Join(fmt.Errorf("%w: %w", ErrDatabase, err), data.DB.Close())
	}
	if from != to {
		log.InfoContext(ctx, "schema migrated", slog.Int64("from", from), slog.Int64("to", to))
	}
	return data, nil
}

// openDatabase opens the database as it is, and the keys.
func openDatabase(ctx context.Context, c config.Store, log *slog.Logger) (Data, error) {
	// The index is there since the first start, and only the server makes it.
	if owner, is := ownedByAnother(filepath.Join(c.Data, "himsg-search.db"), os.Geteuid()); is {
		return Data{}, fmt.Errorf("the server on %s runs as user %d: run this as that user too (runuser, setpriv), since it could not "+
			"read what root makes there", c.Data, owner)
	}
	secret, err := auth.LoadSecret(SecretPath(c))
	if err != nil {
		return Data{}, err
	}
	if info, err := os.Stat(SecretPath(c)); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		log.WarnContext(ctx, "others on this machine may read the master secret; make it 0600",
			slog.String("file", SecretPath(c)), slog.String("mode", info.Mode().Perm().String()))
	}
	auditKey, err := auth.LoadSecret(AuditKeyPath(c))
	if err != nil {
		return Data{}, err
	}
	db, err := sqlstore.Open(ctx, sqlstore.Options{
		URL: c.Database, Dir: c.Data, Logger: log, AuditKey: secret.AuditKey(), AuditKey2: auditKey.AuditKey(),
	})
	if err != nil {
		return Data{}, fmt.Errorf("%w: %w", ErrDatabase, err)
	}
	return Data{DB: db, Dir: c.Data, Secret: secret, Fingerprint: auth.Fingerprint(secret, auditKey)}, nil
}

// AuditKeyPath is where the key of the audit is kept: beside the master secret, unless the operator keeps it elsewhere.
func AuditKeyPath(c config.Store) string {
	if c.AuditKeyFile != "" {
		return c.AuditKeyFile
	}
	return filepath.Join(c.Data, "audit.key")
}

// archiveDir is where the archives of deleted people are.
func archiveDir(c config.Store) string { return filepath.Join(c.Data, "backups") }

// ArchiveKeyPath is where the key is that opens archives of deleted people, made when the first one is.
func ArchiveKeyPath(c config.Store) string { return filepath.Join(c.Data, "archive.key") }

// SecretPath is where the master secret is kept.
func SecretPath(c config.Store) string {
	if c.SecretFile != "" {
		return c.SecretFile
	}
	return filepath.Join(c.Data, "secret.key")
}
