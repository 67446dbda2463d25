package core_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"himsg/desktop/internal/core"
)

const anID = "0190b3c2-7d1e-7aaa-8bbb-0123456789ab"

func TestParseLink(t *testing.T) {
	good := map[string]core.Target{
		"himsg://room/" + anID:                  {RoomUUID: anID},
		"himsg://room/" + anID + "/42":          {RoomUUID: anID, Seq: 42},
		"himsg://room/" + anID + "/42/":         {RoomUUID: anID, Seq: 42}, // as Windows hands it over
		"himsg://person/" + anID:                {UserUUID: anID},
		"himsg://notice/" + anID + "/":          {NoticeUUID: anID},
		"HIMSG://room/" + strings.ToUpper(anID): {RoomUUID: anID},
	}
	for text, want := range good {
		if got, err := core.ParseLink(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for name, text := range map[string]string{
		"empty":           "",
		"only a scheme":   "himsg://",
		"no place":        "himsg://room",
		"no id":           "himsg://room/",
		"another scheme":  "https://room/" + anID,
		"another place":   "himsg://file/" + anID,
		"capitals":        "himsg://ROOM/" + anID,
		"no host":         "himsg:room/" + anID,
		"a user":          "himsg://boss:pw@room/" + anID,
		"a port":          "himsg://room:1/" + anID,
		"a query":         "himsg://room/" + anID + "?server=http://evil",
		"a fragment":      "himsg://room/" + anID + "#x",
		"shell words":     "himsg://room/" + anID + ";rm -rf ~",
		"a command":       "himsg://room/$(reboot)",
		"back ticks":      "himsg://room/`id`",
		"a flag":          "himsg:--server=http://evil",
		"percent signs":   "himsg://room/%30190b3c2-7d1e-7aaa-8bbb-0123456789ab",
		"a path":          "himsg://room/../person/" + anID,
		"two slashes":     "himsg://room//" + anID,
		"no such number":  "himsg://room/" + anID + "/0",
		"a sign":          "himsg://room/" + anID + "/+1",
		"a large number":  "himsg://room/" + anID + "/9999999999999999",
		"more":            "himsg://room/" + anID + "/1/2",
		"a person's seq":  "himsg://person/" + anID + "/1",
		"braces":          "himsg://room/{" + anID + "}",
		"no hyphens":      "himsg://room/" + strings.ReplaceAll(anID, "-", ""),
		"a blank":         " himsg://room/" + anID,
		"a line":          "himsg://room/" + anID + "\n",
		"a zero byte":     "himsg://room/" + anID + "\x00",
		"other digits":    "himsg://room/" + anID + "/１",
		"nobody's length": "himsg://room/" + anID + strings.Repeat("/", 1000),
	} {
		if got, err := core.ParseLink(text); err == nil {
			t.Errorf("%s: %q leads to %+v", name, text, got)
		}
	}
}

func FuzzParseLink(f *testing.F) {
	f.Add("himsg://room/" + anID + "/42")
	f.Add("himsg://person/" + anID + "?x")
	f.Add("himsg://notice/" + anID + "/")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := core.ParseLink(text)
		if err != nil {
			if got != (core.Target{}) {
				t.Errorf("%q is refused and leads to %+v", text, got)
			}
			return
		}
		for _, id := range []string{got.RoomUUID, got.UserUUID, got.NoticeUUID} {
			if id != "" && uuid.Validate(id) != nil {
				t.Errorf("%q leads to %+v", text, got)
			}
		}
		if got.Problem != "" || got.Seq < 0 || strings.ContainsAny(text, " %?#@;&|$`\\\n\x00") {
			t.Errorf("%q leads to %+v", text, got)
		}
	})
}

func TestLinkLeadsToARoom(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.Follow("himsg://room/" + roomA + "/7")
	a.until(t, "the room", func() bool { return a.open != nil && *a.open == core.Target{RoomUUID: roomA, Seq: 7} })
	a.Follow("himsg://person/" + other)
	a.until(t, "the person", func() bool { return a.open.UserUUID == other })
}

func TestLinkLeadsNowhere(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	for link, problem := range map[string]string{
		"himsg://room/" + anID:              core.ProblemUnknownRoom,
		"himsg://person/" + anID:            core.ProblemUnknownPerson,
		"himsg://room/" + roomA + ";reboot": core.ProblemBadLink,
	} {
		a.Follow(link)
		a.until(t, problem, func() bool { return a.open != nil && *a.open == core.Target{Problem: problem} })
	}
	a.offline()
	a.Follow("himsg://room/" + anID)
	a.until(t, "said without the network, too", func() bool { return a.open.Problem == core.ProblemUnknownRoom })
}

// A link waits for the sign-in, and is not the next person's.
func TestLinkWaitsForTheSignIn(t *testing.T) {
	s := newServer(t)
	a := start(t, s, t.TempDir(), newKeyring())
	a.Follow("himsg://room/" + roomB)
	a.ok(a.SignIn("minji", rightPassword, true))
	a.until(t, "the room", func() bool { return a.open != nil && *a.open == core.Target{RoomUUID: roomB} })
	a.ok(a.Lock())
	a.Follow("himsg://room/" + roomA)
	a.ok(a.SignOut())
	a.change(func() { a.open = nil })
	a.ok(a.SignIn("minji", rightPassword, true))
	a.until(t, "signed in again", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == len(s.rooms) })
	if open := a.now().open; open != nil {
		t.Errorf("shows %+v", open)
	}
}

func TestLinkWaitsForTheLock(t *testing.T) {
	a, _ := locked(t)
	a.Follow("himsg://room/" + roomA + "/1")
	u, err := a.Snapshot()
	a.ok(err)
	if u.Open != nil || a.now().open != nil {
		t.Error("a locked app says where a link leads")
	}
	a.ok(a.Unlock(rightPassword))
	a.until(t, "the room", func() bool { return a.open != nil && *a.open == core.Target{RoomUUID: roomA, Seq: 1} })
}
