// Command himsg-server is the server of Hi_Msg: it runs the server (serve) and does what surrounds that (admin create,
// demo, migrate, doctor). This package only wires; the work is in himsg/server/internal.
//
// Started by Windows as a service it does the same, and leaves in the event log why it ended.
//
// Exit codes: 0 done; 1 it failed, and the line on standard error says why; 2 wrong flags, settings or input; 3 the
// database could not be reached or opened, or its disk failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
	"himsg/server/internal/errs"
	"himsg/server/internal/ops"
	"himsg/shared/wire"
)

const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitDatabase = 3
)

func main() {
	if code, is := asService(os.Args[1:]); is {
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// terminal is what a command reads from and writes to.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// commands are the functions behind the command line. Each gets the settings that were parsed.
var commands = map[string]func(context.Context, *config.CLI, terminal) error{
	"serve":              serve,
	"admin create":       adminCreate,
	"demo":               demoCompany,
	"audit verify":       auditVerify,
	"backup":             makeBackup,
	"backup-key <file>":  backupKey,
	"backup-check":       backupCheck,
	"restore":            restore,
	"backup-open <file>": backupOpen,
	"migrate":            migrate,

	"release key <file>":       releaseKey,
	"release public <file>":    releasePublic,
	"release sign <files>":     releaseSign,
	"release add <paths>":      releaseAdd,
	"release list":             releaseList,
	"release offer <release>":  releaseOffer,
	"release remove <release>": releaseRemove,

	"import-people <file>": importPeople,
	"import-legacy":        importLegacy,
	"tls init":             tlsInit,
	"tls renew":            tlsRenew,
	"doctor":               doctor,
	"openapi":              openAPI,
	"version":              version,
}

// run does one command and returns its exit code.
func run(ctx context.Context, args []string, t terminal) int {
	parsed, err := config.Parse(args, t.out, t.err)
	if err == nil {
		if parsed.Command == "" {
			return exitDone // help was asked for and printed
		}
		err = commands[parsed.Command](ctx, &parsed.CLI, t)
	}
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(t.err, "himsg-server:", sentence(err))
	switch {
	case errors.Is(err, config.ErrSettings), errs.Is(err, wire.BadRequest):
		return exitUsage
	case errors.Is(err, app.ErrDatabase):
		return exitDatabase
	}
	return exitFailed
}

// sentence words an error for the person at the terminal.
func sentence(err error) string {
	refusal, ok := errors.AsType[*errs.Error](err)
	if !ok || refusal.Text == (errs.Text{}) {
		return err.Error()
	}
	text := refusal.Text.EN
	for _, f := range refusal.Fields {
		text += " (" + f.Name + ": " + f.Text.EN + ")"
	}
	return text
}

func logger(t terminal, c config.Store) *slog.Logger { return ops.Logger(t.err, c.LogFormat) }
