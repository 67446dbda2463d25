package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Room is what is held of a room, with this device's own work in it.
type Room struct {
	UUID        string
	Kind        wire.RoomKind
	Name        string
	Members     []string
	MemberCount int
	Owners      []string
	History     wire.RoomHistory
	Picture     string
	Department  string  // department_uuid of a room that follows one
	ReadOnly    bool    // nobody writes here any more
	Pins        []int64 // seqs, the latest pin last; they need not be held
	OtherUUID   string
	LastSeq     int64
	Last        *wire.Message // the newest that the user has not hidden, if any is known; its text cut to previewRunes
	Role        wire.RoomRole
	JoinedSeq   int64
	LastReadSeq int64 // read marks that the server does not know of yet included
	MentionSeqs []int64
	MutedUntil  int64
	Notify      wire.RoomNotify // never empty
	Favourite   bool
	Pinned      bool
	Locked      bool
	Held        client.Held
	Unsent      int // in the outbox and not confirmed
	Draft       Draft
	Place       Place

	id         int64
	serverRead int64
	pinsRev    int64   // the revision that Pins are of
	called     []int64 // what calls the user outside of the held stretch
	calledRev  int64
	lastHidden bool
}

// Unread is how many messages are behind the user's cursor. It is derived, never kept.
func (r Room) Unread() int64 { return max(0, r.LastSeq-r.LastReadSeq) }

// holds reports whether a seq is in the held stretch.
func (r Room) holds(seq int64) bool { return r.Held.Hi != 0 && seq >= r.Held.Lo && seq <= r.Held.Hi }

// previewRunes is how much of a room's last message the list keeps.
const previewRunes = 200

// unhidden is a condition of messages m: the user has not hidden it.
const unhidden = "not exists (select 1 from hidden h where h.room_id = m.room_id and h.seq = m.seq)"

const roomQuery = `
select r.room_id, r.room_uuid, r.kind, r.name, r.member_count, r.members, r.owners, r.history, r.picture, r.pins, r.pins_rev,
       r.other_uuid, r.last_seq, r.activity, r.last_message, r.role, r.joined_seq, r.last_read_seq, r.muted_until,
       coalesce(nullif(r.notify, ''), 'all'), r.favourite, r.pinned, r.locked, r.department_uuid, r.read_only, r.called, r.called_rev,
       r.held_rev, r.held_my_rev, r.held_low, r.held_high, r.held_last_seq, r.held_joined, r.held_border,
       r.held_hidden, r.held_hidden_due,
       coalesce(k.seq, 0), coalesce(d.text, ''), coalesce(d.reply_to_seq, 0), coalesce(d.mentions, '[]'),
       coalesce(d.mention_all, 0), coalesce(p.seq, 0), coalesce(p.shift, 0),
       (select count(*) from outbox o where o.room_uuid = r.room_uuid and o.sent_seq = 0),
       exists (select 1 from hidden h where h.room_id = r.room_id and h.seq = json_extract(nullif(r.last_message, ''), '$.seq')),
       ` + mentionQuery + `
from rooms r
left join read_marks k on k.room_uuid = r.room_uuid
left join drafts d on d.room_uuid = r.room_uuid
left join places p on p.room_uuid = r.room_uuid`

func scanRoom(rows *sql.Rows) (Room, error) {
	var r Room
	var members, owners, pins, called, last, mentions, draftMentions string
	var mark int64
	err := rows.Scan(&r.id, &r.UUID, &r.Kind, &r.Name, &r.MemberCount, &members, &owners, &r.History, &r.Picture, &pins,
		&r.pinsRev, &r.OtherUUID, &r.LastSeq, &r.Held.Activity, &last, &r.Role, &r.JoinedSeq, &r.serverRead, &r.MutedUntil,
		&r.Notify, &r.Favourite, &r.Pinned, &r.Locked, &r.Department, &r.ReadOnly, &called, &r.calledRev,
		&r.Held.Rev, &r.Held.MyRev, &r.Held.Lo, &r.Held.Hi, &r.Held.LastSeq, &r.Held.JoinedSeq, &r.Held.Border,
		&r.Held.HiddenRev, &r.Held.HiddenDue,
		&mark, &r.Draft.Text, &r.Draft.ReplyToSeq, &draftMentions, &r.Draft.MentionAll, &r.Place.Seq, &r.Place.Offset,
		&r.Unsent, &r.lastHidden, &mentions)
	if err != nil {
		return r, err
	}
	r.LastReadSeq = max(r.serverRead, mark)
	err = errors.Join(
		decode(members, &r.Members), decode(owners, &r.Owners), decode(pins, &r.Pins), decode(called, &r.called),
		decode(draftMentions, &r.Draft.Mentions), decode(mentions, &r.MentionSeqs), decode(last, &r.Last))
	if err != nil {
		return r, fmt.Errorf("%w: a room: %w", ErrDamaged, err)
	}
	slices.Sort(r.MentionSeqs)
	r.MentionSeqs = r.MentionSeqs[max(0, len(r.MentionSeqs)-wire.MaxMentionSeqs):]
	return r, nil
}

