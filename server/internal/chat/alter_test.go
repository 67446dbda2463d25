package chat_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func refused(t *testing.T, what string, err error, code wire.Code, reason wire.Reason) {
	t.Helper()
	if e := errs.As(err); err == nil || e.Code != code || e.Reason != reason {
		t.Errorf("%s: %v, want %s (%s)", what, err, code, reason)
	}
}

func (c *company) at(t *testing.T, who int, room string, seq int64) wire.Message {
	t.Helper()
	got := ok(c.Messages(t.Context(), c.people[who], wire.MessagesRequest{RoomUUID: room, Seqs: []int64{seq}}))(t)
	if len(got.Messages) != 1 {
		t.Fatalf("message %d: %+v", seq, got)
	}
	return got.Messages[0]
}

func TestBadInputAboutStoredMessages(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		id := c.send(t, room, "글").MessageID
		ctx, me := t.Context(), c.people[0]
		edit := func(r wire.EditRequest) error { _, err := c.Edit(ctx, me, r); return err }
		react := func(emoji string) error {
			_, err := c.React(ctx, me, wire.ReactRequest{MessageID: id, Emoji: emoji, On: true})
			return err
		}
		hide := func(ids ...int64) error { _, err := c.Hide(ctx, me, wire.HideRequest{MessageIDs: ids}); return err }
		history := func(r wire.HistoryRequest) error {
			r.RoomUUID = room
			_, err := c.History(ctx, me, r)
			return err
		}
		messages := func(seqs ...int64) error {
			_, err := c.Messages(ctx, me, wire.MessagesRequest{RoomUUID: room, Seqs: seqs})
			return err
		}
		now := wire.TimeOf(time.Now())
		for name, row := range map[string]struct {
			err    error
			reason wire.Reason
		}{
			"edit of no id":             {edit(wire.EditRequest{Text: "x"}), ""},
			"edit with a negative base": {edit(wire.EditRequest{MessageID: id, Text: "x", BaseRev: -1}), ""},
			"edit to nothing":           {edit(wire.EditRequest{MessageID: id, Text: " \n"}), wire.ReasonTextEmpty},
			"edit to 10,001": {
				edit(wire.EditRequest{MessageID: id, Text: strings.Repeat("가", wire.MaxTextRunes+1)}), wire.ReasonTextTooLong,
			},
			"edit to NUL":             {edit(wire.EditRequest{MessageID: id, Text: "a\x00"}), wire.ReasonTextInvalid},
			"edit naming no UUID":     {edit(wire.EditRequest{MessageID: id, Text: "x", Mentions: []string{"me"}}), ""},
			"no emoji":                {react(""), wire.ReasonUnknownEmoji},
			"a letter":                {react("a"), wire.ReasonUnknownEmoji},
			"two emoji":               {react("👍👍"), wire.ReasonUnknownEmoji},
			"an emoji and a blank":    {react("👍 "), wire.ReasonUnknownEmoji},
			"half a flag":             {react("🇰"), wire.ReasonUnknownEmoji},
			"a joiner alone":          {react("\u200d"), wire.ReasonUnknownEmoji},
			"an emoji of 10,000":      {react(strings.Repeat("👨‍👩‍👧‍👦", 400)), wire.ReasonUnknownEmoji},
			"broken UTF-8":            {react("\xf0\x9f\x91"), wire.ReasonUnknownEmoji},
			"markup":                  {react("<img src=x>"), wire.ReasonUnknownEmoji},
			"hide nothing":            {hide(), ""},
			"hide id 0":               {hide(id, 0), ""},
			"hide 101":                {hide(make([]int64, wire.MaxHideIDs+1)...), ""},
			"two places":              {history(wire.HistoryRequest{BeforeSeq: 3, AfterSeq: 1}), ""},
			"a seq and a time":        {history(wire.HistoryRequest{AroundSeq: 3, At: &now}), ""},
			"a negative place":        {history(wire.HistoryRequest{AfterSeq: -1}), ""},
			"a page of 101":           {history(wire.HistoryRequest{AroundSeq: 1, Limit: wire.MaxHistoryLimit + 1}), ""},
			"101 single messages":     {messages(make([]int64, wire.MaxMessagesSeqs+1)...), ""},
			"seq 0":                   {messages(1, 0), ""},
			"hidden with a bad limit": {hiddenErr(c, room, wire.MaxHiddenLimit+1, t), ""},
		} {
			refused(t, name, row.err, wire.BadRequest, row.reason)
		}
		if got := c.at(t, 1, room, 2); got.Text != "글" || got.Rev != 3 || len(got.Reactions) != 0 {
			t.Errorf("changed all the same: %+v", got)
		}
		for _, text := range []string{
			"Z̷̢͎͑a̴̧͝l̶͔̈́g̷̱̾o̸̟̓" + strings.Repeat("\u0301", 200), "\u202eevil\u202c \u2066iso\u2069", strings.Repeat("가", wire.MaxTextRunes),
			strings.Repeat("a", wire.MaxTextRunes), "👨‍👩‍👧‍👦\ufe0f", "<script>alert(1)</script>",
		} {
			if err := edit(wire.EditRequest{MessageID: id, Text: text}); err != nil {
				t.Errorf("%.30q: %v", text, err)
			}
			want := ok(model.MessageText(text))(t)
			if got := c.at(t, 1, room, 2); got.Text != want {
				t.Errorf("%.30q became %.30q", text, got.Text)
			}
		}
	})
}

