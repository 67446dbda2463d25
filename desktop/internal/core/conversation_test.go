package core_test

import (
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestReadMarks(t *testing.T) {
	s := newServer(t)
	for _, text := range []string{"1", "2", "3"} {
		s.say(roomA, other, text)
	}
	a := signedIn(t, s)
	a.openRoom(roomA)
	a.until(t, "three unread", func() bool { return a.unread == 3 && a.badge == 3 && a.rooms[roomA].UnreadCount == 3 })
	a.ok(a.Seen(roomA, 2))
	a.ok(a.Seen(roomA, 1)) // never back
	a.until(t, "one unread, and the server knows", func() bool {
		cursor := int64(0)
		s.with(func() { cursor = s.rooms[roomA].cursors[me] })
		return a.badge == 1 && a.rooms[roomA].LastReadSeq == 2 && cursor == 2
	})
	a.offline()
	a.ok(a.Seen(roomA, 999)) // not beyond the last one
	a.until(t, "none unread at once", func() bool { return a.badge == 0 && a.rooms[roomA].LastReadSeq == 3 })
	a = a.restart()
	a.until(t, "none unread after a restart", func() bool { return a.rooms[roomA].LastReadSeq == 3 && a.badge == 0 })
	a.online()
	a.until(t, "the server knows", func() bool {
		cursor := int64(0)
		s.with(func() { cursor = s.rooms[roomA].cursors[me] })
		return cursor == 3
	})
	if f := failure(t, a.Seen("00000000-0000-7000-8000-0000000000ff", 1)); f.Code != "not_found" {
		t.Errorf("unknown room: %v", f)
	}
}

func TestReadOnAnotherDevice(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	s.say(roomA, other, "하나")
	a.until(t, "unread", func() bool { return a.badge == 1 })
	s.event(wire.EvRead, wire.Read{RoomUUID: roomA, Reads: []wire.UserRead{{UserUUID: me, Seq: 1}}})
	a.until(t, "read elsewhere", func() bool { return a.badge == 0 })
}

func TestWhoHasRead(t *testing.T) {
	s := newServer(t)
	s.say(roomA, me, "내 글")
	a := signedIn(t, s)
	a.openRoom(roomA)
	cursor := func(id string) int64 {
		for _, m := range a.reads[roomA].Members {
			if m.UserUUID == id {
				return m.LastReadSeq
			}
		}
		return -1
	}
	a.until(t, "asked at opening", func() bool { return a.reads[roomA].Known && cursor(other) == 0 && cursor(me) == 1 })
	s.event(wire.EvRead, wire.Read{RoomUUID: roomA, Reads: []wire.UserRead{{UserUUID: other, Seq: 1}}})
	a.until(t, "read event", func() bool { return cursor(other) == 1 })
	s.event(wire.EvRead, wire.Read{RoomUUID: roomA, Reads: []wire.UserRead{{UserUUID: other, Seq: 0}}})
	s.say(roomA, other, "답") // who sends has read
	a.until(t, "cursor of the sender", func() bool { return cursor(other) == 2 })
	s.with(func() {
		r := s.rooms[roomA]
		r.summary.Members, r.summary.MemberCount = append(r.summary.Members, third), 3
		r.summary.Rev++
		s.tell(wire.EvRoom, r.summary)
	})
	a.until(t, "asked again for a new member", func() bool { return cursor(third) == 0 && a.rooms[roomA].MemberCount == 3 })
	a.offline()
	if conv := a.openRoom(roomA); conv.Reads.Known {
		t.Error("offline nobody knows")
	}
	s.with(func() { s.rooms[roomA].cursors[third] = 2 })
	a.online()
	a.until(t, "asked again after a reconnect", func() bool { return cursor(third) == 2 })
}

func TestHistoryComesFromTheStoreOrTheServer(t *testing.T) {
	s := newServer(t)
	for i := range 130 {
		s.say(roomA, other, strings.Repeat("글", i+1))
	}
	s.with(func() { s.rooms[roomA].cursors[me] = 130 }) // else it opens at the first unread one
	a := signedIn(t, s)
	conv := a.openRoom(roomA)
	if len(conv.Messages) != 50 || conv.Messages[0].Seq != 81 || !conv.HasMore {
		t.Fatalf("newest page: %d from %d, more %v", len(conv.Messages), conv.Messages[0].Seq, conv.HasMore)
	}
	page, err := a.Older(roomA, 81)
	if a.ok(err); len(page.Messages) != 50 || page.Messages[0].Seq != 31 || !page.HasMore || page.Partial {
		t.Fatalf("older: %d, more %v, partial %v", len(page.Messages), page.HasMore, page.Partial)
	}
	a.offline()
	page, err = a.Older(roomA, 81)
	if a.ok(err); len(page.Messages) != 50 || page.Partial {
		t.Errorf("older, offline, held: %d, partial %v", len(page.Messages), page.Partial)
	}
	page, err = a.Older(roomA, 31)
	if a.ok(err); len(page.Messages) != 0 || !page.Partial || !page.HasMore {
		t.Errorf("older, offline, not held: %+v", page)
	}
	a.online()
	page, err = a.Older(roomA, 31)
	if a.ok(err); len(page.Messages) != 30 || page.HasMore || page.Partial {
		t.Errorf("oldest: %d, more %v", len(page.Messages), page.HasMore)
	}
	if a.now().resets[roomA] != 0 || len(a.now().messages[roomA]) != 50 {
		t.Errorf("history went to the page as news: %d resets, %d messages", a.now().resets[roomA], len(a.now().messages[roomA]))
	}
}

func TestRoomNeverLoadedOpensOfflineAndFillsLater(t *testing.T) {
	s := newServer(t)
	s.say(roomA, other, "하나")
	a := signedIn(t, s)
	a.offline()
	conv := a.openRoom(roomA)
	if len(conv.Messages) != 0 || !conv.HasMore || conv.Room.LastText != "하나" {
		t.Errorf("opened offline: %+v", conv)
	}
	a.online()
	a.shows(roomA, "하나")
}

func TestMissedChangesArriveOnReconnect(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	s.say(roomA, other, "하나")
	a.openRoom(roomA)
	a.shows(roomA, "하나")
	a.offline()
	s.say(roomA, other, "둘")
	s.say(roomA, other, "셋")
	s.remove(roomA, 1)
	a.online()
	a.shows(roomA, "", "둘", "셋")
	a.until(t, "tombstone", func() bool { return a.list(roomA)[0].DeletedAt != 0 })
}

func TestRemovedRoomGoes(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomB)
	s.with(func() {
		delete(s.rooms, roomB)
		s.tell(wire.EvRoomRemoved, wire.RoomRemoved{RoomUUID: roomB})
	})
	a.until(t, "gone", func() bool { return len(a.rooms) == 1 })
	if _, err := a.OpenRoom(roomB, 0); failure(t, err).Code != "not_found" {
		t.Errorf("open: %v", err)
	}
	if _, err := a.Send(roomB, core.Draft{Text: "x", ReplyToSeq: 0}); failure(t, err).Code != "not_found" {
		t.Errorf("send: %v", err)
	}
}

