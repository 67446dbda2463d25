package ws_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/model"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// form awaits a message event of a room with this rev.
func (c *client) form(room string, rev int64) (m wire.Message) {
	c.t.Helper()
	c.await("form of a message", func(e wire.Envelope) bool {
		if e.Ev != wire.EvMessage {
			return false
		}
		m = decode[wire.Message](c.t, e.D)
		return m.RoomUUID == room && m.Rev == rev
	})
	return m
}

// room awaits a room event that ok likes.
func (c *client) room(what string, ok func(wire.RoomSummary) bool) (s wire.RoomSummary) {
	c.t.Helper()
	c.await(what, func(e wire.Envelope) bool {
		if e.Ev != wire.EvRoom {
			return false
		}
		s = decode[wire.RoomSummary](c.t, e.D)
		return ok(s)
	})
	return s
}

func TestChangesOfAMessageReachEveryone(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1], people[2])
		a, b, stranger := n.dial(people[0]), n.dial(people[1]), n.dial(people[3])
		m := a.send(room, "회의는 3시")
		edited := call[wire.RevReply](a, wire.OpEdit, wire.EditRequest{MessageID: m.MessageID, Text: "회의는 4시", BaseRev: m.Rev})
		liked := call[wire.RevReply](b, wire.OpReact, wire.ReactRequest{MessageID: m.MessageID, Emoji: "👍", On: true})
		pinned := call[wire.RevReply](b, wire.OpPin, wire.PinRequest{MessageID: m.MessageID, On: true})
		if edited.Rev != m.Rev+1 || liked.Rev != m.Rev+2 || pinned.Rev != m.Rev+3 {
			t.Fatalf("revs %d, %d, %d after %d", edited.Rev, liked.Rev, pinned.Rev, m.Rev)
		}
		for _, c := range []*client{a, b} {
			got := c.form(room, pinned.Rev)
			if got.Text != "회의는 4시" || got.EditedAt == nil || !got.Pinned || len(got.Reactions) != 1 || got.Seq != m.Seq ||
				!slices.Equal(got.Reactions[0].UserUUIDs, []string{people[1].UserUUID}) {
				t.Errorf("%+v", got)
			}
			c.room("pins", func(s wire.RoomSummary) bool { return slices.Equal(s.Pins, []int64{m.Seq}) })
			if line := c.form(room, pinned.Rev+1); line.System == nil || line.System.Action != wire.SystemPinned || line.System.Seq != m.Seq {
				t.Errorf("%+v", line)
			}
		}
		b.await("his own line is read", func(e wire.Envelope) bool {
			return e.Ev == wire.EvRead && slices.Contains(decode[wire.Read](t, e.D).Reads,
				wire.UserRead{UserUUID: people[1].UserUUID, Seq: m.Seq + 1})
		})
		stale := wire.EditRequest{MessageID: m.MessageID, Text: "회의는 5시", BaseRev: m.Rev}
		if err := a.refused(wire.OpEdit, stale); err.Reason != wire.ReasonEditConflict {
			t.Errorf("%v", err)
		}
		gone := call[wire.RevReply](a, wire.OpDelete, wire.DeleteRequest{MessageID: m.MessageID})
		if got := b.form(room, gone.Rev); got.DeletedAt == nil || got.Pinned || len(got.Reactions) != 0 || got.Text != "" {
			t.Errorf("%+v", got)
		}
		b.room("no pins", func(s wire.RoomSummary) bool { return s.Rev == gone.Rev && s.Pins != nil && len(s.Pins) == 0 })
		for op, d := range map[wire.Op]any{
			wire.OpEdit:  wire.EditRequest{MessageID: m.MessageID, Text: "회의는 3시"},
			wire.OpReact: wire.ReactRequest{MessageID: m.MessageID, Emoji: "👍", On: true},
			wire.OpPin:   wire.PinRequest{MessageID: m.MessageID, On: true},
		} {
			if err := a.refused(op, d); err.Code != wire.Conflict || err.Reason != wire.ReasonMessageDeleted {
				t.Errorf("%s: %v", op, err)
			}
		}
		if got := stranger.conversation(); len(got) != 0 {
			t.Errorf("a stranger saw %v", got)
		}
	})
}

// TestTwoDevicesEditAtOnce: one wins, the other hears why not and what is there now, and every device ends with the same.
func TestTwoDevicesEditAtOnce(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		desk, laptop, other := n.dial(people[0]), n.dial(people[0]), n.dial(people[1])
		m := desk.send(room, "초안")
		laptop.messages(room, m.Seq)
		texts := map[*client]string{desk: "책상에서", laptop: "밖에서"}
		ids := map[*client]uint64{}
		for c, text := range texts {
			ids[c] = c.request(wire.OpEdit, wire.EditRequest{MessageID: m.MessageID, Text: text, BaseRev: m.Rev})
		}
		var won []string
		for c, id := range ids {
			switch e := c.reply(id); {
			case e.Err == nil:
				won = append(won, texts[c])
			case e.Err.Code != wire.Conflict || e.Err.Reason != wire.ReasonEditConflict:
				t.Errorf("%v", e.Err)
			}
		}
		if len(won) != 1 {
			t.Fatalf("%d devices won", len(won))
		}
		for _, c := range []*client{desk, laptop, other} {
			if got := c.form(room, m.Rev+1); got.Text != won[0] {
				t.Errorf("a device shows %q, %q won", got.Text, won[0])
			}
		}
	})
}

