package notify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/internal/core"
)

var buttons = &core.NoteActions{Reply: "답장", ReplyHint: "답장을 입력하세요", Send: "보내기", MarkRead: "읽음으로 표시"}

func TestReplyAndMarkAsRead(t *testing.T) {
	n, daemon, clicked := start(t, "actions", "body", "inline-reply")
	n.Show(core.Notification{ID: 11, RoomUUID: "room-a", Seq: 7, Upto: 9, Title: "a", Actions: buttons, Silent: true})
	n.Show(core.Notification{ID: 12, RoomUUID: "room-b", Seq: 3, Upto: 3, Title: "b"}) // hidden: only a click
	a, b := daemon.Wait(t, "of room-a", titled("a")), daemon.Wait(t, "of room-b", titled("b"))
	if want := []string{"default", "", "inline-reply", "답장", "mark-read", "읽음으로 표시"}; !slices.Equal(a.Actions, want) {
		t.Errorf("buttons %q", a.Actions)
	}
	if len(b.Actions) != 2 || !a.Silent || b.Silent || a.Urgency != 1 {
		t.Errorf("a %+v, b %+v", a, b)
	}
	daemon.Reply(t, b.ID, "nobody saw what this answers")
	daemon.Reply(t, a.ID, "네, 3시에 봐요")
	daemon.Invoke(t, a.ID, "mark-read")
	daemon.Invoke(t, a.ID, "delete-all")
	daemon.Click(t, b.ID)
	want := "room-a#11/9:네, 3시에 봐요 room-a#11/9: room-b/3"
	desk.Wait(t, 5*time.Second, "the answers", func() bool { return clicked.String() == want })
}

func TestDaemonWithoutReplies(t *testing.T) {
	n, daemon, _ := start(t)
	n.Show(core.Notification{ID: 1, RoomUUID: "room-a", Title: "a", Actions: buttons})
	if got := daemon.Wait(t, "of room-a", titled("a")); !slices.Equal(got.Actions, []string{"default", "", "mark-read", "읽음으로 표시"}) {
		t.Errorf("buttons %q", got.Actions)
	}
	state, err := n.Try(t.Context(), core.Notification{ID: 2, Title: "try"})
	if err != nil || !state.Clicks || state.Replies || state.Service != "himsg-test 1" {
		t.Errorf("%+v, %v", state, err)
	}
}

func TestOnlyTheDaemonIsHeard(t *testing.T) {
	n, daemon, clicked := start(t, "actions", "inline-reply")
	n.Show(core.Notification{ID: 1, RoomUUID: "room-a", Upto: 4, Title: "a", Actions: buttons})
	a := daemon.Wait(t, "of room-a", titled("a"))
	forger, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer forger.Close()
	const name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
	if err := forger.Emit(path, name+".NotificationReplied", a.ID, "in your name"); err != nil {
		t.Fatal(err)
	}
	if err := forger.Emit(path, name+".ActionInvoked", a.ID, "mark-read"); err != nil {
		t.Fatal(err)
	}
	// The bus keeps the order of what one sends, and a call is answered after it.
	if err := forger.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil {
		t.Fatal(err)
	}
	daemon.Reply(t, a.ID, "mine")
	desk.Wait(t, 5*time.Second, "the daemon's", func() bool { return clicked.String() == "room-a#1/4:mine" })
}

func TestFloodMakesFewCalls(t *testing.T) {
	n, daemon, _ := start(t)
	for seq := range int64(1000) {
		n.Show(core.Notification{ID: uint64(seq) + 1, RoomUUID: fmt.Sprint("room-", seq%3), Seq: seq, Title: fmt.Sprint("m", seq)})
	}
	daemon.Wait(t, "the last one", titled("m999"))
	if calls := len(daemon.All()); calls > 100 || len(daemon.Shown()) != 3 {
		t.Errorf("%d calls, %d shown", calls, len(daemon.Shown()))
	}
}

func TestHostileNamesStayTexts(t *testing.T) {
	n, daemon, _ := start(t)
	long := strings.Repeat("W", 10<<10)
	n.Show(core.Notification{ID: 1, RoomUUID: "room-a", Title: "<b>x</b> & " + long, Body: "<img src=x> &amp;"})
	got := daemon.Wait(t, "of room-a", func(n desk.Notification) bool { return strings.HasSuffix(n.Title, long) })
	if got.Body != "&lt;img src=x&gt; &amp;amp;" {
		t.Errorf("body %q", got.Body)
	}
}