func hiddenErr(c *company, room string, limit int, t *testing.T) error {
	_, err := c.Hidden(t.Context(), c.people[0], wire.HiddenRequest{RoomUUID: room, Limit: limit})
	return err
}

func TestHundredMentions(t *testing.T) {
	eachOf(t, wire.MaxMentions+1, func(t *testing.T, c *company) {
		var others []int
		var uuids []string
		for i := range wire.MaxMentions {
			others = append(others, i+1)
			uuids = append(uuids, c.people[i+1].UserUUID)
		}
		room := c.group(t, others...)
		req := wire.SendRequest{RoomUUID: room, ClientID: uuid.NewString(), Text: "@", Mentions: uuids}
		sent := ok(c.Send(t.Context(), c.people[0], req))(t)
		if got := c.at(t, 1, room, sent.Seq); len(got.Mentions) != wire.MaxMentions {
			t.Errorf("%d mentions", len(got.Mentions))
		}
		req.ClientID, req.Mentions = uuid.NewString(), append(uuids, c.people[0].UserUUID)
		_, err := c.Send(t.Context(), c.people[0], req)
		refused(t, "101 in a message", err, wire.BadRequest, wire.ReasonTooManyMentions)
		_, err = c.Edit(t.Context(), c.people[0], wire.EditRequest{MessageID: sent.MessageID, Text: "@", Mentions: req.Mentions})
		refused(t, "101 in an edit", err, wire.BadRequest, wire.ReasonTooManyMentions)
	})
}

func TestForwardTakesTheServersText(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		from, to := c.group(t, 1), c.group(t, 2)
		source := ok(c.Send(t.Context(), c.people[1], wire.SendRequest{
			RoomUUID: from, ClientID: uuid.NewString(), Text: "원문", Mentions: []string{c.people[0].UserUUID},
		}))(t)
		forward := wire.SendRequest{RoomUUID: to, ClientID: uuid.NewString(), Text: "거짓", ForwardedFrom: source.MessageID}
		sent := ok(c.Send(t.Context(), c.people[0], forward))(t)
		if got := c.at(t, 2, to, sent.Seq); got.Text != "원문" || got.ForwardedFrom != source.MessageID || len(got.Mentions) != 0 ||
			got.SenderUUID != c.people[0].UserUUID {
			t.Errorf("%+v", got)
		}
		stranger := forward
		stranger.ClientID = uuid.NewString()
		_, err := c.Send(t.Context(), c.people[2], stranger)
		refused(t, "a message that he can't see", err, wire.NotFound, wire.ReasonSourceGone)
		stranger.RoomUUID, stranger.ReceiverUUID = "", c.people[3].UserUUID
		_, err = c.Send(t.Context(), c.people[2], stranger)
		refused(t, "to a person", err, wire.NotFound, wire.ReasonSourceGone)
		if _, _, err := c.db.DirectWith(t.Context(), c.people[2].UserID, c.people[3].UserUUID); !errs.Is(err, wire.NotFound) {
			t.Errorf("a refused forward made a room: %v", err)
		}
		ok(c.Delete(t.Context(), c.people[1], source.MessageID))(t)
		if again := ok(c.Send(t.Context(), c.people[0], forward))(t); !again.Duplicate || again.MessageID != sent.MessageID {
			t.Errorf("a repeat whose source is gone: %+v", again)
		}
		late := forward
		late.ClientID = uuid.NewString()
		_, err = c.Send(t.Context(), c.people[0], late)
		refused(t, "a deleted one", err, wire.NotFound, wire.ReasonSourceGone)
		late.ForwardedFrom = -1
		_, err = c.Send(t.Context(), c.people[0], late)
		refused(t, "a negative id", err, wire.BadRequest, "")
	})
}

