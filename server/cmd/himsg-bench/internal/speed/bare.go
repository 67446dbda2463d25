package speed

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// A bare group is at most as large as the server's own groups.
const maxGroup = 256

// bareWriters are connections that insert at the same time: SQLite has one writer, the server uses four on MariaDB.
func bareWriters(kind rig.Kind) int {
	if kind == rig.SQLite {
		return 1
	}
	return 4
}

// The tables have the columns and indexes of the server's own messages, which is what a row costs.
const (
	bareSQLite = `create table messages (
  id integer primary key autoincrement, room_id integer not null, seq integer not null, rev integer not null,
  kind text not null, sender_id integer not null, client_id text not null, text text not null, created_at integer not null,
  unique (room_id, seq), unique (sender_id, client_id)) strict`
	bareMariaDB = `create table messages (
  id bigint not null auto_increment primary key, room_id bigint not null, seq bigint not null, rev bigint not null,
  kind varchar(32) character set ascii collate ascii_bin not null, sender_id bigint not null,
  client_id char(36) character set ascii collate ascii_bin not null, text text not null, created_at bigint not null,
  unique (room_id, seq), unique (sender_id, client_id)
  ) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin`
	bareIndex = `create index messages_rev on messages (room_id, rev)`
)

// BareInserts returns how many rows a second a program stores that does nothing but insert the rows of messages in groups,
// each group one durable transaction. underWay messages are open at a time, as in the measurement that it is the limit of.
func BareInserts(ctx context.Context, data *rig.Data, underWay int, length time.Duration) (float64, error) {
	driver, dsn, err := data.Scratch(ctx, fmt.Sprintf("bare%d", underWay))
	if err != nil {
		return 0, err
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer func() { _ = db.Close() }() // a scratch database
	writers := bareWriters(data.Kind)
	db.SetMaxOpenConns(writers)
	db.SetMaxIdleConns(writers)
	table := bareSQLite
	if data.Kind == rig.MariaDB {
		table = bareMariaDB
	}
	for _, statement := range []string{table, bareIndex} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return 0, fmt.Errorf("make table: %w", err)
		}
	}
	group := min(maxGroup, max(1, underWay/writers))
	return bareRun(ctx, db, writers, group, length)
}

func bareRun(ctx context.Context, db *sql.DB, writers, group int, length time.Duration) (float64, error) {
	var rows atomic.Int64
	var loops sync.WaitGroup
	var failed firstError
	start := rig.Now()
	for w := range writers {
		loops.Go(func() {
			b := bareWriter{db: db, room: int64(w), rooms: int64(writers)}
			for failed.get() == nil && rig.Now().Sub(start) < length {
				err := b.insert(ctx, group)
				failed.set(err)
				if err == nil {
					rows.Add(int64(group))
				}
			}
		})
	}
	loops.Wait()
	return float64(rows.Load()) / rig.Now().Sub(start).Seconds(), failed.get()
}

// bareWriter inserts into a hundred rooms of its own.
type bareWriter struct {
	db          *sql.DB
	room, rooms int64
	next        int64
}

const bareColumns = 8

func (b *bareWriter) insert(ctx context.Context, group int) error {
	args := make([]any, 0, group*bareColumns)
	for range group {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make client_id: %w", err)
		}
		room, seq := b.room+b.rooms*(b.next%100), b.next/100+1
		args = append(args, room, seq, seq, "user", room, id.String(), text(int(b.next)), rig.Now().UnixMilli())
		b.next++
	}
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	//nolint:gosec // G202: question marks only
	statement := "insert into messages (room_id, seq, rev, kind, sender_id, client_id, text, created_at) values " +
		strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?), ", group), ", ")
	if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("insert: %w", errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
