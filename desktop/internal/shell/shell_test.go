package shell

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// world is what the shell does to the outside, in order.
type world struct {
	mu      sync.Mutex
	did     []string
	tray    bool // a panel shows the tray
	chosen  string
	stopped chan struct{}
}

func (w *world) do(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, fmt.Sprintf(format, args...))
}

func (w *world) has(what string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Contains(w.did, what)
}

func (w *world) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.did)
}

func (w *world) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = nil
}

type fakeDesk struct{ *world }

func (f fakeDesk) Show()                    { f.do("show") }
func (f fakeDesk) Hide()                    { f.do("hide") }
func (f fakeDesk) Unminimise()              { f.do("unminimise") }
func (f fakeDesk) SetTitle(title string)    { f.do("title %s", title) }
func (f fakeDesk) SetBackground(c colour)   { f.do("background %v", c) }
func (f fakeDesk) Size() (int, int)         { return 900, 700 }
func (f fakeDesk) Maximised() bool          { return false }
func (f fakeDesk) SetSize(w, h int)         { f.do("size %d %d", w, h) }
func (f fakeDesk) SetMinSize(w, h int)      { f.do("at least %d %d", w, h) }
func (f fakeDesk) Position() (int, int)     { return 0, 0 }
func (f fakeDesk) SetPosition(x, y int)     { f.do("position %d %d", x, y) }
func (f fakeDesk) Centre()                  { f.do("centre") }
func (f fakeDesk) Screens() []screen        { return nil }
func (f fakeDesk) Emit(event string, _ any) { f.do("emit %s", event) }
func (f fakeDesk) OpenURL(address string)   { f.do("open %s", address) }
func (f fakeDesk) Quit()                    { f.do("quit") }

func (f fakeDesk) ChooseFile(title, _, _ string) (string, error) {
	f.do("choose %s", title)
	return f.chosen, nil
}

func (f fakeDesk) ChooseFiles(title string) ([]string, error) {
	f.do("choose %s", title)
	return []string{f.chosen}, nil
}

func (f fakeDesk) ChooseTarget(title, _, name string) (string, error) {
	f.do("choose %s %s", title, name)
	return f.chosen, nil
}

func (f fakeDesk) ChooseFolder(title string) (string, error) {
	f.do("choose %s", title)
	return f.chosen, nil
}

type fakeTray struct{ *world }

func (f fakeTray) Start()                      { f.do("tray start") }
func (f fakeTray) Set(unread int64)            { f.do("tray %d", unread) }
func (f fakeTray) SetLanguage(language string) { f.do("tray in %s", language) }
func (f fakeTray) SetUser(usable bool, presence string) {
	f.do("tray for %v %s", usable, presence)
}

func (f fakeTray) SetMuted(muted bool) { f.do("tray muted %v", muted) }
func (f fakeTray) Present(context.Context) bool {
	f.world.mu.Lock()
	defer f.world.mu.Unlock()
	return f.world.tray
}
func (f fakeTray) Close() { f.do("tray close") }

type fakeTaskbar struct{ *world }

func (f fakeTaskbar) Start()           { f.do("taskbar start") }
func (f fakeTaskbar) Set(unread int64) { f.do("taskbar %d", unread) }
func (f fakeTaskbar) Alert(on bool)    { f.do("taskbar alert %v", on) }
func (f fakeTaskbar) Close()           { f.do("taskbar close") }

type fakeNotifier struct{ *world }

func (f fakeNotifier) Start(context.Context)    { f.do("notifier start") }
func (f fakeNotifier) Show(n core.Notification) { f.do("notify %s", n.Body) }
func (f fakeNotifier) Withdraw(string)          {}
func (f fakeNotifier) Try(context.Context, core.Notification) (core.NotifierState, error) {
	return core.NotifierState{}, nil
}
func (f fakeNotifier) Close() { f.do("notifier close") }

type fakeApp struct {
	Face
	*world
}

func (f fakeApp) Run(ctx context.Context) error {
	<-ctx.Done()
	close(f.stopped)
	return ctx.Err()
}

func (f fakeApp) Picture(_ context.Context, id string) (core.Picture, error) {
	f.do("picture %s", id)
	if id != pictureID {
		return core.Picture{}, errors.New("unknown")
	}
	return core.Picture{Type: "image/png", Content: []byte("png")}, nil
}

func (f fakeApp) Thumbnail(_ context.Context, id string, size int) (core.Picture, error) {
	return f.Picture(context.Background(), fmt.Sprintf("%s%.0d", id, size-240))
}

