package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/model"
)

// insert stores new messages whose numbers are allotted: one statement for each table, whatever their number.
func (b *batch) insert(ctx context.Context, tx *sql.Tx, fresh []*entry) error {
	if err := b.moveRooms(ctx, tx); err != nil {
		return fmt.Errorf("update rooms: %w", err)
	}
	if err := b.insertMessages(ctx, tx, fresh); err != nil {
		return fmt.Errorf("insert messages: %w", err)
	}
	if err := b.moveCursors(ctx, tx, fresh); err != nil {
		return fmt.Errorf("move the senders' cursors: %w", err)
	}
	if err := b.insertMentions(ctx, tx, fresh); err != nil {
		return fmt.Errorf("insert mentions: %w", err)
	}
	if err := b.insertFiles(ctx, tx, fresh); err != nil {
		return fmt.Errorf("insert files: %w", err)
	}
	return nil
}

func (b *batch) moveRooms(ctx context.Context, tx *sql.Tx) error {
	args := make([]any, 0, 2*len(b.rooms)+2)
	if b.db.d.mysql { // its values come before set
		args = b.roomArgs(args)
		args = append(args, b.now, b.now)
	} else {
		args = append(args, b.now, b.now)
		args = b.roomArgs(args)
	}
	_, err := tx.ExecContext(ctx, b.db.d.updateFrom("rooms", b.db.d.values((len(args)-2)/2, "v_room", "v_added"),
		"id = v_room",
		"last_seq = last_seq + v_added, rev = rev + v_added, last_message_at = ?, changed_at = ?"), args...)
	return err
}

func (b *batch) roomArgs(args []any) []any {
	for id, r := range b.rooms {
		if r.added > 0 {
			args = append(args, id, r.added)
		}
	}
	return args
}

func (b *batch) insertMessages(ctx context.Context, tx *sql.Tx, fresh []*entry) error {
	query := insertInto("messages",
		"room_id, seq, rev, kind, sender_id, client_id, text, created_at, reply_to_seq, forwarded_from", len(fresh))
	args := make([]any, 0, 10*len(fresh))
	for _, e := range fresh {
		m := &e.out.Message
		args = append(args, m.RoomID, m.Seq, m.Rev, string(m.Kind), m.SenderID, m.ClientID, m.Text, m.CreatedAt,
			null(m.ReplyToSeq), null(m.ForwardedFrom))
	}
	if b.db.d.returning {
		return b.takeIDs(ctx, tx, fresh, query+" returning id, room_id, seq", args...)
	}
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return err
	}
	// The ids of one insert need not follow each other (innodb_autoinc_lock_mode 2, Galera): ask for them.
	args = args[:0]
	for _, e := range fresh {
		args = append(args, e.out.Message.RoomID, e.out.Message.Seq)
	}
	return b.takeIDs(ctx, tx, fresh, `select m.id, m.room_id, m.seq
  from `+b.db.d.values(len(fresh), "v_room", "v_seq")+`
 cross join messages m on m.room_id = v.v_room and m.seq = v.v_seq`, args...)
}

func (b *batch) takeIDs(ctx context.Context, tx *sql.Tx, fresh []*entry, query string, args ...any) error {
	ids := make(map[spot]int64, len(fresh))
	err := each(ctx, tx, func(row scanner) error {
		var id int64
		var at spot
		if err := row.Scan(&id, &at.room, &at.seq); err != nil {
			return err
		}
		ids[at] = id
		return nil
	}, query, args...)
	if err != nil {
		return err
	}
	for _, e := range fresh {
		m := &e.out.Message
		if m.ID = ids[spot{m.RoomID, m.Seq}]; m.ID == 0 {
			return fmt.Errorf("no id for seq %d of room %d", m.Seq, m.RoomID)
		}
	}
	return nil
}

