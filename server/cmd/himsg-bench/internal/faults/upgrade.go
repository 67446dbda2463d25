package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/go-sql-driver/mysql"

	"himsg/server/cmd/himsg-bench/internal/founding"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

const (
	upgradePeople = 5000             // besides the crowd: a step of the schema that changes them all takes a while
	upgradeWait   = 40 * time.Second // a killed server's lock of the schema holds 20 s on a cluster
)

// rollingUpgrade: three servers of an earlier version are made new under load, one after the other. The first new one is killed while it
// changes the schema, and again at random moments; the old ones work on before, meanwhile and after, beside new ones.
func rollingUpgrade() fault {
	l := &lateness{}
	return fault{
		name: "rolling-upgrade", kinds: []rig.Kind{rig.MariaDB, rig.Galera}, bound: 8 * time.Minute, nodes: true, old: true, crowd: l.options(),
		found: func(ctx context.Context, s *scene) error {
			_, err := founding.Found(ctx, s.data, founding.Options{People: upgradePeople})
			return err
		},
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.working(ctx, 500); err != nil {
				return err
			}
			l.reset()
			db, err := s.openBeside()
			if err != nil {
				return err
			}
			defer func() { _ = db.Close() }() // only read
			was, err := schemaOf(ctx, db)
			if err != nil {
				return err
			}
			cut, err := s.upgradeCutShort(ctx, db)
			if err != nil {
				return fmt.Errorf("upgrade the first: %w", err)
			}
			for _, n := range s.many.nodes[1:] {
				if err := s.working(ctx, s.times(1000, 100)); err != nil {
					return fmt.Errorf("old and new beside each other: %w", err)
				}
				n.Upgrade(s.o.ServerBin)
				if err := n.Stop(); err != nil {
					return err
				}
				if err := n.Start(ctx); err != nil {
					return err
				}
			}
			if err := s.working(ctx, s.times(1000, 100)); err != nil {
				return fmt.Errorf("all are new: %w", err)
			}
			is, err := schemaOf(ctx, db)
			if err != nil {
				return err
			}
			if is <= was {
				return fmt.Errorf("the schema's number was %d and is %d: nothing was migrated, --old-bin is too new", was, is)
			}
			s.note("schema from", float64(was), "")
			s.note("to", float64(is), "")
			s.note("killed in the middle", float64(cut), "times")
			l.tellPause(s, 15_000)
			l.tell(s, "sent→heard", 20_000)
			s.onlyUnavailable()
			return nil
		},
	}
}

// openBeside opens the servers' database.
func (s *scene) openBeside() (*sql.DB, error) {
	driver, dsn := s.data.Source()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open the servers' database: %w", err)
	}
	return db, nil
}

// schemaOf is the schema's number.
func schemaOf(ctx context.Context, db *sql.DB) (number int64, err error) {
	err = db.QueryRowContext(ctx, "select max(version_id) from goose_db_version").Scan(&number)
	if err != nil {
		return 0, fmt.Errorf("read the schema's number: %w", err)
	}
	return number, nil
}

// upgradeCutShort makes the first server new: it is killed as soon as it is in the middle of a migration, then twice whenever, and then it
// may finish. It says how often it was killed in the middle indeed.
func (s *scene) upgradeCutShort(ctx context.Context, db *sql.DB) (cut int, err error) {
	first := s.server
	first.Upgrade(s.o.ServerBin)
	if err := first.Stop(); err != nil {
		return 0, err
	}
	for _, until := range []func(context.Context) error{
		func(ctx context.Context) error { return inTheMiddle(ctx, db) },
		s.someTime, s.someTime,
	} {
		if err := first.Launch(); err != nil {
			return cut, err
		}
		waited := until(ctx)
		if err := errors.Join(waited, first.Kill()); err != nil {
			return cut, err
		}
		begun, err := begunSteps(ctx, db)
		if err != nil {
			return cut, err
		}
		if begun {
			cut++
		}
		if err := s.working(ctx, 100); err != nil {
			return cut, fmt.Errorf("old ones on a schema of which half is new: %w", err)
		}
	}
	if err := first.Launch(); err != nil {
		return cut, err
	}
	ctx, cancel := context.WithTimeout(ctx, upgradeWait)
	defer cancel()
	return cut, first.Listening(ctx)
}

func (s *scene) someTime(ctx context.Context) error {
	if !rig.Sleep(ctx, s.between(20*time.Millisecond, 300*time.Millisecond)) {
		return ctx.Err()
	}
	return nil
}

// inTheMiddle waits until a migration has begun.
func inTheMiddle(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, upgradeWait)
	defer cancel()
	for {
		begun, err := begunSteps(ctx, db)
		if begun || err != nil {
			return err
		}
		if !rig.Sleep(ctx, time.Millisecond) {
			return fmt.Errorf("no migration begins: %w", ctx.Err())
		}
	}
}

// mysqlNoSuchTable is what MySQL says of a table that is not there.
const mysqlNoSuchTable = 1146

// begunSteps reports whether statements of a migration are noted, which they are until all migrations are done; see
// sqlstore/migratesteps.go.
func begunSteps(ctx context.Context, db *sql.DB) (begun bool, err error) {
	var steps int
	err = db.QueryRowContext(ctx, "select count(*) from schema_steps").Scan(&steps)
	if said, ok := errors.AsType[*mysql.MySQLError](err); ok && said.Number == mysqlNoSuchTable {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look how far the migration is: %w", err)
	}
	return steps > 0, nil
}