func (f fakeApp) Image(ctx context.Context, id string) (core.Picture, error) {
	return f.Picture(ctx, id)
}

func (f fakeApp) HeldPicture(ctx context.Context, handle string) (core.Picture, error) {
	return f.Picture(ctx, handle)
}

func (f fakeApp) Launch(context.Context) (core.Launch, bool) { return core.Launch{}, false }
func (f fakeApp) Answer(core.Answer) bool                    { return false }
func (f fakeApp) Activate(room string, seq int64)            { f.do("activate %s %d", room, seq) }
func (f fakeApp) ShowSettings()                              { f.do("settings") }
func (f fakeApp) Follow(link string)                         { f.do("follow %s", link) }

// open returns a shell whose window stands.
func open(t *testing.T, w *world, dir string) *Shell {
	t.Helper()
	w.stopped = make(chan struct{})
	s := New(Options{ProfileDir: dir, Logger: slog.New(slog.DiscardHandler)})
	s.Connect(fakeTray{w}, fakeTaskbar{w}, fakeNotifier{w}, fakeApp{world: w})
	s.startup(context.Background(), fakeDesk{w})
	s.domReady(t.Context())
	s.domReady(t.Context()) // a reload of the page
	t.Cleanup(s.shutdown)
	return s
}

func settings(closeToTray bool) core.Update {
	return core.Update{Settings: &core.Settings{Language: "ko", Theme: "dark", CloseToTray: closeToTray}}
}

func TestUnreadNumberInTitleAndTray(t *testing.T) {
	w := &world{}
	s := open(t, w, t.TempDir())
	titles := map[int64]string{0: "Hi_Msg", 3: "(3) Hi_Msg", 999: "(999) Hi_Msg", 1000: "(999+) Hi_Msg"}
	for unread, want := range titles {
		w.forget()
		s.Set(unread)
		if !w.has("title "+want) || !w.has(fmt.Sprintf("tray %d", unread)) {
			t.Errorf("%d unread: %q", unread, w.all())
		}
	}
}

func TestNumberFromBeforeTheWindow(t *testing.T) {
	w := &world{stopped: make(chan struct{})}
	s := New(Options{ProfileDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	s.Connect(fakeTray{w}, fakeTaskbar{w}, fakeNotifier{w}, fakeApp{world: w})
	s.Set(5)
	s.Emit(core.Update{})
	if err := s.OpenURL("https://example.com"); err == nil {
		t.Error("there is no window yet: an address can't be opened")
	}
	s.startup(context.Background(), fakeDesk{w})
	s.domReady(t.Context())
	t.Cleanup(s.shutdown)
	if !w.has("title (5) Hi_Msg") {
		t.Errorf("lost: %q", w.all())
	}
}

func TestClosingTheWindow(t *testing.T) {
	cases := map[string]struct {
		tray, setting, quit bool
		stays               bool
	}{
		"to the tray":                    {tray: true, setting: true, stays: true},
		"no tray to come back from":      {tray: false, setting: true},
		"the user wants it to end":       {tray: true, setting: false},
		"chosen from the menu: it ends":  {tray: true, setting: true, quit: true},
		"no tray, and he wants it ended": {},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := &world{tray: c.tray}
			s := open(t, w, t.TempDir())
			s.Emit(settings(c.setting))
			if c.quit {
				s.Quit()
			}
			if got := s.beforeClose(t.Context()); got != c.stays {
				t.Errorf("prevented: %v", got)
			}
			if w.has("hide") != c.stays {
				t.Errorf("did %q", w.all())
			}
			if !c.stays && !s.beforeClose(t.Context()) {
				t.Error("Wails must not be let end the window twice")
			}
		})
	}
}

func TestToldOnceWhereItWent(t *testing.T) {
	dir := t.TempDir()
	for start, want := range []bool{true, false} {
		w := &world{tray: true}
		s := open(t, w, dir)
		s.Emit(settings(true))
		s.beforeClose(t.Context())
		s.shutdown()
		if told := w.has("notify 창을 닫아도 Hi_Msg는 트레이에서 계속 메시지를 받습니다."); told != want {
			t.Errorf("start %d: told %v", start, told)
		}
	}
}

func TestClickOnNotificationShowsRoomAndWindow(t *testing.T) {
	w := &world{}
	s := open(t, w, t.TempDir())
	w.forget()
	s.Activated("room", 7)
	if want := []string{"activate room 7", "unminimise", "show"}; !slices.Equal(w.acts(), want) {
		t.Errorf("did %q", w.all())
	}
}