// TestHiddenIsGoneFromPagesOfTheOriginal: who asks pages over HTTP doesn't get what he deleted for himself; others do.
func TestHiddenIsGoneFromPagesOfTheOriginal(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		a, b := c.people[0], c.people[1]
		room := ok(c.OpenDirect(t.Context(), a, b.UserUUID))(t)
		var ids []int64
		for i := range 9 {
			ids = append(ids, c.send(t, room, fmt.Sprint(i)).MessageID)
		}
		ok(c.Hide(t.Context(), b, wire.HideRequest{MessageIDs: ids[3:]}))(t)
		page, _, err := c.DirectHistory(t.Context(), b, a.UserUUID, 0, 4) // the newest four are hidden, and two of the four before
		if err != nil || len(page.Messages) != 2 || page.Messages[0].Text != "1" || !page.HasMore {
			t.Errorf("%+v, %v", page, err)
		}
		if page := ok(c.ShownHistory(t.Context(), b, wire.HistoryRequest{RoomUUID: room}))(t); len(page.Messages) != 3 {
			t.Errorf("%d messages", len(page.Messages))
		}
		if page, _, err := c.DirectHistory(t.Context(), a, b.UserUUID, 0, 0); err != nil || len(page.Messages) != 9 {
			t.Errorf("the other sees %d, %v", len(page.Messages), err)
		}
		list := ok(c.RoomSummaries(t.Context(), b))(t)
		if last := list[0].LastMessage; last == nil || last.DeletedAt == nil || last.Text != "" {
			t.Errorf("the list shows %+v", last)
		}
		if list := ok(c.RoomSummaries(t.Context(), a))(t); list[0].LastMessage.Text != "8" {
			t.Errorf("the other's list shows %+v", list[0].LastMessage)
		}
		all := ok(c.Hidden(t.Context(), b, wire.HiddenRequest{RoomUUID: room}))(t)
		if len(all.Seqs) != 6 || all.More || all.Rev != c.sync(t, nil).Rooms[0].My.HiddenRev {
			t.Errorf("%+v", all)
		}
		if none := ok(c.Hidden(t.Context(), b, wire.HiddenRequest{RoomUUID: room, AfterRev: all.Rev}))(t); none.Seqs == nil || len(none.Seqs) != 0 {
			t.Errorf("%+v", none)
		}
	})
}

func TestHistoryFromAnyPlace(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		var at wire.Time
		for i := range 20 {
			sent := c.send(t, room, fmt.Sprint(i))
			if i == 9 {
				at = sent.Timestamp
			}
		}
		early, late := wire.TimeOf(at.Add(-time.Hour)), wire.TimeOf(at.Add(time.Hour))
		for name, row := range map[string]struct {
			req         wire.HistoryRequest
			first, last int64
			more, newer bool
			target      int64
		}{
			"the newest":       {wire.HistoryRequest{Limit: 5}, 17, 21, true, false, 0},
			"before":           {wire.HistoryRequest{BeforeSeq: 10, Limit: 5}, 5, 9, true, true, 0},
			"before the first": {wire.HistoryRequest{BeforeSeq: 3, Limit: 5}, 1, 2, false, true, 0},
			"before the end":   {wire.HistoryRequest{BeforeSeq: 22, Limit: 5}, 17, 21, true, false, 0},
			"after":            {wire.HistoryRequest{AfterSeq: 10, Limit: 5}, 11, 15, true, true, 0},
			"after, to end":    {wire.HistoryRequest{AfterSeq: 18, Limit: 5}, 19, 21, true, false, 0},
			"after the end":    {wire.HistoryRequest{AfterSeq: 21, Limit: 5}, 0, 0, true, false, 0},
			"around":           {wire.HistoryRequest{AroundSeq: 10, Limit: 5}, 8, 12, true, true, 0},
			"around, one":      {wire.HistoryRequest{AroundSeq: 10, Limit: 1}, 10, 10, true, true, 0},
			"around the first": {wire.HistoryRequest{AroundSeq: 1, Limit: 6}, 1, 3, false, true, 0},
			"around the last":  {wire.HistoryRequest{AroundSeq: 21, Limit: 6}, 18, 21, true, false, 0},
			"long ago":         {wire.HistoryRequest{At: &early, Limit: 4}, 1, 2, false, true, 1},
			"in the future":    {wire.HistoryRequest{At: &late, Limit: 4}, 18, 21, true, false, 0},
		} {
			row.req.RoomUUID = room
			got := ok(c.History(t.Context(), c.people[1], row.req))(t)
			var first, last int64
			if n := len(got.Messages); n > 0 {
				first, last = got.Messages[0].Seq, got.Messages[n-1].Seq
				if last-first != int64(n-1) {
					t.Errorf("%s: %d messages from %d to %d", name, n, first, last)
				}
			}
			if first != row.first || last != row.last || got.HasMore != row.more || got.HasNewer != row.newer || got.TargetSeq != row.target {
				t.Errorf("%s: %d…%d, more %v, newer %v, target %d", name, first, last, got.HasMore, got.HasNewer, got.TargetSeq)
			}
		}
		there := ok(c.History(t.Context(), c.people[1], wire.HistoryRequest{RoomUUID: room, At: &at, Limit: 3}))(t)
		if i := slices.IndexFunc(there.Messages, func(m wire.Message) bool { return m.Seq == there.TargetSeq }); i < 0 ||
			there.Messages[i].Timestamp.Before(at.Time) || i > 0 && !there.Messages[i-1].Timestamp.Before(at.Time) {
			t.Errorf("at %s: target %d of %+v", at, there.TargetSeq, there.Messages)
		}
	})
}

