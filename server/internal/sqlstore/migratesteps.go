package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3"
)

// MySQL and MariaDB commit each statement that defines something, so a server that is killed in the middle of a migration
// leaves a part of it behind. The table schema_steps holds how far each migration came, for as long as there is one to run,
// and the next start goes on from there. SQLite needs none of it: there a migration is one transaction.
const createSteps = `
create table if not exists schema_steps (
  version bigint not null primary key,
  done bigint not null,
  begun tinyint not null
)`

// The numbers of MySQL's errors that say that a statement was done before: what it makes is there, what it drops is not.
const (
	mysqlTableExists   = 1050
	mysqlUnknownTable  = 1051
	mysqlColumnExists  = 1060
	mysqlKeyExists     = 1061
	mysqlNothingToDrop = 1091
	mysqlNoSuchTable   = 1146
)

var mysqlDoneBefore = []uint16{mysqlTableExists, mysqlUnknownTable, mysqlColumnExists, mysqlKeyExists, mysqlNothingToDrop}

// steps is one migration, statement by statement.
type steps struct {
	db         *DB
	version    int64
	statements []string
}

// stepMigrations reads the folder of a dialect as migrations that know how far they came.
func (db *DB) stepMigrations(files fs.FS) ([]*goose.Migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var all []*goose.Migration
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read migrations: %w", err)
		}
		s := steps{db: db, version: version}
		if s.statements, err = splitStatements(string(text)); err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunDB: s.run}, nil))
	}
	return all, nil
}

// splitStatements cuts a migration into its statements. One ends with a semicolon at the end of a line; lines that begin
// with two dashes are comments.
func splitStatements(text string) ([]string, error) {
	var statements, lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "--") {
			continue
		}
		last, ends := strings.CutSuffix(line, ";")
		if lines = append(lines, last); ends {
			statements = append(statements, strings.Join(lines, "\n"))
			lines = nil
		}
	}
	if len(lines) > 0 {
		return nil, fmt.Errorf("the last statement has no end: %s", lines[0])
	}
	return statements, nil
}

// run applies what is missing of the migration. Goose notes its number afterwards; when that fails, nothing is left to do here.
func (s steps) run(ctx context.Context, pool *sql.DB) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	done, begun, err := s.progress(ctx, conn)
	if err != nil {
		return fmt.Errorf("read how far the migration came: %w", err)
	}
	if done > 0 || begun {
		s.db.log.WarnContext(ctx, "an earlier start was cut short in a migration, going on", slog.Int64("version", s.version),
			slog.Int("statement", done+1))
	}
	for i := done; i < len(s.statements); i++ {
		step := s.define
		if !defines(s.statements[i]) {
			step = s.change
		}
		if err := step(ctx, conn, i, begun && i == done); err != nil {
			return fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return s.at("applied", len(s.statements))
}

// progress is how many statements were done, and whether the next one was begun with an unknown end.
func (s steps) progress(ctx context.Context, conn *sql.Conn) (done int, begun bool, err error) {
	if _, err := conn.ExecContext(ctx, createSteps); err != nil {
		return 0, false, err
	}
	_, err = conn.ExecContext(ctx, `
		insert into schema_steps (version, done, begun) values (?, 0, 0)
		on duplicate key update version = values(version)`, s.version)
	if err != nil {
		return 0, false, err
	}
	err = conn.QueryRowContext(ctx, "select done, begun from schema_steps where version = ?", s.version).Scan(&done, &begun)
	return done, begun, err
}

func defines(statement string) bool {
	word, _, _ := strings.Cut(statement, " ")
	return slices.Contains([]string{"create", "alter", "drop"}, word)
}

// define runs a statement that is committed by itself. If it was begun before, that it was done then is no mistake.
func (s steps) define(ctx context.Context, conn *sql.Conn, i int, begun bool) error {
	if _, err := conn.ExecContext(ctx, "update schema_steps set begun = 1 where version = ?", s.version); err != nil {
		return fmt.Errorf("note its begin: %w", err)
	}
	if err := s.at("begun", i); err != nil {
		return err
	}
	_, err := conn.ExecContext(ctx, s.statements[i])
	refusal, refused := errors.AsType[*mysql.MySQLError](err)
	switch {
	case refused && begun && slices.Contains(mysqlDoneBefore, refusal.Number):
	case refused && !begun:
		// It was not done: at the next start what is in its way is a mistake again.
		_, unnoted := conn.ExecContext(ctx, "update schema_steps set begun = 0 where version = ?", s.version)
		return errors.Join(s.explain(err, refusal), unnoted)
	case err != nil:
		return err
	}
	if err := s.at("done", i); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "update schema_steps set done = ?, begun = 0 where version = ?", i+1, s.version)
	if err != nil {
		return fmt.Errorf("note its end: %w", err)
	}
	return nil
}

// explain says what to do about a table that no migration made here, or one of a program that did not yet note how far it came.
func (s steps) explain(err error, refusal *mysql.MySQLError) error {
	if refusal.Number != mysqlTableExists {
		return err
	}
	if s.version == 1 {
		return fmt.Errorf("%w. Hi_Msg needs a database of its own. If its first start here was cut short, nothing is stored yet: "+
			"drop the database, create it anew and start again", err)
	}
	return fmt.Errorf("%w. An upgrade was cut short, or another program made it: restore the backup from before the upgrade", err)
}

// change runs a statement over rows in one transaction with the note that it is done.
func (s steps) change(ctx context.Context, conn *sql.Conn, i int, _ bool) error {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after the commit
	noted, err := tx.ExecContext(ctx, "update schema_steps set done = ? where version = ? and done = ?", i+1, s.version, i)
	if err != nil {
		return fmt.Errorf("note its end: %w", err)
	}
	if n, err := noted.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errors.New("another server went on with the migration"), err)
	}
	if _, err := tx.ExecContext(ctx, s.statements[i]); err != nil {
		return err
	}
	if err := s.at("changed", i); err != nil {
		return err
	}
	return tx.Commit()
}

// at lets a test end the migration at a place, as a kill would.
func (s steps) at(place string, i int) error {
	if s.db.migrating == nil {
		return nil
	}
	return s.db.migrating(fmt.Sprintf("%d/%d %s", s.version, i+1, place))
}

// repairVersions gives goose's table the row that a kill between its making and its first row kept out.
func (db *DB) repairVersions(ctx context.Context) error {
	if !db.d.mysql {
		return nil
	}
	_, err := db.writer.ExecContext(ctx, "insert into "+gooseTable+" (version_id, is_applied) select 0, 1 from dual"+
		" where not exists (select 1 from "+gooseTable+")")
	if me, ok := errors.AsType[*mysql.MySQLError](err); ok && me.Number == mysqlNoSuchTable {
		return nil
	}
	if err != nil {
		return fmt.Errorf("repair the schema's version: %w", err)
	}
	return nil
}

// forgetSteps drops the table of steps once there is nothing to go on with.
func (db *DB) forgetSteps(ctx context.Context) error {
	if !db.d.mysql {
		return nil
	}
	var there int
	err := db.writer.QueryRowContext(ctx, "select count(*) from information_schema.tables"+
		" where table_schema = database() and table_name = 'schema_steps'").Scan(&there)
	if err == nil && there > 0 {
		_, err = db.writer.ExecContext(ctx, "drop table if exists schema_steps")
	}
	if err != nil {
		return fmt.Errorf("forget the steps of migrations: %w", err)
	}
	return nil
}
