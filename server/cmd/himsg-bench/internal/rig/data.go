package rig

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Kind is a database that the server runs on.
type Kind string

// The databases.
const (
	SQLite  Kind = "sqlite"
	MariaDB Kind = "mariadb"
	Galera  Kind = "galera" // three MariaDB that are one; only for what has several servers
)

// Kinds returns the databases that a flag names: "sqlite", "mariadb" or "both".
func Kinds(name string) []Kind {
	if name == "both" {
		return []Kind{SQLite, MariaDB}
	}
	return []Kind{Kind(name)}
}

// Data is where a server keeps what it is told: a temporary directory, and a private MariaDB if asked for.
type Data struct {
	Kind  Kind
	Dir   string
	maria *mariadb // nil for SQLite; in a cluster its first member
	many  *galera  // nil unless it is a cluster
}

// NewData makes an empty one beneath dir (empty: the system's place for temporary files). Close removes it.
func NewData(ctx context.Context, kind Kind, dir string) (*Data, error) {
	dir, err := os.MkdirTemp(dir, "himsg-bench-")
	if err == nil {
		dir, err = filepath.Abs(dir) // mariadbd changes its own
	}
	if err != nil {
		return nil, fmt.Errorf("make data directory: %w", err)
	}
	d := &Data{Kind: kind, Dir: dir}
	switch kind {
	case Galera:
		if d.many, err = newGalera(ctx, dir); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		d.maria = d.many.members[0].mariadb
	case MariaDB:
		if d.maria, err = newMariaDB(ctx, filepath.Join(dir, "maria")); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	case SQLite:
	}
	return d, nil
}

// Members are the databases of a cluster.
func (d *Data) Members() []*Member {
	if d.many == nil {
		return nil
	}
	return d.many.members
}

// URLFrom is URL, beginning with a member of the cluster: the others are those to go on with.
func (d *Data) URLFrom(member int) string { return "mysql://" + d.many.dsn(member) }

// Database is MariaDB's process.
func (d *Data) Database() Running { return d.maria }

// KillDatabase ends MariaDB with kill -9, whatever it does. StartDatabase starts it again.
func (d *Data) KillDatabase() error { return d.maria.kill() }

// StartDatabase starts MariaDB again and returns when it answers.
func (d *Data) StartDatabase(ctx context.Context) error {
	if err := d.maria.start(); err != nil {
		return err
	}
	db, err := d.maria.answer(ctx)
	if err != nil {
		return err
	}
	return db.Close()
}

// ServerDir is where the server's own data lies.
func (d *Data) ServerDir() string { return filepath.Join(d.Dir, "server") }

// Stop stops the database and leaves what is there.
func (d *Data) Stop() error {
	switch {
	case d.many != nil:
		return d.many.stop()
	case d.maria == nil:
		return nil
	}
	return d.maria.stop()
}

// Close stops the database and removes everything.
func (d *Data) Close() error {
	return errors.Join(d.Stop(), os.RemoveAll(d.Dir))
}

// Args are the server's flags for this data.
func (d *Data) Args() []string {
	args := []string{"--data", d.ServerDir()}
	if url := d.URL(); url != "" {
		args = append(args, "--database", url)
	}
	return args
}

// URL is the database's address as the server takes it, empty for SQLite.
func (d *Data) URL() string {
	switch {
	case d.many != nil:
		return d.URLFrom(0)
	case d.maria == nil:
		return ""
	}
	return "mysql://" + d.maria.dsn("himsg")
}

// Source returns what database/sql takes to open the server's database beside it.
func (d *Data) Source() (driver, dsn string) {
	if d.maria != nil {
		return "mysql", d.maria.dsn("himsg")
	}
	return SourceIn(d.ServerDir())
}

// SourceIn returns the same for an SQLite database in some copy of a server's data.
func SourceIn(dir string) (driver, dsn string) {
	return "sqlite3", "file:" + filepath.Join(dir, "himsg.db") + "?_pragma=busy_timeout(10000)"
}

// Scratch returns the same for an empty database of the same kind, on the same disk and, for MariaDB, in the same server.
func (d *Data) Scratch(ctx context.Context, name string) (driver, dsn string, err error) {
	if d.maria != nil {
		if err := d.maria.create(ctx, name); err != nil {
			return "", "", err
		}
		return "mysql", d.maria.dsn(name), nil
	}
	return "sqlite3", "file:" + filepath.Join(d.Dir, name+".db") +
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_pragma=synchronous(full)", nil
}
