package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"strings"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
)

// Searching has two halves. The index yields candidates, newest first: messages of the user's rooms that have all terms of
// the query, and perhaps some more, and none that was stored a moment ago (searchmatch.go). finder below reads the messages
// themselves in the database and decides: nothing is found that the user may not see now, whatever the index holds.
// indexer.go keeps the index up with the messages.

// candidate is a message that the index yields.
type candidate struct{ id, room int64 }

// searchRoom is a room that a search looks into.
type searchRoom struct {
	id      int64
	visible int64 // the user sees what has a higher seq
	upTo    int64 // and no higher one than this; 0: whatever
}

func (r searchRoom) shows(seq int64) bool { return seq > r.visible && (r.upTo == 0 || seq <= r.upTo) }

// Search implements chat.Search.
func (db *DB) Search(ctx context.Context, s chat.Sought) (page []model.Message, more bool, err error) {
	err = db.snapshot(ctx, "search", func(q querier) error {
		rooms, err := searchRooms(ctx, q, s)
		if err == nil {
			page, more, err = db.searchIn(ctx, q, rooms, s)
		}
		return err
	})
	return page, more, err
}

// searchIn looks into rooms, whoever asks.
func (db *DB) searchIn(
	ctx context.Context, q querier, rooms []searchRoom, s chat.Sought,
) (page []model.Message, more bool, err error) {
	if len(rooms) == 0 {
		return nil, false, nil
	}
	f := finder{q: q, sought: s, rooms: make(map[int64]searchRoom, len(rooms))}
	for _, r := range rooms {
		f.rooms[r.id] = r
	}
	if err := f.findSender(ctx); err != nil || f.nothing {
		return nil, false, err
	}
	if err := f.find(ctx, db.source(q, rooms, s)); err != nil {
		return nil, false, err
	}
	if more = len(f.found) > s.Limit; more {
		f.found = f.found[:s.Limit]
	}
	if len(f.found) > 0 {
		page, err = db.messages(ctx, q, "where m.id in ("+holes(len(f.found))+") order by m.id desc", anys(f.found)...)
	}
	return page, more, err
}

// searchRooms are the rooms to look into.
func searchRooms(ctx context.Context, q querier, s chat.Sought) ([]searchRoom, error) {
	condition, args := "", []any{s.UserID}
	if s.RoomUUID != "" {
		condition, args = "\n   and r.room_uuid = ?", append(args, s.RoomUUID)
	}
	rooms, err := collect(ctx, q, func(row scanner) (r searchRoom, err error) {
		var history string
		err = row.Scan(&r.id, &history, &r.visible)
		if history == openHistory {
			r.visible = 0
		}
		return r, err
	}, `select r.id, r.history, m.joined_seq
  from room_members m
  join rooms r on r.id = m.room_id
 where m.user_id = ?
   and `+presentRoom+condition, args...)
	if err == nil && len(rooms) == 0 && s.RoomUUID != "" {
		err = errs.NotFound(textNoRoom)
	}
	return rooms, err
}

// finder looks at candidates until a page and one more message are found.
type finder struct {
	q       querier
	sought  chat.Sought
	rooms   map[int64]searchRoom
	sender  int64
	nothing bool // what is asked for can't be
	found   []int64
}

// findSender looks the sender up who is asked for. An unknown one has written nothing.
func (f *finder) findSender(ctx context.Context) error {
	if f.sought.SenderUUID == "" {
		return nil
	}
	row := f.q.QueryRowContext(ctx, "select id from users where user_uuid = ?", f.sought.SenderUUID)
	err := row.Scan(&f.sender)
	f.nothing = errors.Is(err, sql.ErrNoRows)
	if f.nothing {
		return nil
	}
	return err
}

// mostChecked is how many messages are read at a time. The first batch is small: most often all match.
const mostChecked = 200

