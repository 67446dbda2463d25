package core_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestMain(m *testing.M) {
	if os.Getenv(victimEnv) != "" {
		runVictim()
	}
	goleak.VerifyTestMain(m)
}

const patience = 10 * time.Second

// page is the face: it keeps what updates tell it, as the real one does, and waits for what it wants to see.
type page struct {
	mu      sync.Mutex
	changed chan struct{}
	reload  func(room string) // opens a room again; it does not wait
	seen
}

// seen is what the page knows.
type seen struct {
	state    core.State
	rooms    map[string]core.Room
	people   map[string]wire.Profile
	presence map[string]wire.PresenceState
	messages map[string]map[string]core.Message
	reads    map[string]core.Reads
	resets   map[string]int
	typing   []core.Typing
	open     *core.Target
	admin    wire.AdminCounts
	notices  core.Notices
	access   core.AccessNews
	unread   int64
	doubled  []string // a message was seen with two client_ids for one seq
	notes    []core.Notification
	standing map[string]bool // rooms whose notification is on the desktop
	gone     []string        // rooms whose notification was withdrawn
	badge    int64
	alerted  bool
	tryFails error // of the notifier's
	opened   []string
	chosen   string   // the file that the user chooses
	picked   []string // files, a target or a folder that he chooses
	held     map[string][]core.HeldFile
	moved    map[string]core.Transfer
	told     int // how often a running transfer was told of
	copied   []byte
	folder   string // of downloads
}

// now is a copy of what the page knows, for a look outside of until.
func (p *page) now() seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.seen
	out.rooms, out.resets, out.messages = maps.Clone(p.rooms), maps.Clone(p.resets), maps.Clone(p.messages)
	out.notes, out.opened = slices.Clone(p.notes), slices.Clone(p.opened)
	return out
}

func newPage() *page {
	return &page{
		changed: make(chan struct{}), seen: seen{
			rooms: map[string]core.Room{}, people: map[string]wire.Profile{},
			messages: map[string]map[string]core.Message{}, reads: map[string]core.Reads{}, resets: map[string]int{},
			presence: map[string]wire.PresenceState{}, standing: map[string]bool{},
			held: map[string][]core.HeldFile{}, moved: map[string]core.Transfer{},
		},
	}
}

func (p *page) change(fn func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fn()
	close(p.changed)
	p.changed = make(chan struct{})
}

// Emit implements core.Emitter.
func (p *page) Emit(u core.Update) { p.change(func() { p.apply(u) }) }

func (p *page) apply(u core.Update) {
	if u.Full {
		clear(p.rooms)
		clear(p.messages)
	}
	if u.State != nil {
		p.state = *u.State
	}
	for _, r := range u.Rooms {
		p.rooms[r.RoomUUID] = r
	}
	for _, id := range u.RoomsRemoved {
		delete(p.rooms, id)
	}
	for _, u := range u.People {
		p.people[u.UserUUID] = u
	}
	if u.PresenceFull {
		clear(p.presence)
	}
	for _, u := range u.Presence {
		p.presence[u.UserUUID] = u.State
	}
	for _, m := range u.Messages {
		if m.Reset {
			p.resets[m.RoomUUID]++
			delete(p.messages, m.RoomUUID)
			p.reload(m.RoomUUID)
		}
		for _, message := range m.Changed {
			p.put(message)
		}
		for _, id := range m.Removed {
			delete(p.messages[m.RoomUUID], id)
		}
	}
	for _, h := range u.Held {
		p.held[h.RoomUUID] = h.Files
	}
	for _, t := range u.Transfers {
		p.moved[t.ID] = t
		if t.State == core.TransferRunning {
			p.told++
		}
	}
	for _, r := range u.Reads {
		p.reads[r.RoomUUID] = r
	}
	p.typing = append(p.typing, u.Typing...)
	if u.Open != nil {
		p.open = u.Open
	}
	if u.Admin != nil {
		p.admin = *u.Admin
	}
	if u.Notices != nil {
		p.notices = *u.Notices
	}
	if u.Access != nil {
		p.access = *u.Access
	}
	if u.UnreadTotal != nil {
		p.unread = *u.UnreadTotal
	}
}

