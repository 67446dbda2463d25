package core_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestGroupCalls(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	cases := map[string]struct {
		do   func() error
		want string
	}{
		"invite":  {func() error { return a.Invite(roomB, []string{third, third}) }, `POST /api/chat-rooms/ROOM/members {"members":["THIRD"]}`},
		"remove":  {func() error { return a.RemoveMember(roomB, other) }, "DELETE /api/chat-rooms/ROOM/members/OTHER"},
		"role":    {func() error { return a.SetMemberRole(roomB, other, "owner") }, `PUT /api/chat-rooms/ROOM/members/OTHER {"role":"owner"}`},
		"rename":  {func() error { return a.RenameRoom(roomB, "새 이름") }, `PUT /api/chat-rooms/ROOM {"name":"새 이름"}`},
		"unname":  {func() error { return a.RenameRoom(roomB, "") }, `PUT /api/chat-rooms/ROOM {"name":""}`},
		"history": {func() error { return a.SetRoomHistory(roomB, "all") }, `PUT /api/chat-rooms/ROOM {"history":"all"}`},
		"picture": {func() error { return a.RemoveRoomPicture(roomB) }, "DELETE /api/chat-rooms/ROOM/picture"},
		"close":   {func() error { return a.CloseRoom(roomB) }, "DELETE /api/delete-chat-room/ROOM?for=all"},
	}
	last := func() (call string, n int) {
		s.with(func() {
			if n = len(s.calls); n > 0 {
				call = s.calls[n-1]
			}
		})
		return call, n
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s.with(func() { s.dropCalls = 1 }) // the reply is lost: it is asked for again
			if err := c.do(); err != nil {
				t.Fatal(err)
			}
			if got, n := last(); got != c.want || n < 2 {
				t.Errorf("%d calls, the last %s", n, got)
			}
			s.with(func() {
				s.refuseCall = &wire.HTTPError{Code: wire.Forbidden, Reason: wire.ReasonNotRoomOwner, Error: "no"}
			})
			defer s.with(func() { s.refuseCall = nil })
			if f := failure(t, c.do()); f.Code != "forbidden" || f.Reason != "not_room_owner" {
				t.Errorf("refused: %v", f)
			}
		})
	}
	page, err := a.RoomMembers(roomB, "somewhere&limit=9")
	a.ok(err)
	if got, _ := last(); got != "GET /api/chat-rooms/ROOM/members?after=somewhere%26limit%3D9&limit=0" && !strings.Contains(got, "after=somewhere%26limit%3D9") {
		t.Errorf("asked %s", got)
	}
	if want := (core.Member{UserUUID: other, Role: wire.RoomOwner, JoinedAt: 5}); page.Next != "more" || !slices.Equal(page.Members, []core.Member{want}) {
		t.Errorf("members: %+v", page)
	}
}

