package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textNotYourEdit = errs.Text{KO: "본인이 보낸 메시지만 고칠 수 있습니다.", EN: "You can edit only your own messages."}
	textDeleted     = errs.Text{KO: "삭제된 메시지입니다.", EN: "This message was deleted."}
	textEdited      = errs.Text{
		KO: "다른 기기에서 먼저 고친 메시지입니다.", EN: "This message was edited on another device meanwhile.",
	}
)

// Edit implements chat.Altering. A text that was passed on becomes the editor's own: forwarded_from goes.
func (db *DB) Edit(ctx context.Context, actor model.Actor, e chat.Edit) (m model.Message, changed bool, err error) {
	err = db.write(ctx, "edit message", func(tx *sql.Tx) error {
		changed = false
		at, err := db.lockMessage(ctx, tx, actor, e.MessageID)
		if err != nil {
			return err
		}
		m = at.message
		called, err := mentionsOf(ctx, tx, at, e)
		if err != nil {
			return err
		}
		err = mayEdit(actor, at, called, e.Text)
		if err != nil || called.same(m) && m.Text == e.Text {
			return err
		}
		if err := checkBase(ctx, tx, e); err != nil {
			return err
		}
		changed = true
		m, err = db.storeEdit(ctx, tx, actor, at, e, called)
		return err
	})
	return m, changed, err
}

func mayEdit(actor model.Actor, at located, called calls, text string) error {
	switch {
	case at.message.SenderID != actor.UserID, at.message.Kind != wire.MessageUser:
		return errs.E(wire.Forbidden, wire.ReasonNotYours, textNotYourEdit)
	case at.message.DeletedAt != 0:
		return errs.E(wire.Conflict, wire.ReasonMessageDeleted, textDeleted)
	case !at.room.MayPost(actor):
		return readOnly(at.room)
	case called.all && !at.message.MentionAll && !at.room.MayCallAll(at.member.Role, actor):
		return errs.E(wire.Forbidden, wire.ReasonMentionAll, textCallAll)
	case len(at.message.Files) == 0:
		_, err := model.MessageText(text) // an empty one is for messages with files
		return err
	}
	return nil
}

// calls is whom a text mentions, by id.
type calls struct {
	ids   []int64
	uuids []string
	all   bool
}

// same reports whether a message mentions them already. Both lists are in the order of user_id.
func (c calls) same(m model.Message) bool {
	return c.all == m.MentionAll && slices.Equal(c.uuids, m.Mentions)
}

func mentionsOf(ctx context.Context, q querier, at located, e chat.Edit) (calls, error) {
	c := calls{all: e.MentionAll && at.room.CallsAll()}
	if len(e.Mentions) == 0 {
		return c, nil
	}
	members, err := membersNamed(ctx, q, at.room.ID, e.Mentions)
	for _, m := range members {
		c.ids, c.uuids = append(c.ids, m.id), append(c.uuids, m.uuid)
	}
	return c, err
}

// named is a person whom a message mentions.
type named struct {
	id   int64
	uuid string
}

// membersNamed returns those of the named people who are present members of a room, in the order of their ids.
func membersNamed(ctx context.Context, q querier, roomID int64, uuids []string) ([]named, error) {
	return collect(ctx, q, func(row scanner) (n named, err error) {
		err = row.Scan(&n.id, &n.uuid)
		return n, err
	}, `select u.id, u.user_uuid
  from users u
  join room_members m on m.room_id = ? and m.user_id = u.id
 where u.user_uuid in (`+holes(len(uuids))+`)
   and m.left_seq is null
 order by u.id`, append([]any{roomID}, anys(uuids)...)...)
}

// Mentioned implements chat.Messages.
func (db *DB) Mentioned(ctx context.Context, roomID int64, uuids []string) (ids []int64, err error) {
	err = db.read(ctx, "mentioned", func(q querier) error {
		members, err := membersNamed(ctx, q, roomID, uuids)
		ids = make([]int64, len(members))
		for i, m := range members {
			ids[i] = m.id
		}
		return err
	})
	return ids, err
}

// checkBase refuses an editor who didn't see the newest text.
func checkBase(ctx context.Context, tx *sql.Tx, e chat.Edit) error {
	if e.BaseRev == 0 {
		return nil
	}
	var last int64
	err := tx.QueryRowContext(ctx, "select coalesce(max(rev), 0) from message_edits where message_id = ?", e.MessageID).
		Scan(&last)
	if err == nil && last > e.BaseRev {
		return errs.E(wire.Conflict, wire.ReasonEditConflict, textEdited)
	}
	return err
}

func (db *DB) storeEdit(
	ctx context.Context, tx *sql.Tx, actor model.Actor, at located, e chat.Edit, called calls,
) (model.Message, error) {
	m, rev := at.message, at.room.Rev+1
	err := execAll(ctx, tx, []statement{
		{
			"insert into message_edits (message_id, text, edited_by, edited_at, rev) values (?, ?, ?, ?, ?)",
			[]any{m.ID, m.Text, actor.UserID, e.Now, rev},
		},
		{
			"update messages set text = ?, rev = ?, edited_at = ?, forwarded_from = null where id = ?",
			[]any{e.Text, rev, e.Now, m.ID},
		},
		{"delete from mentions where message_id = ?", []any{m.ID}},
		{"update rooms set rev = ?, changed_at = ? where id = ?", []any{rev, e.Now, m.RoomID}},
	})
	if err != nil {
		return m, err
	}
	rows := make([]mention, 0, len(called.ids)+1)
	if called.all {
		rows = append(rows, mentionOf(&m, everybody))
	}
	for _, id := range called.ids {
		rows = append(rows, mentionOf(&m, id))
	}
	if err := insertMentions(ctx, tx, rows); err != nil {
		return m, fmt.Errorf("insert mentions: %w", err)
	}
	m.Text, m.Rev, m.EditedAt, m.ForwardedFrom = e.Text, rev, e.Now, 0
	m.Mentions, m.MentionAll = called.uuids, called.all
	return m, nil
}

// statement is one of several that are run after each other.
type statement struct {
	query string
	args  []any
}

func execAll(ctx context.Context, tx *sql.Tx, steps []statement) error {
	for _, s := range steps {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}
