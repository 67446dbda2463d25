package sqlstore

import (
	"context"
	"strconv"
	"strings"
)

// matchCandidates asks the index, an FTS5 of SQLite. It first walks all messages with the terms, of whatever room: that is fastest when the
// user's rooms hold a fair part of them. When that has cost as much as asking for the rooms by their terms does, it asks
// so for the rest. In the end it costs at most twice what the better way would have.
type matchCandidates struct {
	index  *searchIndex
	rooms  map[int64]struct{}
	match  string // the query's terms
	within string // the rooms' terms; empty: too many to ask for
	before int64
	size   int
	budget int // messages to walk yet
}

const (
	firstMatches = 256
	mostMatches  = 4096
	// matchesPerRoom is how many messages are walked in the time that one room's term costs (measured: 0.15 ms).
	matchesPerRoom = 60
	mostRoomTerms  = 1000
)

func newMatchCandidates(index *searchIndex, rooms []searchRoom, terms []string, before int64) *matchCandidates {
	c := &matchCandidates{
		index: index, rooms: make(map[int64]struct{}, len(rooms)), match: `"` + strings.Join(terms, `" AND "`) + `"`,
		before: before, size: firstMatches, budget: matchesPerRoom * len(rooms),
	}
	names := make([]string, 0, len(rooms))
	for _, r := range rooms {
		c.rooms[r.id] = struct{}{}
		names = append(names, `"`+roomTerm(r.id)+`"`)
	}
	if len(rooms) <= mostRoomTerms {
		c.within = "(" + strings.Join(names, " OR ") + ") AND " + c.match
	}
	return c
}

// roomTerm stands in the index beside the terms of a text; no term of a text begins like it.
func roomTerm(id int64) string { return "_" + strconv.FormatInt(id, 36) }

func (c *matchCandidates) next(ctx context.Context) (batch []candidate, more bool, err error) {
	match, limit := c.match, min(c.size, max(c.budget, 1))
	if c.budget <= 0 && c.within != "" {
		match, limit = c.within, mostMatches
	}
	_, reading := c.index.pools()
	walked := 0
	err = each(ctx, reading, func(row scanner) error {
		var m candidate
		if err := row.Scan(&m.id, &m.room); err != nil {
			return err
		}
		walked++
		c.before = m.id
		if _, ok := c.rooms[m.room]; ok {
			batch = append(batch, m)
		}
		return nil
	}, `select f.rowid, m.room_id
  from search_terms f
 cross join search_messages m on m.message_id = f.rowid
 where f.search_terms match ?
   and f.rowid < ?
 order by f.rowid desc
 limit ?`, match, c.before, limit)
	c.size = min(2*c.size, mostMatches)
	c.budget -= walked
	return batch, walked == limit, c.index.note(err)
}