func TestHostileGroupCalls(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	minutes := wire.MaxMuteMinutes + 1
	for name, err := range map[string]error{
		"rename a conversation": a.RenameRoom(roomA, "x"), "close a conversation": a.CloseRoom(roomA),
		"unknown room": a.RenameRoom(third, "x"), "no room": a.CloseRoom("../x"),
		"path as person": a.RemoveMember(roomB, "../../users"), "nobody": a.Invite(roomB, nil),
		"bad person": a.Invite(roomB, []string{third, "x"}), "too many": a.Invite(roomB, make([]string, 5001)),
		"role": a.SetMemberRole(roomB, other, "admin"), "history": a.SetRoomHistory(roomB, "everything"),
		"long name": a.RenameRoom(roomB, strings.Repeat("가", 101)), "nothing changed": a.SetMy(roomB, core.MyChange{}),
		"muted for ever and a day": a.SetMy(roomB, core.MyChange{MuteMinutes: &minutes}),
	} {
		if f := failure(t, err); f.Code != "bad_request" && f.Code != "not_found" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if _, err := a.RoomMembers(roomB, strings.Repeat("x", 1000)); failure(t, err).Code != "bad_request" {
		t.Errorf("long place: %v", err)
	}
	s.with(func() {
		if len(s.calls) != 0 {
			t.Errorf("the server was asked: %v", s.calls)
		}
	})
}

func TestMyOwnSettings(t *testing.T) {
	a := signedIn(t, newServer(t))
	yes, minutes := true, -1
	a.ok(a.SetMy(roomB, core.MyChange{Pinned: &yes, Locked: &yes, Favourite: &yes, MuteMinutes: &minutes}))
	a.until(t, "told", func() bool {
		r := a.rooms[roomB]
		return r.Pinned && r.Locked && r.Favourite && r.MutedUntil == core.MutedForever
	})
	minutes = 0
	a.ok(a.SetMy(roomB, core.MyChange{MuteMinutes: &minutes}))
	a.until(t, "sounds again", func() bool { return a.rooms[roomB].MutedUntil == 0 && a.rooms[roomB].Pinned })
}

var png = []byte("\x89PNG\r\n\x1a\n and more")

func TestChooseAPicture(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	file := func(content []byte) string {
		path := filepath.Join(t.TempDir(), "비밀 프로젝트.png")
		a.ok(os.WriteFile(path, content, 0o600))
		return path
	}
	choose := func(path string) (bool, error) {
		a.change(func() { a.chosen = path })
		return a.ChooseRoomPicture(roomB)
	}
	if done, err := choose(""); done || err != nil {
		t.Errorf("none chosen: %v %v", done, err)
	}
	if done, err := choose(file(png)); !done || err != nil {
		t.Errorf("chosen: %v %v", done, err)
	}
	s.with(func() {
		if len(s.calls) != 1 || s.calls[0] != "PUT /api/chat-rooms/ROOM/picture "+string(png) || strings.Contains(s.calls[0], "비밀") {
			t.Errorf("sent %q", s.calls)
		}
	})
	for name, c := range map[string]struct{ path, code string }{
		"too large": {file(bytes.Repeat([]byte("x"), wire.MaxPictureBytes+1)), "too_large"}, "empty": {file(nil), "bad_request"},
		"missing": {filepath.Join(t.TempDir(), "x"), "bad_request"}, "a folder": {t.TempDir(), "bad_request"},
		"a device": {"/dev/zero", "bad_request"},
	} {
		done, err := choose(c.path)
		if f := failure(t, err); done || f.Code != c.code || strings.Contains(f.Message, c.path) {
			t.Errorf("%s: %v %v", name, done, f)
		}
	}
	if _, err := a.ChooseRoomPicture(roomA); failure(t, err).Reason != "not_group" {
		t.Errorf("a conversation: %v", err)
	}
}

func TestPicturesComeOnceAndOnlyOfMyRooms(t *testing.T) {
	s := newServer(t)
	s.with(func() {
		s.pictures = map[string][]byte{third: png, other: png, me: []byte("<svg onload=alert(1)>")}
		s.rooms[roomB].summary.Picture = third
		s.rooms[roomA].summary.Picture = me
	})
	a := signedIn(t, s)
	for range 3 {
		p, err := a.Picture(t.Context(), third)
		if err != nil || p.Type != "image/png" || !bytes.Equal(p.Content, png) {
			t.Fatalf("%+v %v", p, err)
		}
	}
	for name, id := range map[string]string{
		"of no room of mine": other, "no image": me, "path": "../../profile.json", "none": "", "upper case": strings.ToUpper(third),
	} {
		if _, err := a.Picture(t.Context(), id); err == nil {
			t.Errorf("%s: served", name)
		}
	}
	s.with(func() {
		if s.pictureGets != 2 {
			t.Errorf("asked %d times", s.pictureGets)
		}
	})
	a.offline()
	if _, err := a.Picture(t.Context(), third); err != nil {
		t.Errorf("offline: %v", err)
	}
	a.ok(a.Lock())
	if _, err := a.Picture(t.Context(), third); err == nil {
		t.Error("served while locked")
	}
}
