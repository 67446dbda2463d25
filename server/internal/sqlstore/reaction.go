package sqlstore

import (
	"context"
	"database/sql"
	"slices"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textOnlyUser  = errs.Text{KO: "사람이 보낸 메시지에만 할 수 있습니다.", EN: "This is only possible with people's messages."}
	textManyEmoji = errs.Text{KO: "이모지 종류가 너무 많습니다.", EN: "There are too many different emoji already."}
)

// React implements chat.Altering.
func (db *DB) React(ctx context.Context, actor model.Actor, r chat.Reaction) (m model.Message, changed bool, err error) {
	err = db.write(ctx, "react", func(tx *sql.Tx) error {
		changed = false
		at, err := db.lockMessage(ctx, tx, actor, r.MessageID)
		if err != nil {
			return err
		}
		m = at.message
		if err := alterable(m); err != nil || reacts(m, actor, r.Emoji) == r.On {
			return err
		}
		changed = true
		rev := at.room.Rev + 1
		steps := []statement{
			{"update messages set rev = ? where id = ?", []any{rev, m.ID}},
			{"update rooms set rev = ?, changed_at = ? where id = ?", []any{rev, r.Now, m.RoomID}},
		}
		if r.On {
			if len(m.Reactions) >= wire.MaxReactions && !slices.ContainsFunc(m.Reactions, isEmoji(r.Emoji)) {
				return errs.E(wire.BadRequest, wire.ReasonTooManyEmoji, textManyEmoji)
			}
			steps = append(steps, statement{
				"insert into reactions (message_id, user_id, emoji, created_at) values (?, ?, ?, ?)",
				[]any{m.ID, actor.UserID, r.Emoji, r.Now},
			})
		} else {
			steps = append(steps, statement{
				"delete from reactions where message_id = ? and user_id = ? and emoji = ?",
				[]any{m.ID, actor.UserID, r.Emoji},
			})
		}
		if err := execAll(ctx, tx, steps); err != nil {
			return err
		}
		m, err = db.messageByID(ctx, tx, m.ID) // the order of reactions is the database's
		return err
	})
	return m, changed, err
}

// alterable refuses deleted messages and the server's own lines.
func alterable(m model.Message) error {
	switch {
	case m.Kind != wire.MessageUser:
		return errs.E(wire.BadRequest, "", textOnlyUser)
	case m.DeletedAt != 0:
		return errs.E(wire.Conflict, wire.ReasonMessageDeleted, textDeleted)
	}
	return nil
}

func isEmoji(emoji string) func(wire.Reaction) bool {
	return func(r wire.Reaction) bool { return r.Emoji == emoji }
}

func reacts(m model.Message, actor model.Actor, emoji string) bool {
	i := slices.IndexFunc(m.Reactions, isEmoji(emoji))
	return i >= 0 && slices.Contains(m.Reactions[i].UserUUIDs, actor.UserUUID)
}

func (db *DB) messageByID(ctx context.Context, q querier, id int64) (model.Message, error) {
	page, err := db.messages(ctx, q, "where m.id = ?", id)
	if err == nil && len(page) == 0 {
		err = errs.NotFound(textNoMessage)
	}
	if err != nil {
		return model.Message{}, err
	}
	return page[0], nil
}
