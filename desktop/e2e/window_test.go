//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// seat is one person's window, beside people who write without one.
type seat struct {
	company
	whole     *testing.T // of which the parts are subtests
	me, other backend.Person
	room      string
	w         *window.Window
}

// What one person finds, hides and is sent, in one window.
func TestSearchLockAndHostileTexts(t *testing.T) {
	c := newCompany(t)
	s := &seat{company: c, whole: t}
	s.me, s.other = c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	for i := 1; i <= older; i++ {
		text := fmt.Sprintf("지난 이야기 %d번", i)
		if i == 3 {
			text = "3분기매출보고서초안 보냅니다"
		}
		s.room = c.server.Post(t, s.other, s.me, text).RoomUUID
	}
	c.server.Post(t, s.other, s.me, "월간매출보고서최종 여기 있어요")
	s.w = c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, s.w, "hana")
	s.w.Focus(t)

	t.Run("the search finds a part of a Korean word and leads to a message that is not loaded", s.search)
	t.Run("Ctrl+F finds in the room and goes from one to the next", s.searchRoom)
	t.Run("the search without the server finds what this PC has and says so", s.searchOffline)
	t.Run("Ctrl+L hides everything until the right password", s.lock)
	t.Run("hostile texts stay texts", s.hostile)
}

func (s *seat) search(t *testing.T) {
	s.desk.Keys(t, "ctrl+shift+f")
	s.w.Type(t, window.Select("search-input"), "매출보고")
	s.w.SeeText(t, window.Select("search-message"), "3분기매출보고서초안")
	s.w.SeeText(t, window.Select("search-message")+" mark", "매출보고")
	if found := s.w.Texts(t, window.Select("search-message")); len(found) != 2 || !strings.Contains(found[1], "초안") {
		t.Fatalf("not both, the newest first: %q", found)
	}
	s.w.Eval(t, fmt.Sprintf(`[...document.querySelectorAll(%q)].at(-1).click(), 0`, window.Select("search-message")), nil)
	inView(t, s.w, "3")
	s.w.SeeText(t, message("3"), "3분기매출보고서초안")
	if s.w.Has(message(fmt.Sprint(older))) {
		t.Error("the whole room is loaded: that was no jump")
	}
}

func (s *seat) searchRoom(t *testing.T) {
	openRoom(t, s.w, s.room)
	s.w.FocusOn(t, window.Select("composer-input"))
	s.desk.Keys(t, "ctrl+f")
	s.w.Type(t, window.Select("room-search-input"), "매출보고")
	s.w.SeeText(t, window.Select("room-search-count"), "1 / 2")
	inView(t, s.w, fmt.Sprint(older+1))
	s.desk.Keys(t, "Return")
	s.w.SeeText(t, window.Select("room-search-count"), "2 / 2")
	inView(t, s.w, "3")
	s.desk.Keys(t, "Escape")
	s.w.SeeGone(t, window.Select("room-search"))
}

func (s *seat) searchOffline(t *testing.T) {
	s.server.Stop()
	s.w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	s.desk.Keys(t, "ctrl+shift+f")
	s.w.Type(t, window.Select("search-input"), "보고서최종")
	s.w.SeeText(t, window.Select("search-local"), "오프라인: 이 PC에 있는 메시지만 찾았습니다")
	s.w.SeeText(t, window.Select("search-message"), "월간매출보고서최종")
	s.server.Serve(s.whole) // it outlives this part
	online(t, s.w)
	s.w.SeeGone(t, window.Select("search-local")) // asked again by itself
	s.w.SeeText(t, window.Select("search-message"), "월간매출보고서최종")
}

