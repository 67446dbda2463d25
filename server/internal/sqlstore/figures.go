package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"himsg/server/internal/admin"
	"himsg/shared/wire"
)

// This file counts: admin.Figures. Messages are counted behind those who write them: message_hours holds all up to the
// message_id in its counter, and what came after is counted when somebody asks.

var _ admin.Figures = (*DB)(nil)

const (
	hourMilli  = int64(time.Hour / time.Millisecond)
	slotMilli  = int64(5 * time.Minute / time.Millisecond)
	slotsHour  = hourMilli / slotMilli
	countSlice = 5_000 // messages that one step counts
	topKinds   = 6
	// uncountedMost is how many messages are counted while somebody waits for the figures: some ten milliseconds.
	uncountedMost = 20_000
	// countedWithin is after how long a message is counted when nothing is behind.
	countedWithin = int64(5 * time.Minute / time.Millisecond)
	hoursCursor   = "message_hours" // the row of counters
)

func scanPair(row scanner) (p [2]int64, err error) {
	err = row.Scan(&p[0], &p[1])
	return p, err
}

// Statistics implements admin.Figures.
func (db *DB) Statistics(ctx context.Context, now, from, slots int64) (out wire.Statistics, err error) {
	err = db.snapshot(ctx, "statistics", func(q querier) error {
		out = wire.Statistics{}
		for _, part := range []func() error{
			func() error { return countPeople(ctx, q, now, from, &out) },
			func() error { return countStored(ctx, q, &out.Storage) },
			func() error { return countOnline(ctx, q, from, slots, &out) },
			func() error { return countMessages(ctx, q, now, from/hourMilli, &out) },
		} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func countPeople(ctx context.Context, q querier, now, from int64, out *wire.Statistics) error {
	err := q.QueryRowContext(ctx, "select count(*) from users where state = 'active'").Scan(&out.People)
	if err != nil {
		return err
	}
	for _, wait := range []struct {
		query string
		args  []any
		n     *int
		since **wire.Time
	}{
		{"select count(*), min(created_at) from users where state = 'pending'", nil, &out.Waiting.Users, &out.Waiting.OldestUser},
		{`
			select count(*), min(r.requested_at)
			from password_resets r
			join users u on u.id = r.user_id
			where r.state = 'pending' and r.expires_at > ? and u.state = 'active'`, []any{now}, &out.Waiting.Resets, &out.Waiting.OldestReset},
	} {
		var since sql.NullInt64
		if err := q.QueryRowContext(ctx, wait.query, wait.args...).Scan(wait.n, &since); err != nil {
			return err
		}
		if since.Valid {
			at := wire.TimeOfMilli(since.Int64)
			*wait.since = &at
		}
	}
	created, err := collect(ctx, q, func(row scanner) (at int64, err error) {
		err = row.Scan(&at)
		return at, err
	}, "select created_at from users where created_at >= ? and state <> 'bot'", from)
	hours := map[int64]int64{}
	for _, at := range created {
		hours[at/hourMilli]++
	}
	out.SignUps = pairs(hours)
	return err
}

func countStored(ctx context.Context, q querier, out *wire.Stored) (err error) {
	if out.Bytes, out.Files, err = usage(ctx, q, everybody); err != nil {
		return err
	}
	policy, err := readPolicy(ctx, q, "")
	if err != nil {
		return err
	}
	out.Quota = policy.TotalQuota
	return nil
}

// FileKinds implements admin.Figures.
func (db *DB) FileKinds(ctx context.Context) (kinds []wire.StoredKind, err error) {
	err = db.read(ctx, "kinds of files", func(q querier) error {
		kinds, err = collect(ctx, q, func(row scanner) (k wire.StoredKind, err error) {
			err = row.Scan(&k.Extension, &k.Files, &k.Bytes)
			return k, err
		}, `
			select extension, count(*), sum(size) as bytes
			from files
			where state = 'ready' and gone_at is null
			group by extension
			order by bytes desc, extension
			limit ?`, topKinds)
		return err
	})
	if kinds == nil {
		kinds = []wire.StoredKind{}
	}
	return kinds, err
}

func countOnline(ctx context.Context, q querier, from, slots int64, out *wire.Statistics) error {
	all, err := collect(ctx, q, scanPair,
		"select slot, sum(people) from online_slots where slot >= ? group by slot order by slot", from/slotMilli)
	out.OnlineSlots = [][2]int64{}
	hours := map[int64]int64{}
	for _, p := range all {
		if p[0] >= slots/slotMilli {
			out.OnlineSlots = append(out.OnlineSlots, p)
		}
		hours[p[0]/slotsHour] = max(hours[p[0]/slotsHour], p[1])
	}
	out.OnlineHours = pairs(hours)
	return err
}

// countMessages is what was counted, with what came after it, if that is not much.
func countMessages(ctx context.Context, q querier, now, from int64, out *wire.Statistics) error {
	counted, err := hoursCounted(ctx, q)
	if err != nil {
		return err
	}
	last, waiting, err := uncounted(ctx, q, counted, now)
	if err != nil {
		return err
	}
	if waiting {
		out.Counting = &wire.Counting{Counted: counted, Written: last}
	}
	parts := []hoursPart{{"select hour, messages from message_hours where hour >= ?", []any{from}}}
	if last-counted <= uncountedMost {
		parts = append(parts, hoursPart{`
			select floor(created_at / ?) as hour, count(*)
			from messages
			where id > ? and kind = 'user'
			group by hour`, []any{hourMilli, counted}})
	}
	hours := map[int64]int64{}
	for _, part := range parts {
		found, err := collect(ctx, q, scanPair, part.query, part.args...)
		if err != nil {
			return err
		}
		for _, p := range found {
			if p[0] >= from {
				hours[p[0]] += p[1]
			}
		}
	}
	out.Messages = pairs(hours)
	return nil
}

type hoursPart struct {
	query string
	args  []any
}

// uncounted is the last message, and whether messages wait for longer than they do from one count to the next.
func uncounted(ctx context.Context, q querier, counted, now int64) (last int64, waiting bool, err error) {
	if err = q.QueryRowContext(ctx, "select coalesce(max(id), 0) from messages").Scan(&last); err != nil || last-counted <= uncountedMost {
		return last, false, err
	}
	var at int64
	err = q.QueryRowContext(ctx, "select created_at from messages where id > ? order by id limit 1", counted).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return last, false, nil
	}
	return last, at < now-countedWithin, err
}

func hoursCounted(ctx context.Context, q querier) (id int64, err error) {
	err = q.QueryRowContext(ctx, "select value from counters where name = ?", hoursCursor).Scan(&id)
	return id, err
}

// pairs is a map in the order of its keys.
func pairs(counts map[int64]int64) [][2]int64 {
	out := make([][2]int64, 0, len(counts))
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		out = append(out, [2]int64{key, counts[key]})
	}
	return out
}

// errOtherNode says that another node has counted meanwhile.
var errOtherNode = errors.New("another node counted")

// CountWritten implements admin.Figures. It reads before it locks anything: who writes messages never waits for it, but for
// a handful of rows. It stops before the first message that is younger than before: one with a lower id may still be on its
// way then.
func (db *DB) CountWritten(ctx context.Context, before int64) (more bool, err error) {
	type counted struct {
		id, at int64
		user   bool
	}
	var after, upTo int64
	hours := map[int64]int64{}
	err = db.snapshot(ctx, "uncounted messages", func(q querier) error {
		if after, err = hoursCounted(ctx, q); err != nil {
			return err
		}
		found, err := collect(ctx, q, func(row scanner) (c counted, err error) {
			err = row.Scan(&c.id, &c.at, &c.user)
			return c, err
		}, "select id, created_at, case kind when 'user' then 1 else 0 end from messages where id > ? order by id limit ?",
			after, countSlice)
		more = len(found) == countSlice
		for _, c := range found {
			if c.at >= before {
				more = false
				break
			}
			if upTo = c.id; c.user {
				hours[c.at/hourMilli]++
			}
		}
		return err
	})
	if err != nil || upTo == 0 {
		return false, err
	}
	err = db.write(ctx, "count messages", func(tx *sql.Tx) error { return db.addHours(ctx, tx, hours, after, upTo) })
	if errors.Is(err, errOtherNode) {
		return false, nil
	}
	return more, err
}

// addHours adds what was counted after one message up to another, if nobody did since.
func (db *DB) addHours(ctx context.Context, tx *sql.Tx, hours map[int64]int64, after, upTo int64) error {
	moved, err := tx.ExecContext(ctx, "update counters set value = ? where name = ? and value = ?", upTo, hoursCursor, after)
	if err != nil {
		return err
	}
	if n, err := moved.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, errOtherNode)
	}
	var values []any
	for _, p := range pairs(hours) {
		values = append(values, p[0], p[1])
	}
	for chunk := range slices.Chunk(values, 2*maxIn) {
		_, err := tx.ExecContext(ctx, insertInto("message_hours", "hour, messages", len(chunk)/2)+
			db.d.upsert("hour", "messages = message_hours.messages + "+db.d.fresh("messages")), chunk...)
		if err != nil {
			return err
		}
	}
	return nil
}

// NoteOnline implements admin.Figures.
func (db *DB) NoteOnline(ctx context.Context, node string, slot, oldest int64, people int) error {
	return db.write(ctx, "note online", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, insertInto("online_slots", "slot, node, people", 1)+db.d.upsert("slot, node",
			"people = "+db.d.greatest+"(online_slots.people, "+db.d.fresh("people")+")"), slot, node, people)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "delete from online_slots where slot < ?", oldest)
		return err
	})
}
