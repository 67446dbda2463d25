package core_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// long is an app whose room A has so many messages, "1", "2", …, one a minute since longSince; all of them are read.
func long(t *testing.T, n int) (*app, *server) {
	t.Helper()
	s := newServer(t)
	for i := range n {
		s.sayAt(roomA, other, strconv.Itoa(i+1), longSince.Add(time.Duration(i)*time.Minute))
	}
	s.with(func() { s.rooms[roomA].cursors[me] = int64(n) })
	return signedIn(t, s), s
}

var longSince = time.UnixMilli(1_700_000_000_000)

func seqsOf(messages []core.Message) []int64 {
	out := []int64{}
	for _, m := range messages {
		out = append(out, m.Seq)
	}
	return out
}

// span is the run of seqs from first to last, without some.
func span(first, last int64, without ...int64) []int64 {
	out := []int64{}
	for seq := first; seq <= last; seq++ {
		if !slices.Contains(without, seq) {
			out = append(out, seq)
		}
	}
	return out
}

type windowWant struct {
	first, last  int64
	older, newer bool
	target       int64
}

func (a *app) checkWindow(conv core.Conversation, want windowWant) {
	a.t.Helper()
	if !slices.Equal(seqsOf(conv.Messages), span(want.first, want.last)) {
		a.t.Errorf("messages %v, want %d…%d", seqsOf(conv.Messages), want.first, want.last)
	}
	got := windowWant{conv.FirstSeq, conv.LastSeq, conv.HasMore, conv.HasNewer, conv.Target}
	if got != want {
		a.t.Errorf("window %+v, want %+v", got, want)
	}
}

func TestOpenRoomAround(t *testing.T) {
	a, s := long(t, 300)
	a.checkWindow(a.openRoom(roomA), windowWant{first: 251, last: 300, older: true})
	cases := map[string]struct {
		at         int64
		want       windowWant
		fromServer bool
	}{
		"held":         {280, windowWant{255, 300, true, false, 280}, false},
		"the last":     {300, windowWant{251, 300, true, false, 300}, false},
		"beyond":       {999, windowWant{251, 300, true, false, 0}, false},
		"not held":     {100, windowWant{75, 124, true, true, 100}, true},
		"the first":    {1, windowWant{1, 25, false, true, 1}, true},
		"edge of held": {251, windowWant{251, 275, true, true, 251}, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a.t = t
			before := s.histories
			conv, err := a.OpenRoom(roomA, c.at)
			a.ok(err)
			if c.want.first == 255 { // the store fills the page from before
				c.want.first = conv.FirstSeq
			}
			a.checkWindow(conv, c.want)
			if (s.histories > before) != c.fromServer {
				t.Errorf("asked the server: %v", s.histories > before)
			}
		})
	}
	if _, err := a.OpenRoom(roomA, -1); failure(t, err).Code != "bad_request" {
		t.Errorf("negative: %v", err)
	}
	a.offline()
	if _, err := a.OpenRoom(roomA, 100); failure(t, err).Code != "offline" {
		t.Errorf("not held, offline: %v", err)
	}
	conv, err := a.OpenRoom(roomA, 280)
	a.ok(err)
	if conv.Target != 280 {
		t.Errorf("held, offline: %+v", conv)
	}
}

func TestOpenRoomAtTheFirstUnread(t *testing.T) {
	a, s := long(t, 300)
	s.with(func() {
		r := s.rooms[roomA]
		r.cursors[me] = 120
		r.summary.My.Rev++
	})
	a = a.restartFresh()
	a.checkWindow(a.openRoom(roomA), windowWant{96, 145, true, true, 121})
	a.offline()
	a.checkWindow(a.openRoom(roomA), windowWant{251, 300, true, false, 0})
	a.online()
	a.ok(a.MarkRead(roomA))
	a.until(t, "read", func() bool { return a.rooms[roomA].UnreadCount == 0 })
	a.checkWindow(a.openRoom(roomA), windowWant{251, 300, true, false, 0})
}

// restartFresh is the app on another device: nothing is held.
func (a *app) restartFresh() *app {
	a.t.Helper()
	a.stop()
	return signedIn(a.t, a.server)
}

