package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
)

// callLimit bounds a question to the system.
const callLimit = 2 * time.Second

// Idle implements core.Seat. X11 tells by the extension MIT-SCREEN-SAVER; on Wayland only Mutter (GNOME) tells, over the
// session bus. An X server under Wayland knows of its own windows only, so it is not asked.
func (s *Seat) Idle(ctx context.Context) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		conn, err := dbus.SessionBus()
		if err != nil {
			return 0, fmt.Errorf("connect to the session bus: %w", err)
		}
		return idleOfMutter(ctx, conn)
	}
	type answer struct {
		idle time.Duration
		err  error
	}
	answers := make(chan answer, 1)
	go func() { // the library knows no deadline; it ends when the server answers or goes
		idle, err := idleOfX()
		answers <- answer{idle, err}
	}()
	select {
	case a := <-answers:
		return a.idle, a.err
	case <-ctx.Done():
		return 0, fmt.Errorf("ask the X server: %w", ctx.Err())
	}
}

// silence keeps the library from telling the terminal of each look for an Xauthority.
func silence() { xgb.Logger = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug) }

func idleOfX() (time.Duration, error) {
	if os.Getenv("DISPLAY") == "" {
		return 0, errors.New("no display")
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return 0, fmt.Errorf("connect to the X server: %w", err)
	}
	defer conn.Close()
	if err := screensaver.Init(conn); err != nil {
		return 0, fmt.Errorf("extension of the X server: %w", err)
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	info, err := screensaver.QueryInfo(conn, xproto.Drawable(root)).Reply()
	if err != nil {
		return 0, fmt.Errorf("ask the X server: %w", err)
	}
	return time.Duration(info.MsSinceUserInput) * time.Millisecond, nil
}

func idleOfMutter(ctx context.Context, conn *dbus.Conn) (time.Duration, error) {
	const name, path = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"
	var ms uint64
	if err := conn.Object(name, path).CallWithContext(ctx, name+".GetIdletime", 0).Store(&ms); err != nil {
		return 0, fmt.Errorf("ask Mutter: %w", err)
	}
	return time.Duration(ms) * time.Millisecond, nil
}
