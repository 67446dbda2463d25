package desk

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"slices"
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
	entry := p.entry(tb, pid, label)
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	call := p.menu(pid).CallWithContext(ctx, menuName+".Event", 0, entry.ID, "clicked", dbus.MakeVariant(""), uint32(0))
	if call.Err != nil {
		tb.Fatalf("choose %q: %v", label, call.Err)
	}
}

// Enabled reports whether an entry of a process's tray menu can be chosen.
func (p *Panel) Enabled(tb testing.TB, pid int, label string) bool {
	tb.Helper()
	enabled, said := p.entry(tb, pid, label).Properties["enabled"].Value().(bool)
	return enabled || !said
}

// Has reports whether a process's tray menu has an entry with that text.
func (p *Panel) Has(tb testing.TB, pid int, label string) bool {
	tb.Helper()
	return slices.ContainsFunc(p.entries(tb, pid), func(e menuEntry) bool { return e.Properties["label"].Value() == any(label) })
}

// Checked is the text of the entry that has a check mark, "" if none has.
func (p *Panel) Checked(tb testing.TB, pid int) string {
	tb.Helper()
	for _, entry := range p.entries(tb, pid) {
		if state, _ := entry.Properties["toggle-state"].Value().(int32); state == 1 {
			label, _ := entry.Properties["label"].Value().(string)
			return label
		}
	}
	return ""
}

const menuName = "com.canonical.dbusmenu"

// menuEntry is an entry of a menu as it is on the bus.
type menuEntry struct {
	ID         int32
	Properties map[string]dbus.Variant
}

func (p *Panel) menu(pid int) dbus.BusObject { return p.conn.Object(itemOf(pid), itemPath+"/menu") }

func (p *Panel) entries(tb testing.TB, pid int) (entries []menuEntry) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	// Not GetLayout, which panels use: in the app's tray library its first call races with itself for a version number.
	call := p.menu(pid).CallWithContext(ctx, menuName+".GetGroupProperties", 0, menuIDs(), []string{})
	if err := call.Store(&entries); err != nil {
		tb.Fatalf("read the tray menu: %v", err)
	}
	return entries
}

func (p *Panel) entry(tb testing.TB, pid int, label string) menuEntry {
	tb.Helper()
	entries := p.entries(tb, pid)
	for _, entry := range entries {
		if text, _ := entry.Properties["label"].Value().(string); text == label {
			return entry
		}
	}
	tb.Fatalf("the tray menu has no %q: %v", label, entries)
	return menuEntry{}
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
