package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/shared/wire"
)

func dropMessages(ctx context.Context, tx *sql.Tx, roomID int64) error {
	if _, err := tx.ExecContext(ctx, "delete from messages where room_id = ?", roomID); err != nil {
		return fmt.Errorf("drop messages: %w", err)
	}
	return nil
}

// wiped makes sure that a tombstone holds nothing, whatever the sender of the event left in it.
func wiped(m wire.Message) wire.Message {
	if m.DeletedAt != nil {
		m.Text, m.Mentions, m.MentionAll, m.Files, m.Reactions = "", nil, false, nil, nil
		m.ReplyToSeq, m.ForwardedFrom, m.Pinned = 0, 0, false
	}
	return m
}

// extra holds the fields that most messages don't have.
type extra struct {
	Mentions      []string           `json:"mentions,omitempty"`
	MentionAll    bool               `json:"mention_all,omitempty"`
	Files         []wire.File        `json:"files,omitempty"`
	Reactions     []wire.Reaction    `json:"reactions,omitempty"`
	System        *wire.SystemNotice `json:"system,omitempty"`
	ForwardedFrom int64              `json:"forwarded_from,omitempty"`
	Pinned        bool               `json:"pinned,omitempty"`
}

// saveMessage stores a message that is not held, or newer than what is held, and its place in the index.
func (s *Store) saveMessage(ctx context.Context, tx *sql.Tx, roomID int64, m wire.Message) (changed bool, err error) {
	more, err := encodeExtra(m)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `
insert into messages (room_id, seq, rev, message_id, client_id, kind, sender_uuid, text, at, edited_at, deleted_at,
  reply_to_seq, extra, calls_me)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (room_id, seq) do nothing`,
		roomID, m.Seq, m.Rev, m.MessageID, m.ClientID, m.Kind, m.SenderUUID, m.Text, m.Timestamp.UnixMilli(),
		milli(m.EditedAt), milli(m.DeletedAt), m.ReplyToSeq, more, s.calls(m))
	if err != nil {
		return false, fmt.Errorf("save message: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return n > 0, errors.Join(err, index(ctx, tx, roomID, m), noteFiles(ctx, tx, roomID, m))
	}
	return s.replaceMessage(ctx, tx, roomID, m)
}

// replaceMessage stores a message in place of an older form of it, if there is one.
func (s *Store) replaceMessage(ctx context.Context, tx *sql.Tx, roomID int64, m wire.Message) (changed bool, err error) {
	more, err := encodeExtra(m)
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `
update messages
set rev = ?, message_id = ?, client_id = ?, kind = ?, sender_uuid = ?, text = ?, at = ?, edited_at = ?, deleted_at = ?,
  reply_to_seq = ?, extra = ?, calls_me = ?
where room_id = ? and seq = ? and rev < ?`,
		m.Rev, m.MessageID, m.ClientID, m.Kind, m.SenderUUID, m.Text, m.Timestamp.UnixMilli(), milli(m.EditedAt),
		milli(m.DeletedAt), m.ReplyToSeq, more, s.calls(m), roomID, m.Seq, m.Rev)
	if err != nil {
		return false, fmt.Errorf("replace message: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	return true, errors.Join(reindex(ctx, tx, roomID, m), noteFiles(ctx, tx, roomID, m))
}

func encodeExtra(m wire.Message) (string, error) {
	more, err := json.Marshal(extra{
		Mentions: m.Mentions, MentionAll: m.MentionAll, Files: m.Files, Reactions: m.Reactions, System: m.System,
		ForwardedFrom: m.ForwardedFrom, Pinned: m.Pinned,
	})
	if err != nil {
		return "", fmt.Errorf("encode message: %w", err)
	}
	return string(more), nil
}

func milli(t *wire.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}

const messageColumns = `r.room_uuid, m.seq, m.rev, m.message_id, m.client_id, m.kind, m.sender_uuid, m.text, m.at,
m.edited_at, m.deleted_at, m.reply_to_seq, m.extra`

func scanMessage(rows *sql.Rows) (wire.Message, error) {
	var m wire.Message
	var at, edited, deleted int64
	var text string
	err := rows.Scan(&m.RoomUUID, &m.Seq, &m.Rev, &m.MessageID, &m.ClientID, &m.Kind, &m.SenderUUID, &m.Text, &at,
		&edited, &deleted, &m.ReplyToSeq, &text)
	if err != nil {
		return m, err
	}
	var more extra
	if err := json.Unmarshal([]byte(text), &more); err != nil {
		return m, fmt.Errorf("%w: a message", ErrDamaged)
	}
	m.Timestamp, m.EditedAt, m.DeletedAt = wire.TimeOfMilli(at), optionalTime(edited), optionalTime(deleted)
	m.Mentions, m.Files, m.Reactions = more.Mentions, more.Files, more.Reactions
	m.MentionAll, m.System, m.ForwardedFrom, m.Pinned = more.MentionAll, more.System, more.ForwardedFrom, more.Pinned
	return m, nil
}

func optionalTime(ms int64) *wire.Time {
	if ms == 0 {
		return nil
	}
	t := wire.TimeOfMilli(ms)
	return &t
}

// MessageByID finds a message that is held, in the stretch or loose, or returns ErrNotFound: also for one that the user hid.
func (s *Store) MessageByID(ctx context.Context, messageID int64) (wire.Message, error) {
	found, err := s.messages(ctx, `
select `+messageColumns+`
from messages m
join rooms r on r.room_id = m.room_id
where m.message_id = ? and `+unhidden, messageID)
	if err != nil {
		return wire.Message{}, err
	}
	if len(found) == 0 {
		return wire.Message{}, ErrNotFound
	}
	return found[0], nil
}

func (s *Store) messages(ctx context.Context, query string, args ...any) ([]wire.Message, error) {
	var out []wire.Message
	err := s.view(ctx, func(tx *sql.Tx) error {
		var err error
		out, err = readMessages(ctx, tx, query, args...)
		return err
	})
	return out, err
}

func readMessages(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]wire.Message, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	out, err := collect(rows, err, scanMessage)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return out, nil
}
