package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"himsg/server/internal/admin"
	"himsg/server/internal/admin/archive"
	"himsg/server/internal/app"
	"himsg/server/internal/auth"
	"himsg/server/internal/config"
	"himsg/server/internal/demo"
	"himsg/server/internal/model"
	"himsg/server/internal/ops"
)

func serve(ctx context.Context, c *config.CLI, t terminal) (err error) {
	log := logger(t, c.Serve.Store)
	if c.Serve.LogFile != "" {
		file, cause := ops.OpenLogFile(c.Serve.LogFile)
		if cause != nil {
			return fmt.Errorf("%w: --log-file: %w", config.ErrSettings, cause)
		}
		defer file.Close()
		log = ops.Logger(file, c.Serve.LogFormat)
		defer func() {
			if err != nil {
				log.ErrorContext(ctx, "ended", slog.Any("error", err))
			}
		}()
	}
	server, err := app.New(ctx, app.Options{Config: c.Serve, Now: app.SystemClock, Logger: log})
	if err != nil {
		return err
	}
	forget := onReload(server.Reload)
	defer forget()
	return errors.Join(server.Run(ctx), server.Close())
}

func adminCreate(ctx context.Context, c *config.CLI, t terminal) error {
	in := c.Admin.Create
	if !model.IsUsername(in.Username) {
		return fmt.Errorf("%w: --username may hold letters, digits and . _ - @ +", config.ErrSettings)
	}
	return withPassword(ctx, t, passwordFor{in.Store, in.Username, in.PasswordStdin},
		func(data app.Data, hash string, log *slog.Logger) error {
			_, err := app.Administration(data, log).CreateOwner(ctx, admin.NewOwner{
				Username: in.Username, Name: in.Name, EmployeeID: in.EmployeeID, Email: in.Email, PasswordHash: hash,
			})
			if err == nil {
				fmt.Fprintf(t.out, "owner %s was created\n", in.Username)
			}
			return err
		})
}

func demoCompany(ctx context.Context, c *config.CLI, t terminal) error {
	in := c.Demo
	return withPassword(ctx, t, passwordFor{in.Store, "", in.PasswordStdin},
		func(data app.Data, hash string, log *slog.Logger) error {
			poster, err := app.NewPoster(ctx, in.Store, data, log)
			if err != nil {
				return err
			}
			defer poster.Close()
			made, err := demo.Build(ctx, data.DB, demo.Options{
				People: in.People, Messages: in.Messages, Acts: in.Acts, PasswordHash: hash, Now: app.SystemClock(), Seed: in.Seed, Poster: poster,
			})
			if err == nil {
				fmt.Fprintf(t.out, "%s: %d departments, %d people (demo00001 …), %d rooms, %d messages, %d files, %d acts in the audit\n",
					made.Company, made.Departments, made.People, made.Rooms, made.Messages, made.Files, made.Acts)
			}
			return err
		})
}

// passwordFor says whose password to take, and from where.
type passwordFor struct {
	store     config.Store
	username  string
	fromStdin bool
}

// withPassword reads or makes a password, opens the data and does what needs both. A password that was made is shown
// once, after the work was done.
func withPassword(
	ctx context.Context, t terminal, p passwordFor, do func(data app.Data, hash string, log *slog.Logger) error,
) (err error) {
	password := rand.Text()[:20]
	if p.fromStdin {
		if password, err = readPassword(t.in); err != nil {
			return err
		}
		if err := auth.CheckPassword(p.username, password); err != nil {
			return err
		}
	}
	hash, err := auth.NewHasher(1).Hash(ctx, password)
	if err != nil {
		return err
	}
	log := logger(t, p.store)
	data, err := app.OpenData(ctx, p.store, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.DB.Close()) }()
	if err := do(data, hash, log); err != nil {
		return err
	}
	if !p.fromStdin {
		fmt.Fprintf(t.out, "password: %s (it is shown only this once)\n", password)
	}
	return nil
}

const maxPasswordLine = 4096

func readPassword(in io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(in, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", fmt.Errorf("%w: --password-stdin, but standard input is empty", config.ErrSettings)
	}
	return line, nil
}

func migrate(ctx context.Context, c *config.CLI, t terminal) (err error) {
	data, err := app.OpenData(ctx, c.Migrate.Store, logger(t, c.Migrate.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.DB.Close()) }()
	current, _, err := data.DB.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "schema %d\n", current)
	return nil
}

func backupOpen(_ context.Context, c *config.CLI, t terminal) (err error) {
	in := c.BackupOpen
	name := in.KeyFile
	if name == "" {
		name = app.ArchiveKeyPath(config.Store{Data: in.Data})
	}
	if _, err := os.Stat(name); err != nil { // a new key would open nothing
		return fmt.Errorf("find the archive key: %w", err)
	}
	keys := archive.Keys{}
	if keys.Server, err = archive.LoadKey(name); err != nil {
		return err
	}
	if in.PassphraseStdin {
		if keys.Passphrase, err = readPassword(t.in); err != nil {
			return err
		}
	}
	f, err := os.Open(in.File)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := archive.Extract(f, keys, in.Out)
	if err == nil {
		fmt.Fprintf(t.out, "%d files; open %s\n", n, filepath.Join(in.Out, "index.html"))
	}
	return err
}

func doctor(ctx context.Context, c *config.CLI, t terminal) error {
	return ops.Examine(ctx, t.out, app.Checks(c.Doctor, logger(t, c.Doctor.Store)))
}

func openAPI(_ context.Context, _ *config.CLI, t terminal) error {
	_, err := t.out.Write(app.OpenAPI()) //nolint:contextcheck // it only builds the document and waits for nothing
	return err
}

func version(_ context.Context, _ *config.CLI, t terminal) error {
	_, err := fmt.Fprintln(t.out, ops.Version())
	return err
}
