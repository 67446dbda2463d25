package judge

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// evidence is a run in which nothing went wrong: two senders, one room, a deleted message.
func evidence() (entries []Entry, s Stored, held []Holding) {
	s = Stored{lastSeq: map[string]int64{"r": 4}, rev: map[string]int64{"r": 5}}
	s.rows = []row{
		{messageID: 1, room: "r", seq: 1, rev: 1, kind: "system"},
		{messageID: 2, room: "r", seq: 2, rev: 2, kind: "user", sender: "a", clientID: "a1", text: "one"},
		{messageID: 3, room: "r", seq: 3, rev: 5, kind: "user", sender: "b", clientID: "b1", deleted: true},
		{messageID: 4, room: "r", seq: 4, rev: 4, kind: "user", sender: "a", clientID: "a2", text: "two"},
	}
	for _, e := range []Entry{
		{Sender: "a", Number: 1, ClientID: "a1", Text: "one", MessageID: 2, Seq: 2},
		{Sender: "b", Number: 1, ClientID: "b1", Text: "away", MessageID: 3, Seq: 3},
		{Sender: "a", Number: 2, ClientID: "a2", Text: "two", MessageID: 4, Seq: 4},
	} {
		e.Room = "r"
		for _, what := range []string{Sent, Acked} {
			e.What = what
			entries = append(entries, e)
		}
	}
	gone := entries[3]
	gone.What = DeletedAcked
	entries = append(entries, gone)
	messages := map[int64]wire.Message{}
	for _, r := range s.rows {
		m := wire.Message{MessageID: r.messageID, Seq: r.seq, Rev: r.rev, ClientID: r.clientID, Text: r.text}
		if r.deleted {
			m.DeletedAt = &wire.Time{}
		}
		messages[r.seq] = m
	}
	part := maps.Clone(messages)
	delete(part, 1)
	held = []Holding{
		{Who: "fresh", Room: "r", Whole: true, Held: client.Held{Rev: 5, Lo: 1, Hi: 4}, Messages: messages},
		{Who: "old", Room: "r", Held: client.Held{Rev: 5, Lo: 2, Hi: 4}, Messages: part},
	}
	return entries, s, held
}

