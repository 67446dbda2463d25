// Package door is "himsg-server serve" with a door that what is shipped has not: lines on its standard input that somebody follows.
// The programs of the bench that are never shipped, himsg-clock and himsg-profiled, are made of it.
package door

import (
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

// Program is one of them: its name, its clock, and who follows its input, as long as the process.
type Program struct {
	Name   string
	Now    func() time.Time
	Follow func(in io.Reader, log io.Writer)
}

// Main runs it with the process's arguments until a signal, and exits.
func (p Program) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := p.Run(ctx, os.Args[1:], os.Stdin, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
		os.Exit(1)
	}
}

// Run serves until ctx ends. It takes serve's arguments and nothing else.
func (p Program) Run(ctx context.Context, args []string, in io.Reader, log io.Writer) error {
	parsed, err := config.Parse(args, log, log)
	if err != nil {
		return err
	}
	if parsed.Command != "serve" {
		return errors.New("only serve")
	}
	server, err := app.New(ctx, app.Options{Config: parsed.CLI.Serve, Now: p.Now, Logger: ops.Logger(log, "text")})
	if err != nil {
		return err
	}
	go p.Follow(in, log)
	return errors.Join(server.Run(ctx), server.Close())
}
