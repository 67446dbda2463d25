package sqlstore

import (
	"context"
	"fmt"
	"slices"

	"himsg/server/internal/chat"
	"himsg/shared/wire"
)

// RoomViews implements chat.Rooms: at most eight queries for each 500 rooms, in one snapshot. Rooms in which the user is
// not present are left out; the rest come in the order of their ids.
func (db *DB) RoomViews(ctx context.Context, userID int64, roomIDs []int64) (views []chat.RoomView, err error) {
	ids := slices.Clone(roomIDs)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	err = db.snapshot(ctx, "room views", func(q querier) error {
		views = nil
		for chunk := range slices.Chunk(ids, maxIn) {
			part, err := db.roomViews(ctx, q, userID, chunk)
			if err != nil {
				return err
			}
			if views == nil {
				views = part
				continue
			}
			views = append(views, part...)
		}
		return nil
	})
	return views, err
}

func (db *DB) roomViews(ctx context.Context, q querier, userID int64, ids []int64) ([]chat.RoomView, error) {
	views := make([]chat.RoomView, 0, len(ids))
	var v chat.RoomView
	var history string
	err := eachInto(ctx, q, append(roomDest(&v.Room, &history), memberDest(&v.My)...), func() error {
		v.Room.OpenHistory = history == openHistory
		views = append(views, v)
		return nil
	}, "select "+roomColumns+", "+memberColumns+`
  from rooms r
  join room_members m on m.room_id = r.id and m.user_id = ?
  join users u on u.id = m.user_id
 where r.id in (`+holes(len(ids))+`)
   and `+presentRoom+`
 order by r.id`, append([]any{userID}, anys(ids)...)...)
	if err != nil {
		return nil, fmt.Errorf("rooms: %w", err)
	}
	index := make(map[int64]*chat.RoomView, len(views))
	for i := range views {
		index[views[i].Room.ID] = &views[i]
	}
	for _, add := range []func(context.Context, querier, map[int64]*chat.RoomView) error{
		db.addRosters, addOthers, db.addLastMessages, addMentions,
	} {
		if err := add(ctx, q, index); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// roomIDs lists the rooms of views that match, in order.
func roomIDs(index map[int64]*chat.RoomView, match func(*chat.RoomView) bool) []any {
	var ids []int64
	for id, v := range index {
		if match(v) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return anys(ids)
}

// addOthers reads the other person of each direct room, present or not.
func addOthers(ctx context.Context, q querier, index map[int64]*chat.RoomView) error {
	var me int64
	ids := roomIDs(index, func(v *chat.RoomView) bool {
		me = v.My.UserID
		return v.Room.Kind == wire.RoomDirect
	})
	if len(ids) == 0 {
		return nil
	}
	err := each(ctx, q, func(row scanner) error {
		var roomID int64
		other, err := scanAccount(prefixed{row, []any{&roomID}})
		if err != nil {
			return err
		}
		index[roomID].Other = &other
		return nil
	}, "select m.room_id, "+accountColumns+`
  from room_members m
  join users u on u.id = m.user_id
  left join departments d on d.id = u.department_id
 where m.room_id in (`+holes(len(ids))+`)
   and m.user_id <> ?`, append(ids, me)...)
	if err != nil {
		return fmt.Errorf("others: %w", err)
	}
	return nil
}

// prefixed scans columns before those of a scanner function.
type prefixed struct {
	row  scanner
	dest []any
}

// Scan implements scanner.
func (p prefixed) Scan(dest ...any) error { return p.row.Scan(append(p.dest, dest...)...) }

// addLastMessages reads each room's newest message, unless it is from before the member's time.
func (db *DB) addLastMessages(ctx context.Context, q querier, index map[int64]*chat.RoomView) error {
	ids := roomIDs(index, func(v *chat.RoomView) bool { return v.Room.LastSeq > visibleAfter(v.Room, v.My) })
	if len(ids) == 0 {
		return nil
	}
	last, err := db.messages(ctx, q, "join rooms r on r.id = m.room_id and r.last_seq = m.seq where r.id in ("+holes(len(ids))+")", ids...)
	if err != nil {
		return fmt.Errorf("last messages: %w", err)
	}
	for i := range last {
		m := last[i]
		index[m.RoomID].Last = &m
	}
	return nil
}

// addMentions lists the unread messages that call the member, by name or with everybody. His own are never among them:
// sending moves his cursor. Those of before his time aren't either: his cursor began at his join.
func addMentions(ctx context.Context, q querier, index map[int64]*chat.RoomView) error {
	var me int64
	ids := roomIDs(index, func(v *chat.RoomView) bool {
		me = v.My.UserID
		return v.My.Unread(v.Room.LastSeq) > 0
	})
	if len(ids) == 0 {
		return nil
	}
	err := each(ctx, q, func(row scanner) error {
		var id, seq int64
		if err := row.Scan(&id, &seq); err != nil {
			return err
		}
		index[id].MentionSeqs = append(index[id].MentionSeqs, seq)
		return nil
	}, `select distinct calls.room_id, calls.seq
  from (select x.room_id, x.seq, dense_rank() over (partition by x.room_id order by x.seq desc) as place
          from room_members m
         cross join (select ? as user_id union all select 0) w
          join mentions x on x.room_id = m.room_id and x.user_id = w.user_id and x.seq > m.last_read_seq
          left join message_hides h on h.user_id = m.user_id and h.room_id = x.room_id and h.seq = x.seq
         where m.user_id = ?
           and m.room_id in (`+holes(len(ids))+`)
           and h.seq is null) calls
 where calls.place <= ?
 order by calls.room_id, calls.seq`, append(append([]any{me, me}, ids...), wire.MaxMentionSeqs)...)
	if err != nil {
		return fmt.Errorf("mentions: %w", err)
	}
	return nil
}
