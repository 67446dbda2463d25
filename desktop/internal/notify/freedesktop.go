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
	busName     = "org.freedesktop.Notifications"
	busPath     = "/org/freedesktop/Notifications"
	defaultKey  = "default" // the action of a click on the notification itself
	shownLimit  = 500       // of which we remember the room; a daemon that reports no closing can't make us grow
	signalQueue = 32
)

// freedesktop speaks to the desktop's notification daemon on a connection of its own.
type freedesktop struct {
	conn     *dbus.Conn
	daemon   dbus.BusObject
	icon     imageData
	markup   bool // the daemon reads markup in the body
	activate func(roomUUID string, seq int64)

	mu     sync.Mutex
	byID   map[uint32]core.Notification
	byRoom map[string]uint32

	wg sync.WaitGroup
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
	var capabilities []string
	call := f.daemon.CallWithContext(ctx, busName+".GetCapabilities", 0)
	if err := call.Store(&capabilities); err != nil {
		return fmt.Errorf("ask the notification daemon: %w", err)
	}
	if !slices.Contains(capabilities, "actions") {
		return errNoClicks
	}
	f.markup = slices.Contains(capabilities, "body-markup")

	err := f.conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(busPath), dbus.WithMatchInterface(busName))
	if err != nil {
		return fmt.Errorf("listen to the notification daemon: %w", err)
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
	if f.markup {
		body = html.EscapeString(body)
	}
	hints := map[string]dbus.Variant{
		"image-data":    dbus.MakeVariant(f.icon),
		"desktop-entry": dbus.MakeVariant("himsg"),
		"category":      dbus.MakeVariant("im.received"),
		"urgency":       dbus.MakeVariant(byte(1)),
	}
	const letTheDaemonDecide = int32(-1)
	var id uint32
	call := f.daemon.CallWithContext(ctx, busName+".Notify", 0,
		appName, replaces, "himsg", n.Title, body, []string{defaultKey, ""}, hints, letTheDaemonDecide)
	if err := call.Store(&id); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	f.remember(id, n)
	return nil
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

// handle takes the daemon's signals. Only ActionInvoked is a click; NotificationClosed says that it is gone, whether it
// was dismissed, timed out or taken back.
func (f *freedesktop) handle(signal *dbus.Signal) {
	var id uint32
	switch signal.Name {
	case busName + ".ActionInvoked":
		var action string
		if dbus.Store(signal.Body, &id, &action) != nil || action != defaultKey {
			return
		}
		if n, ours := f.forget(id); ours {
			f.activate(n.RoomUUID, n.Seq)
		}
	case busName + ".NotificationClosed":
		var reason uint32
		if dbus.Store(signal.Body, &id, &reason) == nil {
			f.forget(id)
		}
	}
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
