package sqlstore

import (
	"context"
	"database/sql"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var (
	textPinAdmins = errs.Text{KO: "공지방에서는 관리자만 고정할 수 있습니다.", EN: "Only administrators can pin announcements."}
	textManyPins  = errs.Text{KO: "고정된 메시지가 너무 많습니다.", EN: "There are too many pinned messages already."}
)

// Pin implements chat.Altering.
func (db *DB) Pin(ctx context.Context, actor model.Actor, p chat.Pin) (c chat.PinChange, err error) {
	err = db.write(ctx, "pin", func(tx *sql.Tx) error {
		c = chat.PinChange{}
		at, err := db.lockMessage(ctx, tx, actor, p.MessageID)
		if err != nil {
			return err
		}
		c.Message = at.message
		if err := alterable(c.Message); err != nil {
			return err
		}
		if !at.room.MayPost(actor) {
			return errs.E(wire.Forbidden, wire.ReasonReadOnly, textPinAdmins)
		}
		if c.Message.Pinned == p.On {
			return nil
		}
		c.Changed, c.Message.Pinned, c.Message.Rev = true, p.On, at.room.Rev+1
		if err := setPin(ctx, tx, actor, c.Message, p); err != nil {
			return err
		}
		change := chat.RoomChange{Room: at.room, Rev: c.Message.Rev}
		change.Room.Rev, change.Room.MetaRev = c.Message.Rev, c.Message.Rev
		if !p.On {
			return storeRoom(ctx, tx, change.Room, p.Now)
		}
		notice := wire.SystemNotice{Action: wire.SystemPinned, ActorUUID: actor.UserUUID, Seq: c.Message.Seq}
		err = db.addSystemLine(ctx, tx, &change, actor, notice, p.Now)
		c.System = change.System
		return err
	})
	return c, err
}

// setPin stores or removes a pin. Within a room pinned_at only grows, whatever the clock does: it is the pins' order.
func setPin(ctx context.Context, tx *sql.Tx, actor model.Actor, m model.Message, p chat.Pin) error {
	if !p.On {
		return execAll(ctx, tx, []statement{
			{"delete from pins where room_id = ? and seq = ?", []any{m.RoomID, m.Seq}},
			{"update messages set pinned = 0, rev = ? where id = ?", []any{m.Rev, m.ID}},
		})
	}
	var count int
	var last int64
	err := tx.QueryRowContext(ctx, "select count(*), coalesce(max(pinned_at), 0) from pins where room_id = ?", m.RoomID).
		Scan(&count, &last)
	if err != nil {
		return err
	}
	if count >= wire.MaxPins {
		return errs.E(wire.BadRequest, wire.ReasonTooManyPins, textManyPins)
	}
	return execAll(ctx, tx, []statement{
		{
			"insert into pins (room_id, seq, message_id, pinned_by, pinned_at) values (?, ?, ?, ?, ?)",
			[]any{m.RoomID, m.Seq, m.ID, actor.UserID, max(p.Now, last+1)},
		},
		{"update messages set pinned = 1, rev = ? where id = ?", []any{m.Rev, m.ID}},
	})
}

// Pins implements chat.Altering.
func (db *DB) Pins(ctx context.Context, roomID int64) (seqs []int64, err error) {
	err = db.read(ctx, "pins", func(q querier) error {
		seqs, err = collect(ctx, q, scanID, "select seq from pins where room_id = ? order by pinned_at, seq", roomID)
		return err
	})
	return seqs, err
}
