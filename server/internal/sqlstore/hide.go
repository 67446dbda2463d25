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

// Hide implements chat.Hides. It locks the actor's own rows and no room: writers don't wait for who tidies up.
func (db *DB) Hide(ctx context.Context, actor model.Actor, messageIDs []int64) (changed []model.Room, err error) {
	ids := slices.Clone(messageIDs)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	err = db.write(ctx, "hide messages", func(tx *sql.Tx) error {
		changed = nil
		spots, err := collect(ctx, tx, scanSpot, "select room_id, seq from messages where id in ("+holes(len(ids))+`)
 order by room_id, seq`, anys(ids)...)
		if err != nil {
			return err
		}
		seats, err := db.lockSeats(ctx, tx, actor.UserID, spots)
		if err != nil {
			return err
		}
		if len(spots) < len(ids) || !allVisible(spots, seats) {
			return errs.NotFound(textNoMessage)
		}
		hidden, err := db.hiddenAmong(ctx, tx, actor.UserID, spots)
		if err != nil {
			return err
		}
		spots = slices.DeleteFunc(spots, func(at chat.Spot) bool { return hidden[at] })
		changed, err = db.storeHides(ctx, tx, actor.UserID, spots, seats)
		return err
	})
	return changed, err
}

func scanSpot(row scanner) (at chat.Spot, err error) {
	err = row.Scan(&at.RoomID, &at.Seq)
	return at, err
}

// seated is a room with a person's place in it.
type seated struct {
	room   model.Room
	member model.Member
}

// lockSeats locks and reads a person's rows in the rooms of some messages; rooms that he is not in are missing.
func (db *DB) lockSeats(
	ctx context.Context, tx *sql.Tx, userID int64, spots []chat.Spot,
) (map[int64]seated, error) {
	var rooms []int64
	for _, at := range spots {
		rooms = append(rooms, at.RoomID)
	}
	seats := make(map[int64]seated)
	if rooms = slices.Compact(rooms); len(rooms) == 0 {
		return seats, nil
	}
	args := append([]any{userID}, anys(rooms)...)
	_, err := collect(ctx, tx, scanID, `select room_id
  from room_members
 where user_id = ?
   and room_id in (`+holes(len(rooms))+`)
 order by room_id`+db.d.forUpdate, args...)
	if err != nil {
		return nil, fmt.Errorf("lock seats: %w", err)
	}
	return seats, each(ctx, tx, func(row scanner) error {
		var s seated
		var err error
		s.room, err = scanRoom(also{row, memberDest(&s.member)})
		seats[s.room.ID] = s
		return err
	}, "select "+roomColumns+", "+memberColumns+`
  from room_members m
  join rooms r on r.id = m.room_id
  join users u on u.id = m.user_id
 where m.user_id = ?
   and m.room_id in (`+holes(len(rooms))+`)
   and `+presentRoom, args...)
}

func allVisible(spots []chat.Spot, seats map[int64]seated) bool {
	for _, at := range spots {
		s, ok := seats[at.RoomID]
		if !ok || at.Seq <= s.room.VisibleAfter(s.member) {
			return false
		}
	}
	return true
}

func (db *DB) storeHides(
	ctx context.Context, tx *sql.Tx, userID int64, spots []chat.Spot, seats map[int64]seated,
) (changed []model.Room, err error) {
	if len(spots) == 0 {
		return nil, nil
	}
	var revs, rows []any
	for _, at := range spots {
		s := seats[at.RoomID]
		rev := s.member.MyRev + 1
		if len(changed) == 0 || changed[len(changed)-1].ID != at.RoomID {
			changed = append(changed, s.room)
			revs = append(revs, at.RoomID, rev)
		}
		rows = append(rows, userID, at.RoomID, at.Seq, rev)
	}
	_, err = tx.ExecContext(ctx, insertInto("message_hides", "user_id, room_id, seq, my_rev", len(spots)), rows...)
	if err != nil {
		return nil, fmt.Errorf("insert hides: %w", err)
	}
	args := append(slices.Clone(revs), userID)
	_, err = tx.ExecContext(ctx, db.d.updateFrom("room_members", db.d.values(len(changed), "v_room", "v_rev"),
		"room_id = v_room and user_id = ?", "my_rev = v_rev, hides_rev = v_rev"), args...)
	if err != nil {
		return nil, fmt.Errorf("update seats: %w", err)
	}
	return changed, nil
}

// Hidden implements chat.Hides.
func (db *DB) Hidden(
	ctx context.Context, member model.Member, after int64, limit int,
) (seqs []int64, rev int64, more bool, err error) {
	type hide struct{ seq, rev int64 }
	var page []hide
	err = db.read(ctx, "hidden messages", func(q querier) error {
		page, err = collect(ctx, q, func(row scanner) (h hide, err error) {
			err = row.Scan(&h.seq, &h.rev)
			return h, err
		}, `select seq, my_rev
  from message_hides
 where user_id = ?
   and room_id = ?
   and my_rev > ?
 order by my_rev, seq
 limit ?`, member.UserID, member.RoomID, after, limit+wire.MaxHideIDs)
		return err
	})
	if err != nil {
		return nil, 0, false, err
	}
	rev = max(member.MyRev, after)
	for i, h := range page {
		// What was hidden at one MyRev is one request, at most wire.MaxHideIDs: all of it was read.
		if i >= limit && h.rev != page[i-1].rev {
			return seqs, page[i-1].rev, true, nil
		}
		seqs = append(seqs, h.seq)
		rev = max(rev, h.rev)
	}
	return seqs, rev, false, nil
}

// HiddenAmong implements chat.Hides.
func (db *DB) HiddenAmong(ctx context.Context, userID int64, spots []chat.Spot) (found map[chat.Spot]bool, err error) {
	found = make(map[chat.Spot]bool)
	err = db.read(ctx, "hidden among", func(q querier) error {
		for chunk := range slices.Chunk(spots, maxIn) {
			part, err := db.hiddenAmong(ctx, q, userID, chunk)
			if err != nil {
				return err
			}
			for at := range part {
				found[at] = true
			}
		}
		return nil
	})
	return found, err
}

func (db *DB) hiddenAmong(
	ctx context.Context, q querier, userID int64, spots []chat.Spot,
) (map[chat.Spot]bool, error) {
	found := make(map[chat.Spot]bool)
	args := make([]any, 0, 2*len(spots)+1)
	for _, at := range spots {
		args = append(args, at.RoomID, at.Seq)
	}
	return found, each(ctx, q, func(row scanner) error {
		at, err := scanSpot(row)
		found[at] = true
		return err
	}, `select h.room_id, h.seq
  from `+db.d.values(len(spots), "v_room", "v_seq")+`
 cross join message_hides h on h.user_id = ? and h.room_id = v.v_room and h.seq = v.v_seq`, append(args, userID)...)
}
