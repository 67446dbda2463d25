package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/legacy"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file takes what comes from an original Hi_Msg: legacy.Store. legacyread.go looks things up for it.

var _ legacy.Store = (*DB)(nil)

var textLegacyMoved = errs.Text{
	KO: "다른 가져오기가 진행 중입니다.", EN: "Another process goes on with this import.",
}

// BeginLegacy implements legacy.Store.
func (db *DB) BeginLegacy(ctx context.Context, i legacy.Import, entry model.AuditEntry) (legacy.Import, error) {
	err := db.write(ctx, "begin legacy import", func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, insertInto("legacy_imports",
			"import_uuid, fingerprint, state, phase, after_id, started_at, updated_at, detail", 1),
			i.UUID, i.Fingerprint, string(i.State), string(i.Phase), i.AfterID, entry.At, entry.At, i.Detail)
		if _, taken := uniqueKey(err); taken {
			return errs.E(wire.Conflict, wire.ReasonBusy, textLegacyMoved)
		}
		if err != nil {
			return fmt.Errorf("insert import: %w", err)
		}
		if i.ID, err = done.LastInsertId(); err != nil {
			return err
		}
		return db.appendAudit(ctx, tx, entry)
	})
	return i, err
}

// moveLegacy is the first statement of each step. It locks the import's row, and finds only one that stands where the step begins:
// no step is done twice, whoever tries.
func moveLegacy(ctx context.Context, tx *sql.Tx, s legacy.Step) error {
	return legacyMoved(tx.ExecContext(ctx, `update legacy_imports
   set after_id = ?, updated_at = ?
 where id = ?
   and state = ?
   and phase = ?
   and after_id = ?`, s.To, s.Now, s.ImportID, string(legacy.Copying), string(s.Phase), s.From))
}

func legacyMoved(done sql.Result, err error) error {
	mine, err := changedOne(done, err)
	if err == nil && !mine {
		err = errs.E(wire.Conflict, wire.ReasonBusy, textLegacyMoved)
	}
	return err
}

// NextLegacyPhase implements legacy.Store.
func (db *DB) NextLegacyPhase(ctx context.Context, importID int64, from, to legacy.Phase, now int64) error {
	return db.write(ctx, "next phase of a legacy import", func(tx *sql.Tx) error {
		return legacyMoved(tx.ExecContext(ctx, `update legacy_imports
   set phase = ?, after_id = 0, updated_at = ?
 where id = ?
   and state = ?
   and phase = ?`, string(to), now, importID, string(legacy.Copying), string(from)))
	})
}

// EndLegacy implements legacy.Store.
func (db *DB) EndLegacy(ctx context.Context, importID int64, detail string, entry model.AuditEntry) error {
	return db.write(ctx, "end legacy import", func(tx *sql.Tx) error {
		ended, err := changedOne(tx.ExecContext(ctx, `update legacy_imports
   set state = ?, detail = ?, updated_at = ?, finished_at = ?
 where id = ?
   and state = ?`, string(legacy.Done), detail, entry.At, entry.At, importID, string(legacy.Copying)))
		if err != nil || !ended {
			return err
		}
		return db.appendAudit(ctx, tx, entry)
	})
}

// AddLegacyPeople implements legacy.Store. The department is that of the name at the top of the tree.
func (db *DB) AddLegacyPeople(ctx context.Context, s legacy.Step, people []legacy.NewPerson) error {
	by := directory.By{Entry: model.AuditEntry{At: s.Now}}
	_, err := db.changeTree(ctx, "add legacy people", by, func(ctx context.Context, c *treeChange) error {
		if err := moveLegacy(ctx, c.tx, s); err != nil {
			return err
		}
		for _, p := range people {
			if err := c.addLegacyPerson(ctx, p.User); err != nil {
				return fmt.Errorf("person %s: %w", p.UUID, err)
			}
		}
		return nil
	})
	return err
}

func (c *treeChange) addLegacyPerson(ctx context.Context, u model.User) (err error) {
	if u.State == wire.UserActive || u.State == wire.UserDisabled {
		d, err := c.topDepartment(ctx, u.Department)
		if err != nil {
			return err
		}
		if d != nil {
			c.placeUser(&u, d)
		}
	}
	if u.State != wire.UserPending && u.State != wire.UserRejected {
		if u.Rev, err = c.nextRev(ctx); err != nil {
			return err
		}
	}
	if u.ID, err = insertAccount(ctx, c.tx, u, ""); err != nil || u.State != wire.UserDeleted {
		return err
	}
	_, err = c.tx.ExecContext(ctx, "update users set deleted_at = ? where id = ?", c.now, u.ID)
	return err
}

