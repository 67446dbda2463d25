package desk

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	itemName    = "org.kde.StatusNotifierItem"
	itemPath    = "/StatusNotifierItem"
)

// Panel is a desktop's panel with a tray: it takes what apps register and reads back what they show.
type Panel struct{ conn *dbus.Conn }

// StartPanel starts the panel on a bus.
func StartPanel(tb testing.TB, bus string) *Panel {
	tb.Helper()
	p := &Panel{conn: connect(tb, bus)}
	if err := p.conn.Export(watcherCalls{}, watcherPath, watcherName); err != nil {
		tb.Fatal(err)
	}
	_, err := prop.Export(p.conn, watcherPath, prop.Map{watcherName: {
		"IsStatusNotifierHostRegistered": {Value: true},
		"ProtocolVersion":                {Value: int32(0)},
		"RegisteredStatusNotifierItems":  {Value: []string{}},
	}})
	if err != nil {
		tb.Fatal(err)
	}
	own(tb, p.conn, watcherName)
	return p
}

// Tooltip returns the tooltip of a process's tray icon, or "" while it has none.
func (p *Panel) Tooltip(pid int) string {
	var tooltip struct {
		Name  string
		Icons []struct {
			W, H int32
			Pix  []byte
		}
		Title, Description string
	}
	if err := property(p.conn, itemOf(pid), itemPath, itemName, "ToolTip", &tooltip); err != nil {
		return ""
	}
	return tooltip.Title
}

// Icon returns the picture of a process's tray icon.
func (p *Panel) Icon(tb testing.TB, pid int) image.Image {
	tb.Helper()
	var pictures []struct {
		W, H int32
		Pix  []byte
	}
	if err := property(p.conn, itemOf(pid), itemPath, itemName, "IconPixmap", &pictures); err != nil {
		tb.Fatal(err)
	}
	if len(pictures) == 0 {
		tb.Fatal("the tray icon has no picture")
	}
	w, h, pix := int(pictures[0].W), int(pictures[0].H), pictures[0].Pix
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		argb := pix[4*i:] // premultiplied, in network byte order
		img.SetRGBA(i%w, i/w, color.RGBA{R: argb[1], G: argb[2], B: argb[3], A: argb[0]})
	}
	return img
}

// Click clicks on a process's tray icon.
func (p *Panel) Click(tb testing.TB, pid int) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	call := p.conn.Object(itemOf(pid), itemPath).CallWithContext(ctx, itemName+".Activate", 0, int32(0), int32(0))
	if call.Err != nil {
		tb.Fatalf("click the tray icon: %v", call.Err)
	}
}

// Choose chooses an entry of a process's tray menu by its text.
func (p *Panel) Choose(tb testing.TB, pid int, label string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	const iface = "com.canonical.dbusmenu"
	menu := p.conn.Object(itemOf(pid), itemPath+"/menu")
	var entries []struct {
		ID         int32
		Properties map[string]dbus.Variant
	}
	// Not GetLayout, which panels use: in the app's tray library its first call races with itself for a version number.
	call := menu.CallWithContext(ctx, iface+".GetGroupProperties", 0, menuIDs(), []string{})
	if err := call.Store(&entries); err != nil {
		tb.Fatalf("read the tray menu: %v", err)
	}
	for _, entry := range entries {
		if text, _ := entry.Properties["label"].Value().(string); text == label {
			call := menu.CallWithContext(ctx, iface+".Event", 0, entry.ID, "clicked", dbus.MakeVariant(""), uint32(0))
			if call.Err != nil {
				tb.Fatalf("choose %q: %v", label, call.Err)
			}
			return
		}
	}
	tb.Fatalf("the tray menu has no %q: %v", label, entries)
}

// menuIDs are more ids than a menu has entries; unknown ones are left out of the answer.
func menuIDs() []int32 {
	ids := make([]int32, 32)
	for i := range ids {
		ids[i] = int32(i)
	}
	return ids
}

func itemOf(pid int) string { return fmt.Sprintf("%s-%d-1", itemName, pid) }

// watcherCalls are the panel's methods on the bus.
type watcherCalls struct{}

// RegisterStatusNotifierItem implements org.kde.StatusNotifierWatcher.
func (watcherCalls) RegisterStatusNotifierItem(string) *dbus.Error { return nil }

// RegisterStatusNotifierHost implements org.kde.StatusNotifierWatcher.
func (watcherCalls) RegisterStatusNotifierHost(string) *dbus.Error { return nil }
