//go:build linux

package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/draw"
	"image/png"
	"slices"
	"sync"

	"github.com/godbus/dbus/v5"

	"himsg/desktop/internal/core"
)

// The Desktop Notifications Specification 1.2: https://specifications.freedesktop.org/notification-spec/1.2/
const (
	busName    = "org.freedesktop.Notifications"
	busPath    = "/org/freedesktop/Notifications"
	defaultKey = "default" // the action of a click on the notification itself
	// KDE's own addition: https://invent.kde.org/plasma/plasma-workspace, libnotificationmanager. The capability has the
	// action's name.
	replyKey    = "inline-reply"
	readKey     = "mark-read"
	normal      = byte(1)               // urgency; a message is never critical: that would not go away by itself
	incoming    = "message-new-instant" // of the Sound Naming Specification
	driverName  = "org.freedesktop.DBus"
	unknownName = "org.freedesktop.DBus.Error.ServiceUnknown"
	shownLimit  = 500 // of which we remember the room; a daemon that reports no closing can't make us grow
	signalQueue = 32
)

// freedesktop speaks to the desktop's notification daemon on a connection of its own.
type freedesktop struct {
	conn     *dbus.Conn
	daemon   dbus.BusObject
	icon     imageData
	can      capabilities
	activate func(roomUUID string, seq int64)
	answer   func(core.Answer)

	mu     sync.Mutex
	owner  string // of the daemon's name: others could send its signals too
	byID   map[uint32]core.Notification
	byRoom map[string]uint32

	wg sync.WaitGroup
}

// capabilities are what the daemon does with a notification.
type capabilities struct {
	service string // name and version
	markup  bool   // it reads markup in the body
	replies bool
	sounds  bool
}

// imageData is the hint of that name.
type imageData struct {
	Width, Height, RowStride int32
	HasAlpha                 bool
	BitsPerSample, Channels  int32
	Data                     []byte
}

// openBackend connects to the session bus and asks the daemon what it can.
func openBackend(ctx context.Context, opts Options) (backend, error) {
	picture, err := imageDataOf(opts.Icon)
	if err != nil {
		return nil, err
	}
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, fmt.Errorf("connect to the session bus: %w", err)
	}
	f := &freedesktop{
		conn:     conn,
		daemon:   conn.Object(busName, busPath),
		icon:     picture,
		activate: opts.Activate,
		answer:   opts.Answer,
		byID:     map[uint32]core.Notification{},
		byRoom:   map[string]uint32{},
	}
	if err := f.open(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return f, nil
}

func (f *freedesktop) open(ctx context.Context) error {
	var able []string
	call := f.daemon.CallWithContext(ctx, busName+".GetCapabilities", 0)
	if err := call.Store(&able); err != nil {
		if fault := (dbus.Error{}); errors.As(err, &fault) && fault.Name == unknownName {
			return fmt.Errorf("%w: %w", core.ErrNoNotifications, err)
		}
		return fmt.Errorf("ask the notification daemon: %w", err)
	}
	var name, vendor, version, spec string
	if err := f.daemon.CallWithContext(ctx, busName+".GetServerInformation", 0).Store(&name, &vendor, &version, &spec); err != nil {
		return fmt.Errorf("ask the notification daemon who it is: %w", err)
	}
	f.can = capabilities{
		service: name + " " + version, markup: slices.Contains(able, "body-markup"),
		replies: slices.Contains(able, replyKey), sounds: slices.Contains(able, "sound"),
	}
	if !slices.Contains(able, "actions") {
		return errNoClicks
	}
	if err := f.listen(ctx); err != nil {
		return fmt.Errorf("listen to the notification daemon: %w", err)
	}
	return nil
}

// listen hears of the daemon's signals, and of another that takes its place.
func (f *freedesktop) listen(ctx context.Context) error {
	err := f.conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(busPath), dbus.WithMatchInterface(busName))
	if err != nil {
		return err
	}
	err = f.conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(driverName), dbus.WithMatchInterface(driverName),
		dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, busName))
	if err != nil {
		return err
	}
	if err := f.conn.BusObject().CallWithContext(ctx, driverName+".GetNameOwner", 0, busName).Store(&f.owner); err != nil {
		return err
	}
	signals := make(chan *dbus.Signal, signalQueue)
	f.conn.Signal(signals) // closed with the connection
	f.wg.Go(func() {
		for signal := range signals {
			f.handle(signal)
		}
	})
	return nil
}

func (f *freedesktop) show(ctx context.Context, n core.Notification) error {
	f.mu.Lock()
	replaces := f.byRoom[n.RoomUUID]
	f.mu.Unlock()

	body := n.Body
	if f.can.markup {
		body = html.EscapeString(body)
	}
	hints := map[string]dbus.Variant{
		"image-data":    dbus.MakeVariant(f.icon),
		"desktop-entry": dbus.MakeVariant("himsg"),
		"category":      dbus.MakeVariant("im.received"),
		"urgency":       dbus.MakeVariant(normal),
	}
	if n.Silent {
		hints["suppress-sound"] = dbus.MakeVariant(true)
	} else if f.can.sounds {
		hints["sound-name"] = dbus.MakeVariant(incoming)
	}
	actions := f.actions(n, hints)
	const letTheDaemonDecide = int32(-1)
	var id uint32
	call := f.daemon.CallWithContext(ctx, busName+".Notify", 0,
		appName, replaces, "himsg", n.Title, body, actions, hints, letTheDaemonDecide)
	if err := call.Store(&id); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	f.remember(id, n)
	return nil
}

