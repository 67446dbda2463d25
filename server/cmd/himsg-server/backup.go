package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"himsg/server/internal/app"
	"himsg/server/internal/backup"
	"himsg/server/internal/config"
)

// errIncomplete marks a backup or a restore that went to its end without the bytes of some files.
var errIncomplete = errors.New("not all files")

func makeBackup(ctx context.Context, c *config.CLI, t terminal) error {
	made, err := app.Backup(ctx, c.Backup, string(c.Config), logger(t, c.Backup.Store), progress(t.out))
	if made.Name != "" && made.Bytes > 0 {
		fmt.Fprintf(t.out, "backup %s: %d rows in %s, %d files, of which %d new ones in %s\n",
			made.Name, made.Rows, size(made.Bytes), made.Blobs, made.NewBlobs, size(made.NewBytes))
		for _, name := range made.Removed {
			fmt.Fprintf(t.out, "removed the backup %s\n", name)
		}
	}
	if err == nil && !made.Whole() {
		err = fmt.Errorf("%w: the backup was made, but on the server %s", errIncomplete, lacking(made.Missing, made.Damaged))
	}
	return err
}

func backupKey(_ context.Context, c *config.CLI, t terminal) error {
	recipient, err := backup.NewKey(c.BackupKey.File)
	if err == nil {
		fmt.Fprintf(t.out, "%s\n", recipient)
		fmt.Fprintf(t.err, "the private key is in %s: without it no backup can be restored. Keep it apart from the backups, and twice.\n",
			c.BackupKey.File)
	}
	return err
}

func backupCheck(ctx context.Context, c *config.CLI, t terminal) error {
	in := c.BackupCheck
	names, err := backup.List(in.From)
	if err != nil {
		return err
	}
	for _, name := range names {
		fmt.Fprintf(t.out, "backup %s\n", name)
	}
	checked, err := backup.Check(ctx, in.From, in.At, in.KeyFile, progress(t.out))
	if err != nil {
		return err
	}
	if !checked.Whole() {
		return fmt.Errorf("%w: in the backup %s %s", errIncomplete, checked.Name, lacking(checked.Missing, checked.Damaged))
	}
	if !checked.Opened {
		fmt.Fprintf(t.out, "%s: all %d files are there (%s); without --key-file nothing was read\n",
			checked.Name, checked.Blobs, size(checked.Bytes))
		return nil
	}
	m := checked.Manifest
	fmt.Fprintf(t.out, "%s: whole; %s, version %s, schema %d, %s: %d rows, %d files (%s)\n", checked.Name, m.Company, m.Program,
		m.Schema.Version, m.Schema.Engine, checked.Rows, checked.Blobs, size(checked.Bytes))
	return nil
}

func restore(ctx context.Context, c *config.CLI, t terminal) error {
	done, err := app.Restore(ctx, c.Restore, logger(t, c.Restore.Store), progress(t.out))
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "restored %s (%s, version %s): %d rows, %d files (%s)\n", done.Name, done.Manifest.Company,
		done.Manifest.Program, done.Rows, done.Blobs, size(done.Bytes))
	if !done.Whole() {
		return fmt.Errorf("%w: all else was restored, but in the backup %s", errIncomplete, lacking(done.Missing, done.Damaged))
	}
	return nil
}

// lacking says which bytes are not there, some by name.
func lacking(missing, damaged []string) string {
	var parts []string
	for _, kind := range []struct {
		names []string
		are   string
	}{{missing, "missing"}, {damaged, "damaged"}} {
		if n := len(kind.names); n > 0 {
			parts = append(parts, fmt.Sprintf("the bytes of %d files are %s (%s)", n, kind.are, strings.Join(kind.names[:min(n, 5)], ", ")))
		}
	}
	return strings.Join(parts, ", and ")
}

const progressEvery = 2 * time.Second

// progress prints how far a long work has come, now and then.
func progress(to io.Writer) func(what string, n int64) {
	last := app.SystemClock()
	return func(what string, n int64) {
		if now := app.SystemClock(); now.Sub(last) >= progressEvery {
			last = now
			fmt.Fprintf(to, "… %s: %d\n", what, n)
		}
	}
}

func size(bytes int64) string {
	switch {
	case bytes >= 10<<30:
		return fmt.Sprintf("%d GiB", bytes>>30)
	case bytes >= 10<<20:
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%d KiB", (bytes+1023)>>10)
}
