package finding

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/sqlstore"
)

// Options are the flags of "himsg-bench search".
type Options struct {
	Database string `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Messages int    `default:"1000000" help:"Messages of the company, about 120 bytes each, half of them Korean."`
	Rooms    int    `default:"2000" help:"Rooms that they are in, of unequal size."`
	Repeat   int    `default:"200" help:"Searches of each kind."`
	Dir      string `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out      string `default:"bench/search.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Messages < 1000 || o.Rooms < 2 || o.Repeat < 1 {
		return errors.New("--messages is at least 1000, --rooms 2, --repeat 1")
	}
	return nil
}

// Index is what the index of a database costs.
type Index struct {
	Database string  `json:"database"`
	Messages int     `json:"messages"`
	Seconds  float64 `json:"build_s"`
	Bytes    int64   `json:"bytes"`
}

// Result is one line of the table. Rooms is how many the searcher is in. Times are milliseconds.
type Result struct {
	Database string  `json:"database"`
	Rooms    int     `json:"rooms"`
	Word     string  `json:"word"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Found    float64 `json:"found"` // messages on the first page, on average
}

// report is what goes into the file.
type report struct {
	MeasuredAt string   `json:"measured_at"`
	LoadBefore string   `json:"load_average_before"`
	LoadAfter  string   `json:"load_average_after"`
	Indexes    []Index  `json:"indexes"`
	Results    []Result `json:"results"`
}

// Run measures and writes the table to out and the figures to o.Out.
func Run(ctx context.Context, o Options, out io.Writer) error {
	r := report{MeasuredAt: rig.Now().UTC().Format("2006-01-02T15:04:05Z"), LoadBefore: rig.LoadAverage()}
	for _, kind := range rig.Kinds(o.Database) {
		if err := runOn(ctx, o, kind, &r); err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	r.LoadAfter = rig.LoadAverage()
	if err := printTable(out, r); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	return rig.WriteReport(o.Out, r)
}

func runOn(ctx context.Context, o Options, kind rig.Kind, r *report) (err error) {
	data, err := rig.NewData(ctx, kind, o.Dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	if err := os.MkdirAll(data.ServerDir(), 0o700); err != nil {
		return fmt.Errorf("make data directory: %w", err)
	}
	db, err := sqlstore.Open(ctx, sqlstore.Options{
		Dir: data.ServerDir(), URL: data.URL(), AuditKey: []byte("bench only, no secret of anybody"),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, _, err := db.Migrate(ctx); err != nil {
		return err
	}
	c := newCompany(o)
	if err := c.fill(ctx, db); err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	start := rig.Now()
	n, err := db.CatchUp(ctx)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	index := Index{Database: string(kind), Messages: n, Seconds: rig.Now().Sub(start).Seconds()}
	if index.Bytes, err = indexBytes(data); err != nil {
		return err
	}
	results, err := c.measure(ctx, db)
	for i := range results {
		results[i].Database = string(kind)
	}
	r.Indexes, r.Results = append(r.Indexes, index), append(r.Results, results...)
	return err
}

func printTable(out io.Writer, r report) error {
	var b strings.Builder
	for _, i := range r.Indexes {
		fmt.Fprintf(&b, "%s: index of %d messages built in %.0f s, %.0f MB\n", i.Database, i.Messages, i.Seconds, float64(i.Bytes)/1e6)
	}
	fmt.Fprintf(&b, "load average before %s, after %s\n", r.LoadBefore, r.LoadAfter)
	fmt.Fprintf(&b, "%-8s %6s %-10s %9s %9s %7s\n", "database", "rooms", "word", "p50 ms", "p99 ms", "found")
	for _, l := range r.Results {
		fmt.Fprintf(&b, "%-8s %6d %-10s %9.2f %9.2f %7.1f\n", l.Database, l.Rooms, l.Word, l.P50, l.P99, l.Found)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