// acts are what was done, without the unread number, which is shown again with the window.
func (w *world) acts() []string {
	return slices.DeleteFunc(w.all(), func(what string) bool {
		kind, _, _ := strings.Cut(what, " ")
		return kind == "tray" || kind == "taskbar" || kind == "title"
	})
}

func TestFollowsSettings(t *testing.T) {
	w := &world{}
	dir := t.TempDir()
	s := open(t, w, dir)
	s.Emit(settings(true))
	for _, want := range []string{"tray in ko", "background {18 24 31}", "emit update"} {
		if !w.has(want) {
			t.Errorf("not done: %s; did %q", want, w.all())
		}
	}
	if got := loadMemory(dir, slog.New(slog.DiscardHandler)).Theme; got != "dark" {
		t.Errorf("the next start would flash: theme %q", got)
	}
}

func TestShutdownEndsEverything(t *testing.T) {
	w := &world{}
	s := open(t, w, t.TempDir())
	s.shutdown()
	s.shutdown()
	select {
	case <-w.stopped:
	case <-time.After(5 * time.Second):
		t.Fatal("core runs on")
	}
	if !w.has("tray close") || !w.has("notifier close") {
		t.Errorf("did %q", w.all())
	}
	w.forget()
	s.Emit(core.Update{}) // late: goes nowhere
	s.Raise()
	if did := w.all(); len(did) > 0 {
		t.Errorf("after the end: %q", w.all())
	}
}

