package cargo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

// The goals of design.
const (
	goalRatio     = 0.7 // of the limit in the same run
	goalGrowth    = 32  // MiB of memory, whatever the size of one file
	goalGrowthAll = 64  // and of many at once: each request has its buffers
)

// Options are the flags of "himsg-bench files".
type Options struct {
	ServerBin string `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string `enum:"sqlite,mariadb,both" default:"sqlite" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Sizes     []int  `default:"10,1024" placeholder:"MIB" help:"Sizes of the files in MiB."`
	AtOnce    int    `default:"20" help:"Files at once in the second of each pair of lines; each is another person's."`
	Most      int    `default:"6144" placeholder:"MIB" help:"All files at once have at most this much; they are made smaller if need be, and the line says so."`
	Rounds    int    `default:"0" help:"How often each is measured, beside its limit; the middle counts. 0: as the size asks for."`
	Dir       string `placeholder:"DIR" help:"Where the files lie. Empty: the system's place for temporary files."`
	Out       string `default:"bench/files.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	for _, size := range o.Sizes {
		if size < 1 || size > wire.MaxPolicyFileBytes>>20 {
			return errors.New("--sizes are 1 to 5120")
		}
	}
	if len(o.Sizes) == 0 || o.AtOnce < 1 || o.AtOnce > 100 || o.Most < o.AtOnce || o.Rounds < 0 {
		return errors.New("--at-once is 1 to 100, --most at least as much, --rounds at least 0")
	}
	return nil
}

// Result is one line of the table, the middle of its rounds. Memory is the server's.
type Result struct {
	Database string  `json:"database"`
	Work     string  `json:"work"`
	Beside   string  `json:"beside"`
	AtOnce   int     `json:"at_once"`
	MiB      int     `json:"mib_each"`
	Rounds   int     `json:"rounds"`
	Ours     float64 `json:"mb_per_second"`
	Limit    float64 `json:"limit_mb_per_second"`
	Ratio    float64 `json:"ratio"` // the middle of all rounds' own
	Goal     float64 `json:"goal"`
	Before   float64 `json:"memory_mib_before"`
	Peak     float64 `json:"memory_mib_peak"`
	Growth   float64 `json:"growth_goal_mib"`
}

// Run measures and writes the table to out and the figures to o.Out. Everything it made is removed.
func Run(ctx context.Context, o Options, out io.Writer) error {
	const head = "%-8s %-18s %12s %12s %7s %8s %8s  %s\n"
	_, err := fmt.Fprintf(out, head, "database", "work", "ours MB/s", "limit MB/s", "ratio", "RSS MiB", "peak", "goals")
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	var results []Result
	for _, kind := range rig.Kinds(o.Database) {
		more, err := runOn(ctx, o, kind, out)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		results = append(results, more...)
	}
	report := rig.NewReport(results)
	if _, err := fmt.Fprintln(out, "load average at the end:", report.Load); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return rig.WriteReport(o.Out, report)
}

func runOn(ctx context.Context, o Options, kind rig.Kind, out io.Writer) (results []Result, err error) {
	err = rig.WithServer(ctx, o.ServerBin, o.Dir, kind, max(o.AtOnce, 2), func(server *rig.Server, data *rig.Data) error {
		people, err := rig.SignIn(ctx, server.URL(), o.AtOnce)
		defer func() {
			for _, p := range people {
				p.Close()
			}
		}()
		if err == nil {
			err = people[0].SetFilePolicy(ctx, func(p *wire.FilePolicy) { p.MaxBytes = wire.MaxPolicyFileBytes })
		}
		if err != nil {
			return err
		}
		store := filepath.Join(data.ServerDir(), "files")
		for i, work := range o.works() {
			w := &warehouse{dir: data.Dir, store: store, people: people[:work.atOnce], server: server}
			pair, err := w.measure(ctx, work, uint64(i))
			if err != nil {
				return err
			}
			for _, r := range pair {
				r.Database = string(kind)
				results = append(results, r)
				if err := r.write(out); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return results, err
}

// work is a size of files, and how many go at once.
type work struct{ atOnce, mib, rounds int }

// works are those that the flags ask for.
func (o Options) works() (all []work) {
	counts := []int{1}
	if o.AtOnce > 1 {
		counts = append(counts, o.AtOnce)
	}
	for _, size := range o.Sizes {
		for _, n := range counts {
			w := work{atOnce: n, mib: size, rounds: o.Rounds}
			for w.mib > 1 && w.mib*n > o.Most {
				w.mib = (w.mib + 1) / 2
			}
			if w.rounds == 0 {
				w.rounds = min(max(2048/(w.mib*n), 3), 15)
			}
			all = append(all, w)
		}
	}
	return all
}

func (r Result) write(out io.Writer) error {
	goals := fmt.Sprintf("≥ %.1f of %s", r.Goal, r.Beside)
	if r.Ratio < r.Goal {
		goals += " TOO LOW"
	}
	goals += fmt.Sprintf(", grows ≤ %.0f MiB", r.Growth)
	if r.Peak-r.Before > r.Growth {
		goals += " TOO HIGH"
	}
	text := fmt.Sprintf("%s %d × %d MiB", r.Work, r.AtOnce, r.MiB)
	_, err := fmt.Fprintf(out, "%-8s %-18s %12.0f %12.0f %7.2f %8.1f %8.1f  (%s; %d rounds)\n",
		r.Database, text, r.Ours, r.Limit, r.Ratio, r.Before, r.Peak, goals, r.Rounds)
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}
