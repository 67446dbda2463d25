package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"himsg/shared/search"
	"himsg/shared/wire"
)

// LocalQuery is a search of what is held. Zero values of the filters mean any; From and To are milliseconds, written at or
// after and before. Before is the message_id to go on before, 0 at first.
type LocalQuery struct {
	Query      search.Query
	RoomUUID   string
	SenderUUID string
	From, To   int64
	HasFile    bool
	Before     int64
	Limit      int
}

// Search finds messages that are held, in a stretch or loose, the newest first; hidden ones are left out. Next is the
// Before of the next page, 0 when there is none.
func (s *Store) Search(ctx context.Context, q LocalQuery) (found []wire.Message, next int64, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := candidates(ctx, tx, q)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // an unknown room
		}
		if err != nil {
			return err
		}
		found, next, err = pickMatches(rows, q)
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("search: %w", err)
	}
	return found, next, nil
}

// candidates are messages that the index has for the words, or those with files where there is no word.
func candidates(ctx context.Context, tx *sql.Tx, q LocalQuery) (*sql.Rows, error) {
	if q.Query.Empty() {
		return tx.QueryContext(ctx, withFilesQuery, q.RoomUUID, q.RoomUUID, q.Before, q.Before, q.SenderUUID, q.SenderUUID, q.From,
			q.To, q.To)
	}
	match, err := matchExpression(ctx, tx, q)
	if err != nil {
		return nil, err
	}
	return tx.QueryContext(ctx, searchQuery, match, q.Before, q.Before, q.SenderUUID, q.SenderUUID, q.From, q.To, q.To)
}

const withFilesQuery = `
select ` + messageColumns + `
from messages m
join rooms r on r.room_id = m.room_id
where m.message_id in (select message_id from message_files) and (? = '' or r.room_uuid = ?)
  and (? = 0 or m.message_id < ?) and (? = '' or m.sender_uuid = ?) and m.at >= ? and (? = 0 or m.at < ?)
  and ` + unhidden + `
order by m.message_id desc`

// The index comes first, in its own order: the newest candidates are looked at until there are enough.
const searchQuery = `
select ` + messageColumns + `
from message_index i
cross join messages m on m.message_id = i.rowid
cross join rooms r on r.room_id = m.room_id
where i.message_index match ? and (? = 0 or i.rowid < ?) and (? = '' or m.sender_uuid = ?) and m.at >= ? and (? = 0 or m.at < ?)
  and ` + unhidden + `
order by i.rowid desc`

func pickMatches(rows *sql.Rows, q LocalQuery) (found []wire.Message, next int64, err error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		m, err := scanMessage(rows)
		if err != nil {
			return nil, 0, err
		}
		if q.HasFile && len(m.Files) == 0 || !q.Query.Empty() && !q.Query.Match(m.Text, fileNames(m)...) {
			continue
		}
		if len(found) == q.Limit {
			return found, found[q.Limit-1].MessageID, nil
		}
		found = append(found, m)
	}
	return found, 0, rows.Err()
}

// matchExpression asks for all terms. They are letters and digits; the quotation marks keep "and" from being an operator.
func matchExpression(ctx context.Context, tx *sql.Tx, q LocalQuery) (string, error) {
	terms := q.Query.Terms()
	if q.RoomUUID != "" {
		var roomID int64
		if err := tx.QueryRowContext(ctx, "select room_id from rooms where room_uuid = ?", q.RoomUUID).Scan(&roomID); err != nil {
			return "", err
		}
		terms = append(terms, roomTerm(roomID))
	}
	if len(terms) == 0 {
		return "", sql.ErrNoRows
	}
	return `"` + strings.Join(terms, `" "`) + `"`, nil
}

// roomTerm stands in the index beside the terms of a text, so that a search in one room looks at that room only. It is
// longer than the beginning of a word that is a term, and begins with neither letter of the others.
func roomTerm(roomID int64) string { return "inroom" + strconv.FormatInt(roomID, 10) }

// index adds a message that the index does not have.
func index(ctx context.Context, tx *sql.Tx, roomID int64, m wire.Message) error {
	terms := search.Terms(m.Text, fileNames(m)...)
	if m.Kind != wire.MessageUser || len(terms) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, "insert into message_index (rowid, terms) values (?, ?)",
		m.MessageID, strings.Join(append(terms, roomTerm(roomID)), " "))
	if err != nil {
		return fmt.Errorf("index message: %w", err)
	}
	return nil
}

// fileNames are what a message is found by beside its text.
func fileNames(m wire.Message) []string {
	names := make([]string, len(m.Files))
	for i, f := range m.Files {
		names[i] = f.Name
	}
	return names
}

// reindex replaces what the index has of a message, if anything.
func reindex(ctx context.Context, tx *sql.Tx, roomID int64, m wire.Message) error {
	if _, err := tx.ExecContext(ctx, "delete from message_index where rowid = ?", m.MessageID); err != nil {
		return fmt.Errorf("clear index: %w", err)
	}
	return index(ctx, tx, roomID, m)
}

const indexBeforeKey = "index_before"

// IndexSome adds up to limit messages to the index that were stored before there was one, the newest first. It reports
// whether there are more; call it again when there is nothing else to do. A new store needs it once, to learn that.
func (s *Store) IndexSome(ctx context.Context, limit int) (more bool, err error) {
	err = s.update(ctx, copied, func(tx *sql.Tx) error {
		var before int64
		err := tx.QueryRowContext(ctx, "select value from meta where key = ?", indexBeforeKey).Scan(&before)
		if errors.Is(err, sql.ErrNoRows) {
			more = false
			return nil
		}
		if err != nil {
			return fmt.Errorf("state of the index: %w", err)
		}
		more, err = indexBefore(ctx, tx, before, limit)
		return err
	})
	return more, err
}

func indexBefore(ctx context.Context, tx *sql.Tx, before int64, limit int) (more bool, err error) {
	rows, err := tx.QueryContext(ctx, `
select m.room_id, m.message_id, m.kind, m.text, m.extra
from messages m
where m.message_id < ?
order by m.message_id desc
limit ?`, before, limit)
	list, err := collect(rows, err, func(rows *sql.Rows) (u unindexed, err error) {
		var text string
		var more extra
		err = rows.Scan(&u.roomID, &u.MessageID, &u.Kind, &u.Text, &text)
		if err == nil && json.Unmarshal([]byte(text), &more) == nil {
			u.Files = more.Files
		}
		return u, err
	})
	if err != nil {
		return false, fmt.Errorf("read messages to index: %w", err)
	}
	for _, u := range list {
		if err := reindex(ctx, tx, u.roomID, u.Message); err != nil {
			return false, err
		}
		before = u.MessageID
	}
	if len(list) < limit {
		_, err = tx.ExecContext(ctx, "delete from meta where key = ?", indexBeforeKey)
		return false, err
	}
	_, err = tx.ExecContext(ctx, "update meta set value = ? where key = ?", strconv.FormatInt(before, 10), indexBeforeKey)
	return true, err
}

type unindexed struct {
	wire.Message
	roomID int64
}
