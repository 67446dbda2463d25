package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

// diskFull: no room is left for the data. Who sends is told to come back later, and once there is room the same server goes
// on by itself.
func diskFull() fault {
	return fault{
		name: "disk-full", kinds: []rig.Kind{rig.SQLite}, bound: 2 * time.Minute, brief: true,
		root: true, needs: []string{"mount", "umount"}, mounts: true,
		place: func(ctx context.Context, s *scene) error {
			return s.mount(ctx, s.data.ServerDir(), "-t", "tmpfs", "-o", "size=32m", "tmpfs")
		},
		disturb: func(ctx context.Context, s *scene) error {
			pid := s.server.Process().Pid
			for range s.times(5, 1) {
				if err := s.fillDisk(ctx); err != nil {
					return err
				}
			}
			if !alive(pid) {
				return errors.New("the server did not live through it")
			}
			return nil
		},
	}
}

// fillDisk takes all the room, waits until everybody feels it, and gives it back.
func (s *scene) fillDisk(ctx context.Context) error {
	if err := s.working(ctx, 100); err != nil {
		return err
	}
	ballast := filepath.Join(s.data.ServerDir(), "ballast")
	if err := fillUp(ballast); err != nil {
		return err
	}
	before := s.crowd.Look().Refusals[wire.Unavailable]
	_, err := s.crowd.Await(ctx, func(w crowd.Watch) bool { return w.Refusals[wire.Unavailable] >= before+usualCrowd })
	if err != nil {
		return fmt.Errorf("wait for refusals: %w", err)
	}
	first := s.crowd.NextAck()
	room := rig.Now()
	if err := os.Remove(ballast); err != nil {
		return fmt.Errorf("make room: %w", err)
	}
	at, err := first(ctx)
	if err != nil {
		return err
	}
	s.row.Figures = nil // the last time tells
	s.onlyUnavailable()
	s.goal("room→first ack", ms(at.Sub(room)), "ms", 5000)
	return nil
}

// fillUp writes a file until the disk takes no more.
func fillUp(path string) error {
	file, err := os.Create(path) //nolint:gosec // G304: our own directory
	if err != nil {
		return fmt.Errorf("fill disk: %w", err)
	}
	block := make([]byte, 64<<10)
	for size := len(block); size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = file.Write(block[:size])
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return fmt.Errorf("fill disk: %w", errors.Join(err, file.Close()))
		}
	}
	return file.Close()
}

func total(counts map[wire.Code]int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

// alive reports whether a process is there.
func alive(pid int) bool {
	_, err := rig.UsageOf(pid)
	return err == nil
}
