//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// longHistory is so long that the app holds only the end of it.
const longHistory = 400

// eye returns the first message that is whole in view, and where it is on the screen.
const eye = `(() => {
	const log = document.querySelector('[role=log]');
	const top = log.getBoundingClientRect().top;
	const rows = [...log.querySelectorAll('[data-testid=message]')]
		.map((row) => ({ seq: Number(row.dataset.seq), y: row.getBoundingClientRect().top }))
		.filter((row) => row.y >= top)
		.sort((a, b) => a.y - b.y);
	return rows[0] ?? { seq: 0, y: 0 };
})()`

// What is read stays where it is, in the real window: WebKitGTK has no scroll anchoring of its own.
func TestNothingMovesWhatIsRead(t *testing.T) {
	c := newCompany(t)
	hana := c.server.AddPerson(t, "hana", "이하나")
	boss := c.server.SignIn(t, backend.OwnerUsername)
	ids := talk(t, c, boss, hana)
	profile := filepath.Join(t.TempDir(), "profile")
	w := c.open(t, window.Options{Server: c.server.URL(), Profile: profile})
	signIn(t, w, backend.OwnerUsername)
	w.Click(t, window.Select("room-row"))
	w.See(t, window.Select("message"))
	settled(t, w)
	wheel(t, w, -900)
	wheel(t, w, -437)

	long := `{"text":` + quoted(strings.Repeat("고친 글입니다.\n", 9)) + `,"reply_to_seq":0,"mentions":[],"mention_all":false}`
	edit := func(seq int) { callCore(t, w, "Edit", fmt.Sprint(ids[seq]), long, "0") }
	for _, disturbance := range []struct {
		name string
		act  func(seq int)
	}{
		{"a message just above grows", func(seq int) { edit(seq - 3) }},
		{"the message at the upper edge grows", func(seq int) { edit(seq - 1) }},
		{"a message far above grows", func(seq int) { edit(seq - 40) }},
		{"a message above gets a reaction", func(seq int) {
			callCore(t, w, "React", fmt.Sprint(ids[seq-1]), quoted("👍"), "true")
		}},
		{"a message above is deleted for me", func(seq int) {
			callCore(t, w, "HideMessages", fmt.Sprintf("[%d]", ids[seq-5]))
		}},
		{"the window gets narrow", func(int) { resize(t, c, w, 900, 700) }},
		{"the window gets wide", func(int) { resize(t, c, w, 1200, 760) }},
		{"the text gets larger", func(int) { zoom(t, w, 150) }},
		{"the text gets small again", func(int) { zoom(t, w, 100) }},
		{"a bar opens above", func(int) {
			w.Click(t, window.Select("conversation-find"))
			w.See(t, window.Select("room-search"))
		}},
		{"the bar closes", func(int) { w.Click(t, window.Select("room-search-close")) }},
		{"another place of the app", func(int) {
			w.Click(t, window.Select("rail-people"))
			w.Click(t, window.Select("rail-chats"))
			w.See(t, window.Select("message"))
		}},
		{"a message comes below", func(int) { c.server.Post(t, boss, hana, "다른 PC에서 쓴 글") }},
	} {
		stillThere(t, w, disturbance.name, disturbance.act)
	}
	olderPages(t, w)
	farAndBack(t, c, w, profile)
}

// talk writes a long history and returns the message_id of each seq. All of it is the writer's own: he may edit it.
func talk(t *testing.T, c company, from, to backend.Person) map[int]int64 {
	t.Helper()
	ids := map[int]int64{}
	for seq := 1; seq <= longHistory; seq++ {
		text := fmt.Sprintf("%d번째 줄", seq)
		if seq%7 == 0 {
			text = strings.Repeat(text+" 조금 더 긴 글입니다. ", 6)
		}
		ids[seq] = c.server.Post(t, from, to, text).MessageID
	}
	return ids
}

// stillThere does something and checks that the message under the eye has not moved.
func stillThere(t *testing.T, w *window.Window, name string, act func(seq int)) {
	t.Helper()
	settled(t, w)
	seq, before := underTheEye(t, w)
	act(seq)
	settled(t, w)
	moved := placeOf(t, w, seq) - before
	t.Logf("%s: message %d moved %.1f px", name, seq, moved)
	if math.Abs(moved) > 1 {
		t.Errorf("%s: message %d moved %.1f px", name, seq, moved)
	}
}

// olderPages goes up until older pages have come, and measures at each step that they moved nothing.
func olderPages(t *testing.T, w *window.Window) {
	t.Helper()
	worst := 0.0
	for range 20 {
		seq, before := underTheEye(t, w)
		wheel(t, w, -400)
		worst = max(worst, math.Abs(placeOf(t, w, seq)-before-400))
	}
	t.Logf("load older: worst of 20 steps %.1f px", worst)
	if worst > 1 {
		t.Errorf("load older: a step moved what is read by %.1f px", worst)
	}
}