// TestJudge: the judge finds each kind of wrong, and finds nothing where nothing is.
func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(e *[]Entry, s *Stored, held []Holding)
		want  string // the count that rises
	}{
		"nothing wrong": {func(*[]Entry, *Stored, []Holding) {}, ""},
		"sent, never acknowledged, not stored": {func(e *[]Entry, _ *Stored, _ []Holding) {
			*e = append(*e, Entry{What: Sent, Sender: "a", Room: "r", Number: 3, ClientID: "a3", Text: "three"})
		}, ""},
		"acknowledged and gone": {func(e *[]Entry, _ *Stored, _ []Holding) {
			for _, what := range []string{Sent, Acked} {
				*e = append(*e, Entry{What: what, Sender: "a", Room: "r", Number: 3, ClientID: "a3", Text: "3", MessageID: 5, Seq: 5})
			}
		}, "lost"},
		"stored with another text": {func(_ *[]Entry, s *Stored, held []Holding) {
			s.rows[1].text = "won"
			change(held, 2, func(m *wire.Message) { m.Text = "won" })
		}, "lost"},
		"stored elsewhere than acknowledged": {func(e *[]Entry, _ *Stored, _ []Holding) { (*e)[1].Seq = 9 }, "lost"},
		"a delete undone": {func(_ *[]Entry, s *Stored, held []Holding) {
			s.rows[2].deleted, s.rows[2].text = false, "away"
			change(held, 3, func(m *wire.Message) { m.DeletedAt, m.Text = nil, "away" })
		}, "lost"},
		"never sent": {func(_ *[]Entry, s *Stored, held []Holding) {
			s.rows[3].clientID = "x"
			change(held, 4, func(m *wire.Message) { m.ClientID = "x" })
		}, "lost duplicated"},
		"stored twice": {func(_ *[]Entry, s *Stored, held []Holding) {
			twin := s.rows[3]
			twin.seq, twin.messageID, twin.rev = 5, 5, 6
			s.rows = append(s.rows, twin)
			s.lastSeq["r"] = 5
			for i := range held {
				held[i].Held.Hi = 5
				held[i].Messages[5] = wire.Message{MessageID: 5, Seq: 5, Rev: 6, ClientID: "a2", Text: "two"}
			}
		}, "duplicated reordered"},
		"out of order": {func(e *[]Entry, _ *Stored, _ []Holding) {
			for i := range *e {
				if (*e)[i].Sender == "a" {
					(*e)[i].Number = 3 - (*e)[i].Number
				}
			}
		}, "reordered"},
		"a seq is missing": {func(_ *[]Entry, s *Stored, held []Holding) {
			s.rows = slices.Delete(s.rows, 0, 1)
			delete(held[0].Messages, 1)
		}, "gaps"},
		"rows beyond last_seq":      {func(_ *[]Entry, s *Stored, _ []Holding) { s.lastSeq["r"] = 3 }, "gaps"},
		"last_seq beyond the rows":  {func(_ *[]Entry, s *Stored, _ []Holding) { s.lastSeq["r"] = 5 }, "gaps"},
		"a client is behind":        {func(_ *[]Entry, _ *Stored, held []Holding) { held[1].Held.Rev = 4 }, "differing"},
		"a client misses a message": {func(_ *[]Entry, _ *Stored, held []Holding) { delete(held[1].Messages, 3) }, "differing"},
		"a client missed a delete": {func(_ *[]Entry, _ *Stored, held []Holding) {
			m := held[1].Messages[3]
			m.DeletedAt, m.Text, m.Rev = nil, "away", 3
			held[1].Messages[3] = m
		}, "differing"},
		"a client invents one": {func(_ *[]Entry, _ *Stored, held []Holding) {
			held[1].Messages[9] = wire.Message{Seq: 9}
		}, "differing"},
		"a client stops short": {func(_ *[]Entry, _ *Stored, held []Holding) {
			held[1].Held.Hi = 3
			delete(held[1].Messages, 4)
		}, "differing"},
		"history leaves one out": {func(_ *[]Entry, _ *Stored, held []Holding) {
			delete(held[0].Messages, 1)
			held[0].Held.Lo = 2
		}, "differing"},
	} {
		t.Run(name, func(t *testing.T) {
			entries, s, held := evidence()
			c.spoil(&entries, &s, held)
			v := Judge(entries, s, held)
			var risen []string
			for _, count := range []struct {
				name string
				n    int
			}{
				{"lost", v.Lost},
				{"duplicated", v.Duplicated},
				{"reordered", v.Reordered},
				{"gaps", v.Gaps},
				{"differing", v.Differing},
			} {
				if count.n > 0 {
					risen = append(risen, count.name)
				}
			}
			if got := strings.Join(risen, " "); got != c.want || v.Clean() != (c.want == "") {
				t.Errorf("wrong: %q, want %q: %v\n%s", got, c.want, v, strings.Join(v.Details, "\n"))
			}
		})
	}
}

// change changes a message in all that clients hold.
func change(held []Holding, seq int64, how func(*wire.Message)) {
	for i := range held {
		m := held[i].Messages[seq]
		how(&m)
		held[i].Messages[seq] = m
	}
}

func TestLedger(t *testing.T) {
	dir := t.TempDir()
	l, err := OpenLedger(dir)
	if err != nil {
		t.Fatal(err)
	}
	const writers, each = 8, 50
	done := make(chan error, writers)
	for w := range writers {
		go func() {
			for n := range each {
				e := Entry{What: Sent, Sender: string(rune('a' + w)), Number: int64(n + 1), Text: "안녕"}
				if err := l.Write(e); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	entries, err := ReadLedger(dir)
	if err != nil || len(entries) != writers*each {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	next := map[string]int64{}
	for _, e := range entries {
		next[e.Sender]++
		if e.Number != next[e.Sender] || e.Text != "안녕" {
			t.Errorf("%+v is out of order", e)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ledgerFile), []byte(`{"what":"sent"}{"wh`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadLedger(dir); err == nil {
		t.Error("a torn ledger was taken")
	}
	if entries, err := ReadLedgerSoFar(dir); err != nil || len(entries) != 1 {
		t.Errorf("while it grows: %d entries, %v", len(entries), err)
	}
}