func TestPlaceIsKept(t *testing.T) {
	a, _ := long(t, 300)
	place := core.Place{Seq: 100, Offset: -17}
	a.ok(a.SetPlace(roomA, place))
	a.ok(a.SetPlace(roomA, place))
	conv := a.openRoom(roomA)
	a.checkWindow(conv, windowWant{75, 124, true, true, 0})
	if conv.Place != place {
		t.Errorf("place %+v", conv.Place)
	}
	a = a.restart()
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
	if conv := a.openRoom(roomA); conv.Place != place || conv.FirstSeq != 75 {
		t.Errorf("after a restart: %+v", conv)
	}
	for name, bad := range map[string]core.Place{
		"beyond": {Seq: 301}, "negative": {Seq: -1}, "far": {Seq: 1, Offset: 1 << 30}, "far up": {Seq: 1, Offset: -1 << 30},
	} {
		if failure(t, a.SetPlace(roomA, bad)).Code != "bad_request" {
			t.Errorf("took %s", name)
		}
	}
	a.ok(a.SetPlace(roomA, core.Place{}))
	a.checkWindow(a.openRoom(roomA), windowWant{251, 300, true, false, 0})
}

func TestPagingAwayAndBackToTheEnd(t *testing.T) {
	a, _ := long(t, 300)
	a.openRoom(roomA)
	a.offline()
	unsent := a.send(roomA, "unsent")
	a.online()
	a.until(t, "sent", func() bool { return a.messages[roomA][unsent.ClientID].Seq == 301 })
	conv, err := a.OpenRoom(roomA, 100)
	a.ok(err)
	first, last := conv.FirstSeq, conv.LastSeq
	seen := seqsOf(conv.Messages)
	for more := true; more; {
		page, err := a.Older(roomA, first)
		a.ok(err)
		seen, first, more = append(seqsOf(page.Messages), seen...), page.FirstSeq, page.HasMore
	}
	for more := true; more; {
		page, err := a.Newer(roomA, last)
		a.ok(err)
		seen, last, more = append(seen, seqsOf(page.Messages)...), page.LastSeq, page.HasMore
	}
	if !slices.Equal(seen, span(1, 301)) || first != 1 || last != 301 {
		t.Errorf("%d…%d: %v", first, last, seen)
	}
	a.offline()
	page, err := a.Older(roomA, 75)
	if a.ok(err); !page.Partial || !page.HasMore || len(page.Messages) != 0 {
		t.Errorf("older, offline: %+v", page)
	}
	page, err = a.Newer(roomA, 124)
	if a.ok(err); !page.Partial || !page.HasMore || len(page.Messages) != 0 {
		t.Errorf("newer, offline: %+v", page)
	}
	waiting := a.send(roomA, "later")
	page, err = a.Newer(roomA, 280)
	if a.ok(err); page.HasMore || page.Partial || page.Messages[len(page.Messages)-1].ClientID != waiting.ClientID {
		t.Errorf("the end has no unsent message: %+v", page)
	}
	for _, bad := range []int64{0, -5} {
		if _, err := a.Newer(roomA, bad); failure(t, err).Code != "bad_request" {
			t.Errorf("newer than %d: %v", bad, err)
		}
	}
}

func TestDetachedWindowStaysTrue(t *testing.T) {
	a, s := long(t, 300)
	a.openRoom(roomA)
	edit := func(seq int64, text string) func() {
		return func() {
			m := &s.rooms[roomA].messages[seq-1]
			s.rooms[roomA].summary.Rev++
			m.Text, m.Rev = text, s.rooms[roomA].summary.Rev
			s.tell(wire.EvMessage, *m)
		}
	}
	// A change that overtakes the reply.
	s.with(func() {
		s.during = func(op wire.Op) {
			if op == wire.OpHistory {
				s.during = nil
				edit(101, "overtaken")()
			}
		}
	})
	conv, err := a.OpenRoom(roomA, 100)
	a.ok(err)
	a.take(conv)
	text := func(seq int64) string {
		for _, m := range a.messages[roomA] {
			if m.Seq == seq {
				return m.Text
			}
		}
		return ""
	}
	a.until(t, "the newer form", func() bool { return text(101) == "overtaken" })
	s.with(edit(102, "live"))
	a.until(t, "a live change", func() bool { return text(102) == "live" })
	a.offline()
	s.with(edit(103, "missed"))
	s.remove(roomA, 104)
	a.online()
	a.until(t, "missed changes", func() bool { return text(103) == "missed" && text(104) == "" })
	if n := a.now().resets[roomA]; n != 0 {
		t.Errorf("%d resets", n)
	}
	// What is not in the store can be acted on, but for what was never shown.
	a.ok(a.React(conv.Messages[0].MessageID, "👍", true))
	a.until(t, "the reaction", func() bool {
		m := a.messages[roomA]["seq-75"]
		return len(m.Reactions) == 1 && m.Reactions[0].Mine && slices.Equal(m.Reactions[0].UserUUIDs, []string{other, me})
	})
	if failure(t, a.React(101, "👍", true)).Code != "not_found" {
		t.Error("reacted to a message that was never shown")
	}
}

