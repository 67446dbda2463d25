package faults

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

const (
	stopTime     = 30 * time.Second // for a server that must end by itself
	exitDatabase = 3                // as himsg-server documents it
	diskFailed   = "the disk failed"
)

// fsyncFails: the kernel says that it could not bring to the disk what was written. What of it is there nobody can know, so
// nothing more may be acknowledged: the server must say so and end. Whether it acknowledged too much shows on the disk.
func fsyncFails() fault {
	return fault{
		name: "fsync-fails", kinds: []rig.Kind{rig.SQLite}, bound: 2 * time.Minute, brief: true,
		root: true, needs: []string{"strace", "mkfs.ext4", "mount", "umount", "cp"}, mounts: true, place: ownDisk,
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.strace(ctx, "--inject=fsync,fdatasync:error=EIO:when=20+"); err != nil {
				return err
			}
			stopping, cancel := context.WithTimeout(ctx, stopTime)
			defer cancel()
			code, err := s.server.Ended(stopping)
			if err != nil {
				return err
			}
			file, err := s.copyDisk(ctx)
			entries, ledgerErr := judge.ReadLedgerSoFar(s.data.Dir)
			if err := errors.Join(err, ledgerErr); err != nil {
				return err
			}
			v, err := s.examine(ctx, file, entries)
			if err != nil {
				return err
			}
			s.row.Add(v)
			s.goal("false acks", float64(v.Lost), "", 0)
			s.note("exit code", float64(code), "")
			if log, err := s.server.Log(); err != nil || code != exitDatabase || !strings.Contains(log, diskFailed) {
				return fmt.Errorf("the server ended with code %d, want %d and %q in its log: %w", code, exitDatabase, diskFailed, err)
			}
			if err := s.server.Start(ctx); err != nil { // the disk is good again
				return err
			}
			return s.working(ctx, s.times(500, 50))
		},
	}
}

// slowDisk: each fsync takes a third of a second. All that comes meanwhile goes into the next transaction, and nobody is
// refused.
func slowDisk() fault {
	return fault{
		name: "slow-disk", kinds: []rig.Kind{rig.SQLite}, bound: 2 * time.Minute, root: true, needs: []string{"strace"},
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.strace(ctx, "--inject=fsync,fdatasync:delay_enter=300ms"); err != nil {
				return err
			}
			before, started := s.crowd.Acked(), rig.Now()
			if err := s.working(ctx, s.times(1000, 200)); err != nil {
				return err
			}
			s.note("acks a second", float64(s.crowd.Acked()-before)/rig.Now().Sub(started).Seconds(), "")
			s.goal("refused", float64(total(s.crowd.Look().Refusals)), "", 0)
			return nil
		},
	}
}

// strace puts an injection into the system calls of the server, until the server or the run ends. It returns when it holds.
func (s *scene) strace(ctx context.Context, inject string) error {
	log := filepath.Join(s.data.Dir, "strace.log")
	pid := strconv.Itoa(s.server.Process().Pid)
	//nolint:gosec // G204: our own arguments
	cmd := exec.CommandContext(ctx, "strace", "-f", "-p", pid, "--trace=fsync,fdatasync", inject, "-o", log)
	said, err := cmd.StderrPipe()
	if err != nil {
		return fmt.Errorf("make pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start strace: %w", err)
	}
	lines := bufio.NewScanner(said)
	s.later(func() error {
		_ = cmd.Process.Signal(os.Interrupt) // it lets go of the server, if that is still there
		for lines.Scan() {
		}
		_ = cmd.Wait() // it was told to end
		return nil
	})
	if !lines.Scan() || !strings.Contains(lines.Text(), "attached") {
		return fmt.Errorf("%w: strace can't attach: %s", errImpossible, lines.Text())
	}
	return nil
}