// actions are pairs of key and label; what they need besides goes into the hints.
func (f *freedesktop) actions(n core.Notification, hints map[string]dbus.Variant) []string {
	actions := []string{defaultKey, ""}
	if n.Actions == nil {
		return actions
	}
	if f.can.replies && n.Actions.Reply != "" {
		actions = append(actions, replyKey, n.Actions.Reply)
		hints["x-kde-reply-placeholder-text"] = dbus.MakeVariant(n.Actions.ReplyHint)
		hints["x-kde-reply-submit-button-text"] = dbus.MakeVariant(n.Actions.Send)
	}
	return append(actions, readKey, n.Actions.MarkRead)
}

func (f *freedesktop) state() core.NotifierState {
	return core.NotifierState{Service: f.can.service, Clicks: true, Replies: f.can.replies}
}

// remember keeps what a click on id means. A notification of no room replaces none and is replaced by none.
func (f *freedesktop) remember(id uint32, n core.Notification) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.byID) >= shownLimit {
		clear(f.byID)
		clear(f.byRoom)
	}
	f.byID[id] = n
	if n.RoomUUID != "" {
		f.byRoom[n.RoomUUID] = id
	}
}

func (f *freedesktop) withdraw(ctx context.Context, roomUUID string) error {
	f.mu.Lock()
	id, shown := f.byRoom[roomUUID]
	f.mu.Unlock()
	if !shown {
		return nil
	}
	f.forget(id)
	err := f.daemon.CallWithContext(ctx, busName+".CloseNotification", 0, id).Err
	// A daemon answers with an error of its own when the user was faster.
	if fault := (dbus.Error{}); err != nil && !errors.As(err, &fault) {
		return fmt.Errorf("close notification: %w", err)
	}
	return nil
}

// handle takes the daemon's signals, and nobody else's: a reply is sent in the user's name.
func (f *freedesktop) handle(signal *dbus.Signal) {
	if signal.Name == driverName+".NameOwnerChanged" && signal.Sender == driverName {
		f.ownerChanged(signal)
		return
	}
	f.mu.Lock()
	owner := f.owner
	f.mu.Unlock()
	if signal.Sender != owner {
		return
	}
	var id uint32
	switch signal.Name {
	case busName + ".ActionInvoked":
		var action string
		if dbus.Store(signal.Body, &id, &action) == nil {
			f.invoked(id, action)
		}
	case busName + ".NotificationReplied":
		var text string
		if dbus.Store(signal.Body, &id, &text) != nil {
			return
		}
		if n, ours := f.known(id); ours && n.Actions != nil && n.Actions.Reply != "" {
			f.answer(core.Answer{NoteID: n.ID, RoomUUID: n.RoomUUID, Upto: n.Upto, Text: text})
		}
	case busName + ".NotificationClosed": // dismissed, timed out or taken back
		var reason uint32
		if dbus.Store(signal.Body, &id, &reason) == nil {
			f.forget(id)
		}
	}
}

func (f *freedesktop) invoked(id uint32, action string) {
	switch action {
	case defaultKey:
		if n, ours := f.forget(id); ours {
			f.activate(n.RoomUUID, n.Seq)
		}
	case readKey:
		if n, ours := f.known(id); ours && n.Actions != nil {
			f.answer(core.Answer{NoteID: n.ID, RoomUUID: n.RoomUUID, Upto: n.Upto})
		}
	}
}

// ownerChanged: another daemon has come, or the same one again. It knows none of the notifications before.
func (f *freedesktop) ownerChanged(signal *dbus.Signal) {
	var name, before, now string
	if dbus.Store(signal.Body, &name, &before, &now) != nil || name != busName {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.owner = now
	clear(f.byID)
	clear(f.byRoom)
}

func (f *freedesktop) known(id uint32) (core.Notification, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, ours := f.byID[id]
	return n, ours
}

// forget drops id and returns what it was. The daemon's ids are shared by all apps: most are not ours.
func (f *freedesktop) forget(id uint32) (core.Notification, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, ours := f.byID[id]
	delete(f.byID, id)
	if ours && f.byRoom[n.RoomUUID] == id {
		delete(f.byRoom, n.RoomUUID)
	}
	return n, ours
}

func (f *freedesktop) close() {
	f.conn.Close()
	f.wg.Wait()
}

func imageDataOf(raw []byte) (imageData, error) {
	decoded, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return imageData{}, fmt.Errorf("decode icon: %w", err)
	}
	size := decoded.Bounds().Size()
	rgba := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(rgba, rgba.Rect, decoded, decoded.Bounds().Min, draw.Src)
	return imageData{
		Width: int32(size.X), Height: int32(size.Y), RowStride: int32(rgba.Stride),
		HasAlpha: true, BitsPerSample: 8, Channels: 4, Data: rgba.Pix,
	}, nil
}
