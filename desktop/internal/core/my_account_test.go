package core_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// srvAccount is what the test's server does about one's own account, and what administrators do about devices.
type srvAccount struct {
	devices []wire.DeviceSession
	ended   []string // paths of DELETE requests
	reason  string
	asked   string // the query of the last list of everybody's devices
	photo   []byte
}

const photoID = "00000000-0000-7000-8000-0000000000f1"

func (s *server) accountRoutes(mux *http.ServeMux) {
	route := func(pattern string, fn func(r *http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			defer s.mu.Unlock()
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(fn(r))
		})
	}
	route("GET /api/users/me", func(*http.Request) any { return s.me })
	route("GET /api/users/me/fields", func(*http.Request) any { return wire.ProfileFields{Fields: wire.DefaultOwnFields} })
	route("PUT /api/users/me", func(r *http.Request) any {
		var in wire.ProfileRequest
		_ = json.NewDecoder(r.Body).Decode(&in)
		if in.StatusText != nil {
			s.me.StatusText = *in.StatusText
		}
		return s.me
	})
	route("PUT /api/users/me/picture", func(r *http.Request) any {
		s.account.photo, _ = io.ReadAll(r.Body)
		s.me.Picture = photoID
		s.pictures = map[string][]byte{photoID: s.account.photo}
		return wire.PictureReply{PictureUUID: photoID}
	})
	route("DELETE /api/users/me/picture", func(*http.Request) any {
		s.me.Picture = ""
		return wire.MessageReply{}
	})
	ended := func(r *http.Request) any {
		var in wire.ReasonRequest
		_ = json.NewDecoder(r.Body).Decode(&in)
		s.account.ended, s.account.reason = append(s.account.ended, r.URL.Path), in.Reason
		return wire.EndedSessions{Ended: 2}
	}
	route("GET /api/sessions", func(*http.Request) any { return wire.SessionList{Sessions: s.account.devices} })
	for _, path := range []string{
		"/api/sessions", "/api/sessions/{id}", "/api/admin/users/{user}/sessions", "/api/admin/users/{user}/sessions/{id}",
	} {
		route("DELETE "+path, ended)
	}
	route("GET /api/admin/sessions", func(r *http.Request) any {
		s.account.asked = r.URL.RawQuery
		return wire.PeopleSessions{Next: 7, Sessions: []wire.PersonSession{{
			DeviceSession: wire.DeviceSession{SessionUUID: roomA, DeviceName: "PC-1"}, UserUUID: other, Name: "이서연",
		}}}
	})
}

func TestOwnProfile(t *testing.T) {
	a := signedIn(t, newServer(t))
	a.server.with(func() { a.server.me.BirthDate = "1990-03-04" })
	own, err := a.MyProfile()
	a.ok(err)
	if own.BirthDate != "1990-03-04" || !slices.Equal(own.Editable, wire.DefaultOwnFields) {
		t.Errorf("own profile: %+v", own)
	}
	text := "출장 중"
	a.ok(a.ChangeProfile(wire.ProfileRequest{StatusText: &text}))
	a.until(t, "the new status text", func() bool { return a.state.Me.StatusText == text && a.state.Me.Name == "김민지" })
	long := strings.Repeat("가", 5000)
	if f := failure(t, a.ChangeProfile(wire.ProfileRequest{Phone: &long})); f.Code != "bad_request" {
		t.Errorf("a long phone number: %+v", f)
	}
}

