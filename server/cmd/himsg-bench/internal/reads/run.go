package reads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// The goals of design: a handful of events for each member, and all of it in a second.
const (
	goalEvents  = 8
	goalSeconds = 1
)

// Options are the flags of "himsg-bench reads".
type Options struct {
	ServerBin string `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Database  string `enum:"sqlite,mariadb,both" default:"both" help:"sqlite, mariadb or both; MariaDB is a private one."`
	Members   int    `default:"1000" help:"People in the room, all online."`
	Rounds    int    `default:"5" help:"Messages, one after the other."`
	Dir       string `placeholder:"DIR" help:"Where the databases lie. Empty: the system's place for temporary files."`
	Out       string `default:"bench/reads.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Members < 2 || o.Members > 5000 || o.Rounds < 1 {
		return errors.New("--members is 2 to 5000, --rounds at least 1")
	}
	return nil
}

// Result is one line of the table. Events are read events that reached one member; Seconds from the sending of the message
// until every member knew that all have read it.
type Result struct {
	Database   string  `json:"database"`
	Members    int     `json:"members"`
	Rounds     int     `json:"rounds"`
	Events     float64 `json:"events_per_member"`
	MostEvents int     `json:"most_events_of_a_member"`
	P50        float64 `json:"seconds_p50"`
	Longest    float64 `json:"seconds_max"`
}

// Run measures and writes the table to out and the figures to o.Out.
func Run(ctx context.Context, o Options, out io.Writer) error {
	const head = "%-8s %-28s %14s %6s %12s %8s\n"
	if _, err := fmt.Fprintf(out, head, "database", "work", "events/member", "most", "done p50 s", "max s"); err != nil {
		return fmt.Errorf("print table: %w", err)
	}
	var results []Result
	for _, kind := range rig.Kinds(o.Database) {
		r, err := runOn(ctx, o, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		work := fmt.Sprintf("everyone reads, %d members", r.Members)
		_, err = fmt.Fprintf(out, "%-8s %-28s %14.1f %6d %12.2f %8.2f   (goals: ≤ %d, ≤ %d s)\n",
			r.Database, work, r.Events, r.MostEvents, r.P50, r.Longest, goalEvents, goalSeconds)
		if err != nil {
			return fmt.Errorf("print table: %w", err)
		}
		results = append(results, r)
	}
	return rig.WriteReport(o.Out, rig.NewReport(results))
}

func runOn(ctx context.Context, o Options, kind rig.Kind) (r Result, err error) {
	r = Result{Database: string(kind), Members: o.Members, Rounds: o.Rounds}
	err = rig.WithServer(ctx, o.ServerBin, o.Dir, kind, o.Members, func(server *rig.Server, _ *rig.Data) error {
		room, err := gather(ctx, server.URL(), o.Members)
		if err != nil {
			return err
		}
		defer room.close()
		end, err := server.Measured("everyone reads")
		if err != nil {
			return err
		}
		var times []time.Duration
		for range o.Rounds {
			took, err := room.round(ctx)
			if err != nil {
				return errors.Join(err, end())
			}
			times = append(times, took)
		}
		if err := end(); err != nil {
			return err
		}
		slices.Sort(times)
		r.P50, r.Longest = times[(len(times)-1)/2].Seconds(), times[len(times)-1].Seconds()
		r.Events, r.MostEvents = room.events(o.Rounds)
		return nil
	})
	return r, err
}
