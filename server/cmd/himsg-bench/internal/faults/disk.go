package faults

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// command runs a command of the system.
func command(ctx context.Context, name string, args ...string) error {
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput() //nolint:gosec // G204: our own commands
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
	return nil
}

// mount mounts something at a new directory until the run ends.
func (s *scene) mount(ctx context.Context, at string, args ...string) error {
	if err := os.MkdirAll(at, 0o700); err != nil {
		return fmt.Errorf("make mount point: %w", err)
	}
	if err := command(ctx, "mount", append(args, at)...); err != nil {
		return fmt.Errorf("%w: %w", errImpossible, err)
	}
	s.later(func() error { return unmount(ctx, at) })
	return nil
}

// unmount works also when the run's time is over: nothing may stay mounted.
func unmount(ctx context.Context, at string) error {
	return command(context.WithoutCancel(ctx), "umount", at)
}

// The disk in a file. Its kernel writes nothing by itself for 5 minutes, so that what is in the file is what the server made
// sure of, and a copy of it is what a power cut would have left.
const (
	diskSize    = 512 << 20
	diskOptions = "loop,commit=300,noatime"
)

func (s *scene) diskFile() string { return filepath.Join(s.data.Dir, "disk.img") }

// ownDisk puts the server's data on an ext4 in a file.
func ownDisk(ctx context.Context, s *scene) error {
	file, err := os.Create(s.diskFile())
	if err != nil {
		return fmt.Errorf("make disk: %w", err)
	}
	if err := errors.Join(file.Truncate(diskSize), file.Close()); err != nil {
		return fmt.Errorf("make disk: %w", err)
	}
	if err := command(ctx, "mkfs.ext4", "-q", "-F", "-m", "0", s.diskFile()); err != nil {
		return fmt.Errorf("%w: %w", errImpossible, err)
	}
	return s.mount(ctx, s.data.ServerDir(), "-o", diskOptions, s.diskFile())
}

// copyDisk copies what has reached the disk.
func (s *scene) copyDisk(ctx context.Context) (file string, err error) {
	file = filepath.Join(s.data.Dir, "copy.img")
	return file, command(ctx, "cp", "--sparse=always", s.diskFile(), file)
}

// examine mounts a copy of the disk, which replays its journal as a machine that starts does, and judges what is there
// against the ledger of that moment. It takes the copy away.
func (s *scene) examine(ctx context.Context, file string, entries []judge.Entry) (v judge.Verdict, err error) {
	at := filepath.Join(s.data.Dir, "copy")
	defer func() { err = errors.Join(err, os.Remove(file)) }()
	if err := os.MkdirAll(at, 0o700); err != nil {
		return v, fmt.Errorf("make mount point: %w", err)
	}
	if err := command(ctx, "mount", "-o", "loop", file, at); err != nil {
		return v, fmt.Errorf("the copy of the disk is broken: %w", err)
	}
	defer func() { err = errors.Join(err, unmount(ctx, at)) }()
	const secret = "secret.key" // without it everybody would be signed out
	want, err := os.ReadFile(filepath.Join(s.data.ServerDir(), secret))
	if err != nil {
		return v, fmt.Errorf("read secret: %w", err)
	}
	if got, err := os.ReadFile(filepath.Join(at, secret)); err != nil || !bytes.Equal(got, want) { //nolint:gosec // G304: ours
		return v, fmt.Errorf("the master secret is lost: %w", err)
	}
	driver, dsn := rig.SourceIn(at)
	var stored judge.Stored
	if err = sound(ctx, driver, dsn); err == nil {
		stored, err = judge.ReadDatabase(ctx, driver, dsn)
	}
	if ctx.Err() != nil {
		return v, ctx.Err()
	}
	v = judge.Judge(entries, stored, nil) // what can't be read is lost
	if err != nil {
		v.Details = append(v.Details, err.Error())
	}
	return v, nil
}

// sound lets SQLite look through its file.
func sound(ctx context.Context, driver, dsn string) error {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer func() { _ = db.Close() }() // only read
	var answer string
	if err := db.QueryRowContext(ctx, "pragma quick_check").Scan(&answer); err != nil {
		return fmt.Errorf("check database: %w", err)
	}
	if answer != "ok" {
		return fmt.Errorf("the database is damaged: %s", answer)
	}
	return nil
}