func TestOwnPhoto(t *testing.T) {
	a := signedIn(t, newServer(t))
	if chosen, err := a.ChooseMyPicture(); chosen || err != nil {
		t.Errorf("nothing was chosen: %v, %v", chosen, err)
	}
	png := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0}, 64)...)
	path := filepath.Join(t.TempDir(), "me.png")
	if err := os.WriteFile(path, png, 0o600); err != nil {
		t.Fatal(err)
	}
	a.change(func() { a.chosen = path })
	if chosen, err := a.ChooseMyPicture(); !chosen || err != nil {
		t.Fatalf("choose: %v, %v", chosen, err)
	}
	a.until(t, "the photo in the profile", func() bool { return a.state.Me.Picture == photoID })
	// The page shows it before the directory tells of it.
	if p, err := a.Picture(t.Context(), photoID); err != nil || !bytes.Equal(p.Content, png) {
		t.Errorf("photo: %v, %v", p.Type, err)
	}
	a.ok(a.RemoveMyPicture())
	a.until(t, "no photo", func() bool { return a.state.Me.Picture == "" })
	if _, err := a.Picture(t.Context(), photoID); err == nil {
		t.Error("nobody has that picture any more, but it is given out")
	}
	profile := a.server.people[1]
	profile.Picture, profile.Rev = photoID, 4
	a.server.event(wire.EvUser, wire.UserChanged{User: profile, DirectoryRev: 4})
	a.until(t, "the colleague's photo", func() bool { return a.people[other].Picture == photoID })
	if _, err := a.Picture(t.Context(), photoID); err != nil {
		t.Errorf("a colleague's photo: %v", err)
	}
}

func TestOwnDevices(t *testing.T) {
	a := signedIn(t, newServer(t))
	a.server.with(func() {
		a.server.account.devices = []wire.DeviceSession{
			{SessionUUID: roomA, DeviceName: "PC-1", Platform: "windows", Current: true}, {SessionUUID: roomB, DeviceName: "노트북"},
		}
	})
	devices, err := a.MyDevices()
	if err != nil || len(devices) != 2 || !devices[0].Current || devices[1].Name != "노트북" {
		t.Errorf("devices: %+v, %v", devices, err)
	}
	a.ok(a.SignOutDevice(roomB))
	if n, err := a.SignOutOthers(); n != 2 || err != nil {
		t.Errorf("others: %d, %v", n, err)
	}
	if f := failure(t, a.SignOutDevice("../../logout")); f.Code != "bad_request" && f.Code != "not_found" {
		t.Errorf("no id: %+v", f)
	}
	a.server.with(func() {
		if want := []string{"/api/sessions/" + roomB, "/api/sessions"}; !slices.Equal(a.server.account.ended, want) {
			t.Errorf("ended %q", a.server.account.ended)
		}
	})
}

func TestEverybodysDevices(t *testing.T) {
	a := signedIn(t, newServer(t))
	page, err := a.PeopleDevices(core.DeviceQuery{Text: "김&x=1", Platform: "linux", Before: 9})
	if err != nil || page.Next != 7 || len(page.Devices) != 1 || page.Devices[0].PersonName != "이서연" || page.Devices[0].Name != "PC-1" {
		t.Errorf("page: %+v, %v", page, err)
	}
	a.server.with(func() {
		if want := "before=9&limit=100&platform=linux&q=%EA%B9%80%26x%3D1"; a.server.account.asked != want {
			t.Errorf("asked for %q", a.server.account.asked)
		}
	})
	for name, call := range map[string]func() error{
		"long text": func() error {
			_, err := a.PeopleDevices(core.DeviceQuery{Text: strings.Repeat("가", 5000)})
			return err
		},
		"before the first": func() error { _, err := a.PeopleDevices(core.DeviceQuery{Before: -1}); return err },
		"no person":        func() error { _, err := a.RemoveDevices("x/y", roomA, ""); return err },
		"no device":        func() error { _, err := a.RemoveDevices(other, "x", ""); return err },
		"long reason":      func() error { _, err := a.RemoveDevices(other, "", strings.Repeat("가", 5000)); return err },
	} {
		if f := failure(t, call()); f.Code != "bad_request" && f.Code != "not_found" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	for _, device := range []string{roomA, ""} {
		if n, err := a.RemoveDevices(other, device, "분실"); n != 2 || err != nil {
			t.Errorf("remove %q: %d, %v", device, n, err)
		}
	}
	a.server.with(func() {
		path := "/api/admin/users/" + other + "/sessions"
		if !slices.Equal(a.server.account.ended, []string{path + "/" + roomA, path}) || a.server.account.reason != "분실" {
			t.Errorf("ended %q because of %q", a.server.account.ended, a.server.account.reason)
		}
	})
}
