package seat

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/internal/core"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestIdleOfX(t *testing.T) {
	d := desk.Start(t, desk.Options{NoPanel: true, Width: 640, Height: 480})
	t.Setenv("DISPLAY", d.Display)
	t.Setenv("WAYLAND_DISPLAY", "")
	s := New(slog.New(slog.DiscardHandler))
	idle := func() time.Duration {
		t.Helper()
		got, err := s.Idle(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	desk.Wait(t, 5*time.Second, "some idle time", func() bool { return idle() > 200*time.Millisecond })
	before := idle()
	d.Keys(t, "shift")
	desk.Wait(t, 5*time.Second, "none any more", func() bool { return idle() < before })
	t.Setenv("DISPLAY", "")
	if _, err := s.Idle(t.Context()); err == nil {
		t.Error("no display: no error")
	}
}

// mutter is what GNOME has on the session bus.
type mutter struct{}

func (mutter) GetIdletime() (uint64, *dbus.Error) { return 61_000, nil }

func TestSessionBus(t *testing.T) {
	bus := desk.StartBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere") // one that is missing does not hold up the others
	conn, err := dbus.Connect(bus)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	events := make(chan core.SeatEvent, 64)
	done := make(chan struct{})
	go func() {
		defer close(done)
		New(slog.New(slog.DiscardHandler)).Watch(ctx, func(e core.SeatEvent) {
			if e != core.SeatNetwork { // the machine's own
				events <- e
			}
		})
	}()
	for _, want := range []core.SeatEvent{core.SeatLocked, core.SeatUnlocked} {
		desk.Wait(t, 5*time.Second, "the screen saver heard", func() bool {
			if err := conn.Emit("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver.ActiveChanged", want == core.SeatLocked); err != nil {
				t.Fatal(err)
			}
			select {
			case got := <-events:
				return got == want
			default:
				return false
			}
		})
	}
	cancel()
	<-done
}

func TestIdleOfMutter(t *testing.T) {
	bus := desk.StartBus(t)
	conn, err := dbus.Connect(bus)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const name = "org.gnome.Mutter.IdleMonitor"
	if err := conn.Export(mutter{}, "/org/gnome/Mutter/IdleMonitor/Core", name); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	own, err := dbus.Connect(bus)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	got, err := idleOfMutter(t.Context(), own)
	if err != nil || got != 61*time.Second {
		t.Errorf("idle %v, %v", got, err)
	}
}
