package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"himsg/server/internal/backup"
	"himsg/server/internal/config"
	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/ops"
	"himsg/shared/wire"
)

// keyFiles are the files that a server can't do without, by the names that they have in a backup. The head of the audit is read before
// the database, so that it is not ahead of it.
func keyFiles(c config.Store) map[string]string {
	return map[string]string{
		"secret.key":  SecretPath(c),
		"audit.key":   AuditKeyPath(c),
		"archive.key": ArchiveKeyPath(c),
		"audit.head":  filepath.Join(c.Data, "audit.head"),
	}
}

// Backup makes a backup of a server, which may be working meanwhile. settings is the file of its settings, if there is one.
func Backup(
	ctx context.Context, c config.Backup, settings string, log *slog.Logger, progress func(string, int64),
) (made backup.Made, err error) {
	data, err := openForBackup(ctx, c.Store, log)
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, data.DB.Close()) }()
	o := backup.Options{
		Dir: c.Dir, Recipients: c.Recipients, Keep: c.Keep, Program: ops.Version(), Company: c.CompanyName, Keys: keyFiles(c.Store),
		Settings: settings, Archives: archiveDir(c.Store), Source: data.DB, Now: SystemClock, Progress: progress,
	}
	if !c.WithoutFiles {
		blobs, err := openBlobs(ctx, c.Store)
		if err != nil {
			return made, err
		}
		o.Blobs = copiedBlobs{blobs}
	}
	return backup.Make(ctx, o)
}

// openForBackup opens a server's data and changes nothing: a newer program must not migrate the database of an older server that is
// working on it.
func openForBackup(ctx context.Context, c config.Store, log *slog.Logger) (Data, error) {
	if _, err := os.Stat(SecretPath(c)); err != nil {
		return Data{}, fmt.Errorf("there is no server to back up: %w", err)
	}
	data, err := openDatabase(ctx, c, log)
	if err != nil {
		return data, err
	}
	current, newest, err := data.DB.Version(ctx)
	if err == nil && current != newest {
		err = fmt.Errorf("the database's schema is number %d, this program's %d: back up with the program that the server runs", current, newest)
	}
	if err != nil {
		return Data{}, errors.Join(err, data.DB.Close())
	}
	return data, nil
}

// Restore makes a server from a backup.
func Restore(
	ctx context.Context, c config.Restore, log *slog.Logger, progress func(string, int64),
) (done backup.Restored, err error) {
	var data Data
	done, err = backup.Restore(ctx, backup.RestoreOptions{
		Dir: c.From, Name: c.At, KeyFile: c.KeyFile, Data: c.Data, Place: c.Database, Keys: keyFiles(c.Store),
		Archives: archiveDir(c.Store), Now: SystemClock, Progress: progress,
		Open: func(ctx context.Context) (backup.Target, backup.Blobs, error) {
			if data, err = openDatabase(ctx, c.Store, log); err != nil {
				return nil, nil, err
			}
			if c.WithoutFiles {
				return data.DB, nil, nil
			}
			blobs, err := openBlobs(ctx, c.Store)
			return data.DB, copiedBlobs{blobs}, err
		},
	})
	if data.DB == nil {
		return done, err
	}
	if err == nil {
		err = auditIsWhole(ctx, data)
	}
	return done, errors.Join(err, data.DB.Close())
}

func auditIsWhole(ctx context.Context, data Data) error {
	report, err := data.DB.CheckAudit(ctx)
	if err == nil && !report.Whole() {
		err = fmt.Errorf("all was restored, but the audit is not whole: %s", report.Fault)
	}
	return err
}

// copiedBlobs are the bytes of files as a backup wants them.
type copiedBlobs struct{ files.Blobs }

// Read implements backup.Blobs.
func (c copiedBlobs) Read(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	b, err := c.Open(ctx, name)
	if errs.Is(err, wire.NotFound) {
		err = fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	if err != nil {
		return nil, 0, err
	}
	return b, b.Size(), nil
}

// Write implements backup.Blobs.
func (c copiedBlobs) Write(ctx context.Context, name string, size int64, r io.Reader) error {
	if there, err := c.Size(ctx, name); err != nil || size > 0 && there == size {
		return errors.Join(err, c.Finish(ctx, name)) // a restore that goes on
	}
	if _, err := c.Append(ctx, name, 0, r); err != nil {
		return err
	}
	return c.Finish(ctx, name)
}
