package sqlstore

import (
	"cmp"
	"context"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"
)

// termCandidates asks the table search_terms (room, term, message). A term that few messages of the rooms have gives all
// of them at once. When all terms are frequent, the rooms' newest messages are merged, a slice of rooms at a time, those
// with the newest messages first: most often the first slice fills the page, and older rooms need not be looked at.
type termCandidates struct {
	q       querier
	rooms   []searchRoom // the newest first
	terms   []uint32
	before  int64
	perRoom int
	probed  bool
}

const (
	fewMessages   = 2000 // of one term in all rooms: read at once
	mostProbes    = 4    // terms tried for being so few
	mostJoined    = 3    // terms that frequent ones are joined by
	roomsPerSlice = 40
)

// termHash is a term as the table holds it. Two terms with one hash cost a look at the text.
func termHash(term string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(term)) // never fails
	return h.Sum32()
}

// packTerms makes search_documents.terms.
func packTerms(terms []uint32) []byte {
	out := make([]byte, 0, 4*len(terms))
	for _, t := range terms {
		out = binary.LittleEndian.AppendUint32(out, t)
	}
	return out
}

func unpackTerms(packed []byte) []uint32 {
	out := make([]uint32, 0, len(packed)/4)
	for ; len(packed) >= 4; packed = packed[4:] {
		out = append(out, binary.LittleEndian.Uint32(packed))
	}
	return out
}

func newTermCandidates(q querier, rooms []searchRoom, terms []string, before int64, page int) *termCandidates {
	c := &termCandidates{q: q, rooms: rooms, before: before, perRoom: page}
	for _, t := range terms {
		c.terms = append(c.terms, termHash(t))
	}
	return c
}

func (c *termCandidates) next(ctx context.Context) (batch []candidate, more bool, err error) {
	if !c.probed {
		c.probed = true
		batch, all, err := c.probe(ctx)
		if err != nil || all {
			return batch, false, err
		}
	}
	return c.newest(ctx)
}

// probe looks for a term with few messages and returns them all.
func (c *termCandidates) probe(ctx context.Context) (batch []candidate, all bool, err error) {
	args := make([]any, 0, len(c.rooms)+3)
	for _, r := range c.rooms {
		args = append(args, r.id)
	}
	query := `select t.message_id, t.room_id
  from search_terms t
 where t.room_id in (` + holes(len(c.rooms)) + `)
   and t.term = ?
   and t.message_id < ?
 limit ?`
	for _, term := range c.terms[:min(len(c.terms), mostProbes)] {
		found, err := collect(ctx, c.q, scanCandidate, query, append(slices.Clone(args), term, c.before, fewMessages+1)...)
		if err != nil {
			return nil, false, err
		}
		if len(found) <= fewMessages && (!all || len(found) < len(batch)) {
			batch, all = found, true
		}
		if all && len(batch) <= mostChecked {
			break
		}
	}
	slices.SortFunc(batch, newestFirst)
	return batch, all, nil
}

func scanCandidate(row scanner) (c candidate, err error) {
	err = row.Scan(&c.id, &c.room)
	return c, err
}

func newestFirst(a, b candidate) int { return cmp.Compare(b.id, a.id) }

// newest merges the newest messages of the rooms. A room whose part was cut off is complete down to its last one: what is
// older than the newest such end waits for the next round.
func (c *termCandidates) newest(ctx context.Context) (batch []candidate, more bool, err error) {
	floor := int64(0)
	for rest := c.rooms; len(rest) > 0; {
		slice := rest[:min(len(rest), roomsPerSlice)]
		rest = rest[len(slice):]
		found, err := collect(ctx, c.q, scanCandidate, c.newestQuery(len(slice)), c.newestArgs(slice)...)
		if err != nil {
			return nil, false, err
		}
		floor = max(floor, c.cutOff(found))
		batch = append(batch, found...)
		if len(rest) > 0 && enough(batch, max(floor, rest[0].newest+1), c.perRoom) {
			floor = max(floor, rest[0].newest+1)
			break
		}
	}
	slices.SortFunc(batch, newestFirst)
	if floor == 0 {
		return batch, false, nil
	}
	batch = slices.DeleteFunc(batch, func(m candidate) bool { return m.id < floor })
	c.before = floor
	c.perRoom = min(2*c.perRoom, fewMessages)
	return batch, true, nil
}

// cutOff is the newest end of a room whose part is not complete, 0 if all are.
func (c *termCandidates) cutOff(found []candidate) (newest int64) {
	count := make(map[int64]int)
	last := make(map[int64]int64)
	for _, m := range found {
		count[m.room]++
		if l, ok := last[m.room]; !ok || m.id < l {
			last[m.room] = m.id
		}
	}
	for room, n := range count {
		if n == c.perRoom {
			newest = max(newest, last[room])
		}
	}
	return newest
}

// enough reports whether a page's worth of candidates is not older than floor.
func enough(batch []candidate, floor int64, page int) bool {
	n := 0
	for _, m := range batch {
		if m.id >= floor {
			n++
		}
	}
	return n >= page
}

// newestQuery is the union of each room's newest messages with all of some terms.
func (c *termCandidates) newestQuery(rooms int) string {
	joins := ""
	for _, alias := range []string{"b", "c"}[:c.joined()-1] {
		joins += `
  straight_join search_terms ` + alias + ` on ` + alias + `.room_id = a.room_id and ` + alias + `.term = ? and ` + alias + `.message_id = a.message_id`
	}
	one := `(select a.message_id, a.room_id
  from search_terms a` + joins + `
 where a.room_id = ?
   and a.term = ?
   and a.message_id < ?
 order by a.message_id desc
 limit ?)`
	return strings.Repeat(one+"\nunion all\n", rooms-1) + one
}

func (c *termCandidates) newestArgs(rooms []searchRoom) (args []any) {
	for _, r := range rooms {
		for _, t := range c.terms[1:c.joined()] {
			args = append(args, t)
		}
		args = append(args, r.id, c.terms[0], c.before, c.perRoom)
	}
	return args
}

func (c *termCandidates) joined() int { return min(len(c.terms), mostJoined) }