func (f *finder) find(ctx context.Context, from source) error {
	size := f.sought.Limit + 1
	for more := true; more; {
		var batch []candidate
		var err error
		if batch, more, err = from.next(ctx); err != nil {
			return err
		}
		for len(batch) > 0 {
			n := min(size, len(batch))
			if err := f.check(ctx, batch[:n]); err != nil {
				return err
			}
			if len(f.found) > f.sought.Limit {
				return nil
			}
			batch, size = batch[n:], min(2*size, mostChecked)
		}
	}
	return nil
}

// check reads candidates and keeps those that are sought.
func (f *finder) check(ctx context.Context, batch []candidate) error {
	args := make([]any, 0, len(batch)+5)
	for _, c := range batch {
		args = append(args, c.id)
	}
	where, more := f.conditions()
	args = append(args, f.sought.UserID)
	read, err := collect(ctx, f.q, func(row scanner) (c checked, err error) {
		var name sql.NullString
		err = row.Scan(&c.id, &c.room, &c.seq, &c.text, &name)
		if name.Valid {
			c.names = []string{name.String}
		}
		return c, err
	}, `select m.id, m.room_id, m.seq, m.text, n.name
  from messages m
  left join message_files x on x.message_id = m.id
  left join files n on n.id = x.file_id
 where m.id in (`+holes(len(batch))+`)
   and m.kind = 'user'
   and m.deleted_at is null
   and not exists (select 1 from message_hides h where h.user_id = ? and h.room_id = m.room_id and h.seq = m.seq)`+where+`
 order by m.id desc`, append(args, more...)...)
	for len(read) > 0 && err == nil {
		c := read[0]
		for read = read[1:]; len(read) > 0 && read[0].id == c.id; read = read[1:] {
			c.names = append(c.names, read[0].names...)
		}
		if r, ok := f.rooms[c.room]; ok && r.shows(c.seq) && (f.sought.Query.Empty() || f.sought.Query.Match(c.text, c.names...)) {
			f.found = append(f.found, c.id)
		}
	}
	return err
}

// checked is a candidate with what it may be found by; one row for each of its files.
type checked struct {
	id, room, seq int64
	text          string
	names         []string
}

// conditions are those of the request.
func (f *finder) conditions() (where string, args []any) {
	var b strings.Builder
	add := func(condition string, arg int64) {
		if arg != 0 {
			b.WriteString("\n   and " + condition)
			args = append(args, arg)
		}
	}
	add("m.sender_id = ?", f.sender)
	add("m.created_at >= ?", f.sought.From)
	add("m.created_at < ?", f.sought.To)
	if f.sought.HasFile {
		b.WriteString("\n   and " + hasFile)
	}
	return b.String(), args
}

// hasFile is the condition that a file hangs on a message.
const hasFile = "x.file_id is not null"

// source yields candidates, newest first. more: call it again.
type source interface {
	next(ctx context.Context) (batch []candidate, more bool, err error)
}

// source is the index; without a word to ask it for, the messages that have files.
func (db *DB) source(q querier, rooms []searchRoom, s chat.Sought) source {
	if s.Query.Empty() {
		return &fileCandidates{q: q, userID: s.UserID, roomUUID: s.RoomUUID, before: beforeOf(s)}
	}
	return db.candidates(rooms, s)
}

// beforeOf is the message_id that candidates are below.
func beforeOf(s chat.Sought) int64 {
	if s.Before == 0 {
		return math.MaxInt64
	}
	return s.Before
}

// candidates asks the index.
func (db *DB) candidates(rooms []searchRoom, s chat.Sought) *matchCandidates {
	terms := s.Query.Terms()
	slices.SortStableFunc(terms, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // short ones are in most texts
	terms = terms[:min(len(terms), mostTerms)]
	return newMatchCandidates(db.index, rooms, terms, beforeOf(s))
}

// mostTerms is how many terms the index is asked for: each costs time, and so many leave few wrong candidates.
const mostTerms = 6