func (p *page) put(m core.Message) {
	room := p.messages[m.RoomUUID]
	if room == nil {
		room = map[string]core.Message{}
		p.messages[m.RoomUUID] = room
	}
	if held, ok := room[m.ClientID]; ok && (held.Seq > 0 && m.Seq == 0 || held.Rev > m.Rev) {
		return
	}
	for id, held := range room {
		if m.Seq > 0 && held.Seq == m.Seq && id != m.ClientID {
			p.doubled = append(p.doubled, m.Text)
		}
	}
	room[m.ClientID] = m
}

// Show implements core.Notifier.
func (p *page) Show(n core.Notification) {
	p.change(func() {
		p.notes = append(p.notes, n)
		p.standing[n.RoomUUID] = true
	})
}

// Try implements core.Notifier.
func (p *page) Try(_ context.Context, n core.Notification) (core.NotifierState, error) {
	p.Show(n)
	return core.NotifierState{Service: "test 1", Clicks: true}, p.tryFails
}

// Alert implements core.Badge.
func (p *page) Alert(on bool) { p.change(func() { p.alerted = on }) }

// Withdraw implements core.Notifier.
func (p *page) Withdraw(room string) {
	p.change(func() {
		p.gone = append(p.gone, room)
		delete(p.standing, room)
	})
}

// Set implements core.Badge.
func (p *page) Set(n int64) { p.change(func() { p.badge = n }) }

// OpenURL implements core.Opener.
func (p *page) OpenURL(address string) error {
	p.change(func() { p.opened = append(p.opened, address) })
	return nil
}

// ChooseImage implements core.Chooser.
func (p *page) ChooseImage() (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.chosen, nil
}

// ChoosePeople implements core.Chooser.
func (p *page) ChoosePeople() (string, error) { return p.ChooseImage() }

// desktop is what the system does with files; the page notes it.
type desktop struct{ *page }

// ChooseFiles implements core.Chooser, as the others do.
func (p desktop) ChooseFiles() ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.picked, nil
}

func (p desktop) ChooseTarget(string) (string, error) { return p.one() }
func (p desktop) ChooseFolder() (string, error)       { return p.one() }

func (p *page) one() (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.picked) == 0 {
		return "", nil
	}
	return p.picked[0], nil
}

// Downloads implements core.Desktop, as the others do.
func (p desktop) Downloads() (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.folder, nil
}

func (p desktop) Mark(path string) error { return p.OpenURL("mark " + filepath.Dir(path)) }
func (p desktop) Open(path string) error { return p.OpenURL(path) }
func (p desktop) Show(path string) error { return p.OpenURL("show " + path) }

func (p desktop) CopyImage(png []byte) error {
	p.change(func() { p.copied = png })
	return nil
}

// until waits for what must become true.
func (p *page) until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		done, changed := ok(), p.changed
		p.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-time.After(20 * time.Millisecond): // what is waited for may be the server's
		case <-deadline:
			p.mu.Lock()
			defer p.mu.Unlock()
			all := fmt.Sprintf("state %+v\nrooms %+v\nmessages %+v\nnotes %+v", p.state, p.rooms, p.messages, p.notes)
			t.Fatalf("not in time: %s\n%.5000s", what, all)
		}
	}
}

// list is a room's messages as the page would show them.
func (p *page) list(room string) []core.Message {
	out := slices.Collect(maps.Values(p.messages[room]))
	slices.SortFunc(out, func(a, b core.Message) int {
		if (a.Seq == 0) != (b.Seq == 0) {
			return int(b.Seq - a.Seq)
		}
		if a.Seq != b.Seq {
			return int(a.Seq - b.Seq)
		}
		return strings.Compare(a.ClientID, b.ClientID)
	})
	return out
}

