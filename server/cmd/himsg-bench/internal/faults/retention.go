package faults

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

const (
	agedBy       = 100 * 24 * time.Hour
	retentionRun = 2 * time.Minute // for what is left when nobody kills any more
	lookAgain    = 200 * time.Millisecond
)

// retentionKilled: kill -9 amid a run of retention, again and again. A message is deleted whole or is there whole, what the run says
// is what it did, and it goes on by itself.
func retentionKilled() fault {
	return fault{
		name: "retention-kill", kinds: []rig.Kind{rig.SQLite, rig.MariaDB}, bound: 6 * time.Minute, brief: true,
		crowd: crowd.Options{Keep: true}, // what is gone was deleted by the run alone
		disturb: func(ctx context.Context, s *scene) (err error) {
			aged, err := s.age(ctx, int64(s.times(10_000, 1000)))
			if err != nil {
				return err
			}
			if err := s.startRetention(ctx); err != nil {
				return err
			}
			driver, dsn := s.data.Source()
			db, err := sql.Open(driver, dsn)
			if err != nil {
				return fmt.Errorf("open database: %w", err)
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			kills, half, err := s.killsAmid(ctx, db, s.times(20, 3))
			if err != nil {
				return err
			}
			left, ended, err := s.awaitRetention(ctx, db)
			if err != nil {
				return err
			}
			s.note("messages due", float64(aged), "")
			s.note("kills amid the run", float64(kills), "")
			s.goal("half deleted", float64(half), "", 0)
			s.goal("due and still there", float64(left), "", 0)
			s.goal("last kill→run done", ms(ended), "ms", ms(retentionRun))
			return nil
		},
	}
}

// age lets the crowd write, and makes all of that old while the server is away.
func (s *scene) age(ctx context.Context, messages int64) (aged int64, err error) {
	for s.crowd.Acked() < messages {
		if err := s.working(ctx, 1); err != nil {
			return 0, err
		}
	}
	if err := s.server.Stop(); err != nil {
		return 0, err
	}
	driver, dsn := s.data.Source()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return 0, fmt.Errorf("open database: %w", err)
	}
	done, err := db.ExecContext(ctx, "update messages set created_at = created_at - ?", agedBy.Milliseconds())
	if err != nil {
		return 0, errors.Join(fmt.Errorf("age messages: %w", err), db.Close())
	}
	aged, err = done.RowsAffected()
	return aged, errors.Join(err, db.Close(), s.server.Start(ctx))
}

// startRetention is what an owner does: rules for every room, and a run.
func (s *scene) startRetention(ctx context.Context) error {
	owner, err := rig.SignInOne(ctx, s.server.URL(), 1, nil)
	if err != nil {
		return err
	}
	defer owner.Close()
	var policy wire.RetentionPolicy
	for _, class := range wire.RoomClasses {
		policy.Rules = append(policy.Rules, wire.RetentionRule{Class: class, MessageDays: int(agedBy.Hours()/24) - 1})
	}
	if policy, err = owner.Session.SetRetention(ctx, policy); err != nil {
		return fmt.Errorf("set retention: %w", err)
	}
	if err := owner.Session.StartRetention(ctx, wire.StartRetention{Rev: policy.Rev}); err != nil {
		return fmt.Errorf("start retention: %w", err)
	}
	return nil
}

// killsAmid kills the server while the run is under way, at most so many times, and counts what was found half deleted.
func (s *scene) killsAmid(ctx context.Context, db *sql.DB, most int) (kills int, half int64, err error) {
	for range most {
		if !rig.Sleep(ctx, s.between(20*time.Millisecond, 250*time.Millisecond)) {
			return kills, half, ctx.Err()
		}
		if err := s.server.Kill(); err != nil {
			return kills, half, err
		}
		found, running, err := halfDeleted(ctx, db)
		if err != nil {
			return kills, half, err
		}
		half += found
		if err := s.server.Start(ctx); err != nil {
			return kills, half, fmt.Errorf("restart: %w", err)
		}
		if !running {
			break
		}
		kills++
	}
	return kills, half, nil
}

// awaitRetention waits for the end of the run, and counts what it should have deleted.
func (s *scene) awaitRetention(ctx context.Context, db *sql.DB) (left int64, took time.Duration, err error) {
	began := rig.Now()
	for running := true; running; {
		var half int64
		if half, running, err = halfDeleted(ctx, db); err != nil {
			return 0, 0, err
		}
		left += half
		if took = rig.Now().Sub(began); took > retentionRun {
			return 0, 0, errors.New("the run does not end")
		}
		if running && !rig.Sleep(ctx, lookAgain) {
			return 0, 0, ctx.Err()
		}
	}
	var old int64
	err = db.QueryRowContext(ctx, "select count(*) from messages where kind = 'user' and deleted_at is null and created_at < ?",
		rig.Now().Add(-agedBy/2).UnixMilli()).Scan(&old)
	return left + old, took, err
}

// halfDeleted counts messages that are neither there nor gone, and what the run counted wrong, as one moment of the database shows
// it. What retention deleted has no one who deleted it.
func halfDeleted(ctx context.Context, db *sql.DB) (half int64, running bool, err error) {
	var retired, counted int64
	var state string
	err = db.QueryRowContext(ctx, `
		select
			(select count(*) from messages m join rooms r on r.id = m.room_id where m.kind = 'user' and (
				m.deleted_at is null and m.seq <= r.retired_seq
				or m.deleted_at is not null and m.deleted_by is null and m.seq > r.retired_seq
				or m.deleted_at is not null and (m.text <> '' or m.pinned <> 0))),
			(select count(*) from messages where deleted_at is not null and deleted_by is null),
			n.messages, n.state
		from retention_runs n
		order by n.id desc
		limit 1`).Scan(&half, &retired, &counted, &state)
	if err != nil {
		return 0, false, fmt.Errorf("look for half deleted messages: %w", err)
	}
	return half + max(retired-counted, counted-retired), state == string(wire.RunRunning), nil
}
