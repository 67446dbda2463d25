package speed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// Options are the flags of "himsg-bench speed".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string        `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Pairs     int           `default:"100" help:"Pairs of people who write to each other."`
	Rate      int           `default:"200" help:"Messages a second of the quiet measurement."`
	Duration  time.Duration `default:"8s" help:"Length of each measurement, after a warm-up of a quarter of it."`
	Dir       string        `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/results.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Pairs < 1 || o.Pairs > 5000 || o.Rate < 1 || o.Duration < 500*time.Millisecond {
		return errors.New("--pairs is 1 to 5000, --rate at least 1, --duration at least 500ms")
	}
	return nil
}

// Result is one line of the table. Times are milliseconds. Limit is the rows a second of the bare program, 0 of the quiet
// measurement, which has Bare: the times of a program that does one fsync and two hops.
type Result struct {
	Database    string  `json:"database"`
	Work        string  `json:"work"`
	PerSecond   float64 `json:"msg_per_s"`
	AckP50      float64 `json:"ack_p50_ms"`
	AckP99      float64 `json:"ack_p99_ms"`
	ReceivedP50 float64 `json:"received_p50_ms"`
	ReceivedP99 float64 `json:"received_p99_ms"`
	Limit       float64 `json:"limit_rows_per_s,omitempty"`
	Ratio       float64 `json:"ratio,omitempty"`
	Bare        *Result `json:"bare,omitempty"`
}

// outstanding are the numbers of messages that each pair of the full measurement has under way.
var outstanding = []int{1, 4, 16}

// Run measures and writes the table to out and the figures to o.Out.
func Run(ctx context.Context, o Options, out io.Writer) error {
	var results []Result
	for _, kind := range rig.Kinds(o.Database) {
		measured, err := runOn(ctx, o, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		results = append(results, measured...)
	}
	if err := printTable(out, results); err != nil {
		return err
	}
	return rig.WriteReport(o.Out, rig.NewReport(results))
}

func runOn(ctx context.Context, o Options, kind rig.Kind) (results []Result, err error) {
	err = rig.WithServer(ctx, o.ServerBin, o.Dir, kind, 2*o.Pairs, func(server *rig.Server, data *rig.Data) error {
		results, err = measure(ctx, o, server)
		if err = errors.Join(err, server.Stop()); err != nil { // the bare inserts have the machine to themselves
			return err
		}
		return compare(ctx, o, data, results)
	})
	for i := range results {
		results[i].Database = string(kind)
	}
	return results, err
}

// compare puts the bare programs' figures beside the measurements.
func compare(ctx context.Context, o Options, data *rig.Data, results []Result) error {
	bare, err := bareQuiet(ctx, data, o)
	if err != nil {
		return fmt.Errorf("bare line: %w", err)
	}
	results[0].Bare = &bare
	for i, n := range outstanding {
		limit, err := BareInserts(ctx, data, n*o.Pairs, o.Duration)
		if err != nil {
			return fmt.Errorf("bare insert: %w", err)
		}
		full := &results[1+i]
		full.Limit, full.Ratio = limit, full.PerSecond/limit
	}
	return nil
}

// measure does the quiet measurement and then the full ones.
func measure(ctx context.Context, o Options, server *rig.Server) (results []Result, err error) {
	all, err := gather(ctx, server.URL(), o.Pairs)
	if err != nil {
		return nil, err
	}
	defer all.close()
	one := func(name string, do func() (Result, error)) error {
		end, err := server.Measured("1:1 " + name)
		if err != nil {
			return err
		}
		result, err := do()
		results = append(results, result)
		if err = errors.Join(err, end()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
	if err := one("quiet", func() (Result, error) { return all.quiet(ctx, o.Rate, o.Duration) }); err != nil {
		return nil, err
	}
	for _, n := range outstanding {
		if err := one(fmt.Sprintf("full %d each", n), func() (Result, error) { return all.full(ctx, n, o.Duration) }); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func printTable(out io.Writer, results []Result) error {
	const head = "%-8s %-22s %9s %9s %9s %9s %9s %11s %6s\n"
	_, err := fmt.Fprintf(out, head, "database", "work", "msg/s", "ack p50", "ack p99", "recv p50", "recv p99", "bare rows/s", "ratio")
	for _, r := range results {
		if err != nil {
			break
		}
		limit, ratio := "-", "-"
		if r.Limit > 0 {
			limit, ratio = fmt.Sprintf("%.0f", r.Limit), fmt.Sprintf("%.2f", r.Ratio)
		}
		_, err = fmt.Fprintf(out, "%-8s %-22s %9.0f %9.2f %9.2f %9.2f %9.2f %11s %6s\n",
			r.Database, r.Work, r.PerSecond, r.AckP50, r.AckP99, r.ReceivedP50, r.ReceivedP99, limit, ratio)
		if b := r.Bare; b != nil && err == nil {
			_, err = fmt.Fprintf(out, "%-8s %-22s %9.0f %9.2f %9.2f %9.2f %9.2f\n",
				"bare", "one fsync, two hops", b.PerSecond, b.AckP50, b.AckP99, b.ReceivedP50, b.ReceivedP99)
		}
	}
	if err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return nil
}
