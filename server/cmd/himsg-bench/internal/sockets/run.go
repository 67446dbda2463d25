package sockets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"himsg/server/cmd/himsg-bench/internal/bare"
	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/cmd/himsg-bench/internal/table"
)

// Options are the flags of "himsg-bench sockets".
type Options struct {
	ServerBin string        `required:"" placeholder:"PATH" help:"himsg-server to measure."`
	Sessions  int           `default:"10000" help:"How many people connect; a tenth of them is measured first."`
	Settle    time.Duration `default:"30s" help:"How long nothing happens before memory is read, and then, twice as long, while the processor is."`
	Dir       string        `placeholder:"DIR" help:"Where the database lies. Empty: the system's place for temporary files."`
	Out       string        `default:"bench/sockets.json" placeholder:"FILE" help:"Where the figures go as JSON."`
}

// Validate implements kong's check after parsing.
func (o Options) Validate() error {
	if o.Sessions < 10 || o.Sessions > 10_000 || o.Settle < time.Second {
		return errors.New("--sessions is 10 to 10000, --settle at least 1s")
	}
	return nil
}

// Run measures and writes the table to out and the figures to o.Out.
func Run(ctx context.Context, o Options, out io.Writer) error {
	rows, err := Measure(ctx, o)
	if err != nil {
		return err
	}
	return table.Write(out, o.Out, rows)
}

// Measure returns the rows. A connection does not touch the database, so SQLite stands for both.
func Measure(ctx context.Context, o Options) (rows []table.Row, err error) {
	if err := rig.AllowOpenFiles(o.Sessions + 2000); err != nil {
		return nil, err
	}
	limits, err := measureBare(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("bare server: %w", err)
	}
	var company *founding.Company
	found := func(data *rig.Data) (err error) {
		company, err = founding.Found(ctx, data, founding.Options{People: o.Sessions, SignedIn: o.Sessions})
		return err
	}
	err = rig.WithCompany(ctx, o.ServerBin, o.Dir, rig.SQLite, few, found, func(server *rig.Server, _ *rig.Data) error {
		people, err := company.People(ctx, o.Sessions, server.URL())
		if err == nil {
			rows, err = measure(ctx, o, server, people, limits)
		}
		return err
	})
	return rows, err
}

// few people are there beside those who connect.
const few = 2

// limit is what the bare server takes for a number of connections.
type limit struct {
	kibibytes float64 // of memory, each
	perSecond float64
}

// stages are the numbers of connections that are looked at.
func (o Options) stages() [2]int { return [2]int{o.Sessions / 10, o.Sessions} }

func measureBare(ctx context.Context, o Options) (limits [2]limit, err error) {
	server, err := bare.Start(ctx, bare.Options{})
	if err != nil {
		return limits, err
	}
	all := &bareLines{url: server.URL()}
	defer func() {
		all.close()
		err = errors.Join(err, server.Close())
	}()
	before, err := rig.UsageOf(server.PID())
	if err != nil {
		return limits, err
	}
	for i, n := range o.stages() {
		come := n - len(all.open)
		took, err := all.connect(ctx, come)
		if err != nil {
			return limits, err
		}
		limits[i].perSecond = float64(come) / took.Seconds()
		if limits[i].kibibytes, err = each(ctx, server.PID(), n, before, o.Settle); err != nil {
			return limits, err
		}
	}
	return limits, nil
}

// each is the memory of one of n connections, in KiB, after a while in which nothing happened.
func each(ctx context.Context, pid, n int, before rig.Usage, settle time.Duration) (float64, error) {
	if !rig.Sleep(ctx, settle) {
		return 0, ctx.Err()
	}
	now, err := rig.UsageOf(pid)
	return float64(now.Resident-before.Resident) / 1024 / float64(n), err
}

func measure(ctx context.Context, o Options, server *rig.Server, people []rig.Person, limits [2]limit) ([]table.Row, error) {
	life, stop := context.WithCancel(ctx)
	all := &lines{stop: stop}
	defer all.close()
	// Signing in takes memory that has nothing to do with connections; the tokens outlive the process.
	if err := errors.Join(server.Stop(), server.Start(ctx)); err != nil {
		return nil, err
	}
	if !rig.Sleep(ctx, o.Settle) {
		return nil, ctx.Err()
	}
	before, err := rig.UsageOf(server.Process().Pid)
	if err != nil {
		return nil, err
	}
	var rows []table.Row
	for i, n := range o.stages() {
		took, err := all.connect(life, people[len(all.people):n])
		if err != nil {
			return nil, err
		}
		begun := 0
		if i > 0 {
			begun = o.stages()[i-1]
		}
		kibibytes, err := each(ctx, server.Process().Pid, n, before, o.Settle)
		if err != nil {
			return nil, err
		}
		rows = append(rows, table.Row{
			Work: fmt.Sprintf("connecting and first sync, up to %d sessions", n), Unit: "sessions/s", Ours: float64(n-begun) / took.Seconds(),
			Limit: limits[i].perSecond, LimitIs: "bare upgrades", Goal: table.Goal{Value: 4500},
		}, table.Row{
			Work: fmt.Sprintf("memory of an idle session that synced, %d of them", n), Unit: "KiB", Ours: kibibytes,
			Limit: limits[i].kibibytes, LimitIs: "bare connection", Goal: table.Goal{AtMost: true, Value: 14},
		})
	}
	quiet, err := quietWork(ctx, server.Process().Pid, 2*o.Settle)
	if err != nil {
		return nil, err
	}
	rows = append(rows, table.Row{Work: fmt.Sprintf("processor while %d sessions are quiet", o.Sessions), Unit: "% of a core", Ours: quiet})
	back, err := all.comeBack(ctx, server)
	if err != nil {
		return nil, err
	}
	return append(rows, table.Row{
		Work: fmt.Sprintf("kill -9 until %d are connected and synced again", o.Sessions), Unit: "s", Ours: back.Seconds(),
		Goal: table.Goal{AtMost: true, Value: 15},
	}), nil
}

// quietWork is what a process takes of a core while nothing happens, in percent.
func quietWork(ctx context.Context, pid int, length time.Duration) (float64, error) {
	before, err := rig.UsageOf(pid)
	if err != nil {
		return 0, err
	}
	started := rig.Now()
	if !rig.Sleep(ctx, length) {
		return 0, ctx.Err()
	}
	after, err := rig.UsageOf(pid)
	return 100 * (after.CPU - before.CPU).Seconds() / rig.Now().Sub(started).Seconds(), err
}

// comeBack kills the server and starts it again. The time counts from when it listens: how long somebody takes to start it is his.
func (l *lines) comeBack(ctx context.Context, server *rig.Server) (time.Duration, error) {
	if err := server.Kill(); err != nil {
		return 0, err
	}
	there := l.expect(len(l.people))
	if err := server.Start(ctx); err != nil {
		return 0, err
	}
	started := rig.Now()
	err := rig.AwaitAll(ctx, onlineTime, "not everybody comes back", []<-chan struct{}{there})
	return rig.Now().Sub(started), err
}
