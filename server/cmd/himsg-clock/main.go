// Command himsg-clock is "himsg-server serve" with a clock that can be set, for the fault clock-jumps of himsg-bench. It takes
// serve's flags, and from its standard input, one a line, how far its clock is ahead of the machine's ("24h", "-24h", "0s").
// It is never shipped: the server that is has no such door.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
	"himsg/server/internal/ops"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "himsg-clock:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, in io.Reader, log io.Writer) error {
	parsed, err := config.Parse(args, log, log)
	if err != nil {
		return err
	}
	if parsed.Command != "serve" {
		return errors.New("only serve")
	}
	c := &clock{}
	server, err := app.New(ctx, app.Options{Config: parsed.CLI.Serve, Now: c.now, Logger: ops.Logger(log, "text")})
	if err != nil {
		return err
	}
	go c.follow(in, log) // as long as the process
	return errors.Join(server.Run(ctx), server.Close())
}

// follow sets the clock as it is told.
func (c *clock) follow(in io.Reader, log io.Writer) {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		ahead, err := time.ParseDuration(lines.Text())
		if err != nil {
			fmt.Fprintln(log, "himsg-clock:", err)
			continue
		}
		c.set(ahead)
	}
}
