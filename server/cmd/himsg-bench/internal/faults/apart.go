package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// apart makes a fault in a child of this program that has a network of its own, only a loopback device and no way out, or
// mounts of its own. They have no name: they are gone with the last process, however the run ends.
func apart(ctx context.Context, o Options, f fault, kind rig.Kind) (row Row, err error) {
	row = Row{Name: f.name, Database: string(kind)}
	dir, err := os.MkdirTemp(o.Dir, "himsg-apart-")
	if err != nil {
		return row, fmt.Errorf("make directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	self, err := os.Executable()
	if err != nil {
		return row, fmt.Errorf("find this program: %w", err)
	}
	result := filepath.Join(dir, "rows.json")
	args := []string{
		"faults", "--inside", "--fault", f.name, "--database", string(kind), "--server-bin", o.ServerBin,
		"--seed", strconv.FormatUint(o.Seed, 10), "--out", result, "--dir", dir,
	}
	if o.ClockBin != "" {
		args = append(args, "--clock-bin", o.ClockBin)
	}
	if o.Short {
		args = append(args, "--short")
	}
	cmd := exec.CommandContext(ctx, self, args...) //nolint:gosec // G204: this program
	cmd.SysProcAttr = rig.Apart(f.network, f.mounts)
	out, runErr := cmd.CombinedOutput()
	body, err := os.ReadFile(result) //nolint:gosec // G304: our own directory
	if err != nil {
		return row, fmt.Errorf("%w: %w: %s", errImpossible, runErr, out)
	}
	var done struct {
		Rows []Row `json:"rows"`
	}
	if err := json.Unmarshal(body, &done); err != nil || len(done.Rows) != 1 {
		return row, fmt.Errorf("read rows of the child: %w", err)
	}
	return done.Rows[0], nil
}
