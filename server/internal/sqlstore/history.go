package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textNoMessage = errs.Text{KO: "메시지를 찾을 수 없습니다.", EN: "There is no such message."}
	textNotYours  = errs.Text{KO: "본인이 보낸 메시지만 삭제할 수 있습니다.", EN: "You can delete only your own messages."}
)

// visibleAfter is the seq after which a member sees a room's messages.
func visibleAfter(room model.Room, member model.Member) int64 {
	return room.VisibleAfter(member)
}

// History implements chat.Messages.
func (db *DB) History(
	ctx context.Context, room model.Room, member model.Member, before int64, limit int,
) (page []model.Message, more bool, err error) {
	if before <= 0 {
		before = 1 << 62
	}
	err = db.snapshot(ctx, "history", func(q querier) error {
		page, err = db.messages(ctx, q, `where m.room_id = ?
   and m.seq < ?
   and m.seq > ?
 order by m.seq desc
 limit ?`, room.ID, before, visibleAfter(room, member), limit+1)
		return err
	})
	if len(page) > limit {
		page, more = page[:limit], true
	}
	slices.Reverse(page)
	return page, more, err
}

// Changes implements chat.Messages.
func (db *DB) Changes(
	ctx context.Context, room model.Room, member model.Member, after int64, limit int,
) (page []model.Message, err error) {
	err = db.snapshot(ctx, "changes", func(q querier) error {
		page, err = db.messages(ctx, q, `where m.room_id = ?
   and m.rev > ?
   and m.seq > ?
 order by m.rev
 limit ?`, room.ID, after, visibleAfter(room, member), limit)
		return err
	})
	return page, err
}

// Delete implements chat.Messages. The text and all that hangs on the message are gone from the database too.
func (db *DB) Delete(
	ctx context.Context, actor model.Actor, messageID, now int64,
) (m model.Message, changed bool, err error) {
	err = db.write(ctx, "delete message", func(tx *sql.Tx) error {
		changed = false
		at, err := db.lockMessage(ctx, tx, actor, messageID)
		if err != nil {
			return err
		}
		m = at.message
		may, err := mayDelete(ctx, tx, actor, at)
		if err != nil {
			return err
		}
		if !may {
			return errs.E(wire.Forbidden, wire.ReasonNotYours, textNotYours)
		}
		if m.DeletedAt != 0 {
			return nil
		}
		changed = true
		room := at.room
		room.Rev++
		m.Rev = room.Rev
		if m.Pinned {
			room.MetaRev = room.Rev
		}
		if _, _, err := db.takeOff(ctx, tx, now, m.ID); err != nil {
			return fmt.Errorf("take files off: %w", err)
		}
		makeTombstone(&m, now)
		if err := storeTombstone(ctx, tx, m, actor.UserID); err != nil {
			return err
		}
		return storeRoom(ctx, tx, room, now)
	})
	return m, changed, err
}

// mayDelete reports whether the actor wrote the message, or owns the group in which a bot wrote it: nobody else could take it back.
func mayDelete(ctx context.Context, q querier, actor model.Actor, at located) (bool, error) {
	m := at.message
	switch {
	case m.Kind != wire.MessageUser:
		return false, nil
	case m.SenderID == actor.UserID:
		return true, nil
	case at.room.Kind != wire.RoomGroup || at.member.Role != wire.RoomOwner:
		return false, nil
	}
	var bots int
	err := q.QueryRowContext(ctx, "select count(*) from users where id = ? and state = 'bot'", m.SenderID).Scan(&bots)
	return bots > 0, err
}

// located is a message in its room, with the place of who wants to change it.
type located struct {
	message model.Message
	room    model.Room
	member  model.Member
}

// lockMessage locks the room of a message and reads the message, if the actor is a present member and may see it. A bot, which is in
// no room, finds what it wrote itself, as long as the room is there.
func (db *DB) lockMessage(ctx context.Context, tx *sql.Tx, actor model.Actor, messageID int64) (at located, err error) {
	var roomID int64
	err = tx.QueryRowContext(ctx, "select room_id from messages where id = ?", messageID).Scan(&roomID)
	if err != nil {
		return at, noRows(err, textNoMessage)
	}
	if at.room, err = db.roomBy(ctx, tx, "r.id = ?", roomID); err != nil {
		return at, err
	}
	if at.message, err = db.messageByID(ctx, tx, messageID); err != nil {
		return at, err
	}
	if actor.Bot {
		if at.message.SenderID != actor.UserID || at.room.ClosedAt != 0 {
			err = errs.NotFound(textNoMessage)
		}
		return at, err
	}
	if at.member, err = seatOf(ctx, tx, roomID, actor.UserID); err != nil {
		return at, err
	}
	if gone(at.room, at.member) || at.message.Seq <= visibleAfter(at.room, at.member) {
		return at, errs.NotFound(textNoMessage)
	}
	return at, nil
}

func makeTombstone(m *model.Message, now int64) {
	m.DeletedAt = now
	m.Text, m.Pinned, m.EditedAt, m.ReplyToSeq, m.ForwardedFrom = "", false, 0, 0, 0
	m.Mentions, m.MentionAll, m.Files, m.Reactions = nil, false, nil, nil
}

func storeTombstone(ctx context.Context, tx *sql.Tx, m model.Message, by int64) error {
	return execAll(ctx, tx, []statement{
		{`update messages
   set rev = ?, text = '', edited_at = null, reply_to_seq = null, forwarded_from = null, pinned = 0,
       deleted_at = ?, deleted_by = ?
 where id = ?`, []any{m.Rev, m.DeletedAt, by, m.ID}},
		{"delete from message_edits where message_id = ?", []any{m.ID}},
		{"delete from mentions where message_id = ?", []any{m.ID}},
		{"delete from reactions where message_id = ?", []any{m.ID}},
		{"delete from pins where room_id = ? and seq = ?", []any{m.RoomID, m.Seq}},
	})
}