func (s *seat) lock(t *testing.T) {
	openRoom(t, s.w, s.room) // where it was left, far up
	s.w.SeeText(t, window.Select("message-text"), "3분기매출보고서초안")
	s.w.Type(t, window.Select("composer-input"), "반쯤 쓴 말")
	s.desk.Keys(t, "ctrl+l")
	s.w.See(t, window.Select("lock-screen"))
	s.server.PostTo(t, s.other, s.room, "잠긴 동안 온 비밀")
	stays(t, "nothing to read", func() bool {
		return !s.w.True(`/지난 이야기|매출보고|온 비밀|반쯤 쓴|박두리/.test(document.documentElement.outerHTML)`)
	})
	for _, n := range s.desk.Notifications.All() {
		if strings.Contains(n.Title+n.Body, "온 비밀") {
			t.Errorf("a notification tells what the lock hides: %+v", n)
		}
	}
	s.w.Type(t, window.Select("lock-password"), "not my password")
	s.w.Click(t, window.Select("lock-submit"))
	s.w.SeeText(t, window.Select("lock-problem"), "비밀번호")
	s.w.Type(t, window.Select("lock-password"), backend.Password)
	s.w.Click(t, window.Select("lock-submit"))
	s.w.SeeGone(t, window.Select("lock-screen"))
	openRoom(t, s.w, s.room)
	isWritten(t, s.w, "반쯤 쓴 말")
	s.w.SeeText(t, window.Select("message-text"), "잠긴 동안 온 비밀") // what is unread comes before where it was left
	s.w.Type(t, window.Select("composer-input"), "")
}

func (s *seat) hostile(t *testing.T) {
	var fetched atomic.Int32
	lure := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer lure.Close()
	mark := fmt.Sprintf(`<img src="%s/x.png" onerror="window.caught=1"><script>window.caught=1</script>`, lure.URL)
	room := s.server.CreateGroup(t, s.other, `"><img src=x onerror=window.caught=1>`, s.me)
	texts := []string{
		mark,
		"[눌러 보세요](javascript:window.caught=1) javascript:window.caught=1 data:text/html,<script>window.caught=1</script>",
		lure.URL + "/preview http://user:word@" + strings.TrimPrefix(lure.URL, "http://") + "/",
		"이름\u202egnp.exe\u202d 뒤집힌 글 \u2067\u2067\u2067",
		"z" + strings.Repeat("\u0335\u0489\u0321\u0316\u030d", 60) + "algo",
		"```\n" + mark + "\n" + strings.Repeat("x", 2000) + "\n```",
		strings.Repeat("W", 9990),
		strings.Repeat("가", 9990),
	}
	for _, text := range texts {
		s.server.PostTo(t, s.other, room, text)
	}
	last := s.server.PostTo(t, s.other, room, "마지막은 보통 말")
	openRoom(t, s.w, room)
	s.w.SeeText(t, window.Select("conversation-title"), "onerror=window.caught")
	seq := fmt.Sprint(last.Seq)
	inView(t, s.w, seq)
	s.fits(t)
	s.w.Picture(t, picture(t, "hostile-end.png"))

	// Unfolded, quoted, searched, and shown in every place that a text has.
	long := message(fmt.Sprint(last.Seq-2), "button[aria-expanded]")
	s.w.Click(t, long)
	s.w.See(t, long+`[aria-expanded="true"]`)
	s.fits(t)
	first := fmt.Sprint(last.Seq - int64(len(texts)))
	choose(t, s.w, first, "message-reply")
	s.w.SeeText(t, window.Select("compose-bar"), "<img src")
	say(t, s.w, "무슨 뜻이에요?")
	choose(t, s.w, first, "message-pin")
	s.w.SeeText(t, window.Select("pin-banner"), "<img src")
	s.w.SeeText(t, message(first), "<script>")
	s.fits(t)
	s.w.Picture(t, picture(t, "hostile.png"))
	s.desk.Keys(t, "ctrl+shift+f")
	s.w.Type(t, window.Select("search-input"), "caught")
	s.w.SeeText(t, window.Select("search-message"), "onerror")
	s.fits(t)

	if s.w.True("window.caught") {
		t.Error("a text ran as a script")
	}
	if s.w.True(`document.querySelector('[href^="javascript" i], [href^="data:" i], [src^="http"], img[onerror]')`) {
		t.Error("a text became an element")
	}
	if n := fetched.Load(); n != 0 {
		t.Errorf("%d requests went where a text points", n)
	}
}

// fits checks that nothing is wider than its place.
func (s *seat) fits(t *testing.T) {
	t.Helper()
	var wide []string
	s.w.Eval(t, `[document.documentElement, ...document.querySelectorAll('[role="log"], [data-testid="message"]')]
		.filter((e) => e.scrollWidth > e.clientWidth + 1)
		.map((e) => e.tagName + ' ' + (e.dataset.seq ?? '') + ' ' + e.scrollWidth + ' in ' + e.clientWidth)`, &wide)
	if len(wide) > 0 {
		t.Errorf("wider than its place: %q", wide)
	}
}