func TestOpenPerson(t *testing.T) {
	a := signedIn(t, newServer(t))
	a.until(t, "room of the other", func() bool { return a.rooms[roomA].OtherUUID == other })
	if id, err := a.OpenPerson(other); err != nil || id != roomA {
		t.Errorf("a held conversation: %v %v", id, err)
	}
	id, err := a.OpenPerson(third)
	a.ok(err)
	a.openRoom(id)
	a.send(id, "처음 뵙겠습니다")
	a.shows(id, "처음 뵙겠습니다")
	a.offline()
	if _, err := a.OpenPerson("00000000-0000-7000-8000-0000000000fe"); failure(t, err).Code != "offline" {
		t.Errorf("offline: %v", err)
	}
}

func TestDraftsSettingsPresence(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.ok(a.SetDraft(roomA, core.Draft{Text: "쓰다 만"}))
	a.until(t, "draft", func() bool { return a.rooms[roomA].Draft.Text == "쓰다 만" })
	settings := a.Settings()
	settings.Theme, settings.Zoom = "dark", 150
	a.ok(a.SaveSettings(settings))
	settings.Zoom = 1000
	if err := a.SaveSettings(settings); err == nil {
		t.Error("took a zoom of 1000 %")
	}
	a.ok(a.SetPresence(string(wire.PresenceAway)))
	if err := a.SetPresence(string(wire.PresenceOff)); err == nil {
		t.Error("took the presence off")
	}
	a.until(t, "presence", func() bool {
		return a.state.Me.Presence == wire.PresenceAway && a.presence[other] == wire.PresenceActive
	})
	a.offline()
	a.until(t, "nobody known offline", func() bool { return len(a.presence) == 0 })
	a.online()
	a.until(t, "presence told again", func() bool {
		n := 0
		s.with(func() { n = len(s.presenceOps) })
		return n == 2
	})
	a.ok(a.SetDraft(roomA, core.Draft{Text: ""}))
	a = a.restart()
	if a.now().rooms[roomA].Draft.Text != "" || a.Settings().Theme != "dark" || a.Settings().Zoom != 150 {
		t.Errorf("after a restart: %+v %+v", a.now().rooms[roomA], a.Settings())
	}
}

