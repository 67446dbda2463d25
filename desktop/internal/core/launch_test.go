package core_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
)

func launchPicture() core.LaunchPicture {
	return core.LaunchPicture{
		Page: "/assets/index-1.js", Language: "ko", Scheme: "light", Zoom: 100, Style: ":root { --a: 1 }", Markup: "<p>대화</p>",
	}
}

func launched(t *testing.T, a *app) (core.Launch, bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return a.Launch(ctx)
}

func TestLaunchPictureIsOfTheSameList(t *testing.T) {
	s := newServer(t)
	s.say(roomA, other, "어제 한 말")
	a := signedIn(t, s)
	a.until(t, "the message", func() bool { return a.badge == 1 })
	if _, ok := launched(t, a); ok {
		t.Error("a picture, and none was taken")
	}
	day := time.Now().YearDay()
	a.ok(a.KeepLaunch(launchPicture()))
	a = a.restart()
	got, ok := launched(t, a)
	if midnight := time.Now().YearDay() != day; !ok || got.LaunchPicture != launchPicture() || got.OtherDay && !midnight {
		t.Errorf("after a restart: %+v, %v", got, ok)
	}
	if _, ok := launched(t, a); ok {
		t.Error("shown twice: what came meanwhile is not in it")
	}
	a.clock.forward(-24 * time.Hour)
	a.ok(a.KeepLaunch(launchPicture()))
	a = a.restart()
	if got, ok := launched(t, a); !ok || !got.OtherDay {
		t.Errorf("a day later: %v, %v", got.OtherDay, ok)
	}
	a.openRoom(roomA)
	a.ok(a.SetDraft(roomA, core.Draft{Text: "쓰다 만"}))
	a.until(t, "the draft", func() bool { return a.rooms[roomA].Draft.Text != "" })
	a = a.restart()
	if got, ok := launched(t, a); ok {
		t.Errorf("of another list: %+v", got)
	}
}

// What came while nobody was there is not a reason to show nothing.
func TestLaunchPictureIsOfTheStoreAsItWas(t *testing.T) {
	s := newServer(t)
	a := signedIn(t, s)
	a.ok(a.KeepLaunch(launchPicture()))
	a.stop()
	s.say(roomA, other, "밤사이")
	a = a.restart()
	a.until(t, "the message", func() bool { return a.badge == 1 })
	if _, ok := launched(t, a); !ok {
		t.Error("no picture")
	}
}

func TestLaunchPictureIsNobodyElses(t *testing.T) {
	a, _ := locked(t)
	if f := failure(t, a.KeepLaunch(launchPicture())); f.Reason != "locked" {
		t.Errorf("keep while locked: %v", f)
	}
	a.ok(a.Unlock(rightPassword))
	a.ok(a.KeepLaunch(launchPicture()))
	a.ok(a.Lock())
	a = a.restart()
	if _, ok := launched(t, a); ok {
		t.Error("shown over the lock")
	}
	a.ok(a.Unlock(rightPassword))
	a.ok(a.KeepLaunch(launchPicture()))
	a = a.restart()
	a.ok(a.SignOut())
	if _, ok := launched(t, a); ok {
		t.Error("shown after signing out")
	}
	if f := failure(t, a.KeepLaunch(launchPicture())); f == nil {
		t.Error("kept for nobody")
	}
}

func TestLaunchPictureIsChecked(t *testing.T) {
	a := signedIn(t, newServer(t))
	for name, change := range map[string]func(*core.LaunchPicture){
		"nothing":          func(p *core.LaunchPicture) { p.Markup = "" },
		"a script":         func(p *core.LaunchPicture) { p.Markup = `<ScRiPt src="/x.js"></script>` },
		"out of the style": func(p *core.LaunchPicture) { p.Style = "</style><p>" },
		"too much":         func(p *core.LaunchPicture) { p.Markup = strings.Repeat("x", 300<<10) },
		"a long name":      func(p *core.LaunchPicture) { p.Page = strings.Repeat("x", 300) },
		"a quote":          func(p *core.LaunchPicture) { p.Language = `ko" onload="x` },
		"another scheme":   func(p *core.LaunchPicture) { p.Scheme = "sepia" },
		"no size":          func(p *core.LaunchPicture) { p.Zoom = 0 },
		"a giant":          func(p *core.LaunchPicture) { p.Zoom = 1000 },
	} {
		p := launchPicture()
		change(&p)
		if f := failure(t, a.KeepLaunch(p)); f.Code != "bad_request" {
			t.Errorf("%s: %v", name, f)
		}
	}
}
