package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
)

// spot is a message's place.
type spot struct{ room, seq int64 }

// deletedRefs are the deleted ones of the messages that a batch's drafts answer or pass on.
type deletedRefs struct {
	replies map[spot]bool
	sources map[int64]bool // by message_id
}

// readDeleted looks for deleted messages among those that drafts refer to. The usual draft refers to none and costs nothing.
// A source is in a room that isn't locked: it may be deleted just after this.
func (b *batch) readDeleted(ctx context.Context, tx *sql.Tx) (deletedRefs, error) {
	found := deletedRefs{replies: map[spot]bool{}, sources: map[int64]bool{}}
	var replies, sources []any
	for _, e := range b.entries {
		if e.draft.ReplyToSeq > 0 {
			replies = append(replies, e.draft.RoomID, e.draft.ReplyToSeq)
		}
		if e.draft.ForwardedFrom > 0 {
			sources = append(sources, e.draft.ForwardedFrom)
		}
	}
	if len(replies) > 0 {
		err := each(ctx, tx, func(row scanner) error {
			var at spot
			err := row.Scan(&at.room, &at.seq)
			found.replies[at] = true
			return err
		}, `select m.room_id, m.seq
  from `+b.db.d.values(len(replies)/2, "v_room", "v_seq")+`
 cross join messages m on m.room_id = v.v_room and m.seq = v.v_seq
 where m.deleted_at is not null`, replies...)
		if err != nil {
			return found, fmt.Errorf("replies: %w", err)
		}
	}
	if len(sources) > 0 {
		err := each(ctx, tx, func(row scanner) error {
			id, err := scanID(row)
			found.sources[id] = true
			return err
		}, "select id from messages where id in ("+holes(len(sources))+") and deleted_at is not null", sources...)
		if err != nil {
			return found, fmt.Errorf("sources: %w", err)
		}
	}
	return found, nil
}
