package faults

import (
	"context"
	"errors"
	"time"

	"himsg/server/cmd/himsg-bench/internal/judge"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// powerCut: the server is stopped in the middle of its work, and what has reached its disk is copied and read as a machine
// that starts again would. All that was acknowledged must be there. The copy is exact because nothing writes meanwhile.
func powerCut() fault {
	return fault{
		name: "power-cut", kinds: []rig.Kind{rig.SQLite}, bound: 3 * time.Minute, brief: true,
		root: true, needs: []string{"mkfs.ext4", "mount", "umount", "cp"}, mounts: true, place: ownDisk,
		disturb: func(ctx context.Context, s *scene) error {
			cuts := s.times(50, 3)
			wrong := 0
			for range cuts {
				if !rig.Sleep(ctx, s.between(50*time.Millisecond, 800*time.Millisecond)) {
					return ctx.Err()
				}
				v, err := s.cut(ctx)
				if err != nil {
					return err
				}
				s.row.Add(v)
				wrong += v.Lost
			}
			s.note("cuts", float64(cuts), "")
			s.goal("lost after a cut", float64(wrong), "", 0)
			return nil
		},
	}
}

// cut copies the disk of a server that stands still, lets it go on, and judges the copy. What the ledger calls acknowledged
// before the server goes on was acknowledged before it stopped.
func (s *scene) cut(ctx context.Context) (judge.Verdict, error) {
	if err := rig.Freeze(ctx, s.server.Process()); err != nil {
		return judge.Verdict{}, err
	}
	file, err := s.copyDisk(ctx)
	entries, ledgerErr := judge.ReadLedgerSoFar(s.data.Dir)
	if err := errors.Join(err, ledgerErr, rig.Thaw(s.server.Process())); err != nil {
		return judge.Verdict{}, err
	}
	return s.examine(ctx, file, entries)
}
