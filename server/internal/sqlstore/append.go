package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// appendLimits keep a transaction below 256 messages and, with their texts escaped, below the 16 MiB that a MySQL
// server takes in one statement.
var appendLimits = batchLimits{items: 256, weight: 4 << 20, queue: 4096}

// appender stores messages by group commit. Rooms are spread over its shards, so that one room is nearly always written
// by one transaction at a time; the lock on the room's row orders writers of other nodes.
type appender struct {
	*committer[*draft]
	db *DB
}

// draft is a message on its way. done is called once.
type draft struct {
	chat.Draft
	ctx  context.Context
	done func(chat.Appended, error)
}

type outcome struct {
	chat.Appended
	err error
}

func newAppender(ctx context.Context, db *DB, shards int) *appender {
	a := &appender{db: db}
	a.committer = newCommitter(ctx, shards, appendLimits, func(d *draft) int { return len(d.Text) + 200 }, a.run)
	return a
}

// Append implements chat.Messages: it returns when the message is committed. wire.Unavailable: it is not stored, or the
// answer was lost; repeat it with the same client_id.
func (db *DB) Append(ctx context.Context, d chat.Draft) (chat.Appended, error) {
	done := make(chan outcome, 1)
	db.Submit(ctx, d, func(stored chat.Appended, err error) { done <- outcome{stored, err} })
	select {
	case o := <-done:
		return o.Appended, o.err
	case <-ctx.Done():
		return chat.Appended{}, errs.Unavailable(busyRetry, ctx.Err())
	}
}

// Submit implements chat.Messages. A draft whose ctx ends before its turn is refused with wire.Unavailable; so is one
// that finds the queue full, at once and from the caller's own goroutine.
func (db *DB) Submit(ctx context.Context, d chat.Draft, done func(chat.Appended, error)) {
	if err := db.appends.put(d.RoomID, &draft{Draft: d, ctx: ctx, done: done}); err != nil {
		done(chat.Appended{}, err)
	}
}

// run stores a batch; the answer tells every draft's sender what became of it.
func (a *appender) run(ctx context.Context, drafts []*draft) (answer func()) {
	b := newBatch(a.db, drafts)
	var err error
	if len(b.entries) > 0 {
		err = b.store(ctx)
	}
	if err != nil && len(b.entries) > 1 && !errs.Is(err, wire.Unavailable) {
		a.db.log.WarnContext(ctx, "batch refused, storing its messages one by one", slog.Any("error", err))
		return a.runAlone(ctx, drafts)
	}
	return func() {
		for _, d := range b.late {
			d.done(chat.Appended{}, errs.Unavailable(busyRetry, d.ctx.Err()))
		}
		for _, e := range b.entries {
			if err != nil {
				e.out = outcome{err: err}
			}
			e.draft.done(e.out.Appended, e.out.err)
		}
	}
}

// runAlone stores each draft in a transaction of its own: one that the database can't take must not take others down.
func (a *appender) runAlone(ctx context.Context, drafts []*draft) (answer func()) {
	answers := make([]func(), 0, len(drafts))
	for _, d := range drafts {
		answers = append(answers, a.run(ctx, []*draft{d}))
	}
	return func() {
		for _, answer := range answers {
			answer()
		}
	}
}

// store commits the batch. It sets every entry's outcome unless it returns an error.
func (b *batch) store(ctx context.Context) error {
	const collisions = 3 // of client_ids with other nodes; the second try looks first
	var err error
	for range collisions {
		err = b.db.write(ctx, "append", func(tx *sql.Tx) error { return b.run(ctx, tx) })
		if key, violated := uniqueKey(err); !violated || key != "sender_id" {
			break
		}
		b.lookFirst = true
	}
	if errors.Is(err, errUnclear) && !b.db.isBroken() { // else what it reads may not be on the disk
		return b.settle(ctx, err)
	}
	return err
}

// settle finds out after a lost answer what of the batch is stored. What isn't may still be on its way inside the
// database, so its senders are told to repeat: the unique key (sender, client_id) decides then.
func (b *batch) settle(ctx context.Context, cause error) error {
	b.db.log.WarnContext(ctx, "answer to a commit lost, looking what is stored", slog.Any("error", cause))
	var found map[clientKey]model.Message
	err := b.db.snapshot(ctx, "append", func(q querier) (err error) {
		found, err = b.find(ctx, q, b.entries)
		return err
	})
	if err != nil {
		return cause
	}
	for _, e := range b.entries {
		m, ok := found[e.key()]
		switch {
		case ok:
			// The batch's own allotment tells this try's message from an older one.
			e.out = outcome{Appended: chat.Appended{Message: m, Duplicate: m.Seq != e.out.Message.Seq || e.out.Duplicate}}
		case e.out.err == nil:
			e.out = outcome{err: cause}
		}
	}
	return nil
}
