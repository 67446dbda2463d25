package kills

import (
	"fmt"
	"slices"
	"time"

	"himsg/shared/wire"
)

// maxDetails bounds what is printed of each verdict.
const maxDetails = 20

// verdict is what the judge found. All counts but acked must be 0.
type verdict struct {
	acked, lost, duplicated, reordered, gaps, differing int
	kills                                               int
	pauseP95                                            time.Duration
	details                                             []string
}

func (v verdict) clean() bool {
	return v.acked > 0 && v.lost+v.duplicated+v.reordered+v.gaps+v.differing == 0
}

// String is the line that reliability figures are read from.
func (v verdict) String() string {
	return fmt.Sprintf("acked %d lost %d duplicated %d reordered %d gaps %d differing-clients %d, "+
		"restart→first ack p95 %d ms over %d kills",
		v.acked, v.lost, v.duplicated, v.reordered, v.gaps, v.differing, v.pauseP95.Milliseconds(), v.kills)
}

func (v *verdict) wrong(count *int, format string, args ...any) {
	*count++
	if len(v.details) < maxDetails {
		v.details = append(v.details, fmt.Sprintf(format, args...))
	}
}

// key names a message by who sent it and the device's own id: there may be only one of it.
type key struct{ sender, clientID string }

// judge compares. entries are the ledger's, s the database's, held the clients'.
func judge(entries []entry, s stored, held []holding, pauses []time.Duration) verdict {
	v := verdict{kills: len(pauses)}
	if len(pauses) > 0 {
		slices.Sort(pauses)
		v.pauseP95 = pauses[(len(pauses)-1)*95/100]
	}
	byKey := map[key][]row{}
	for _, r := range s.rows {
		if r.kind == "user" {
			k := key{r.sender, r.clientID}
			byKey[k] = append(byKey[k], r)
		}
	}
	numbers := v.checkLedger(entries, byKey)
	v.checkDuplicates(byKey, numbers)
	v.checkOrder(s, numbers)
	v.checkHoldings(s, held)
	return v
}

// checkLedger: whatever was acknowledged is there, as it was acknowledged; nothing is there that nobody sent. It returns
// what was sent.
func (v *verdict) checkLedger(entries []entry, byKey map[key][]row) map[key]entry {
	known := map[key]entry{}
	for _, e := range entries {
		k := key{e.Sender, e.ClientID}
		switch e.What {
		case sent:
			known[k] = e
		case acked:
			v.acked++
			if !slices.ContainsFunc(byKey[k], func(r row) bool {
				return r.room == e.Room && r.seq == e.Seq && r.messageID == e.MessageID && (r.deleted || r.text == e.Text)
			}) {
				v.wrong(&v.lost, "acknowledged and not stored so: %+v; stored: %+v", e, byKey[k])
			}
		case deletedAcked:
			for _, r := range byKey[k] {
				if !r.deleted || r.text != "" {
					v.wrong(&v.lost, "deleted and still there: %+v", r)
				}
			}
		}
	}
	for k, rows := range byKey {
		if _, ok := known[k]; !ok {
			v.wrong(&v.duplicated, "stored and never sent: %+v", rows)
		}
	}
	return known
}

// checkDuplicates: one row for each message, by its id and by its text.
func (v *verdict) checkDuplicates(byKey map[key][]row, known map[key]entry) {
	texts := map[string]int{}
	for k, rows := range byKey {
		if len(rows) > 1 {
			v.wrong(&v.duplicated, "stored %d times: %+v", len(rows), rows)
		}
		for _, r := range rows {
			if r.text == "" {
				continue // deleted
			}
			texts[r.text]++
			if texts[r.text] > 1 {
				v.wrong(&v.duplicated, "the same text again: %+v", known[k])
			}
		}
	}
}

// checkOrder: in each room the seqs run without gaps up to its last_seq, and each sender's messages stand in the order in
// which they were sent.
func (v *verdict) checkOrder(s stored, known map[key]entry) {
	type author struct{ sender, room string }
	last := map[author]int64{}
	next := map[string]int64{}
	for _, r := range s.rows {
		next[r.room]++
		if r.seq != next[r.room] {
			v.wrong(&v.gaps, "room %s: seq %d where %d is due", r.room, r.seq, next[r.room])
			next[r.room] = r.seq
		}
		e, ok := known[key{r.sender, r.clientID}]
		if !ok {
			continue // a system line, or counted already
		}
		a := author{r.sender, r.room}
		if e.Number <= last[a] {
			v.wrong(&v.reordered, "room %s: message %d of %s comes after %d", r.room, e.Number, r.sender, last[a])
		}
		last[a] = e.Number
	}
	for room, lastSeq := range s.lastSeq {
		if next[room] != lastSeq {
			v.wrong(&v.gaps, "room %s: ends at %d, last_seq is %d", room, next[room], lastSeq)
		}
	}
}

// checkHoldings: what a client holds is what the database holds, and as far.
func (v *verdict) checkHoldings(s stored, held []holding) {
	byRoom := map[string][]row{}
	for _, r := range s.rows {
		byRoom[r.room] = append(byRoom[r.room], r)
	}
	differing := map[string]bool{}
	for _, h := range held {
		if why := h.differs(byRoom[h.room], s.rev[h.room]); why != "" && !differing[h.who] {
			differing[h.who] = true
			v.wrong(&v.differing, "%s, room %s: %s", h.who, h.room, why)
		}
	}
}

// is reports whether a client's message is the database's.
func (r row) is(m wire.Message) bool {
	return m.MessageID == r.messageID && m.Rev == r.rev && m.ClientID == r.clientID && m.Text == r.text &&
		(m.DeletedAt != nil) == r.deleted
}

// differs returns what is different, or "".
func (h holding) differs(rows []row, rev int64) string {
	if h.held.Rev != rev {
		return fmt.Sprintf("holds rev %d, database is at %d", h.held.Rev, rev)
	}
	if h.whole && len(h.messages) != len(rows) {
		return fmt.Sprintf("holds %d messages of %d", len(h.messages), len(rows))
	}
	matched := 0
	for _, r := range rows {
		if h.held.Hi == 0 || r.seq < h.held.Lo || r.seq > h.held.Hi {
			continue
		}
		m, ok := h.messages[r.seq]
		if !ok || !r.is(m) {
			return fmt.Sprintf("seq %d is %+v, database has %+v", r.seq, m, r)
		}
		matched++
	}
	if matched != len(h.messages) || len(rows) > 0 && h.held.Hi != 0 && h.held.Hi != rows[len(rows)-1].seq {
		return fmt.Sprintf("holds %d messages in %d…%d, %d of them match", len(h.messages), h.held.Lo, h.held.Hi, matched)
	}
	return ""
}
