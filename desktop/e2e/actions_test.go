//go:build e2e || screens || ages

package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// seqOf waits for a sent message with a text in the open conversation and returns its seq; of several that of the last.
func seqOf(t *testing.T, w *window.Window, text string) string {
	t.Helper()
	w.SeeText(t, window.Select("message", "state", "sent"), text)
	var seq string
	w.Eval(t, fmt.Sprintf(`[...document.querySelectorAll('[data-testid="message"][data-state="sent"]')]
		.filter((e) => e.innerText.includes(%q)).at(-1).dataset.seq`, text), &seq)
	return seq
}

// message selects the message with a seq in the open conversation, or something in it.
func message(seq string, inside ...string) string {
	selector := window.Select("message", "seq", seq)
	for _, part := range inside {
		selector += " " + part
	}
	return selector
}

// choose opens a message's menu and chooses an item of it.
func choose(t *testing.T, w *window.Window, seq, item string) {
	t.Helper()
	w.Click(t, message(seq, window.Select("message-menu")))
	w.Click(t, window.Select(item))
}

// react opens a message's menu and chooses an emoji of its row.
func react(t *testing.T, w *window.Window, seq, emoji string) {
	t.Helper()
	w.Click(t, message(seq, window.Select("message-menu")))
	w.Click(t, window.Select("message-actions")+fmt.Sprintf(" [data-emoji=%q]", emoji))
}

// inView waits until a message is loaded and within what shows of the log.
func inView(t *testing.T, w *window.Window, seq string) {
	t.Helper()
	w.WaitFor(t, fmt.Sprintf(`((e) => {
		if (!e) return false;
		const box = e.getBoundingClientRect(), log = e.closest('[role="log"]').getBoundingClientRect();
		return box.bottom > log.top && box.top < log.bottom;
	})(document.querySelector(%q))`, message(seq)))
}

// isWritten waits until the composer holds a text.
func isWritten(t *testing.T, w *window.Window, text string) {
	t.Helper()
	w.WaitFor(t, fmt.Sprintf(`document.querySelector('[data-testid="composer-input"]')?.value === %q`, text))
}

// openRoom opens a room of the list.
func openRoom(t *testing.T, w *window.Window, roomUUID string) {
	t.Helper()
	w.Click(t, window.Select("rail-chats"))
	w.Click(t, window.Select("room-row", "room", roomUUID))
	w.See(t, window.Select("conversation", "room", roomUUID))
}

// openAtEnd opens a room where it ends, and not where the unread begins.
func openAtEnd(t *testing.T, w *window.Window, roomUUID string) {
	t.Helper()
	w.See(t, window.Select("room-row", "room", roomUUID))
	w.Eval(t, fmt.Sprintf("window.go.shell.Bridge.MarkRead(%q), 0", roomUUID), nil)
	w.SeeGone(t, window.Select("room-row", "room", roomUUID)+" "+window.Select("room-unread"))
	openRoom(t, w, roomUUID)
	w.See(t, window.Select("message"))
}

// drop lets files fall on the window, as a file manager does: the page sees their names and their bytes.
func drop(t *testing.T, w *window.Window, files ...sample) {
	t.Helper()
	type dropped struct {
		Name, Content string
		Size          int
	}
	var all []dropped
	for _, one := range files {
		head := bytes.TrimRight(one.content, "\x00") // megabytes of text would take the page's inspector half a minute
		all = append(all, dropped{one.name, base64.StdEncoding.EncodeToString(head), len(one.content)})
	}
	list, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	w.Eval(t, fmt.Sprintf(`(() => {
		const items = %s.map(({ Name, Content, Size }) => {
			const content = new Uint8Array(Size), text = atob(Content);
			for (let i = 0; i < text.length; i++) content[i] = text.charCodeAt(i);
			const file = new File([content], Name);
			return { kind: 'file', getAsFile: () => file, webkitGetAsEntry: () => null };
		});
		const event = new Event('drop', { bubbles: true, cancelable: true });
		Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items } });
		window.dispatchEvent(event);
		return true;
	})()`, list), nil)
}

// arrives saves a file out of the other one's window into his downloads folder, and compares it. Pictures are saved by their
// file_id, which a press in the viewer would do.
func arrives(t *testing.T, d *desk.Desk, w *window.Window, s sample) {
	t.Helper()
	name, err := json.Marshal(s.name)
	if err != nil {
		t.Fatal(err)
	}
	held := fmt.Sprintf(`[...document.querySelectorAll('[data-file]')]
		.filter((e) => e.dataset.file && (e.textContent + ' ' + e.innerHTML)
			.normalize('NFC').replace(/[\u2066-\u2069]/g, '').includes(%s)).at(-1)`, name)
	w.WaitFor(t, held+" !== undefined")
	w.Eval(t, fmt.Sprintf(`window.go.shell.Bridge.DownloadFile((%s).dataset.file).then(() => true)`, held), nil)
	path := filepath.Join(d.Home(), "Downloads", s.name)
	desk.Wait(t, 30*time.Second, "the saved file", func() bool {
		got, err := os.ReadFile(path)
		return err == nil && bytes.Equal(got, s.content)
	})
}
