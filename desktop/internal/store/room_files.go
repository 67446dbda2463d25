package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"himsg/shared/wire"
)

// MessagesWithFile lists held messages that a file hangs on, the newest first; hidden ones are left out.
func (s *Store) MessagesWithFile(ctx context.Context, fileID string) ([]wire.Message, error) {
	return s.messages(ctx, `
select `+messageColumns+`
from messages m
join rooms r on r.room_id = m.room_id
where m.message_id in (select message_id from message_files where file_id = ?) and `+unhidden+`
order by m.message_id desc`, fileID)
}

// MessagesWithFiles lists held messages of a room that have files, the newest first, below a seq (0: all); hidden ones are
// left out.
func (s *Store) MessagesWithFiles(ctx context.Context, roomUUID string, before int64, limit int) ([]wire.Message, error) {
	return s.messages(ctx, `
select `+messageColumns+`
from messages m
join rooms r on r.room_id = m.room_id
where r.room_uuid = ? and (? = 0 or m.seq < ?) and `+unhidden+`
  and m.message_id in (select message_id from message_files where room_id = r.room_id)
order by m.seq desc
limit ?`, roomUUID, before, before, limit)
}

// noteFiles keeps which files hang on a message, in place of what was kept before.
func noteFiles(ctx context.Context, tx *sql.Tx, roomID int64, m wire.Message) error {
	if _, err := tx.ExecContext(ctx, "delete from message_files where message_id = ?", m.MessageID); err != nil {
		return fmt.Errorf("forget files of a message: %w", err)
	}
	var all []error
	for _, f := range m.Files {
		_, err := tx.ExecContext(ctx, `
insert into message_files (message_id, file_id, room_id)
values (?, ?, ?)
on conflict do nothing`, m.MessageID, f.FileID, roomID)
		all = append(all, err)
	}
	if err := errors.Join(all...); err != nil {
		return fmt.Errorf("note files of a message: %w", err)
	}
	return nil
}
