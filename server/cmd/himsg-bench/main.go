// Command himsg-bench measures a Hi_Msg server from outside (speed, fanout, reads, sockets, pages, starting, retention, files, growth), measures its
// search (search), puts all that into one table (table), reckons what no machine here can show (simulate), and judges whether it keeps its promises when things around it break (faults), also where three of each are a cluster (cluster). It starts the server itself, as a company would, and talks to it
// only as clients do, with shared/client.
//
// But for search, for large companies and for moving the maker of an original, it imports nothing of the server's inside: what it finds out does not depend on what the server believes of
// itself. Start with internal/speed, internal/finding and internal/faults; internal/rig holds the server process, the private
// MariaDB and the people.
//
// Exit codes: 0 done and, for faults, nothing was lost, doubled, reordered or different and every figure is within its limit;
// 1 otherwise; 2 wrong flags.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"himsg/server/cmd/himsg-bench/internal/bare"
	"himsg/server/cmd/himsg-bench/internal/cargo"
	"himsg/server/cmd/himsg-bench/internal/cluster"
	"himsg/server/cmd/himsg-bench/internal/fanout"
	"himsg/server/cmd/himsg-bench/internal/faults"
	"himsg/server/cmd/himsg-bench/internal/finding"
	"himsg/server/cmd/himsg-bench/internal/growth"
	"himsg/server/cmd/himsg-bench/internal/moving"
	"himsg/server/cmd/himsg-bench/internal/pages"
	"himsg/server/cmd/himsg-bench/internal/reads"
	"himsg/server/cmd/himsg-bench/internal/simulate"
	"himsg/server/cmd/himsg-bench/internal/sockets"
	"himsg/server/cmd/himsg-bench/internal/speed"
	"himsg/server/cmd/himsg-bench/internal/starting"
	"himsg/server/cmd/himsg-bench/internal/summary"
)

type cli struct {
	Speed     speed.Options          `cmd:"" help:"Measure 1:1 messages, quiet and full, beside the bare group insert of the same rows."`
	Search    finding.Options        `cmd:"" help:"Measure searches among a million messages, and what the index of them costs."`
	Sleeper   faults.SleeperOptions  `cmd:"" hidden:"" help:"A client in a process of its own, for the fault client-asleep."`
	Reads     reads.Options          `cmd:"" help:"Measure what it costs when everyone in a large room reads the same message."`
	Retention speed.RetentionOptions `cmd:"" help:"Measure 1:1 messages without and with retention at work."`
	Files     cargo.Options          `cmd:"" help:"Measure files up and down, beside cp with fsync and a bare http.ServeContent of the same bytes."`
	Moving    moving.Options         `cmd:"" help:"Move an original Hi_Msg into a server, once in one go and once with kill -9 at random moments, and compare."`
	Sockets   sockets.Options        `cmd:"" help:"Measure what connections cost that say nothing, beside a bare server of the same WebSocket library."`
	Fanout    fanout.Options         `cmd:"" help:"Measure how often a second a message of a large room reaches somebody, beside a bare server that stores nothing."`
	Pages     pages.Options          `cmd:"" help:"Measure the newest page of a large room, beside a bare select, and the list of many rooms."`
	Starting  starting.Options       `cmd:"" help:"Measure the server's start, its memory at rest, its size, and signing in beside bare hashing."`
	Growth    growth.Options         `cmd:"" help:"Do the same work in companies of growing size, most of whose people are offline."`
	Simulate  simulate.Options       `cmd:"" help:"Reckon how soon everybody is back after a server was killed, also for more clients than this machine can hold."`
	Table     summary.Options        `cmd:"" help:"Put what was measured into one table, one file and the plots of docs/bench."`
	Bare      bare.Options           `cmd:"" hidden:"" help:"That bare server, in a process of its own."`
	Cluster   cluster.Options        `cmd:"" help:"Run a company on three servers with three MariaDB, three NATS, S3 and a load balancer, until Ctrl-C; or, with --once, try it and judge."`
	Faults    faults.Options         `cmd:"" help:"Break things around the server under load and check that nothing acknowledged is lost."`
}

func main() {
	var flags cli
	parsed := kong.Parse(&flags, kong.Name("himsg-bench"), kong.Description("Bench and fault checker of Hi_Msg."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ok, err := run(ctx, parsed.Command(), &flags)
	stop()
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "himsg-bench:", err)
		os.Exit(1)
	case !ok:
		os.Exit(1)
	}
}

// run does one command; ok is its verdict.
func run(ctx context.Context, command string, flags *cli) (ok bool, err error) {
	measured := func(err error) (bool, error) { return true, err }
	out := os.Stdout
	return map[string]func() (bool, error){
		"speed":     func() (bool, error) { return measured(speed.Run(ctx, flags.Speed, out)) },
		"search":    func() (bool, error) { return measured(finding.Run(ctx, flags.Search, out)) },
		"files":     func() (bool, error) { return measured(cargo.Run(ctx, flags.Files, out)) },
		"cluster":   func() (bool, error) { return cluster.Run(ctx, flags.Cluster, out) },
		"faults":    func() (bool, error) { return faults.Run(ctx, flags.Faults, out) },
		"moving":    func() (bool, error) { return moving.Run(ctx, flags.Moving, out) },
		"reads":     func() (bool, error) { return measured(reads.Run(ctx, flags.Reads, out)) },
		"retention": func() (bool, error) { return measured(speed.RunRetention(ctx, flags.Retention, out)) },
		"sockets":   func() (bool, error) { return measured(sockets.Run(ctx, flags.Sockets, out)) },
		"fanout":    func() (bool, error) { return measured(fanout.Run(ctx, flags.Fanout, out)) },
		"pages":     func() (bool, error) { return measured(pages.Run(ctx, flags.Pages, out)) },
		"starting":  func() (bool, error) { return measured(starting.Run(ctx, flags.Starting, out)) },
		"growth":    func() (bool, error) { return measured(growth.Run(ctx, flags.Growth, out)) },
		"simulate":  func() (bool, error) { return measured(simulate.Run(flags.Simulate, out)) },
		"table":     func() (bool, error) { return measured(summary.Run(flags.Table, out)) },
		"bare":      func() (bool, error) { return measured(bare.Serve(ctx, flags.Bare, os.Stdin, out)) },
		"sleeper":   func() (bool, error) { return measured(faults.Sleep(ctx, flags.Sleeper, os.Stdin, out)) },
	}[command]()
}