func TestHidingReachesOnesOwnDevicesOnly(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		desk, laptop, other := n.dial(people[0]), n.dial(people[0]), n.dial(people[1])
		m := other.send(room, "@김대리")
		desk.messages(room, m.Seq)
		call[wire.Empty](desk, wire.OpHide, wire.HideRequest{MessageIDs: []int64{m.MessageID}})
		for _, c := range []*client{desk, laptop} {
			s := c.room("own row", func(s wire.RoomSummary) bool { return s.My != nil && s.My.HiddenRev > 0 })
			got := call[wire.HiddenReply](c, wire.OpHidden, wire.HiddenRequest{RoomUUID: room})
			if !slices.Equal(got.Seqs, []int64{m.Seq}) || got.Rev != s.My.HiddenRev || s.My.MentionSeqs == nil || s.Rev != m.Rev {
				t.Errorf("%+v after %+v", got, s)
			}
		}
		next := desk.send(room, "다음")
		other.messages(room, next.Seq)
		if rooms := seen[wire.RoomSummary](other, wire.EvRoom); len(rooms) != 0 {
			t.Errorf("another heard %+v", rooms)
		}
		if got := call[wire.HiddenReply](other, wire.OpHidden, wire.HiddenRequest{RoomUUID: room}); len(got.Seqs) != 0 {
			t.Errorf("another has hidden %+v", got)
		}
	})
}

// TestNewcomersHearNothingOfWhatWasBefore: changes of messages from before someone's time are kept from him, on the socket
// and in every reply.
func TestNewcomersHearNothingOfWhatWasBefore(t *testing.T) {
	dir := t.TempDir()
	db := storetest.SQLiteIn(t, dir)
	people := storetest.People(t, db, 3)
	n := startNode(t, db, nodeOptions{})
	room := n.group(people[0], people[1], people[2])
	a := n.dial(people[0])
	old := a.send(room, "전에 한 말")
	behind, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, "himsg.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer behind.Close()
	_, err = behind.ExecContext(t.Context(),
		"update room_members set joined_seq = ?, last_read_seq = ? where user_id = ?", old.Seq, old.Seq, people[2].UserID)
	if err != nil {
		t.Fatal(err)
	}
	late := n.dial(people[2])
	call[wire.RevReply](a, wire.OpEdit, wire.EditRequest{MessageID: old.MessageID, Text: "전에 고친 말"})
	call[wire.RevReply](a, wire.OpReact, wire.ReactRequest{MessageID: old.MessageID, Emoji: "👍", On: true})
	call[wire.RevReply](a, wire.OpPin, wire.PinRequest{MessageID: old.MessageID, On: true})
	last := a.send(room, "이제 하는 말")
	for _, m := range late.messages(room, last.Seq) {
		if m.Seq <= old.Seq {
			t.Errorf("he was told of %+v", m)
		}
	}
	for op, d := range map[wire.Op]any{
		wire.OpReact: wire.ReactRequest{MessageID: old.MessageID, Emoji: "👍", On: true},
		wire.OpPin:   wire.PinRequest{MessageID: old.MessageID, On: true},
		wire.OpHide:  wire.HideRequest{MessageIDs: []int64{old.MessageID}},
		wire.OpEdit:  wire.EditRequest{MessageID: old.MessageID, Text: "x"},
		wire.OpSend:  wire.SendRequest{RoomUUID: room, ClientID: uuid.NewString(), ForwardedFrom: old.MessageID},
	} {
		if err := late.refused(op, d); err.Code != wire.NotFound {
			t.Errorf("%s: %v", op, err)
		}
	}
	got := call[wire.MessagesReply](late, wire.OpMessages, wire.MessagesRequest{RoomUUID: room, Seqs: []int64{old.Seq, last.Seq}})
	if len(got.Messages) != 1 || got.Messages[0].Seq != last.Seq {
		t.Errorf("single messages %+v", got)
	}
	for name, req := range map[string]wire.HistoryRequest{
		"around": {AroundSeq: old.Seq}, "after": {AfterSeq: 1}, "at": {At: &old.Timestamp}, "newest": {},
	} {
		req.RoomUUID = room
		page := call[wire.HistoryReply](late, wire.OpHistory, req)
		if len(page.Messages) == 0 || page.Messages[0].Seq <= old.Seq || page.HasMore || page.TargetSeq != 0 && page.TargetSeq <= old.Seq {
			t.Errorf("%s: %+v", name, page)
		}
	}
}
