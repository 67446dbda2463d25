//go:build ages

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// These tests take programs of different ages, which packaging/test-ages builds.

// TestAppsAndServersOfTwoAges: an older and a newer app talk by the older server; then the newer one takes its place and its data,
// as an installer does it, and the two go on without anybody's help.
func TestAppsAndServersOfTwoAges(t *testing.T) {
	c := company{
		desk:   desk.Start(t, desk.Options{}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_OLD_SERVER")),
	}
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	a := &ages{company: c, room: c.server.Post(t, hana, duri, "서로 다른 버전입니다").RoomUUID}
	profile := filepath.Join(t.TempDir(), "profile")
	a.older = a.openOld(t, window.Options{Server: c.server.URL(), Profile: profile})
	a.newer = a.open(t, window.Options{Server: c.server.URL()})
	c.desk.Move(t, a.older.ID(t), 10, 10)
	c.desk.Move(t, a.newer.ID(t), 1250, 10)
	signIn(t, a.older, "hana")
	signIn(t, a.newer, "duri")
	openAtEnd(t, a.older, a.room)
	openAtEnd(t, a.newer, a.room)

	t.Run("on the older server", a.talk)
	t.Run("a newer app administers the older server", a.administer)
	c.server.Stop()
	for _, w := range []*window.Window{a.older, a.newer} {
		w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	}
	say(t, a.older, "서버가 바뀌는 동안 옛 앱이 쓴 말")
	say(t, a.newer, "서버가 바뀌는 동안 새 앱이 쓴 말")
	c.server.Become(t, binary(t, "HIMSG_E2E_SERVER"))
	online(t, a.older)
	online(t, a.newer)
	a.both(t, "서버가 바뀌는 동안 옛 앱이 쓴 말")
	a.both(t, "서버가 바뀌는 동안 새 앱이 쓴 말")
	t.Run("on the newer server", a.talk)
	t.Run("an older app administers the newer server", a.administerOld)

	want := a.newer.Texts(t, window.Select("message-text"))
	t.Run("the older app starts again", func(t *testing.T) {
		a.older.Kill()
		a.older = a.openOld(t, window.Options{Server: c.server.URL(), Profile: profile})
		a.same(t, a.older, want)
	})
	t.Run("the newer app takes the older one's place", func(t *testing.T) {
		a.older.Kill()
		w := a.open(t, window.Options{Server: c.server.URL(), Profile: profile})
		a.same(t, w, want)
		say(t, w, "새 앱으로 바꾸었습니다")
		a.newer.SeeText(t, window.Select("message-text"), "새 앱으로 바꾸었습니다")
	})
	for name, text := range map[string]string{
		"the server": c.server.Log(), "the older app": logOf(t, profile), "the newer app": logOf(t, a.newer.Profile),
	} {
		for line := range strings.Lines(text) {
			if strings.Contains(line, "level=ERROR") || strings.Contains(line, "panic") {
				t.Errorf("%s logged: %s", name, line)
			}
		}
	}
}

// ages is a conversation of hana, whose app is the older one, and duri.
type ages struct {
	company
	room         string
	older, newer *window.Window
	round        int
}

func (a *ages) openOld(t *testing.T, opts window.Options) *window.Window {
	t.Helper()
	opts.Binary = binary(t, "HIMSG_E2E_OLD_APP")
	return window.Open(t, a.desk, opts)
}

func (a *ages) both(t *testing.T, text string) {
	t.Helper()
	a.older.SeeText(t, window.Select("message", "state", "sent"), text)
	a.newer.SeeText(t, window.Select("message", "state", "sent"), text)
}

// talk does both ways what people do all day.
func (a *ages) talk(t *testing.T) {
	a.round++
	for _, w := range []struct {
		who      string
		from, to *window.Window
	}{{"옛 앱", a.older, a.newer}, {"새 앱", a.newer, a.older}} {
		text := fmt.Sprintf("%s의 %d번째 말", w.who, a.round)
		say(t, w.from, text)
		a.both(t, text)
		w.to.Focus(t) // who looks has read it
		seq := seqOf(t, w.from, text)
		w.from.SeeGone(t, message(seq, window.Select("message-unread")))
		react(t, w.to, seqOf(t, w.to, text), "👍")
		w.from.See(t, message(seq, window.Select("reaction")))

		s := sample{fmt.Sprintf("%s %d.txt", w.who, a.round), []byte("파일도 갑니다\n")}
		drop(t, w.from, s)
		w.from.See(t, window.Select("held-file"))
		w.from.Click(t, window.Select("composer-send"))
		w.from.SeeGone(t, window.Select("held-file"))
		arrives(t, a.desk, w.to, s)

		wrong := fmt.Sprintf("%s이 잘못 보낸 %d번째 말", w.who, a.round)
		say(t, w.from, wrong)
		a.both(t, wrong)
		seq = seqOf(t, w.from, wrong)
		choose(t, w.from, seq, "message-delete")
		w.from.Click(t, window.Select("delete-for-all"))
		w.to.See(t, window.Select("message", "seq", seq, "state", "deleted"))
	}
	a.older.Picture(t, picture(t, fmt.Sprintf("ages-older-app-%d.png", a.round)))
	a.newer.Picture(t, picture(t, fmt.Sprintf("ages-newer-app-%d.png", a.round)))
}

func (a *ages) administer(t *testing.T) {
	a.sections(t, a.open(t, window.Options{Server: a.server.URL()}), "new-app-old-server")
}

func (a *ages) administerOld(t *testing.T) {
	a.sections(t, a.openOld(t, window.Options{Server: a.server.URL()}), "old-app-new-server")
}

// sections opens each section of the administration: what the other age does not have is said, and breaks nothing.
func (a *ages) sections(t *testing.T, w *window.Window, name string) {
	t.Helper()
	signIn(t, w, backend.OwnerUsername)
	w.Click(t, window.Select("rail-admin"))
	w.See(t, window.Select("admin-section-dashboard"))
	var all []string
	w.Eval(t, `[...document.querySelectorAll('[data-testid^="admin-section-"]')].map((e) => e.dataset.testid)`, &all)
	if len(all) < 5 {
		t.Fatalf("sections: %q", all)
	}
	for _, section := range all {
		w.Click(t, window.Select(section))
		stays(t, "the administration", func() bool { return w.Has(window.Select("rail-admin")) && w.Has(window.Select(section)) })
		if w.Has(`[data-code="not_found"]:not([data-reason="older_server"])`) {
			t.Errorf("%s: %s says that something was not found", name, section)
		}
		w.Picture(t, picture(t, fmt.Sprintf("ages-%s-%s.png", name, strings.TrimPrefix(section, "admin-section-"))))
	}
	online(t, w)
	w.Kill()
}

// same waits until an app that was started shows the end of a conversation as another does.
func (a *ages) same(t *testing.T, w *window.Window, want []string) {
	t.Helper()
	online(t, w)
	openAtEnd(t, w, a.room)
	w.SeeText(t, window.Select("message-text"), want[len(want)-1])
	got := w.Texts(t, window.Select("message-text"))
	if last := min(5, len(got), len(want)); !slices.Equal(got[len(got)-last:], want[len(want)-last:]) {
		t.Errorf("it shows %q, and not %q", got, want)
	}
}

func logOf(t *testing.T, profile string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(profile, "himsg.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestGoingBackToAnOlderApp: a newer app has written the store, and holds what was not sent. The older one that is put in its place leaves
// that store alone, starts anew when its user says so, and sends what was not sent; the newer one goes on from there.
func TestGoingBackToAnOlderApp(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	room := c.server.Post(t, duri, hana, "회의 자료 보내 주세요").RoomUUID
	other := c.server.Post(t, c.server.SignIn(t, backend.OwnerUsername), hana, "오늘 저녁 어때요?").RoomUUID
	network, profile := backend.NewProxy(t, c.server.Address), filepath.Join(t.TempDir(), "profile")
	newer := window.Open(t, c.desk, window.Options{Binary: binary(t, "HIMSG_E2E_NEWER_APP"), Server: network.URL(), Profile: profile})
	signIn(t, newer, "hana")
	openAtEnd(t, newer, other)
	newer.Type(t, window.Select("composer-input"), "쓰던 답장")
	openAtEnd(t, newer, room)
	say(t, newer, "네, 지금 보낼게요")
	newer.SeeText(t, window.Select("message", "state", "sent"), "네, 지금 보낼게요")
	network.Cut()
	newer.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	waiting := []string{"연결이 끊긴 뒤의 첫째 말", "연결이 끊긴 뒤의 둘째 말"}
	for _, text := range waiting {
		say(t, newer, text)
	}
	s := sample{"회의 자료.txt", []byte("끊긴 뒤에 보낸 파일\n")}
	drop(t, newer, s)
	newer.See(t, window.Select("held-file"))
	newer.Click(t, window.Select("composer-send"))
	newer.SeeGone(t, window.Select("held-file"))
	newer.Process.Stop()
	store, before := storeOf(t, profile)

	older := c.open(t, window.Options{Server: network.URL(), Profile: profile})
	older.SeeText(t, window.Select("signin-problem"), "더 새로운 버전의 Hi_Msg가 만든 것입니다")
	older.Picture(t, picture(t, "going-back-1-told.png"))
	if _, now := storeOf(t, profile); now != before {
		t.Error("the store of the newer version was changed without a question")
	}
	older.Click(t, window.Select("start-anew"))
	older.Picture(t, picture(t, "going-back-2-asked.png"))
	older.Click(t, window.Select("confirm-ok"))
	network.Mend()
	online(t, older) // who is kept signed in stays so
	older.SeeText(t, window.Select("store-notice"), "보내지 못한 메시지 3개, 쓰던 글 1개, 보내던 파일 1개")
	older.Picture(t, picture(t, "going-back-3-taken.png"))
	openAtEnd(t, older, room)
	for _, text := range waiting {
		older.SeeText(t, window.Select("message", "state", "sent"), text)
	}
	theirs := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, theirs, "duri")
	openAtEnd(t, theirs, room)
	arrives(t, c.desk, theirs, s)
	want := append([]string{"회의 자료 보내 주세요", "네, 지금 보낼게요"}, waiting...)
	want = append(want, "📎 파일: "+s.name)
	var stored []string
	for _, m := range c.server.Messages(t, c.server.SignIn(t, "duri"), hana) {
		stored = append(stored, m.Text)
	}
	if !slices.Equal(stored, want) {
		t.Errorf("the server holds %q", stored)
	}
	openRoom(t, older, other)
	older.WaitFor(t, fmt.Sprintf("document.querySelector('%s').value === '쓰던 답장'", window.Select("composer-input")))
	aside, err := filepath.Glob(store + ".newer-*")
	if err != nil || len(aside) == 0 {
		t.Errorf("the other store is not beside it: %v, %v", aside, err)
	}

	older.Process.Stop()
	again := window.Open(t, c.desk, window.Options{Binary: binary(t, "HIMSG_E2E_NEWER_APP"), Server: network.URL(), Profile: profile})
	online(t, again)
	openAtEnd(t, again, room)
	again.SeeText(t, window.Select("message", "state", "sent"), waiting[1])
	say(t, again, "다시 새 버전입니다")
	theirs.SeeText(t, window.Select("message-text"), "다시 새 버전입니다")
}

// storeOf is the store of the only account of a profile, and what is in it.
func storeOf(t *testing.T, profile string) (path, content string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(profile, "stores", "*.db"))
	if err != nil || len(found) != 1 {
		t.Fatalf("stores: %q, %v", found, err)
	}
	raw, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return found[0], string(raw)
}