// moveCursors sets each sender's cursor to his last message. The rows are updated in the order of their key, as in
// marker, so that the two seldom deadlock.
func (b *batch) moveCursors(ctx context.Context, tx *sql.Tx, fresh []*entry) error {
	last, own := make(map[seat]int64, len(fresh)), make(map[seat]int64, len(fresh))
	for _, e := range fresh {
		if !e.draft.Sender.Bot { // which is no member and has no cursor
			last[e.seat()] = e.out.Message.Seq
			own[e.seat()]++
		}
	}
	if len(last) == 0 {
		return nil
	}
	moves := make([]cursorMove, 0, len(last))
	var jumps []cursorMove
	for s, seq := range last {
		move := cursorMove{seat: s, seq: seq, at: b.now}
		moves = append(moves, move)
		// A cursor that moved since it was read makes a time too many, which says nothing wrong: an earlier one comes first.
		if seq-b.reads[s] > own[s] {
			jumps = append(jumps, move)
		}
	}
	if err := b.db.moveCursors(ctx, tx, moves); err != nil {
		return err
	}
	return insertReadTimes(ctx, tx, jumps)
}

// cursorMove is where a member's cursor goes, unless it is further already.
type cursorMove struct {
	seat
	seq, at int64
}

func (db *DB) moveCursors(ctx context.Context, tx *sql.Tx, moves []cursorMove) error {
	slices.SortFunc(moves, func(a, b cursorMove) int { return compareSeats(a.seat, b.seat) })
	args := make([]any, 0, 4*len(moves))
	for _, m := range moves {
		args = append(args, m.room, m.user, m.seq, m.at)
	}
	_, err := tx.ExecContext(ctx, db.d.updateFrom("room_members",
		db.d.values(len(moves), "v_room", "v_user", "v_seq", "v_at"),
		"room_id = v_room and user_id = v_user and last_read_seq < v_seq",
		"last_read_seq = v_seq, last_read_at = v_at, my_rev = my_rev + 1"), args...)
	return err
}

// insertMentions stores who is mentioned, and puts their UUIDs into the messages. Ids of nobody are left out.
func (b *batch) insertMentions(ctx context.Context, tx *sql.Tx, fresh []*entry) error {
	var asked []int64
	all := false
	for _, e := range fresh {
		asked = append(asked, e.draft.Mentions...)
		all = all || e.out.Message.MentionAll
	}
	if len(asked) == 0 && !all {
		return nil
	}
	slices.Sort(asked)
	asked = slices.Compact(asked)
	uuids := make([]string, len(asked))
	err := b.db.userUUIDs.fill(ctx, tx, len(asked), func(i int) (int64, *string) { return asked[i], &uuids[i] })
	if err != nil {
		return err
	}
	var rows []mention
	for _, e := range fresh {
		m := &e.out.Message
		if m.MentionAll {
			rows = append(rows, mentionOf(m, everybody))
		}
		ids := slices.Clone(e.draft.Mentions)
		slices.Sort(ids)
		for _, id := range slices.Compact(ids) {
			if at, _ := slices.BinarySearch(asked, id); uuids[at] != "" {
				m.Mentions = append(m.Mentions, uuids[at])
				rows = append(rows, mentionOf(m, id))
			}
		}
	}
	return insertMentions(ctx, tx, rows)
}

// mention says that a message calls somebody, or everybody.
type mention struct{ room, user, seq, message int64 }

func mentionOf(m *model.Message, user int64) mention { return mention{m.RoomID, user, m.Seq, m.ID} }

func insertMentions(ctx context.Context, tx *sql.Tx, rows []mention) error {
	for chunk := range slices.Chunk(rows, maxIn) {
		args := make([]any, 0, 4*len(chunk))
		for _, r := range chunk {
			args = append(args, r.room, r.user, r.seq, r.message)
		}
		query := insertInto("mentions", "room_id, user_id, seq, message_id", len(chunk))
		if _, err := tx.ExecContext(ctx, query, args...); err != nil {
			return err
		}
	}
	return nil
}