// decode reads JSON of a column; an empty text is the zero value.
func decode[T any](text string, into *T) error {
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), into)
}

// encode writes JSON for a column; no slice at all is an empty one.
func encode[T any](list []T) (string, error) {
	if list == nil {
		list = []T{}
	}
	text, err := json.Marshal(list)
	return string(text), err
}

// Rooms lists all rooms that are held, in no order.
func (s *Store) Rooms(ctx context.Context) ([]Room, error) {
	return s.rooms(ctx, roomQuery)
}

// RoomsByID lists those of the named rooms that are held.
func (s *Store) RoomsByID(ctx context.Context, roomUUIDs []string) ([]Room, error) {
	ids, err := json.Marshal(roomUUIDs)
	if err != nil {
		return nil, fmt.Errorf("name rooms: %w", err)
	}
	return s.rooms(ctx, roomQuery+"\nwhere r.room_uuid in (select value from json_each(?))", string(ids))
}

// Room finds one, or returns ErrNotFound.
func (s *Store) Room(ctx context.Context, roomUUID string) (Room, error) {
	found, err := s.rooms(ctx, roomQuery+"\nwhere r.room_uuid = ?", roomUUID)
	if err != nil {
		return Room{}, err
	}
	if len(found) == 0 {
		return Room{}, ErrNotFound
	}
	return found[0], nil
}

func (s *Store) rooms(ctx context.Context, query string, args ...any) ([]Room, error) {
	var out []Room
	err := s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if out, err = collect(rows, err, scanRoom); err != nil {
			return err
		}
		for i := range out {
			if err := showLast(ctx, tx, &out[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read rooms: %w", err)
	}
	return out, nil
}

// showLast puts the newest held message that the user has not hidden in the place of one that he hid.
func showLast(ctx context.Context, tx *sql.Tx, r *Room) error {
	if !r.lastHidden {
		return nil
	}
	r.Last = nil
	page, err := pageBefore(ctx, tx, *r, 0, 1)
	if err != nil {
		return err
	}
	if len(page.Messages) > 0 {
		r.Last = preview(page.Messages[0])
	}
	return nil
}

// oneRoom finds a room as it is written: with its last message even if that is hidden.
func oneRoom(ctx context.Context, tx *sql.Tx, roomUUID string) (Room, error) {
	rows, err := tx.QueryContext(ctx, roomQuery+"\nwhere r.room_uuid = ?", roomUUID)
	found, err := collect(rows, err, scanRoom)
	if err != nil {
		return Room{}, fmt.Errorf("read room: %w", err)
	}
	if len(found) == 0 {
		return Room{}, ErrNotFound
	}
	return found[0], nil
}

// UnreadTotal is the number on the badge: unread messages of all rooms. Of rooms that are muted now (milliseconds) or
// notify of mentions only, those that mention the user count; of rooms that notify of nothing, none.
func (s *Store) UnreadTotal(ctx context.Context, now int64) (int64, error) {
	var n int64
	err := s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
select coalesce(sum(
  case
    when r.notify = 'none' then 0
    when r.muted_until > ? or r.notify = 'mentions'
    then json_array_length(`+mentionQuery+`)
    else max(0, r.last_seq - max(r.last_read_seq, coalesce(k.seq, 0)))
  end), 0)
from rooms r
left join read_marks k on k.room_uuid = r.room_uuid`, now).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count unread: %w", err)
	}
	return n, nil
}

// Held is what the sync engine starts from.
func (s *Store) Held(ctx context.Context) (client.HeldState, error) {
	state := client.HeldState{Rooms: map[string]client.Held{}}
	rooms, err := s.Rooms(ctx)
	if err != nil {
		return state, err
	}
	for _, r := range rooms {
		state.Rooms[r.UUID] = r.Held
	}
	if state.DirectoryRev, err = s.DirectoryRev(ctx); err != nil {
		return state, err
	}
	state.Epoch, err = s.Epoch(ctx)
	return state, err
}
