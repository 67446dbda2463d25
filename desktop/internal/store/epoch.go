package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// The numbers in this file (seqs, revisions, message_ids, cursors) belong to one history of the server, which its epoch names
// (wire.Welcome). After a backup was restored they are given again for something else, so the copy is void. What exists only
// here stays: what was written and not sent, files on their way out, drafts, what is kept by name. Downloads and pictures
// stay, too: files and pictures have names that are never given again.

const epochKey = "epoch"

// noMessage is a message_id that the server never gives: who passes such a one on is told that it is gone.
const noMessage = 1<<53 - 1

// Epoch names the history of the server that the copy belongs to; 0 at first.
func (s *Store) Epoch(ctx context.Context) (epoch int64, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		epoch, err = epochOf(ctx, tx)
		return err
	})
	return epoch, err
}

func epochOf(ctx context.Context, tx *sql.Tx) (int64, error) {
	var text string
	err := tx.QueryRowContext(ctx, "select value from meta where key = ?", epochKey).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read epoch: %w", err)
	}
	epoch, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: epoch %q", ErrDamaged, text)
	}
	return epoch, nil
}

func setEpoch(ctx context.Context, tx *sql.Tx, epoch int64) error {
	_, err := tx.ExecContext(ctx, `
insert into meta (key, value)
values (?, ?)
on conflict (key) do update set value = excluded.value`, epochKey, strconv.FormatInt(epoch, 10))
	if err != nil {
		return fmt.Errorf("keep epoch: %w", err)
	}
	return nil
}

// StartAnew drops the copy and notes the history that the next one belongs to, durably, both or neither. Call it while no
// sync engine runs that has read what is held.
//
// What is in the outbox is sent as if it had never been: also what the server had confirmed, since it may have lost it. A
// client_id is stored once, so one that it still has is not doubled. A number in it may be another message's by now, so
// nothing is quoted any more, and what was to be passed on is refused.
func (s *Store) StartAnew(ctx context.Context, epoch int64) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		for _, query := range []string{
			"insert into message_index (message_index) values ('delete-all')", // first these two: then no message has to be
			"delete from message_files",                                       // looked up in them
			"delete from messages",
			"delete from rooms", // and what is hidden
			"delete from people",
			"delete from departments",
			"delete from notices",
			"delete from read_marks",
			"delete from places",
			"update drafts set reply_to_seq = 0 where reply_to_seq <> 0",
			"delete from drafts where text = ''", // of nothing but a quote
			"update outbox set sent_id = 0, sent_seq = 0, sent_rev = 0, sent_at = 0, reply_to_seq = 0",
			"update uploads set state = 'waiting', file_id = '' where client_id <> '' and state in ('checking', 'ready', 'waiting')",
		} {
			if _, err := tx.ExecContext(ctx, query); err != nil {
				return fmt.Errorf("drop the copy: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, "update outbox set forwarded_from = ? where forwarded_from <> 0", noMessage); err != nil {
			return fmt.Errorf("forget what was to be passed on: %w", err)
		}
		_, err := tx.ExecContext(ctx, "delete from meta where key in (?, ?, ?)", directoryRevKey, noticesKey, indexBeforeKey)
		if err != nil {
			return fmt.Errorf("forget how far the copy reached: %w", err)
		}
		s.outside.clear()
		return setEpoch(ctx, tx, epoch)
	})
}

// takeEpoch makes rescued work fit for this store. A new store belongs to the history that it comes from; in another one its
// numbers mean nothing.
func (saved *Saved) takeEpoch(ctx context.Context, tx *sql.Tx) error {
	var used bool
	err := tx.QueryRowContext(ctx, `
select exists (select 1 from rooms) or exists (select 1 from outbox) or exists (select 1 from drafts)
    or exists (select 1 from meta where key in (?, ?))`, directoryRevKey, epochKey).Scan(&used)
	if err != nil {
		return fmt.Errorf("look whether the store is new: %w", err)
	}
	if !used {
		return setEpoch(ctx, tx, saved.epoch)
	}
	epoch, err := epochOf(ctx, tx)
	if err != nil || epoch == saved.epoch {
		return err
	}
	for i := range saved.Outgoing {
		o := &saved.Outgoing[i]
		o.ReplyToSeq = 0
		if o.ForwardedFrom != 0 {
			o.ForwardedFrom = noMessage
		}
	}
	for room, d := range saved.Drafts {
		d.ReplyToSeq = 0
		saved.Drafts[room] = d
	}
	for i := range saved.Uploads {
		if u := &saved.Uploads[i]; u.ClientID != "" && u.State != UploadFailed {
			u.State, u.FileID = UploadWaiting, ""
		}
	}
	return nil
}