// farAndBack jumps to a message that is not loaded, by the search, leaves the room and the app there, and comes back.
func farAndBack(t *testing.T, c company, w *window.Window, profile string) {
	t.Helper()
	w.Click(t, window.Select("rail-search"))
	w.Type(t, window.Select("search-input"), "13번째 줄")
	w.See(t, window.Select("search-message"))
	w.Eval(t, `[...document.querySelectorAll('[data-testid=search-message]')].at(-1).click()`, nil)
	w.See(t, window.Select("message", "seq", "13"))
	settled(t, w)
	w.Picture(t, picture(t, "search-jump.png"))
	w.Click(t, window.Select("rail-chats"))
	wheel(t, w, 333)
	seq, before := underTheEye(t, w)
	top := topOfLog(t, w)
	// The place is kept once one rests.
	settled(t, w)
	w.Click(t, window.Select("rail-settings"))
	w.Close(t)

	again := c.open(t, window.Options{Server: c.server.URL(), Profile: profile})
	online(t, again)
	resize(t, c, again, 1200, 760)
	again.Click(t, window.Select("room-row"))
	again.See(t, window.Select("message", "seq", fmt.Sprint(seq)))
	settled(t, again)
	moved := placeOf(t, again, seq) - topOfLog(t, again) - (before - top)
	t.Logf("after a restart: message %d moved %.1f px", seq, moved)
	if math.Abs(moved) > 1 {
		t.Errorf("after a restart message %d is %.1f px away", seq, moved)
	}
}

func underTheEye(t *testing.T, w *window.Window) (seq int, y float64) {
	t.Helper()
	var first struct {
		Seq int
		Y   float64
	}
	w.Eval(t, eye, &first)
	if first.Seq == 0 {
		t.Fatal("no message is whole in view")
	}
	return first.Seq, first.Y
}

func placeOf(t *testing.T, w *window.Window, seq int) float64 {
	t.Helper()
	var y float64
	w.Eval(t, fmt.Sprintf(`document.querySelector('[role=log] [data-testid=message][data-seq="%d"]').getBoundingClientRect().top`, seq), &y)
	return y
}

func topOfLog(t *testing.T, w *window.Window) float64 {
	t.Helper()
	var y float64
	w.Eval(t, `document.querySelector('[role=log]').getBoundingClientRect().top`, &y)
	return y
}

// settled waits until the log has stood still for ten looks.
func settled(t *testing.T, w *window.Window) {
	t.Helper()
	w.Eval(t, `void Object.assign(window, { lastTop: '', calm: 0 })`, nil)
	w.WaitFor(t, `(() => {
		const log = document.querySelector('[role=log]');
		const now = log && [log.scrollTop, log.scrollHeight, log.clientHeight, log.getBoundingClientRect().top].join();
		window.calm = now && window.lastTop === now ? window.calm + 1 : 0;
		window.lastTop = now;
		return window.calm > 10;
	})()`)
}

// wheel turns the wheel over the log, as the app's own handling of it takes it, and waits until all is calm.
func wheel(t *testing.T, w *window.Window, distance int) {
	t.Helper()
	w.Eval(t, fmt.Sprintf(`document.querySelector('[role=log]').dispatchEvent(
		new WheelEvent('wheel', { deltaY: %d, bubbles: true, cancelable: true }))`, distance), nil)
	settled(t, w)
}

// resize gives the window a size and waits until the page has it.
func resize(t *testing.T, c company, w *window.Window, width, height int) {
	t.Helper()
	c.desk.Resize(t, w.ID(t), width, height)
	w.WaitFor(t, fmt.Sprintf("Math.abs(innerWidth - %d) < 40", width))
}

func zoom(t *testing.T, w *window.Window, percent int) {
	t.Helper()
	w.Eval(t, fmt.Sprintf(`document.documentElement.style.fontSize = '%d%%'`, percent), nil)
}

// callCore calls the core through the page's own door and waits for its answer.
func callCore(t *testing.T, w *window.Window, name string, arguments ...string) {
	t.Helper()
	w.Eval(t, fmt.Sprintf(`(() => {
		window.answer = undefined;
		window.go.shell.Bridge[%q](%s).then(() => { window.answer = 'done' }, (error) => { window.answer = JSON.stringify(error) });
	})()`, name, strings.Join(arguments, ", ")), nil)
	w.WaitFor(t, "window.answer !== undefined")
	var answer string
	w.Eval(t, "window.answer", &answer)
	if answer != "done" {
		t.Fatalf("%s: %s", name, answer)
	}
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(raw)
}
