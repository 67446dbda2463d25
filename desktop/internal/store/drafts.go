package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Draft is what stands in a room's composer: the text, what it answers and whom it mentions.
type Draft struct {
	Text       string
	ReplyToSeq int64
	Mentions   []string // user_uuids
	MentionAll bool
}

// Empty reports whether there is nothing to keep.
func (d Draft) Empty() bool { return d.Text == "" && d.ReplyToSeq == 0 }

// Equal compares two drafts.
func (d Draft) Equal(other Draft) bool {
	return d.Text == other.Text && d.ReplyToSeq == other.ReplyToSeq && d.MentionAll == other.MentionAll &&
		slices.Equal(d.Mentions, other.Mentions)
}

// SetDraft keeps what stands in a room's composer, durably. An empty one removes it.
func (s *Store) SetDraft(ctx context.Context, roomUUID string, d Draft) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		return setDraft(ctx, tx, roomUUID, d)
	})
}

func setDraft(ctx context.Context, tx *sql.Tx, roomUUID string, d Draft) error {
	mentions, err := encode(d.Mentions)
	if err != nil {
		return fmt.Errorf("encode draft: %w", err)
	}
	query, args := `
insert into drafts (room_uuid, text, reply_to_seq, mentions, mention_all)
values (?, ?, ?, ?, ?)
on conflict (room_uuid) do update
set text = excluded.text, reply_to_seq = excluded.reply_to_seq, mentions = excluded.mentions,
  mention_all = excluded.mention_all`, []any{roomUUID, d.Text, d.ReplyToSeq, mentions, d.MentionAll}
	if d.Empty() {
		query, args = "delete from drafts where room_uuid = ?", args[:1]
	}
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("keep draft: %w", err)
	}
	return nil
}

// Place is where the user left a room: the message at the upper edge of what he saw, and how many pixels of it were above
// that edge. The zero Place is the end of the room.
type Place struct {
	Seq    int64
	Offset int
}

// SetPlace keeps where the user left a room. It returns ErrNotFound for an unknown room.
func (s *Store) SetPlace(ctx context.Context, roomUUID string, p Place) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		if _, err := oneRoom(ctx, tx, roomUUID); err != nil {
			return err
		}
		query, args := `
insert into places (room_uuid, seq, shift)
values (?, ?, ?)
on conflict (room_uuid) do update set seq = excluded.seq, shift = excluded.shift`, []any{roomUUID, p.Seq, p.Offset}
		if p == (Place{}) {
			query, args = "delete from places where room_uuid = ?", args[:1]
		}
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("keep place: %w", err)
		}
		return nil
	})
}
