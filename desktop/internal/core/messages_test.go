package core_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestSingleMessages(t *testing.T) {
	a, s := long(t, 300)
	a.openRoom(roomA)
	get := func(seqs ...int64) []string {
		t.Helper()
		found, err := a.Messages(roomA, seqs)
		a.ok(err)
		out := []string{}
		for _, m := range found {
			out = append(out, m.Text)
		}
		return out
	}
	if got := get(290, 7, 3, 7, 999, 0, -4); !slices.Equal(got, []string{"3", "7", "290"}) {
		t.Errorf("online: %v", got)
	}
	a.offline()
	if got := get(290, 7, 3, 5); !slices.Equal(got, []string{"3", "7", "290"}) {
		t.Errorf("offline, kept: %v", got)
	}
	s.remove(roomA, 7)
	a.online()
	a.until(t, "a deleted one wiped", func() bool {
		found, err := a.Messages(roomA, []int64{7})
		return err == nil && len(found) == 1 && found[0].Text == "" && found[0].DeletedAt > 0
	})
	if _, err := a.Messages(roomA, make([]int64, 101)); failure(t, err).Code != "bad_request" {
		t.Errorf("101: %v", err)
	}
}

// written is an app with three messages in the group: mine, another's, a deleted one of mine.
func written(t *testing.T) (*app, *server, []core.Message) {
	t.Helper()
	s := newServer(t)
	s.say(roomB, me, "mine")
	s.say(roomB, other, "other's")
	s.say(roomB, me, "deleted")
	s.remove(roomB, 3)
	a := signedIn(t, s)
	a.openRoom(roomB)
	a.until(t, "opened", func() bool { return len(a.messages[roomB]) == 3 })
	return a, s, a.list(roomB)
}

func (a *app) message(room string, seq int64) core.Message {
	for _, m := range a.messages[room] {
		if m.Seq == seq {
			return m
		}
	}
	return core.Message{}
}

func TestChangesOfMessages(t *testing.T) {
	a, s, list := written(t)
	a.ok(a.Edit(list[0].MessageID, core.Draft{Text: "better\r\n", Mentions: []string{other, other}, MentionAll: true}, list[0].Rev))
	a.until(t, "edited", func() bool {
		m := a.message(roomB, 1)
		return m.Text == "better\n" && m.EditedAt > 0 && slices.Equal(m.Mentions, []string{other}) && m.MentionAll
	})
	if f := failure(t, a.Edit(list[0].MessageID, core.Draft{Text: "worse"}, list[0].Rev)); f.Code != "conflict" || f.Reason != "edit_conflict" {
		t.Errorf("edit of an old form: %v", f)
	}
	a.ok(a.React(list[1].MessageID, "❤️", true))
	a.ok(a.Pin(list[1].MessageID, true))
	a.until(t, "reaction and pin", func() bool {
		m := a.message(roomB, 2)
		return m.Pinned && len(m.Reactions) == 1 && m.Reactions[0].Mine
	})
	a.until(t, "pin of the room", func() bool { return slices.Equal(a.rooms[roomB].Pins, []int64{2}) })
	a.ok(a.React(list[1].MessageID, "❤️", false))
	a.ok(a.Pin(list[1].MessageID, false))
	a.until(t, "neither", func() bool { m := a.message(roomB, 2); return !m.Pinned && len(m.Reactions) == 0 })
	a.ok(a.DeleteMessage(list[0].MessageID))
	a.until(t, "deleted", func() bool { return a.message(roomB, 1).DeletedAt > 0 })
	before := 0
	s.with(func() { before = len(s.ops) })
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"edit another's":    {a.Edit(list[1].MessageID, core.Draft{Text: "x"}, 0), "forbidden not_yours"},
		"edit a deleted":    {a.Edit(list[2].MessageID, core.Draft{Text: "x"}, 0), "conflict message_deleted"},
		"edit to nothing":   {a.Edit(list[1].MessageID, core.Draft{Text: " \n"}, 0), "bad_request text_empty"},
		"edit, bad mention": {a.Edit(list[1].MessageID, core.Draft{Text: "x", Mentions: []string{"x"}}, 0), "bad_request "},
		"edit, many called": {a.Edit(list[1].MessageID, core.Draft{Text: "x", Mentions: make([]string, 101)}, 0), "bad_request too_many_mentions"},
		"edit unknown":      {a.Edit(5, core.Draft{Text: "x"}, 0), "not_found "},
		"delete another's":  {a.DeleteMessage(list[1].MessageID), "forbidden not_yours"},
		"react unknown":     {a.React(5, "👍", true), "not_found "},
		"react with text":   {a.React(list[1].MessageID, "hi", true), "bad_request unknown_emoji"},
		"react with two":    {a.React(list[1].MessageID, "👍👍", true), "bad_request unknown_emoji"},
		"react to deleted":  {a.React(list[2].MessageID, "👍", true), "conflict message_deleted"},
		"pin unknown":       {a.Pin(-1, true), "not_found "},
		"pin a deleted":     {a.Pin(list[2].MessageID, true), "conflict message_deleted"},
		"hide none":         {a.HideMessages(nil), "bad_request "},
		"hide too many":     {a.HideMessages(make([]int64, 101)), "bad_request "},
		"hide unknown":      {a.HideMessages([]int64{list[1].MessageID, 5}), "not_found "},
	} {
		if f := failure(t, c.err); f.Code+" "+f.Reason != c.want {
			t.Errorf("%s: %v %s", name, f, f.Reason)
		}
	}
	s.with(func() {
		if len(s.ops) != before {
			t.Errorf("the server was asked: %+v", s.ops[before:])
		}
	})
}

