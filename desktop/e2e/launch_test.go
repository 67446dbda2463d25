//go:build e2e

package e2e

import (
	"path/filepath"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// The list stands in the window before the page's code is there, as it was; and never over a lock.
func TestLaunchPicture(t *testing.T) {
	c := newCompany(t)
	me, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	room := c.server.Post(t, duri, me, "어제 한 말").RoomUUID
	at := window.Options{Profile: filepath.Join(t.TempDir(), "hana"), Server: c.server.URL()}
	w := c.open(t, at)
	signIn(t, w, "hana")
	w.See(t, window.Select("room-row"))
	w.WaitFor(t, marked("launch_kept"))
	w.Close(t)

	c.server.PostTo(t, duri, room, "밤사이 온 말")
	w = c.open(t, at)
	w.WaitFor(t, marked("list"))
	if !w.True(marked("picture")) {
		t.Error("the start showed no picture")
	}
	w.SeeGone(t, "#launch")
	w.SeeText(t, window.Select("room-row", "room", room), "밤사이 온 말")
	w.WaitFor(t, marked("launch_kept"))
	c.desk.Keys(t, "ctrl+l")
	w.See(t, window.Select("lock-screen"))
	w.Close(t)

	w = c.open(t, at)
	w.See(t, window.Select("lock-screen"))
	if w.True(marked("picture")) {
		t.Error("the list was shown over the lock")
	}
	w.Type(t, window.Select("lock-password"), backend.Password)
	w.Click(t, window.Select("lock-submit"))
	w.SeeText(t, window.Select("room-row", "room", room), "밤사이 온 말")
}

// marked reports a mark in the page's timeline.
func marked(name string) string {
	return `performance.getEntriesByName('` + name + `').length > 0`
}