func TestWhoIsThereByNumber(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	newcomer := "00000000-0000-7000-8000-00000000abcd"
	a.until(t, "a colleague", func() bool { return a.presence[other] == wire.PresenceActive })
	s.event(wire.EvPresence, wire.Presence{DND: wire.Numbers{300}, Away: wire.Numbers{77}, Off: wire.Numbers{2, 78}})
	a.until(t, "changes", func() bool {
		return a.presence[third] == wire.PresenceDND && a.presence[other] == wire.PresenceOff && len(a.presence) == 2
	})
	s.event(wire.EvUser, wire.UserChanged{DirectoryRev: 4, User: wire.Profile{
		UserUUID: newcomer, Number: 77, Name: "정하늘", Username: "haneul", Role: wire.RoleUser, State: wire.UserActive, Rev: 4,
	}})
	a.until(t, "who was there before the directory told of him", func() bool { return a.presence[newcomer] == wire.PresenceAway })
	a.offline()
	a.until(t, "nobody known offline", func() bool { return len(a.presence) == 0 })
	a.online()
	a.until(t, "the full list", func() bool { return len(a.presence) == 1 && a.presence[other] == wire.PresenceActive })
	a = a.restart() // the numbers are in the store
	a.until(t, "a colleague, after a restart", func() bool { return a.presence[other] == wire.PresenceActive })
}

func TestWhoIsThereOnAnOlderServer(t *testing.T) {
	s := newServer(t)
	s.with(func() {
		s.tellsNames = true
		for i := range s.people {
			s.people[i].Number = 0
		}
	})
	a := signedIn(t, s)
	a.until(t, "a colleague", func() bool { return a.presence[other] == wire.PresenceActive })
	s.event(wire.EvPresence, wire.Presence{Users: []wire.UserPresence{{UserUUID: other, State: wire.PresenceAway}}})
	a.until(t, "a change", func() bool { return a.presence[other] == wire.PresenceAway })
}

func TestTypingAndAdminEvents(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.openRoom(roomA)
	s.event(wire.EvTyping, wire.Typing{RoomUUID: roomA, UserUUID: other})
	a.until(t, "typing", func() bool { return len(a.typing) == 1 && a.typing[0].UserUUID == other })
	a.ok(a.Typing(roomA))
	s.event(wire.EvUser, wire.UserChanged{DirectoryRev: 4, User: wire.Profile{
		UserUUID: me, Name: "김민지", Username: "minji", Role: wire.RoleAdmin, State: wire.UserActive, Rev: 4,
	}})
	a.until(t, "an administrator now", func() bool { return a.state.Me.IsAdmin })
	a.Activate(roomA, 7)
	a.until(t, "asked to show a room", func() bool { return a.open != nil && *a.open == core.Target{RoomUUID: roomA, Seq: 7} })
}

func TestNotifications(t *testing.T) {
	a, s := quiet(t)
	s.say(roomA, other, "안녕하세요\n반갑습니다")
	a.until(t, "a notification", func() bool { return len(a.notes) == 1 })
	if n := a.now().notes[0]; n.Title != "이준호" || n.Body != "안녕하세요 반갑습니다" || n.RoomUUID != roomA || n.Seq != 1 || n.ID == 0 {
		t.Errorf("notification: %+v", n)
	}
	s.say(roomB, me, "내 다른 기기에서")
	s.say(roomB, other, "회의합시다")
	a.until(t, "one of the group", func() bool { return len(a.notes) == 2 })
	if n := a.now().notes[1]; n.Title != "기획팀" || n.Body != "이준호: 회의합시다" {
		t.Errorf("notification: %+v", n)
	}
	a.ok(a.Seen(roomB, 2))
	a.until(t, "withdrawn when read here", func() bool { return len(a.gone) > 0 && a.gone[len(a.gone)-1] == roomB })
	s.event(wire.EvRead, wire.Read{RoomUUID: roomA, Reads: []wire.UserRead{{UserUUID: me, Seq: 1}}})
	a.until(t, "withdrawn when read elsewhere", func() bool { return a.gone[len(a.gone)-1] == roomA })
}

