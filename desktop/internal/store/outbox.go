package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"himsg/shared/wire"
)

// Outgoing is a message of the user's own that is not among the server's messages yet.
type Outgoing struct {
	Position      int64 // order of writing, over all rooms
	ClientID      string
	RoomUUID      string
	Text          string
	ReplyToSeq    int64
	Mentions      []string // user_uuids
	MentionAll    bool
	ForwardedFrom int64       // message_id of the message that is passed on; Text is what the user sees of it until it is sent
	Files         []Upload    // in order; set by reads
	Passed        []wire.File // of the message that is passed on, as they are known here
	CreatedAt     int64
	Failure       string // JSON of why the server refused it for good; empty: still to be tried

	// Set once the server has confirmed it, until its message arrives as an event or by catching up.
	SentID, SentSeq, SentRev, SentAt int64
}

// Sent reports whether the server has confirmed the message.
func (o Outgoing) Sent() bool { return o.SentSeq > 0 }

// outgoingColumns, and those of a file that broke before its migration to 0005.
const (
	outgoingColumns       = secondOutgoingColumns + ", passed"
	secondOutgoingColumns = `position, client_id, room_uuid, text, reply_to_seq, created_at, failure,
sent_id, sent_seq, sent_rev, sent_at, mentions, mention_all, forwarded_from`
)

func scanOutgoing(rows *sql.Rows) (Outgoing, error) {
	var o Outgoing
	var mentions, passed string
	err := rows.Scan(&o.Position, &o.ClientID, &o.RoomUUID, &o.Text, &o.ReplyToSeq, &o.CreatedAt, &o.Failure,
		&o.SentID, &o.SentSeq, &o.SentRev, &o.SentAt, &mentions, &o.MentionAll, &o.ForwardedFrom,
		&passed)
	if err == nil && (decode(mentions, &o.Mentions) != nil || decode(passed, &o.Passed) != nil) {
		err = fmt.Errorf("%w: an outgoing message", ErrDamaged)
	}
	return o, err
}

// Enqueue puts a message at the end of the outbox, durably. A client_id that is there already is left as it is.
func (s *Store) Enqueue(ctx context.Context, o Outgoing) error {
	return s.EnqueueAll(ctx, []Outgoing{o})
}

