package desk

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	notificationsName = "org.freedesktop.Notifications"
	notificationsPath = "/org/freedesktop/Notifications"
)

// Reasons of NotificationClosed in the Desktop Notifications Specification.
const (
	closedByUser = 2
	closedByCall = 3
)

// Notification is one that an app has asked for.
type Notification struct {
	ID       uint32
	PID      int // of the app
	Replaces uint32
	App      string
	Title    string
	Body     string
	Actions  []string
	HasImage bool
	Silent   bool
	Urgency  byte
}

// Notifications is a notification daemon: it shows nothing and remembers all.
type Notifications struct {
	conn         *dbus.Conn
	capabilities []string

	mu    sync.Mutex
	last  uint32
	all   []Notification
	shown map[uint32]bool
}

// StartNotifications starts the daemon on a bus. Without capabilities it has those of a usual desktop.
func StartNotifications(tb testing.TB, bus string, capabilities ...string) *Notifications {
	tb.Helper()
	if len(capabilities) == 0 {
		capabilities = []string{"actions", "body", "body-markup", "icon-static", "persistence"}
	}
	n := &Notifications{conn: connect(tb, bus), capabilities: capabilities, shown: map[uint32]bool{}}
	if err := n.conn.Export((*notificationCalls)(n), notificationsPath, notificationsName); err != nil {
		tb.Fatal(err)
	}
	own(tb, n.conn, notificationsName)
	return n
}

// All returns every notification that was asked for, oldest first.
func (n *Notifications) All() []Notification {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.all)
}

// Shown returns those that would be on the screen now, oldest first.
func (n *Notifications) Shown() []Notification {
	n.mu.Lock()
	defer n.mu.Unlock()
	var shown []Notification
	for i, notification := range n.all {
		replaced := slices.ContainsFunc(n.all[i+1:], func(later Notification) bool {
			return later.ID == notification.ID
		})
		if n.shown[notification.ID] && !replaced {
			shown = append(shown, notification)
		}
	}
	return shown
}

// Wait returns the newest notification on the screen once there is one that matches.
func (n *Notifications) Wait(tb testing.TB, what string, match func(Notification) bool) Notification {
	tb.Helper()
	var found Notification
	Wait(tb, 20*time.Second, "a notification: "+what, func() bool {
		shown := n.Shown()
		for i := len(shown) - 1; i >= 0; i-- {
			if match(shown[i]) {
				found = shown[i]
				return true
			}
		}
		return false
	})
	return found
}

// Click clicks on a notification, as a person does: the daemon reports the default action and closes it.
func (n *Notifications) Click(tb testing.TB, id uint32) {
	tb.Helper()
	n.emit(tb, "ActionInvoked", id, "default")
	n.Dismiss(tb, id)
}

// Invoke presses one of a notification's buttons; it stays on the screen until the app takes it back.
func (n *Notifications) Invoke(tb testing.TB, id uint32, action string) {
	tb.Helper()
	n.emit(tb, "ActionInvoked", id, action)
}

// Reply writes into a notification's reply field and sends it.
func (n *Notifications) Reply(tb testing.TB, id uint32, text string) {
	tb.Helper()
	n.emit(tb, "NotificationReplied", id, text)
}

// Dismiss closes a notification without opening it.
func (n *Notifications) Dismiss(tb testing.TB, id uint32) {
	tb.Helper()
	n.mu.Lock()
	delete(n.shown, id)
	n.mu.Unlock()
	n.emit(tb, "NotificationClosed", id, uint32(closedByUser))
}

func (n *Notifications) emit(tb testing.TB, signal string, args ...any) {
	tb.Helper()
	if err := n.conn.Emit(notificationsPath, notificationsName+"."+signal, args...); err != nil {
		tb.Fatalf("emit %s: %v", signal, err)
	}
}

// notificationCalls are the daemon's methods on the bus.
type notificationCalls Notifications

// GetCapabilities implements org.freedesktop.Notifications.
func (n *notificationCalls) GetCapabilities() ([]string, *dbus.Error) { return n.capabilities, nil }

// GetServerInformation implements org.freedesktop.Notifications.
func (n *notificationCalls) GetServerInformation() (name, vendor, version, spec string, fault *dbus.Error) {
	return "himsg-test", "Hi_Msg", "1", "1.2", nil
}

// Notify implements org.freedesktop.Notifications.
func (n *notificationCalls) Notify(
	sender dbus.Sender, app string, replaces uint32, _, title, body string, actions []string, hints map[string]dbus.Variant, _ int32,
) (uint32, *dbus.Error) {
	var pid uint32
	err := n.conn.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", 0, string(sender)).Store(&pid)
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	id := replaces
	if id == 0 {
		n.last++
		id = n.last
	}
	_, hasImage := hints["image-data"]
	silent, _ := hints["suppress-sound"].Value().(bool)
	urgency, _ := hints["urgency"].Value().(byte)
	n.all = append(n.all, Notification{
		Silent: silent, Urgency: urgency,
		ID: id, PID: int(pid), Replaces: replaces, App: app, Title: title, Body: body, Actions: actions, HasImage: hasImage,
	})
	n.shown[id] = true
	return id, nil
}

// CloseNotification implements org.freedesktop.Notifications.
func (n *notificationCalls) CloseNotification(id uint32) *dbus.Error {
	n.mu.Lock()
	delete(n.shown, id)
	n.mu.Unlock()
	err := n.conn.Emit(notificationsPath, notificationsName+".NotificationClosed", id, uint32(closedByCall))
	if err != nil {
		return dbus.MakeFailedError(err)
	}
	return nil
}
