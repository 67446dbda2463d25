// Command himsg-profiled is "himsg-server serve" that can say where its time and memory go, for `make bench-profiles`. It takes serve's
// flags, and from its standard input, one a line, "begin" and "end PATH": what it did in between is written to PATH.cpu.pprof,
// PATH.allocs.pprof and PATH.mutex.pprof, the processor's last. It is never shipped: the server that is has no such door.
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"strings"
	"syscall"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
	"himsg/server/internal/ops"
)

// mutexes is of how many waits for a lock one is looked at.
const mutexes = 10

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "himsg-profiled:", err)
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
	runtime.SetMutexProfileFraction(mutexes)
	server, err := app.New(ctx, app.Options{Config: parsed.CLI.Serve, Now: app.SystemClock, Logger: ops.Logger(log, "text")})
	if err != nil {
		return err
	}
	go follow(in, log) // as long as the process
	return errors.Join(server.Run(ctx), server.Close())
}

// follow begins and ends profiles as it is told.
func follow(in io.Reader, log io.Writer) {
	var cpu bytes.Buffer
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		var err error
		if path, ends := strings.CutPrefix(lines.Text(), "end "); ends {
			err = end(&cpu, path)
		} else {
			cpu.Reset()
			err = pprof.StartCPUProfile(&cpu)
		}
		if err != nil {
			fmt.Fprintln(log, "himsg-profiled:", err)
		}
	}
}

// end writes the profiles. Who waits for them waits for the last one.
func end(cpu *bytes.Buffer, path string) error {
	pprof.StopCPUProfile()
	for _, name := range []string{"allocs", "mutex"} {
		var profile bytes.Buffer
		if err := pprof.Lookup(name).WriteTo(&profile, 0); err != nil {
			return fmt.Errorf("write the profile %s: %w", name, err)
		}
		if err := store(path+"."+name+".pprof", profile.Bytes()); err != nil {
			return err
		}
	}
	return store(path+".cpu.pprof", cpu.Bytes())
}

// store makes a file that is whole as soon as it is there.
func store(path string, profile []byte) error {
	err := os.WriteFile(path+".part", profile, 0o600)
	if err == nil {
		err = os.Rename(path+".part", path)
	}
	if err != nil {
		return fmt.Errorf("store a profile: %w", err)
	}
	return nil
}