// TestChangesAreToldOnceEach: each change is one revisioned event, repeats are none, and what the hub would rebuild tells
// the same.
func TestChangesAreToldOnceEach(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		m := c.send(t, room, "하나")
		for range 2 {
			ok(c.Edit(t.Context(), c.people[0], wire.EditRequest{MessageID: m.MessageID, Text: "둘"}))(t)
			ok(c.React(t.Context(), c.people[1], wire.ReactRequest{MessageID: m.MessageID, Emoji: "👍", On: true}))(t)
			ok(c.Pin(t.Context(), c.people[1], wire.PinRequest{MessageID: m.MessageID, On: true}))(t)
		}
		events := c.published(room)
		var kinds []string
		for _, e := range events {
			kinds = append(kinds, fmt.Sprint(e.Ev, e.Rev))
		}
		if want := "[room1 message2 message3 message4 message5 message6 message7]"; fmt.Sprint(kinds) != want {
			t.Fatalf("published %v, want %s", kinds, want)
		}
		pinned := decodeEvent[wire.Message](t, events[5])
		if pinned.Text != "둘" || !pinned.Pinned || len(pinned.Reactions) != 1 || pinned.EditedAt == nil {
			t.Errorf("%+v", pinned)
		}
		rooms := c.unrevisioned(room, wire.EvRoom)
		if len(rooms) != 1 {
			t.Fatalf("%d events tell of the pins", len(rooms))
		}
		if s := decodeEvent[wire.RoomSummary](t, rooms[0]); !slices.Equal(s.Pins, []int64{m.Seq}) || s.Rev != 6 || s.My != nil {
			t.Errorf("%+v", s)
		}
		rebuilt, _, err := c.EventsSince(t.Context(), events[0].RoomID, 5)
		if err != nil || len(rebuilt) != 2 || rebuilt[0].Ev != wire.EvRoom || rebuilt[0].Rev != 6 || rebuilt[1].Rev != 7 {
			t.Errorf("rebuilt %+v, %v", rebuilt, err)
		}
		ok(c.Delete(t.Context(), c.people[0], m.MessageID))(t)
		rooms = c.unrevisioned(room, wire.EvRoom)
		if s := decodeEvent[wire.RoomSummary](t, rooms[len(rooms)-1]); len(rooms) != 2 || s.Pins == nil || len(s.Pins) != 0 {
			t.Errorf("%d events, the last %+v", len(rooms), s)
		}
		got := ok(c.Changes(t.Context(), c.people[1], wire.ChangesRequest{RoomUUID: room, AfterRev: 7}))(t)
		if len(got.Messages) != 1 || got.Messages[0].DeletedAt == nil || got.Room == nil || len(got.Room.Pins) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func decodeEvent[T any](t *testing.T, e bus.Event) (v T) {
	t.Helper()
	if err := json.Unmarshal(e.Data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// unrevisioned returns the events of a room without a rev.
func (c *company) unrevisioned(roomUUID string, ev wire.Ev) (out []bus.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.RoomUUID == roomUUID && e.Rev == 0 && e.Ev == ev {
			out = append(out, e)
		}
	}
	return out
}
