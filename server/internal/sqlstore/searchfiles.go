package sqlstore

import (
	"context"
)

// fileCandidates are the messages with files in a person's rooms. message_files has an index by room.
type fileCandidates struct {
	q        querier
	userID   int64
	roomUUID string // empty: all rooms
	before   int64
}

func (c *fileCandidates) next(ctx context.Context) (batch []candidate, more bool, err error) {
	batch, err = collect(ctx, c.q, func(row scanner) (m candidate, err error) {
		err = row.Scan(&m.id, &m.room)
		return m, err
	}, `select distinct x.message_id, x.room_id
  from room_members m
  join rooms r on r.id = m.room_id
  join message_files x on x.room_id = m.room_id
 where m.user_id = ?
   and `+presentRoom+`
   and (? = '' or r.room_uuid = ?)
   and x.message_id < ?
 order by x.message_id desc
 limit ?`, c.userID, c.roomUUID, c.roomUUID, c.before, firstMatches)
	if len(batch) > 0 {
		c.before = batch[len(batch)-1].id
	}
	return batch, len(batch) == firstMatches, err
}