func TestChangesNeedTheServer(t *testing.T) {
	a, _, list := written(t)
	a.offline()
	yes := true
	for name, err := range map[string]error{
		"edit": a.Edit(list[0].MessageID, core.Draft{Text: "x"}, 0), "delete": a.DeleteMessage(list[0].MessageID),
		"react": a.React(list[1].MessageID, "👍", true), "pin": a.Pin(list[1].MessageID, true),
		"hide": a.HideMessages([]int64{list[1].MessageID}), "my": a.SetMy(roomB, core.MyChange{Pinned: &yes}),
		"rename": a.RenameRoom(roomB, "x"), "invite": a.Invite(roomB, []string{third}),
	} {
		if f := failure(t, err); f.Code != "offline" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if len(a.openRoom(roomB).Messages) != 3 {
		t.Error("something is lost")
	}
}

// TestLostReplyIsAskedForAgain: the change was made, the connection is gone, and nobody here knows.
func TestLostReplyIsAskedForAgain(t *testing.T) {
	a, s, list := written(t)
	for _, c := range []struct {
		name string
		op   wire.Op
		do   func() error
	}{
		{"edit", wire.OpEdit, func() error { return a.Edit(list[0].MessageID, core.Draft{Text: "new"}, list[0].Rev) }},
		{"react", wire.OpReact, func() error { return a.React(list[1].MessageID, "👍", true) }},
		{"pin", wire.OpPin, func() error { return a.Pin(list[1].MessageID, true) }},
		{"hide", wire.OpHide, func() error { return a.HideMessages([]int64{list[1].MessageID}) }},
		{"my", wire.OpMy, func() error { minutes := -1; return a.SetMy(roomB, core.MyChange{MuteMinutes: &minutes}) }},
		{"delete", wire.OpDelete, func() error { return a.DeleteMessage(list[0].MessageID) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			lost := 0
			s.with(func() {
				s.dropReply = func(op wire.Op) bool {
					if op != c.op || lost > 0 {
						return false
					}
					lost++
					return true
				}
			})
			if err := c.do(); err != nil || lost != 1 {
				t.Errorf("%v after %d lost replies", err, lost)
			}
		})
	}
}

func TestMentionsTravel(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomB)
	m, err := a.Send(roomB, core.Draft{Text: "@이준호", Mentions: []string{other}})
	a.ok(err)
	if !slices.Equal(m.Mentions, []string{other}) {
		t.Errorf("pending: %+v", m)
	}
	a.until(t, "sent", func() bool { return slices.Equal(a.message(roomB, 1).Mentions, []string{other}) })
	_, err = a.Send(roomB, core.Draft{Text: "모두", MentionAll: true})
	if f := failure(t, err); f.Reason != "mention_all" {
		t.Errorf("a member calls everybody: %v", f)
	}
	draft := core.Draft{Text: "", ReplyToSeq: 1, Mentions: []string{other}, MentionAll: true}
	a.ok(a.SetDraft(roomB, draft))
	a.until(t, "draft", func() bool { return a.rooms[roomB].Draft.ReplyToSeq == 1 })
	a = a.restart()
	if got := a.now().rooms[roomB].Draft; fmt.Sprint(got) != fmt.Sprint(draft) {
		t.Errorf("draft after a restart: %+v", got)
	}
	for name, bad := range map[string]core.Draft{
		"answers nothing": {ReplyToSeq: 99}, "answers before all": {ReplyToSeq: -1}, "mentions nobody": {Mentions: []string{""}},
		"too long": {Text: strings.Repeat("가", 10_001)}, "mentions all the world": {Mentions: make([]string, 101)},
	} {
		if f := failure(t, a.SetDraft(roomB, bad)); f.Code != "bad_request" {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestForward(t *testing.T) {
	a, s, list := written(t)
	a.openRoom(roomA)
	a.offline()
	a.ok(a.Forward([]int64{list[1].MessageID, list[0].MessageID}, []string{roomA, roomB, roomA}))
	a.until(t, "shown at once", func() bool {
		l := a.list(roomA)
		return len(l) == 2 && l[0].Text == "mine" && l[0].Forwarded && l[1].Text == "other's" && l[1].State == core.SendWaiting
	})
	s.with(func() { s.rooms[roomB].messages[0].Text = "mine, as edited meanwhile" })
	a.online()
	a.until(t, "the server's text", func() bool {
		l := a.list(roomA)
		return len(l) == 2 && l[0].Text == "mine, as edited meanwhile" && l[0].Forwarded && l[1].Text == "other's" && l[1].Seq == 2
	})
	a.until(t, "the other room has both too", func() bool { return len(s.texts(roomB)) == 5 && a.rooms[roomA].UnsentCount == 0 })
	for name, err := range map[string]error{
		"nothing": a.Forward(nil, []string{roomA}), "nowhere": a.Forward([]int64{list[0].MessageID}, nil),
		"too much":   a.Forward(make([]int64, 101), []string{roomA}),
		"too far":    a.Forward([]int64{list[0].MessageID}, make([]string, 21)),
		"no room":    a.Forward([]int64{list[0].MessageID}, []string{roomA, third}),
		"bad room":   a.Forward([]int64{list[0].MessageID}, []string{"x"}),
		"no message": a.Forward([]int64{list[0].MessageID, 5}, []string{roomA}),
		"deleted":    a.Forward([]int64{list[2].MessageID}, []string{roomA}),
	} {
		if f := failure(t, err); f.Code == "internal" {
			t.Errorf("%s: %v", name, f)
		}
		if a.now().rooms[roomA].UnsentCount != 0 {
			t.Errorf("%s: something was queued", name)
		}
	}
	if got := s.texts(roomA); len(got) != 2 {
		t.Errorf("forwarded: %v", got)
	}
}

func TestReaders(t *testing.T) {
	a, _, _ := written(t)
	page, err := a.Readers(roomB, 1, true, "")
	a.ok(err)
	if len(page.Users) != 1 || page.Users[0] != (core.Reader{UserUUID: other, ReadAt: 77}) || page.Next != other || page.ReadCount != 2 {
		t.Errorf("%+v", page)
	}
	page, err = a.Readers(roomB, 1, true, page.Next)
	a.ok(err)
	if len(page.Users) != 1 || page.Users[0] != (core.Reader{UserUUID: third}) || page.Next != "" {
		t.Errorf("%+v", page)
	}
	for _, seq := range []int64{0, -1, 4} {
		if _, err := a.Readers(roomB, seq, false, ""); failure(t, err).Code != "not_found" {
			t.Errorf("seq %d: %v", seq, err)
		}
	}
	if _, err := a.Readers(roomB, 1, false, "x"); failure(t, err).Code != "bad_request" {
		t.Errorf("bad place: %v", err)
	}
}
