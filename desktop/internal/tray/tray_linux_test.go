package tray_test

import (
	"context"
	"fmt"
	"image/color"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/internal/icon"
	"himsg/desktop/internal/tray"
)

// A process has one tray, so this is one test: what a panel sees from start to end.
func TestTrayAsThePanelSeesIt(t *testing.T) {
	bus, daemon := desk.SpawnBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	var drawn atomic.Int64
	opened, quit := make(chan struct{}, 8), make(chan struct{}, 8)
	chosen := make(chan string, 8)
	tr := tray.New(tray.Options{
		Draw: func(unread int64) ([]byte, error) {
			drawn.Store(unread)
			return icon.Tray(unread)
		},
		Open:     func() { opened <- struct{}{} },
		Presence: func(state string) { chosen <- state },
		Mute:     func(on bool) { chosen <- fmt.Sprint("mute ", on) },
		Lock:     func() { chosen <- "lock" },
		Settings: func() { chosen <- "settings" },
		Quit:     func() { quit <- struct{}{} },
		Logger:   slog.New(slog.DiscardHandler),
	})
	t.Cleanup(tr.Close)
	tr.Set(2) // before Start: kept
	if tr.Present(t.Context()) {
		t.Error("present before Start")
	}
	tr.Start()
	tr.Start() // harmless

	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if tr.Present(ctx) {
		t.Error("there is no panel yet: a window must not be closed to a tray that nobody sees")
	}
	panel := desk.StartPanel(t, bus)
	desk.Wait(t, 5*time.Second, "the panel noticed", func() bool { return tr.Present(t.Context()) })

	pid := os.Getpid()
	tooltip := func(want string) {
		t.Helper()
		desk.Wait(t, 5*time.Second, want, func() bool { return panel.Tooltip(pid) == want })
	}
	tooltip("Hi_Msg - 2 unread")
	tr.SetLanguage("ko")
	tooltip("Hi_Msg - 읽지 않은 메시지 2개")
	if !hasRed(t, panel, pid) {
		t.Error("2 unread: no badge on the icon")
	}
	for unread := int64(3); unread < 60; unread++ { // a burst: only the last one has to be seen
		tr.Set(unread)
	}
	tr.Set(0)
	tooltip("Hi_Msg")
	if hasRed(t, panel, pid) {
		t.Error("nothing unread: there is a badge")
	}

	panel.Click(t, pid)
	expect(t, opened, "a click opens")
	panel.Choose(t, pid, "Hi_Msg 열기")
	expect(t, opened, "the menu opens")
	if panel.Enabled(t, pid, "잠그기") || panel.Enabled(t, pid, "자리 비움") || !panel.Enabled(t, pid, "종료") {
		t.Error("nobody is signed in: there is nothing to lock")
	}
	tr.SetUser(true, "dnd")
	desk.Wait(t, 5*time.Second, "the status", func() bool {
		return panel.Enabled(t, pid, "잠그기") && panel.Checked(t, pid) == "방해 금지"
	})
	for label, want := range map[string]string{"접속 중": "active", "자리 비움": "away", "방해 금지": "dnd", "1시간 알림 끄기": "mute true", "잠그기": "lock", "설정": "settings"} {
		panel.Choose(t, pid, label)
		select {
		case got := <-chosen:
			if got != want {
				t.Errorf("%s does %s", label, got)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s does nothing", label)
		}
	}
	tr.SetMuted(true)
	desk.Wait(t, 5*time.Second, "the other way", func() bool { return panel.Has(t, pid, "알림 다시 켜기") })
	panel.Choose(t, pid, "알림 다시 켜기")
	if got := <-chosen; got != "mute false" {
		t.Errorf("turning them on again does %s", got)
	}
	panel.Choose(t, pid, "종료")
	expect(t, quit, "the menu quits")

	daemon.Kill() // the session ends before the app does
	tr.Set(42)
	desk.Wait(t, 5*time.Second, "the number painted for nobody", func() bool { return drawn.Load() == 42 })
	tr.Close()
	tr.Close() // harmless
	if tr.Present(t.Context()) {
		t.Error("present after Close")
	}
}

func hasRed(t *testing.T, panel *desk.Panel, pid int) bool {
	t.Helper()
	img := panel.Icon(t, pid)
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if c, ok := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA); ok && c.A > 200 && c.R > 200 && c.G < 80 {
				return true
			}
		}
	}
	return false
}

func expect(t *testing.T, events <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-events:
	case <-time.After(5 * time.Second):
		t.Fatalf("not so: %s", what)
	}
}
