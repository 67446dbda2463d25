package judge

import (
	"fmt"
	"slices"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// maxDetails bounds what is printed of each verdict.
const maxDetails = 20

// Verdict is what the judge found. All counts but acked must be 0.
type Verdict struct {
	Acked      int `json:"acked"`
	Lost       int `json:"lost"`       // acknowledged and not there, or not as acknowledged; a delete undone
	Duplicated int `json:"duplicated"` // there twice, or never sent
	Reordered  int `json:"reordered"`  // after a later message of the same sender
	Gaps       int `json:"gaps"`       // in a room's seqs
	Differing  int `json:"differing"`  // clients that hold something else than the database
	// Details say what is wrong, the first of each verdict.
	Details []string `json:"details,omitempty"`
}

// Clean reports whether something was acknowledged and nothing is wrong.
func (v Verdict) Clean() bool {
	return v.Acked > 0 && v.Lost+v.Duplicated+v.Reordered+v.Gaps+v.Differing == 0
}

// Add takes what is wrong of another verdict on the same run, and not how much was acknowledged.
func (v *Verdict) Add(other Verdict) {
	v.Lost += other.Lost
	v.Duplicated += other.Duplicated
	v.Reordered += other.Reordered
	v.Gaps += other.Gaps
	v.Differing += other.Differing
	v.Details = append(v.Details, other.Details...)
}

// String is the line that reliability figures are read from.
func (v Verdict) String() string {
	return fmt.Sprintf("acked %d lost %d duplicated %d reordered %d gaps %d differing-clients %d",
		v.Acked, v.Lost, v.Duplicated, v.Reordered, v.Gaps, v.Differing)
}

func (v *Verdict) wrong(count *int, format string, args ...any) {
	*count++
	if len(v.Details) < maxDetails {
		v.Details = append(v.Details, fmt.Sprintf(format, args...))
	}
}

// key names a message by who sent it and the device's own id: there may be only one of it.
type key struct{ sender, clientID string }

// Judge compares. entries are the ledger's, s the database's, held the clients'; without held nobody was looked at.
func Judge(entries []Entry, s Stored, held []Holding) Verdict {
	var v Verdict
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
func (v *Verdict) checkLedger(entries []Entry, byKey map[key][]row) map[key]Entry {
	known := map[key]Entry{}
	for _, e := range entries {
		k := key{e.Sender, e.ClientID}
		switch e.What {
		case Sent:
			known[k] = e
		case Acked:
			v.Acked++
			if !slices.ContainsFunc(byKey[k], func(r row) bool {
				return r.room == e.Room && r.seq == e.Seq && r.messageID == e.MessageID && (r.deleted || r.text == e.Text)
			}) {
				v.wrong(&v.Lost, "acknowledged and not stored so: %+v; stored: %+v", e, byKey[k])
			}
		case DeletedAcked:
			for _, r := range byKey[k] {
				if !r.deleted || r.text != "" {
					v.wrong(&v.Lost, "deleted and still there: %+v", r)
				}
			}
		}
	}
	for k, rows := range byKey {
		if _, ok := known[k]; !ok {
			v.wrong(&v.Duplicated, "stored and never sent: %+v", rows)
		}
	}
	return known
}

// checkDuplicates: one row for each message, by its id and by its text.
func (v *Verdict) checkDuplicates(byKey map[key][]row, known map[key]Entry) {
	texts := map[string]int{}
	for k, rows := range byKey {
		if len(rows) > 1 {
			v.wrong(&v.Duplicated, "stored %d times: %+v", len(rows), rows)
		}
		for _, r := range rows {
			if r.text == "" {
				continue // deleted
			}
			texts[r.text]++
			if texts[r.text] > 1 {
				v.wrong(&v.Duplicated, "the same text again: %+v", known[k])
			}
		}
	}
}

// checkOrder: in each room the seqs run without gaps up to its last_seq, and each sender's messages stand in the order in
// which they were sent.
func (v *Verdict) checkOrder(s Stored, known map[key]Entry) {
	type author struct{ sender, room string }
	last := map[author]int64{}
	next := map[string]int64{}
	for _, r := range s.rows {
		next[r.room]++
		if r.seq != next[r.room] {
			v.wrong(&v.Gaps, "room %s: seq %d where %d is due", r.room, r.seq, next[r.room])
			next[r.room] = r.seq
		}
		e, ok := known[key{r.sender, r.clientID}]
		if !ok {
			continue // a system line, or counted already
		}
		a := author{r.sender, r.room}
		if e.Number <= last[a] {
			v.wrong(&v.Reordered, "room %s: message %d of %s comes after %d", r.room, e.Number, r.sender, last[a])
		}
		last[a] = e.Number
	}
	for room, lastSeq := range s.lastSeq {
		if next[room] != lastSeq {
			v.wrong(&v.Gaps, "room %s: ends at %d, last_seq is %d", room, next[room], lastSeq)
		}
	}
}

// checkHoldings: what a client holds is what the database holds, and as far.
func (v *Verdict) checkHoldings(s Stored, held []Holding) {
	byRoom := map[string][]row{}
	for _, r := range s.rows {
		byRoom[r.room] = append(byRoom[r.room], r)
	}
	differing := map[string]bool{}
	for _, h := range held {
		if why := h.differs(byRoom[h.Room], s.rev[h.Room]); why != "" && !differing[h.Who] {
			differing[h.Who] = true
			v.wrong(&v.Differing, "%s, room %s: %s", h.Who, h.Room, why)
		}
	}
}

// Holding is what one client holds of one room in the end. Whole: it should hold everything.
type Holding struct {
	Who      string
	Room     string
	Whole    bool
	Held     client.Held // Hi 0: no messages
	Messages map[int64]wire.Message
}

// is reports whether a client's message is the database's.
func (r row) is(m wire.Message) bool {
	return m.MessageID == r.messageID && m.Rev == r.rev && m.ClientID == r.clientID && m.Text == r.text &&
		(m.DeletedAt != nil) == r.deleted
}

// differs returns what is different, or "".
func (h Holding) differs(rows []row, rev int64) string {
	if h.Held.Rev != rev {
		return fmt.Sprintf("holds rev %d, database is at %d", h.Held.Rev, rev)
	}
	if h.Whole && len(h.Messages) != len(rows) {
		return fmt.Sprintf("holds %d messages of %d", len(h.Messages), len(rows))
	}
	matched := 0
	for _, r := range rows {
		if h.Held.Hi == 0 || r.seq < h.Held.Lo || r.seq > h.Held.Hi {
			continue
		}
		m, ok := h.Messages[r.seq]
		if !ok || !r.is(m) {
			return fmt.Sprintf("seq %d is %+v, database has %+v", r.seq, m, r)
		}
		matched++
	}
	if matched != len(h.Messages) || len(rows) > 0 && h.Held.Hi != 0 && h.Held.Hi != rows[len(rows)-1].seq {
		return fmt.Sprintf("holds %d messages in %d…%d, %d of them match", len(h.Messages), h.Held.Lo, h.Held.Hi, matched)
	}
	return ""
}
