package seat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"himsg/desktop/internal/core"
)

// Watch implements core.Seat.
func (s *Seat) Watch(ctx context.Context, tell func(core.SeatEvent)) {
	var all sync.WaitGroup
	for what, watch := range map[string]func(context.Context, func(core.SeatEvent)) error{
		"session bus": watchScreenSaver, "system bus": watchLogind, "network": watchNetwork,
	} {
		all.Go(func() {
			if err := watch(ctx, tell); err != nil && ctx.Err() == nil {
				s.logger.Info("not watched", slog.String("what", what), slog.Any("error", err))
			}
		})
	}
	all.Wait()
}

// watchScreenSaver hears of the desktop's lock: its own name for each desktop, one signal.
func watchScreenSaver(ctx context.Context, tell func(core.SeatEvent)) error {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	for _, iface := range []string{"org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver", "org.cinnamon.ScreenSaver", "org.mate.ScreenSaver", "org.xfce.ScreenSaver"} {
		if err := conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface(iface), dbus.WithMatchMember("ActiveChanged")); err != nil {
			return fmt.Errorf("follow %s: %w", iface, err)
		}
	}
	return follow(ctx, conn, func(signal *dbus.Signal) {
		if active, ok := first[bool](signal); ok {
			tell(lockedOr(active))
		}
	})
}

// watchLogind hears when the machine has slept, and of locks that no screen saver tells.
func watchLogind(ctx context.Context, tell func(core.SeatEvent)) error {
	conn, err := dbus.ConnectSystemBus(dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	const logind = "org.freedesktop.login1"
	matches := [][]dbus.MatchOption{
		{dbus.WithMatchSender(logind), dbus.WithMatchInterface(logind + ".Manager"), dbus.WithMatchMember("PrepareForSleep")},
	}
	var session dbus.ObjectPath
	call := conn.Object(logind, "/org/freedesktop/login1").CallWithContext(ctx, logind+".Manager.GetSession", 0, os.Getenv("XDG_SESSION_ID"))
	if call.Store(&session) == nil { // without a session of its own there is none to be locked
		matches = append(matches, []dbus.MatchOption{
			dbus.WithMatchSender(logind), dbus.WithMatchObjectPath(session), dbus.WithMatchInterface(logind + ".Session"),
		})
	}
	for _, match := range matches {
		if err := conn.AddMatchSignalContext(ctx, match...); err != nil {
			return fmt.Errorf("follow logind: %w", err)
		}
	}
	return follow(ctx, conn, func(signal *dbus.Signal) {
		switch signal.Name {
		case logind + ".Manager.PrepareForSleep":
			if falls, ok := first[bool](signal); ok && !falls {
				tell(core.SeatWoke)
			}
		case logind + ".Session.Lock":
			tell(core.SeatLocked)
		case logind + ".Session.Unlock":
			tell(core.SeatUnlocked)
		}
	})
}

// follow hands signals on until ctx or the bus ends.
func follow(ctx context.Context, conn *dbus.Conn, take func(*dbus.Signal)) error {
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	for {
		select {
		case <-ctx.Done():
			return nil
		case signal, open := <-signals:
			if !open {
				return errors.New("the bus has gone")
			}
			take(signal)
		}
	}
}

func first[T any](signal *dbus.Signal) (value T, ok bool) {
	if len(signal.Body) == 0 {
		return value, false
	}
	value, ok = signal.Body[0].(T)
	return value, ok
}

func lockedOr(locked bool) core.SeatEvent {
	if locked {
		return core.SeatLocked
	}
	return core.SeatUnlocked
}

// watchNetwork hears from the kernel of addresses and links that come and go.
func watchNetwork(ctx context.Context, tell func(core.SeatEvent)) error {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return fmt.Errorf("open netlink: %w", err)
	}
	socket := os.NewFile(uintptr(fd), "netlink")
	defer socket.Close()
	groups := uint32(unix.RTMGRP_LINK | unix.RTMGRP_IPV4_IFADDR | unix.RTMGRP_IPV6_IFADDR)
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups}); err != nil {
		return fmt.Errorf("follow netlink: %w", err)
	}
	defer context.AfterFunc(ctx, func() { socket.Close() })()
	message := make([]byte, 16<<10)
	for {
		if err := socket.SetReadDeadline(time.Time{}); err != nil {
			return fmt.Errorf("read netlink: %w", err)
		}
		_, err := socket.Read(message)
		for err == nil { // until it has been calm for a while
			if err = socket.SetReadDeadline(time.Now().Add(calm)); err == nil { //nolint:forbidigo // a deadline of the system, not of the app's clock
				_, err = socket.Read(message)
			}
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, unix.ENOBUFS) { // more than fits is a change as well
			return fmt.Errorf("read netlink: %w", err)
		}
		tell(core.SeatNetwork)
	}
}