// EnqueueAll puts messages at the end of the outbox in their order: all, durably, or none.
func (s *Store) EnqueueAll(ctx context.Context, list []Outgoing) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		for _, o := range list {
			if err := enqueue(ctx, tx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

func enqueue(ctx context.Context, tx *sql.Tx, o Outgoing) error {
	mentions, err := encode(o.Mentions)
	if err != nil {
		return fmt.Errorf("encode mentions: %w", err)
	}
	passed, err := encode(o.Passed)
	if err != nil {
		return fmt.Errorf("encode files that are passed on: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
insert into outbox (client_id, room_uuid, text, reply_to_seq, created_at, failure, mentions, mention_all, forwarded_from,
  passed)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (client_id) do nothing`,
		o.ClientID, o.RoomUUID, o.Text, o.ReplyToSeq, o.CreatedAt, o.Failure, mentions, o.MentionAll, o.ForwardedFrom,
		passed)
	if err != nil {
		return fmt.Errorf("insert into outbox: %w", err)
	}
	return nil
}

// Outbox lists a room's outgoing messages in the order of writing, confirmed and failed ones included. An empty room
// lists all rooms'.
func (s *Store) Outbox(ctx context.Context, roomUUID string) ([]Outgoing, error) {
	var out []Outgoing
	err := s.view(ctx, func(tx *sql.Tx) error {
		var err error
		out, err = outbox(ctx, tx, roomUUID)
		return err
	})
	return out, err
}

func outbox(ctx context.Context, tx *sql.Tx, roomUUID string) ([]Outgoing, error) {
	rows, err := tx.QueryContext(ctx, `
select `+outgoingColumns+`
from outbox
where ? in (room_uuid, '')
order by position`, roomUUID)
	out, err := collect(rows, err, scanOutgoing)
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return out, withUploads(ctx, tx, out)
}

// Outgoing finds one by its client_id, or returns ErrNotFound.
func (s *Store) Outgoing(ctx context.Context, clientID string) (Outgoing, error) {
	return s.oneOutgoing(ctx, `
select `+outgoingColumns+`
from outbox
where client_id = ?`, clientID)
}

// NextOutgoing finds the oldest message of a room that is still to be sent, or returns ErrNotFound. A failed one is
// skipped: it waits for the user, what he wrote after it goes on. So is one whose files are not ready.
func (s *Store) NextOutgoing(ctx context.Context, roomUUID string) (Outgoing, error) {
	return s.oneOutgoing(ctx, `
select `+outgoingColumns+`
from outbox
where room_uuid = ? and failure = '' and sent_seq = 0 and `+complete+`
order by position
limit 1`, roomUUID)
}

// complete is true for messages that wait for no file.
const complete = `not exists (select 1 from uploads u where u.client_id = outbox.client_id and u.state <> 'ready')`

func (s *Store) oneOutgoing(ctx context.Context, query, arg string) (Outgoing, error) {
	var found []Outgoing
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, arg)
		if found, err = collect(rows, err, scanOutgoing); err != nil {
			return err
		}
		return withUploads(ctx, tx, found)
	})
	if err != nil {
		return Outgoing{}, fmt.Errorf("find in outbox: %w", err)
	}
	if len(found) == 0 {
		return Outgoing{}, ErrNotFound
	}
	return found[0], nil
}

// RoomsWithOutgoing lists the rooms that have something to be sent.
func (s *Store) RoomsWithOutgoing(ctx context.Context) ([]string, error) {
	var out []string
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
select distinct room_uuid
from outbox
where failure = '' and sent_seq = 0 and `+complete)
		out, err = collect(rows, err, scanText)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("rooms with outgoing messages: %w", err)
	}
	return out, nil
}

// Confirm notes the server's answer. The row stays, as sent, until the message itself arrives, so that it is shown
// neither twice nor not at all. When it arrived before the answer there is no row any more, and nothing happens. When the
// held state has passed it without holding it, the row goes, and passed is true: the page has to load the room again.
func (s *Store) Confirm(ctx context.Context, clientID string, r wire.SendReply) (passed bool, err error) {
	err = s.update(ctx, copied, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
update outbox
set sent_id = ?, sent_seq = ?, sent_rev = ?, sent_at = ?, failure = ''
where client_id = ?`, r.MessageID, r.Seq, r.Rev, r.Timestamp.UnixMilli(), clientID)
		if err != nil {
			return fmt.Errorf("confirm in outbox: %w", err)
		}
		room, err := oneRoom(ctx, tx, r.RoomUUID)
		if errors.Is(err, ErrNotFound) {
			return nil // the user left it meanwhile
		}
		if err == nil {
			passed, err = dropPassed(ctx, tx, room)
		}
		return err
	})
	return passed, err
}

// Fail notes why the server refused a message for good. It does nothing to a confirmed one.
func (s *Store) Fail(ctx context.Context, clientID, failure string) error {
	return s.changeUnsent(ctx, "update outbox set failure = ? where client_id = ? and sent_seq = 0", failure, clientID)
}

// Retry makes a failed message one that is still to be tried. It keeps its place and its client_id. It returns
// ErrNotFound when there is no such failed message.
func (s *Store) Retry(ctx context.Context, clientID string) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		err := changeOne(ctx, tx, "update outbox set failure = '' where client_id = ? and sent_seq = 0 and failure <> ''", clientID)
		if err != nil {
			return err
		}
		return retryUploads(ctx, tx, clientID)
	})
}

// Discard forgets an unsent message. It returns ErrNotFound when there is none, or when the server has it.
func (s *Store) Discard(ctx context.Context, clientID string) error {
	return s.changeUnsent(ctx, "delete from outbox where client_id = ? and sent_seq = 0", clientID)
}

func (s *Store) changeUnsent(ctx context.Context, query string, args ...any) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		return changeOne(ctx, tx, query, args...)
	})
}

func scanText(rows *sql.Rows) (string, error) {
	var v string
	err := rows.Scan(&v)
	return v, err
}