// keyring is a fake of the system's.
type keyring struct {
	mu     sync.Mutex
	values map[string]string
	broken bool
	prompt chan error // of a locked one that asks its user: what he does there
}

func newKeyring() *keyring { return &keyring{values: map[string]string{}} }

var errLocked = errors.New("keyring locked")

func (k *keyring) Get(ctx context.Context, name string) (string, error) {
	if err := k.asks(ctx); err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.broken {
		return "", errLocked
	}
	if v, ok := k.values[name]; ok {
		return v, ctx.Err()
	}
	return "", core.ErrNoSecret
}

// asks waits for the user of a locked keyring.
func (k *keyring) asks(ctx context.Context) error {
	k.mu.Lock()
	prompt := k.prompt
	k.mu.Unlock()
	if prompt == nil {
		return nil
	}
	select {
	case err := <-prompt:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lock lets every call wait for what the user does with the prompt: close it to unlock, or send an error to it.
func (k *keyring) lock() (prompt chan error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.prompt = make(chan error)
	return k.prompt
}

func (k *keyring) Set(ctx context.Context, name, value string) error {
	if err := k.asks(ctx); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.broken {
		return errLocked
	}
	if ctx.Err() == nil {
		k.values[name] = value
	}
	return ctx.Err()
}

func (k *keyring) Delete(_ context.Context, name string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.broken {
		return errLocked
	}
	delete(k.values, name)
	return nil
}

func (k *keyring) set(broken bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.broken = broken
}

func (k *keyring) names() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Sorted(maps.Keys(k.values))
}

// clock is the machine's, and can be set.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// app is one start of the app over a profile.
type app struct {
	*core.Core
	*page
	t       testing.TB
	profile string
	keyring *keyring
	server  *server
	clock   *clock
	stop    func()
}

// coreOptions are those of an app in a test, without a server.
func coreOptions(profile string, k *keyring, p *page, c *clock) core.Options {
	return core.Options{
		ProfileDir: profile, Version: "test", Secrets: k, Notifier: p, Badge: p, Opener: p, Chooser: desktop{p}, Desktop: desktop{p},
		Emitter: p,
		Clock:   c, Logger: slog.New(slog.DiscardHandler),
		Pace: core.Pace{
			Batch: time.Millisecond, SignUpPoll: 20 * time.Millisecond, RetryFirst: 10 * time.Millisecond,
			RetryMost: 50 * time.Millisecond, Search: 300 * time.Millisecond, ReadDelay: 10 * time.Millisecond, CallTimeout: 3 * time.Second,
			Keyring: time.Second, NotifyFold: 20 * time.Millisecond, NotifyBurst: 40 * time.Millisecond, Logout: time.Second, ConnBackoff: 10 * time.Millisecond,
			FilePoll: 10 * time.Millisecond, NoticeSpread: 5 * time.Millisecond, StoreCheck: 10 * time.Millisecond,
		},
	}
}

// start runs an app; a second start with the same profile is a restart.
func start(t testing.TB, s *server, profile string, k *keyring) *app {
	t.Helper()
	return startAs(t, s, profile, k, func(*core.Options) {})
}

// startAs is start with other options.
func startAs(t testing.TB, s *server, profile string, k *keyring, change func(*core.Options)) *app {
	t.Helper()
	a := &app{page: newPage(), t: t, profile: profile, keyring: k, server: s, clock: &clock{}}
	options := coreOptions(profile, k, a.page, a.clock)
	options.Logger = slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	if s != nil {
		options.ServerPreset = s.address()
	}
	change(&options)
	c, err := core.New(options)
	if err != nil {
		t.Fatal(err)
	}
	a.Core = c
	var reloading sync.WaitGroup
	t.Cleanup(reloading.Wait)
	a.reload = func(room string) {
		reloading.Go(func() {
			if conv, err := c.OpenRoom(room, 0); err == nil {
				a.takeWindow(room, conv)
			}
		})
	}
	done := make(chan error, 1)
	go func() { done <- c.Run(context.Background()) }()
	a.stop = sync.OnceFunc(func() {
		c.Close()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(a.stop)
	// The page begins with it. Updates of before may have come without what only a page needs; later ones are newer than it.
	if u, err := c.Snapshot(); err == nil {
		a.change(func() {
			if a.state.Phase != core.PhaseStarting && a.state.Phase != "" {
				u.State = nil
			}
			if len(a.rooms) == 0 {
				a.apply(u)
			}
		})
	}
	a.until(t, "start", func() bool { return a.state.Phase != core.PhaseStarting && a.state.Phase != "" })
	return a
}

// signedIn is an app whose user is signed in and whose store is equal to the server.
func signedIn(t testing.TB, s *server) *app {
	t.Helper()
	a := start(t, s, t.TempDir(), newKeyring())
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online with rooms and people", func() bool {
		return a.state.Link == core.LinkOnline && len(a.rooms) == len(s.rooms) && len(a.people) == 3
	})
	return a
}

// restart closes the app and starts it again.
func (a *app) restart() *app {
	a.t.Helper()
	a.stop()
	return start(a.t, a.server, a.profile, a.keyring)
}

func (a *app) ok(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// openRoom opens a room as the page does: what it gets it keeps.
func (a *app) openRoom(room string) core.Conversation {
	a.t.Helper()
	conv, err := a.OpenRoom(room, 0)
	a.ok(err)
	a.take(conv)
	return conv
}

// screenful is how many messages fill a window.
const screenful = 20

// takeWindow keeps what a room was opened with, and older messages as the page does while its window is not full.
func (a *app) takeWindow(room string, conv core.Conversation) {
	a.take(conv)
	if !conv.HasMore || len(conv.Messages) >= screenful {
		return
	}
	if page, err := a.Older(room, conv.FirstSeq); err == nil {
		a.take(core.Conversation{Messages: page.Messages})
	}
}

func (a *app) take(conv core.Conversation) {
	a.change(func() {
		for _, m := range conv.Messages {
			a.put(m)
		}
	})
}

func (a *app) send(room, text string) core.Message {
	a.t.Helper()
	m, err := a.Send(room, core.Draft{Text: text, ReplyToSeq: 0})
	a.ok(err)
	a.change(func() { a.put(m) })
	return m
}

// shows waits until the page shows exactly these texts in a room, all sent.
func (a *app) shows(room string, want ...string) {
	a.t.Helper()
	a.until(a.t, "texts "+strings.Join(want, ","), func() bool {
		got := []string{}
		for _, m := range a.list(room) {
			if m.State == core.SendSent {
				got = append(got, m.Text)
			}
		}
		return slices.Equal(got, want) && len(a.list(room)) == len(want)
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.doubled) > 0 {
		a.t.Errorf("seen twice: %v", a.doubled)
	}
}

func (a *app) offline() {
	a.t.Helper()
	a.server.gate.set(false)
	a.until(a.t, "offline", func() bool { return a.state.Link != core.LinkOnline })
}

func (a *app) online() {
	a.t.Helper()
	a.server.gate.set(true)
	a.until(a.t, "online", func() bool { return a.state.Link == core.LinkOnline })
}

// testLog writes the app's log to the test's.
type testLog struct{ t testing.TB }

func (l testLog) Write(b []byte) (int, error) {
	if _, fuzzing := l.t.(*testing.F); !fuzzing { // whose log must not be written to from within the target
		l.t.Log(strings.TrimSpace(string(b)))
	}
	return len(b), nil
}

func failure(t testing.TB, err error) *core.Failure {
	t.Helper()
	var f *core.Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a failure", err)
	}
	return f
}