func TestHiddenMessagesLeaveHoles(t *testing.T) {
	a, s := long(t, 300)
	conv := a.openRoom(roomA)
	a.ok(a.HideMessages([]int64{conv.Messages[49].MessageID, conv.Messages[47].MessageID}))
	a.until(t, "gone from the page", func() bool { return len(a.messages[roomA]) == 48 })
	conv = a.openRoom(roomA)
	if conv.LastSeq != 300 || conv.HasNewer || !slices.Equal(seqsOf(conv.Messages), span(251, 299, 298)) {
		t.Errorf("%d…%d newer %v: %v", conv.FirstSeq, conv.LastSeq, conv.HasNewer, seqsOf(conv.Messages))
	}
	s.with(func() { // another device hides what is shown here
		s.hide(s.rooms[roomA], 299)
	})
	a.until(t, "gone from the page", func() bool { return len(a.messages[roomA]) == 47 })
	a.until(t, "last text", func() bool { return a.rooms[roomA].LastText == "297" })
}

func TestAWholePageIsHidden(t *testing.T) {
	s := newServer(t)
	for i := range 200 {
		s.say(roomA, other, strconv.Itoa(i+1))
	}
	s.with(func() {
		s.rooms[roomA].cursors[me] = 200
		for seq := int64(60); seq <= 180; seq++ {
			s.rooms[roomA].hidden[seq] = true
		}
		s.rooms[roomA].summary.My.Rev, s.rooms[roomA].summary.My.HiddenRev = 1, 1
	})
	a := signedIn(t, s)
	conv := a.openRoom(roomA)
	seen, first := seqsOf(conv.Messages), conv.FirstSeq
	for more, pages := conv.HasMore, 0; more && pages < 10; pages++ {
		page, err := a.Older(roomA, first)
		a.ok(err)
		seen, first, more = append(seqsOf(page.Messages), seen...), page.FirstSeq, page.HasMore
	}
	if want := slices.Concat(span(1, 59), span(181, 200)); first != 1 || !slices.Equal(seen, want) {
		t.Errorf("down to %d: %v", first, seen)
	}
}

func TestOpenRoomAtAnInstant(t *testing.T) {
	a, _ := long(t, 300)
	minute := func(n int64) int64 { return longSince.UnixMilli() + n*60_000 }
	open := func(ms int64) core.Conversation {
		t.Helper()
		conv, err := a.OpenRoomAt(roomA, ms)
		a.ok(err)
		return conv
	}
	if conv := open(minute(100) - 1); conv.Target != 101 || conv.FirstSeq != 76 {
		t.Errorf("from the server: %+v", conv.Target)
	}
	if conv := open(minute(279)); conv.Target != 280 {
		t.Errorf("held: %+v", conv.Target)
	}
	if conv := open(1); conv.Target != 1 || conv.HasMore {
		t.Errorf("before all: %+v", conv.Target)
	}
	if conv := open(minute(5000)); conv.Target != 0 || conv.LastSeq != 300 || conv.HasNewer {
		t.Errorf("after all: %+v", conv.Target)
	}
	for _, bad := range []int64{0, -1, 1 << 62} {
		if _, err := a.OpenRoomAt(roomA, bad); failure(t, err).Code != "bad_request" {
			t.Errorf("%d: %v", bad, err)
		}
	}
	a.offline()
	if _, err := a.OpenRoomAt(roomA, minute(100)); failure(t, err).Code != "offline" {
		t.Errorf("offline: %v", err)
	}
	if conv := open(minute(279)); conv.Target != 280 {
		t.Errorf("held, offline: %+v", conv.Target)
	}
}