// quiet is an app that nobody looks at.
func quiet(t *testing.T) (*app, *server) {
	t.Helper()
	s := newServer(t)
	a := signedIn(t, s)
	a.ok(a.InView("", false))
	return a, s
}

// lastNote waits for the notification of a marker message, behind which no other can come.
func (a *app) lastNote(s *server, marker string) core.Notification {
	a.t.Helper()
	s.say(roomB, other, marker)
	a.until(a.t, "marker "+marker, func() bool {
		return len(a.notes) > 0 && strings.HasSuffix(a.notes[len(a.notes)-1].Body, marker)
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.notes[len(a.notes)-1]
}

func TestBurstIsFolded(t *testing.T) {
	a, s := quiet(t)
	for _, text := range []string{"하나", "둘", "셋"} {
		s.say(roomA, other, text)
	}
	a.until(t, "folded", func() bool { return len(a.notes) > 0 && a.notes[len(a.notes)-1].Title == "이준호 (3)" })
	n := a.now().notes[len(a.now().notes)-1]
	if n.Body != "셋" || n.Seq != 1 {
		t.Errorf("notification: %+v", n)
	}
}

func TestNoNotification(t *testing.T) {
	cases := map[string]func(t *testing.T, a *app, s *server){
		"room in view": func(t *testing.T, a *app, s *server) {
			a.ok(a.InView(roomA, true))
			s.say(roomA, other, "x")
		},
		"turned off": func(t *testing.T, a *app, s *server) {
			settings := a.Settings()
			settings.Notifications = false
			a.ok(a.SaveSettings(settings))
			s.say(roomA, other, "x")
			a.until(t, "unread and decided", func() bool { return a.badge == 1 && a.Decided(1) })
			settings.Notifications = true
			a.ok(a.SaveSettings(settings))
		},
		"muted": func(t *testing.T, a *app, s *server) {
			until := wire.TimeOf(time.Now().Add(time.Hour))
			s.with(func() {
				r := s.rooms[roomA]
				r.summary.My.MutedUntil = &until
				r.summary.My.Rev++
				s.tell(wire.EvRoom, s.summary(r))
			})
			a.until(t, "muted", func() bool { return a.rooms[roomA].MutedUntil > 0 })
			s.say(roomA, other, "x")
		},
		"own": func(_ *testing.T, _ *app, s *server) { s.say(roomA, me, "x") },
		"deleted at once": func(_ *testing.T, _ *app, s *server) {
			s.say(roomA, other, "x")
			s.remove(roomA, 1)
		},
		"read at once": func(_ *testing.T, _ *app, s *server) {
			s.say(roomA, other, "x")
			s.event(wire.EvRead, wire.Read{RoomUUID: roomA, Reads: []wire.UserRead{{UserUUID: me, Seq: 1}}})
		},
	}
	for name, do := range cases {
		t.Run(name, func(t *testing.T) {
			a, s := quiet(t)
			do(t, a, s)
			a.lastNote(s, "marker")
			a.mu.Lock()
			defer a.mu.Unlock()
			if a.standing[roomA] {
				t.Errorf("shown: %+v", a.notes)
			}
		})
	}
}

func TestPreviewIsHiddenAndDeletedIsTakenBack(t *testing.T) {
	a, s := quiet(t)
	settings := a.Settings()
	settings.PreviewContent, settings.Language = false, "en"
	a.ok(a.SaveSettings(settings))
	s.say(roomA, other, "비밀")
	a.until(t, "hidden", func() bool { return len(a.notes) == 1 && a.notes[0].Body == "New message" })
	s.remove(roomA, 1)
	a.until(t, "taken back", func() bool { return len(a.gone) > 0 && a.gone[len(a.gone)-1] == roomA })
}

func TestMissedLongAgoMakesOneSummary(t *testing.T) {
	a, s := quiet(t)
	s.say(roomA, other, "전에")
	a.until(t, "before", func() bool { return len(a.notes) == 1 })
	a.openRoom(roomA)
	a.offline()
	hourAgo := time.Now().Add(-time.Hour)
	for _, text := range []string{"1", "2", "3"} {
		s.sayAt(roomA, other, text, hourAgo)
	}
	s.sayAt(roomB, other, "4", hourAgo)
	a.online()
	a.until(t, "summary", func() bool { return len(a.notes) == 2 })
	if n := a.now().notes[1]; n.Title != "Hi_Msg" || n.Body != "읽지 않은 메시지 4개" || n.RoomUUID != "summary" {
		t.Errorf("summary: %+v", n)
	}
	a.lastNote(s, "marker")
	if len(a.now().notes) != 3 { // no one of its own for any of the four
		t.Errorf("notes: %+v", a.now().notes)
	}
}

func TestLinks(t *testing.T) {
	a := start(t, nil, t.TempDir(), newKeyring())
	for _, bad := range []string{
		"", "file:///etc/passwd", "javascript:alert(1)", "http:foo", "https://user:pw@host/", "//host", "http://", "data:text/html,x",
		"https://a b/", "https://a/\n", "himsg://room/1", "https://" + strings.Repeat("a", 5000), "smb://host/share", "http://a/\u202e",
	} {
		if err := a.OpenLink(bad); err == nil {
			t.Errorf("opened %q", bad)
		}
	}
	a.ok(a.OpenLink("https://example.com/가?q=1#x"))
	if len(a.now().opened) != 1 || !strings.HasPrefix(a.now().opened[0], "https://example.com/") {
		t.Errorf("opened %v", a.now().opened)
	}
}

// FuzzPage throws anything at the calls that take ids, texts and numbers. None may panic or hang, and each error is a
// Failure.
func FuzzPage(f *testing.F) {
	f.Add(roomA, "글", int64(1))
	f.Add("", "\x00\xff", int64(-1))
	f.Add("'; drop table rooms; --", strings.Repeat("가", 20_000), int64(1)<<62)
	a := signedIn(f, newServer(f))
	f.Fuzz(func(t *testing.T, id, text string, n int64) {
		_, err1 := a.OpenRoom(id, 0)
		_, err2 := a.Older(id, n)
		_, err3 := a.Send(id, core.Draft{Text: text, ReplyToSeq: n})
		_, err4 := a.OpenPerson(id)
		_, err5 := a.CreateGroup(text, []string{id, text})
		_, err6 := a.Send(roomA, core.Draft{Text: text, ReplyToSeq: n})
		all := []error{
			err1, err2, err3, err4, err5, err6, a.Seen(id, n), a.Seen(roomA, n), a.SetDraft(id, core.Draft{Text: text}), a.SetDraft(roomA, core.Draft{Text: text}),
			a.Typing(id), a.InView(id, true), a.Resend(id), a.Discard(id), a.DeleteMessage(n), a.OpenLink(text),
			a.UseServer(text, id), a.SignIn(text, text, false), a.Approve(n), a.Reject(n, text),
			a.SetPresence(text), a.SaveSettings(core.Settings{Theme: text, Zoom: int(n)}),
		}
		all = append(all, hostile(t, a, id, text, n)...)
		a.Activate(id, n)
		for i, err := range all {
			if err != nil && failure(t, err).Code == "" {
				t.Errorf("call %d: %v", i, err)
			}
		}
	})
}

// hostile calls what takes ids, texts and numbers of messages and rooms.
func hostile(t *testing.T, a *app, id, text string, n int64) []error {
	t.Helper()
	draft := core.Draft{Text: text, ReplyToSeq: n, Mentions: []string{id, text}, MentionAll: n%2 == 0}
	_, err1 := a.OpenRoom(roomA, n)
	_, err2 := a.OpenRoomAt(roomA, n)
	_, err3 := a.Newer(roomA, n)
	_, err4 := a.Messages(roomA, []int64{n, -n, 1})
	_, err5 := a.Readers(roomA, n, true, text)
	_, err6 := a.RoomMembers(id, text)
	_, err7 := a.Search(core.SearchQuery{Text: text, RoomUUID: id, From: n, To: -n, Before: n})
	_, err8 := a.ChooseRoomPicture(id)
	_, err9 := a.Picture(t.Context(), text)
	minutes := int(n)
	return []error{
		err1, err2, err3, err4, err5, err6, err7, err8, err9, a.Forward([]int64{n}, []string{id, text}), a.Edit(n, draft, n),
		a.HideMessages([]int64{n}), a.React(n, text, true), a.Pin(n, true), a.SetPlace(id, core.Place{Seq: n, Offset: int(n)}),
		a.SetPlace(roomA, core.Place{Seq: n, Offset: int(n)}), a.MarkRead(id), a.SetMy(id, core.MyChange{MuteMinutes: &minutes}),
		a.Invite(id, []string{text}), a.RemoveMember(id, text), a.SetMemberRole(id, id, text), a.RenameRoom(id, text),
		a.SetRoomHistory(id, text), a.RemoveRoomPicture(id), a.CloseRoom(id), a.SetDraft(roomA, draft), a.Unlock(text),
	}
}
