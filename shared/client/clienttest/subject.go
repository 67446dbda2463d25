package clienttest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// Subject is the replica that is looked at.
type Subject interface {
	client.Replica
	// View returns what is shown of a room, or false if it is not held.
	View(ctx context.Context, roomUUID string) (View, bool)
	// PersonRev is the revision at which a person is held, 0 if he isn't.
	PersonRev(ctx context.Context, userUUID string) int64
	// SaveLoose keeps single messages that were read at a revision of their room. A replica may keep none.
	SaveLoose(ctx context.Context, roomUUID string, messages []wire.Message, rev int64)
}

// View is what a replica shows of a room. Messages are all that can be seen by their seq, without hidden ones: those of the
// held stretch and loose ones. Last is the newest that is shown in the list of rooms.
type View struct {
	Held        client.Held
	Name        string
	Members     []string
	History     wire.RoomHistory
	Pins        []int64
	LastSeq     int64
	Last        *wire.Message
	My          wire.My // without what is in other fields
	LastReadSeq int64
	MentionSeqs []int64
	Hidden      []int64
	Messages    map[int64]wire.Message
}

// Differences compares a replica with the model; "" means that they are equal as far as the replica holds.
func (m *Model) Differences(ctx context.Context, subject Subject) string {
	var out strings.Builder
	for uuid, r := range m.rooms {
		view, held := subject.View(ctx, uuid)
		if held != r.mineNow() {
			fmt.Fprintf(&out, "room %s: member %v, held %v\n", uuid, r.mineNow(), held)
		} else if held {
			r.compare(&out, view)
		}
	}
	for _, p := range m.people {
		if rev := subject.PersonRev(ctx, p.UserUUID); rev != p.Rev {
			fmt.Fprintf(&out, "person %s: rev %d, want %d\n", p.UserUUID, rev, p.Rev)
		}
	}
	return out.String()
}

func (r *Room) compare(out *strings.Builder, view View) {
	want := r.Summary()
	differ := func(what string, got, want any) {
		if g, w := text(got), text(want); g != w {
			fmt.Fprintf(out, "room %s: %s %s, want %s (held %+v)\n", r.uuid, what, g, w, view.Held)
		}
	}
	differ("name", view.Name, want.Name)
	differ("members", view.Members, want.Members)
	differ("history", view.History, want.History)
	differ("pins", list(view.Pins), list(want.Pins))
	differ("last seq", view.LastSeq, want.LastSeq)
	differ("rev", view.Held.Rev, r.rev)
	differ("border", view.Held.Border, r.border())
	differ("hidden", list(view.Hidden), list(r.hiddenSeqs()))
	differ("mentions", list(view.MentionSeqs), list(want.My.MentionSeqs))
	differ("cursor", view.LastReadSeq, want.My.LastReadSeq)
	got, mine := view.My, r.mine
	got.LastReadSeq, mine.LastReadSeq = 0, 0
	got.MentionSeqs, mine.MentionSeqs = nil, nil
	got.Rev = view.Held.MyRev
	got.HiddenRev, mine.HiddenRev = 0, 0
	if r.sentByMe() {
		got.Rev, mine.Rev = 0, 0 // no event tells that sending moved the cursor; the next sync does
	}
	differ("my", got, mine)
	r.compareMessages(out, view)
	r.compareLast(differ, view)
}

func (r *Room) sentByMe() bool {
	return slices.ContainsFunc(r.messages, func(m wire.Message) bool { return m.SenderUUID == Me })
}

// compareMessages: all of the held stretch must be there, and whatever is there must be as the server has it.
func (r *Room) compareMessages(out *strings.Builder, view View) {
	held := view.Held
	if held.Hi != 0 && held.Hi != r.LastSeq() {
		fmt.Fprintf(out, "room %s: held up to %d, want %d\n", r.uuid, held.Hi, r.LastSeq())
	}
	for _, msg := range r.messages {
		row, ok := view.Messages[msg.Seq]
		inRange := held.Hi != 0 && msg.Seq >= held.Lo && msg.Seq <= held.Hi
		seen := r.visible(msg) && !r.hides(msg.Seq)
		switch {
		case ok && !seen, inRange && seen && !ok:
			fmt.Fprintf(out, "room %s: seq %d shown %v, to be seen %v, held %d…%d\n", r.uuid, msg.Seq, ok, seen, held.Lo, held.Hi)
		case ok && text(row) != text(msg):
			fmt.Fprintf(out, "room %s: seq %d %s, want %s\n", r.uuid, msg.Seq, text(row), text(msg))
		}
	}
}

func (r *Room) compareLast(differ func(string, any, any), view View) {
	var got, want int64
	for _, msg := range r.messages {
		inRange := view.Held.Hi != 0 && msg.Seq >= view.Held.Lo
		if r.visible(msg) && !r.hides(msg.Seq) && (inRange || msg.Seq == r.LastSeq()) {
			want = msg.Rev
		}
	}
	if view.Last != nil {
		got = view.Last.Rev
	}
	differ("rev of the last message", got, want)
}

func (r *Room) hiddenSeqs() []int64 {
	out := make([]int64, 0, len(r.hidden))
	for _, h := range r.hidden {
		out = append(out, h.seq)
	}
	slices.Sort(out)
	return out
}

// list makes no list an empty one.
func list(seqs []int64) []int64 {
	if seqs == nil {
		return []int64{}
	}
	return seqs
}

// text is a value as JSON, in which absent and empty lists of a message are the same.
func text(v any) string {
	if m, ok := v.(wire.Message); ok {
		m.Mentions, m.Files, m.Reactions = append([]string{}, m.Mentions...), []wire.File{}, append([]wire.Reaction{}, m.Reactions...)
		v = m
	}
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