func TestMemory(t *testing.T) {
	cases := map[string]struct {
		file string
		want memory
	}{
		"none":     {"", memory{Width: 1200, Height: 800, Theme: "system"}},
		"not ours": {"{{{", memory{Width: 1200, Height: 800, Theme: "system"}},
		"kept": {
			`{"width":900,"height":700,"theme":"dark","told_tray":true}`,
			memory{Width: 900, Height: 700, Theme: "dark", ToldTray: true},
		},
		"absurd": {`{"width":-5,"height":9999999}`, memory{Width: 380, Height: 16384, Theme: "system"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if c.file != "" {
				if err := os.WriteFile(filepath.Join(dir, "window.json"), []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got := loadMemory(dir, slog.New(slog.DiscardHandler))
			if !reflect.DeepEqual(got, c.want) {
				t.Fatalf("got %+v", got)
			}
			if aside, err := os.ReadFile(filepath.Join(dir, "window.json.bad")); (name == "not ours") != (err == nil && string(aside) == c.file) {
				t.Errorf("set aside: %q, %v", aside, err)
			}
			if err := got.save(dir); err != nil {
				t.Fatal(err)
			}
			if again := loadMemory(dir, slog.New(slog.DiscardHandler)); !reflect.DeepEqual(again, got) {
				t.Errorf("kept as %+v", again)
			}
		})
	}
}

func TestErrorsReachThePageAsFailures(t *testing.T) {
	want := core.Failure{
		Code: "forbidden", Reason: "x", Message: "no", RequestID: "r1", RetryMS: 5,
		Fields: []wire.FieldError{{Field: "email", Message: "no address"}},
	}
	for name, err := range map[string]error{
		"as it is": &want,
		"wrapped":  fmt.Errorf("send: %w", &want),
	} {
		if got := failureOf(t, err); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := failureOf(t, errors.New("disk on fire")); got.Code != "internal" {
		t.Errorf("another error: %+v", got)
	}
}

func failureOf(t *testing.T, err error) core.Failure {
	t.Helper()
	text, ok := formatError(err).(string) // Wails' page side makes an Error of it: anything else loses its content
	if !ok {
		t.Fatalf("not a string: %v", formatError(err))
	}
	var f core.Failure
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLogOfWailsHoldsNoCalls(t *testing.T) {
	var out strings.Builder
	l := wailsLog{slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	call := `process message error: C{"name":"shell.Bridge.SignIn","args":["boss","hunter2"]} -> error parsing`
	l.Error(call)
	l.Warning(call)
	l.Info(call)
	l.Debug(call)
	l.Print(call)
	l.Trace(call)
	l.Fatal(strings.Repeat("가", 500) + "hunter2")
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("a password in the log: %s", out.String())
	}
	if !strings.Contains(out.String(), "process message error") {
		t.Errorf("and what went wrong is not: %s", out.String())
	}
}

func TestLanguage(t *testing.T) {
	languages := map[string]string{
		"ko_KR.UTF-8": "ko", "en-GB": "en", "EN": "en", "en_US": "en", "C": "ko", "fr": "ko", "": "ko",
	}
	for name, want := range languages {
		if got := languageOf(name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}

func TestLaterStart(t *testing.T) {
	for name, c := range map[string]struct {
		hidden bool
		link   string
		want   []string
	}{
		"shows the window":               {false, "", []string{"unminimise", "show"}},
		"hidden stays hidden":            {true, "", nil},
		"follows the link":               {false, "himsg://x", []string{"unminimise", "show", "follow himsg://x"}},
		"hidden, but knows where it led": {true, "himsg://x", []string{"follow himsg://x"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{}
			s := open(t, w, t.TempDir())
			w.forget()
			s.Called(c.hidden, c.link)
			if did := w.acts(); !slices.Equal(did, c.want) {
				t.Errorf("did %q", did)
			}
		})
	}
}

// A method that is in Face but not in Bridge would not compile; this finds one that hands on to another.
func TestBridgeHandsOnToTheSameMethod(t *testing.T) {
	face := reflect.TypeFor[Face]()
	bridge := reflect.TypeFor[*Bridge]()
	if bridge.NumMethod() != face.NumMethod() {
		t.Errorf("Bridge has %d methods, Face %d: the page could call what is not in the contract",
			bridge.NumMethod(), face.NumMethod())
	}
	names, err := filepath.Glob("bridge*.go")
	if err != nil {
		t.Fatal(err)
	}
	var source []byte
	for _, name := range names {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, part...)
	}
	for i := range face.NumMethod() {
		name := face.Method(i).Name
		_, body, found := strings.Cut(string(source), "func (b *Bridge) "+name+"(")
		if !found {
			t.Errorf("Bridge lacks %s", name)
			continue
		}
		body, _, _ = strings.Cut(body, "\n// ")
		if !strings.Contains(body, "b.face."+name+"(") {
			t.Errorf("%s hands on to another method", name)
		}
	}
}

func TestTrayMenuFollowsTheUser(t *testing.T) {
	w := &world{}
	s := open(t, w, t.TempDir())
	me := &core.Me{Presence: wire.PresenceDND}
	for want, state := range map[string]core.State{
		"tray for true dnd": {Me: me},
		"tray for false ":   {Me: me, Locked: true},
	} {
		w.forget()
		s.Emit(core.Update{State: &state})
		if !w.has(want) {
			t.Errorf("%s: did %q", want, w.all())
		}
	}
	w.forget()
	s.ShowSettings()
	if !w.has("show") || !w.has("settings") {
		t.Errorf("did %q", w.all())
	}
}

func TestTrayShowsTheSnooze(t *testing.T) {
	w := &world{}
	s := open(t, w, t.TempDir())
	for want, until := range map[string]int64{
		"tray muted true":  time.Now().Add(time.Hour).UnixMilli(),
		"tray muted false": time.Now().Add(-time.Hour).UnixMilli(),
	} {
		w.forget()
		s.Emit(core.Update{Settings: &core.Settings{SnoozeUntil: until}})
		if !w.has(want) {
			t.Errorf("%s: did %q", want, w.all())
		}
	}
	w.forget()
	s.Emit(core.Update{Settings: &core.Settings{SnoozeUntil: time.Now().Add(20 * time.Millisecond).UnixMilli()}})
	for deadline := time.Now().Add(5 * time.Second); !w.has("tray muted false"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("did %q", w.all())
		}
	}
}

// A window that is hidden where no tray is left could never be found again.
func TestWindowComesBackWhenItsTrayHasGone(t *testing.T) {
	w := &world{tray: true, stopped: make(chan struct{})}
	s := New(Options{ProfileDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	s.trayLook = time.Millisecond
	s.Connect(fakeTray{w}, fakeTaskbar{w}, fakeNotifier{w}, fakeApp{world: w})
	s.startup(context.Background(), fakeDesk{w})
	s.domReady(t.Context())
	t.Cleanup(s.shutdown)
	s.Emit(settings(true))
	if !s.beforeClose(t.Context()) {
		t.Fatal("not hidden")
	}
	w.mu.Lock()
	w.tray = false
	w.mu.Unlock()
	for deadline := time.Now().Add(5 * time.Second); !w.has("show"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("did %q", w.all())
		}
	}
}