// topDepartment finds or makes a department at the top of the tree; none for an empty name, or one that can't be a department.
func (c *treeChange) topDepartment(ctx context.Context, name string) (*model.Department, error) {
	if name == "" {
		return nil, nil
	}
	if d := c.tree.named(0, name); d != nil {
		return d, nil
	}
	d, err := c.create(ctx, uuid.NewString(), 0, name)
	if _, refused := errors.AsType[*errs.Error](err); refused {
		return nil, nil // he keeps it as a text
	}
	return d, err
}

// AddLegacyRooms implements legacy.Store.
func (db *DB) AddLegacyRooms(ctx context.Context, s legacy.Step, rooms []legacy.NewRoom) error {
	return db.write(ctx, "add legacy rooms", func(tx *sql.Tx) error {
		if err := moveLegacy(ctx, tx, s); err != nil {
			return err
		}
		for _, r := range rooms {
			made := model.Room{
				UUID: r.UUID, Kind: wire.RoomKind(r.Kind), Name: r.Name, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, Rev: 1, MetaRev: 1,
			}
			if _, err := insertRoom(ctx, tx, made, sql.NullString{String: r.DirectKey, Valid: r.DirectKey != ""}, sql.NullString{}); err != nil {
				return err
			}
		}
		return nil
	})
}

// AddLegacyMessages implements legacy.Store.
func (db *DB) AddLegacyMessages(ctx context.Context, s legacy.Step, messages []legacy.NewMessage) error {
	b := bulk{table: "messages", columns: []string{
		"room_id", "seq", "rev", "kind", "sender_id", "client_id", "text", "created_at",
	}}
	var withFiles []legacy.NewMessage
	for _, m := range messages {
		// The room's own rev is 1.
		b.rows = append(b.rows, []any{m.RoomID, m.Seq, m.Seq + 1, string(wire.MessageUser), m.SenderID, m.ClientID, m.Text, m.CreatedAt})
		if m.FileUUID != "" {
			withFiles = append(withFiles, m)
		}
	}
	return db.write(ctx, "add legacy messages", func(tx *sql.Tx) error {
		if err := moveLegacy(ctx, tx, s); err != nil {
			return err
		}
		if err := b.insert(ctx, tx); err != nil {
			return err
		}
		for _, m := range withFiles {
			if err := hangLegacyFile(ctx, tx, m); err != nil {
				return fmt.Errorf("hang a file on a message: %w", err)
			}
		}
		return nil
	})
}

// hangLegacyFile makes a file that is ready that of a message.
func hangLegacyFile(ctx context.Context, tx *sql.Tx, m legacy.NewMessage) error {
	done, err := tx.ExecContext(ctx, `insert into message_files (message_id, position, file_id, room_id, seq)
select m.id, 0, f.id, m.room_id, m.seq
  from messages m
  join files f on f.file_uuid = ? and f.state = ?
 where m.room_id = ?
   and m.seq = ?`, m.FileUUID, string(wire.FileReady), m.RoomID, m.Seq)
	hung, err := changedOne(done, err)
	if err == nil && !hung {
		err = fmt.Errorf("no file %s", m.FileUUID)
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "update files set sent_at = ? where file_uuid = ?", m.CreatedAt, m.FileUUID)
	return err
}

// SeatLegacy implements legacy.Store.
func (db *DB) SeatLegacy(ctx context.Context, s legacy.Step, rooms []legacy.NewSeats) error {
	b := bulk{table: "room_members", columns: []string{
		"room_id", "user_id", "role", "joined_seq", "joined_at", "last_read_seq", "my_rev",
	}}
	for _, r := range rooms {
		for _, m := range r.Members {
			b.rows = append(b.rows, []any{r.RoomID, m.UserID, string(m.Role), 0, r.JoinedAt, m.LastReadSeq, m.MyRev})
		}
	}
	return db.write(ctx, "seat legacy members", func(tx *sql.Tx) error {
		if err := moveLegacy(ctx, tx, s); err != nil {
			return err
		}
		for _, r := range rooms {
			// When what came was read, nobody knows.
			_, err := tx.ExecContext(ctx, `update rooms
   set last_seq = ?, rev = ?, last_message_at = ?, timed_from = ?, changed_at = ?
 where id = ?`, r.LastSeq, r.LastSeq+1, r.LastMessageAt, r.LastSeq, s.Now, r.RoomID)
			if err != nil {
				return fmt.Errorf("open room: %w", err)
			}
		}
		return b.insert(ctx, tx)
	})
}
