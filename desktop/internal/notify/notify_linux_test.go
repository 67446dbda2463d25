package notify_test

import (
	"fmt"
	"image"
	"image/png"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/internal/clock"
	"himsg/desktop/internal/core"
	"himsg/desktop/internal/notify"
)

// clicks remembers what Activate was told.
type clicks struct {
	mu  sync.Mutex
	all []string
}

func (c *clicks) activate(room string, seq int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, fmt.Sprintf("%s/%d", room, seq))
}

func (c *clicks) answer(a core.Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, fmt.Sprintf("%s#%d/%d:%s", a.RoomUUID, a.NoteID, a.Upto, a.Text))
}

func (c *clicks) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.all, " ")
}

// start starts a notifier on a bus with a daemon of the given capabilities.
func start(t *testing.T, capabilities ...string) (*notify.Notifier, *desk.Notifications, *clicks) {
	t.Helper()
	bus := desk.StartBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	daemon := desk.StartNotifications(t, bus, capabilities...)
	clicked := &clicks{}
	n := notify.New(notify.Options{Icon: icon(t), Activate: clicked.activate, Answer: clicked.answer, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)})
	n.Start(t.Context())
	t.Cleanup(n.Close)
	return n, daemon, clicked
}

func titled(title string) func(desk.Notification) bool {
	return func(n desk.Notification) bool { return n.Title == title }
}

func TestClickOpensAndDismissalDoesNot(t *testing.T) {
	n, daemon, clicked := start(t)
	n.Show(core.Notification{ID: 1, RoomUUID: "room-a", Seq: 7, Title: "김하나", Body: "회의 3시 <b>아님</b> & 4시"})
	n.Show(core.Notification{ID: 2, RoomUUID: "room-b", Seq: 9, Title: "이두리", Body: "네"})
	first := daemon.Wait(t, "of room-a", titled("김하나"))
	second := daemon.Wait(t, "of room-b", titled("이두리"))

	if first.App != "Hi_Msg" || !first.HasImage {
		t.Errorf("app %q, image %v", first.App, first.HasImage)
	}
	if first.Body != "회의 3시 &lt;b&gt;아님&lt;/b&gt; &amp; 4시" {
		t.Errorf("the daemon reads markup, and the text of a person is none: %q", first.Body)
	}

	daemon.Dismiss(t, first.ID)
	daemon.Click(t, second.ID)
	desk.Wait(t, 5*time.Second, "the click", func() bool { return clicked.String() != "" })
	daemon.Click(t, second.ID) // gone: means nothing
	daemon.Click(t, 4711)      // another app's

	n.Show(core.Notification{ID: 3, Title: "끝"})
	last := daemon.Wait(t, "the last one", titled("끝"))
	daemon.Click(t, last.ID)
	desk.Wait(t, 5*time.Second, "the second click", func() bool { return clicked.String() == "room-b/9 /0" })
}

func TestOnePerRoom(t *testing.T) {
	n, daemon, clicked := start(t)
	for seq := int64(1); seq <= 3; seq++ {
		n.Show(core.Notification{ID: uint64(seq), RoomUUID: "room-a", Seq: seq, Title: fmt.Sprint("message ", seq)})
	}
	n.Show(core.Notification{ID: 4, Title: "summary"})
	n.Show(core.Notification{ID: 5, Title: "test"})
	daemon.Wait(t, "the last one", titled("test"))
	shown := daemon.Shown()
	if len(shown) != 3 || shown[0].Title != "message 3" {
		t.Fatalf("want the room's newest and two of no room, got %+v", shown)
	}
	daemon.Click(t, shown[0].ID)
	desk.Wait(t, 5*time.Second, "the newest message's click", func() bool { return clicked.String() == "room-a/3" })
}

func TestWithdraw(t *testing.T) {
	n, daemon, clicked := start(t)
	n.Withdraw("room-a") // nothing shown yet
	n.Show(core.Notification{ID: 1, RoomUUID: "room-a", Seq: 1, Title: "one"})
	n.Show(core.Notification{ID: 2, RoomUUID: "room-b", Seq: 2, Title: "two"})
	daemon.Wait(t, "of room-b", titled("two"))
	n.Withdraw("room-a")
	n.Withdraw("") // belongs to no room: takes back nothing
	desk.Wait(t, 5*time.Second, "room-a withdrawn", func() bool { return len(daemon.Shown()) == 1 })
	if got := daemon.Shown()[0].Title; got != "two" {
		t.Errorf("left is %q", got)
	}
	n.Show(core.Notification{ID: 3, RoomUUID: "room-a", Seq: 3, Title: "three"})
	if again := daemon.Wait(t, "of room-a again", titled("three")); again.Replaces != 0 {
		t.Error("a withdrawn notification is not there to be replaced")
	}
	if clicked.String() != "" {
		t.Errorf("withdrawing is no click: %s", clicked)
	}
}

func TestDaemonWithoutClicksGetsThemThePlainWay(t *testing.T) {
	n, daemon, _ := start(t, "body")
	n.Show(core.Notification{ID: 1, RoomUUID: "room-a", Title: "plain", Body: "a < b"})
	got := daemon.Wait(t, "by beeep", titled("plain"))
	if got.App != "Hi_Msg" || got.Body != "a < b" || len(got.Actions) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestLivesWithoutBusAndAfterIt(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	n := notify.New(notify.Options{Icon: icon(t), Activate: (&clicks{}).activate, Answer: (&clicks{}).answer, Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler)})
	n.Show(core.Notification{ID: 1, Title: "before start"})
	n.Start(t.Context())
	for i := range uint64(200) { // more than the queue takes: Show never blocks
		n.Show(core.Notification{ID: i, RoomUUID: "room", Title: "nobody listens"})
		n.Withdraw("room")
	}
	n.Close()
	n.Show(core.Notification{ID: 3, Title: "after close"})
	n.Start(t.Context())
	n.Close()
}

func icon(t *testing.T) []byte {
	t.Helper()
	var out strings.Builder
	if err := png.Encode(&out, image.NewNRGBA(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	return []byte(out.String())
}
