package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench faults".
type Options struct {
	ServerBin    string   `required:"" placeholder:"PATH" help:"himsg-server to judge."`
	ClockBin     string   `placeholder:"PATH" help:"himsg-clock, the same server with a clock that can be set; for clock-jump."`
	OldBin       string   `placeholder:"PATH" help:"himsg-server of an earlier schema; for rolling-upgrade."`
	Fault        []string `placeholder:"NAME" help:"Only these faults."`
	Database     string   `enum:"sqlite,mariadb,galera,both" default:"both" help:"sqlite, mariadb (a cluster of three too), galera (only that) or both; MariaDB is a private one."`
	Short        bool     `help:"A smoke of less than a minute: a few faults, a few times each."`
	Seed         uint64   `default:"1" help:"The same seed chooses the same pauses, rooms and deletes."`
	Clients      int      `default:"1000" help:"Clients of everyone-back."`
	AllowMissing bool     `help:"A fault that this machine can't make is no failure."`
	Dir          string   `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Keep         bool     `help:"Leave the databases, the server's log and the ledger in place."`
	Out          string   `placeholder:"FILE" help:"Where the rows go as JSON. Empty: nowhere."`
	Inside       bool     `hidden:"" help:"This process is such a child."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Clients < 1 || o.Clients > 10_000 {
		return errors.New("--clients is 1 to 10000")
	}
	for _, name := range o.Fault {
		if !slices.ContainsFunc(registry(o), func(f fault) bool { return f.name == name }) {
			return fmt.Errorf("no fault %q; there are %s", name, strings.Join(names(o), ", "))
		}
	}
	return nil
}

// fault is something that goes wrong under load.
type fault struct {
	name            string
	kinds           []rig.Kind    // databases that it is tried on
	bound           time.Duration // for one of them, from nothing to the verdict
	brief           bool          // part of the smoke
	needs           []string      // commands of the system
	root            bool          // only root can make it
	network, mounts bool          // it is made in a child that has a network, or mounts, of its own
	nodes           bool          // on several servers
	natsEach        bool          // which have a NATS each
	clock           bool          // needs the server whose clock can be set
	old             bool          // begins with a server of an earlier version
	crowd           crowd.Options // who works meanwhile; 0 people: 50

	place   func(ctx context.Context, s *scene) error // prepares where the server's data will lie; nil: an ordinary directory
	found   func(ctx context.Context, s *scene) error // puts more into the database than the crowd; nil: nothing
	equip   func(s *scene)                            // sets up the server's process; nil: as it is
	disturb func(ctx context.Context, s *scene) error // makes the fault and takes the figures
}

// errImpossible marks that this machine can't make a fault.
var errImpossible = errors.New("not possible here")

// Run makes the faults and prints a line for each; ok tells that every row is as it must be.
func Run(ctx context.Context, o Options, out io.Writer) (ok bool, err error) {
	if err := printHead(out); err != nil {
		return false, err
	}
	ok = true
	var rows []Row
	for _, f := range chosen(o) {
		for _, kind := range f.kinds {
			if !slices.Contains(o.kinds(), kind) {
				continue
			}
			row := makeRow(ctx, o, f, kind)
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			if err := row.write(out); err != nil {
				return false, err
			}
			rows = append(rows, row)
			ok = ok && (row.Good() || row.Impossible != "" && o.AllowMissing)
		}
	}
	if len(rows) == 0 {
		return false, errors.New("no fault for this database: nothing was tried")
	}
	return ok, writeRows(o.Out, rows)
}

// kinds are the databases that the flag names; a child has one.
func (o Options) kinds() []rig.Kind {
	kinds := rig.Kinds(o.Database)
	if slices.Contains(kinds, rig.MariaDB) && !o.Inside {
		kinds = append(kinds, rig.Galera)
	}
	return kinds
}

// chosen are the faults that were asked for.
func chosen(o Options) []fault {
	return slices.DeleteFunc(registry(o), func(f fault) bool {
		if len(o.Fault) > 0 {
			return !slices.Contains(o.Fault, f.name)
		}
		return o.Short && !f.brief
	})
}

func names(o Options) (all []string) {
	for _, f := range registry(o) {
		all = append(all, f.name)
	}
	return all
}

// makeRow makes one fault on one database. Whatever goes wrong stands in the row.
func makeRow(ctx context.Context, o Options, f fault, kind rig.Kind) Row {
	ctx, cancel := context.WithTimeout(ctx, f.bound)
	defer cancel()
	started := rig.Now()
	row := Row{Name: f.name, Database: string(kind)}
	err := f.missing(o)
	switch {
	case err != nil:
	case (f.network || f.mounts) && !o.Inside:
		row, err = apart(ctx, o, f, kind)
	default:
		err = play(ctx, o, f, kind, &row)
	}
	switch {
	case errors.Is(err, errImpossible):
		row.Impossible = strings.TrimPrefix(err.Error(), errImpossible.Error()+": ")
	case err != nil:
		row.Failed = err.Error()
	}
	row.Seconds = rig.Now().Sub(started).Seconds()
	return row
}

// missing says what this machine lacks for the fault.
func (f fault) missing(o Options) error {
	if f.root && os.Geteuid() != 0 {
		return fmt.Errorf("%w: only root can do it", errImpossible)
	}
	for _, name := range f.needs {
		if _, err := exec.LookPath(name); err != nil {
			return fmt.Errorf("%w: no %s on this machine", errImpossible, name)
		}
	}
	if f.clock && o.ClockBin == "" {
		return fmt.Errorf("%w: --clock-bin is not given", errImpossible)
	}
	if f.old && o.OldBin == "" {
		return fmt.Errorf("%w: --old-bin is not given", errImpossible)
	}
	return nil
}

func writeRows(path string, rows []Row) error {
	if path == "" {
		return nil
	}
	body, err := json.MarshalIndent(map[string]any{"measured_at": rig.Now().UTC(), "rows": rows}, "", "  ")
	if err != nil {
		return fmt.Errorf("encode rows: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make directory of rows: %w", err)
	}
	if err := os.WriteFile(path, append(body, '\n'), 0o600); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}
