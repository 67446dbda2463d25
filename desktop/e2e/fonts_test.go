//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/window"
)

// A PC without any fonts: the page has its own, so that everything but the system's dialogs can be read; the diagnosis says
// of those.
func TestNoFonts(t *testing.T) {
	c := newCompany(t)
	c.server.AddPerson(t, "hana", "이하나")
	config := filepath.Join(t.TempDir(), "fonts.conf")
	text := fmt.Sprintf("<fontconfig><cachedir>%s</cachedir></fontconfig>", t.TempDir())
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	w := c.open(t, window.Options{Server: c.server.URL(), Env: []string{"FONTCONFIG_FILE=" + config}})
	w.Click(t, window.Select("diagnosis-open"))
	w.See(t, window.Select("finding-fonts", "code", "none"))
	w.Picture(t, picture(t, "no-fonts-diagnosis.png"))
	c.desk.Keys(t, "Escape")
	w.SeeGone(t, window.Select("diagnosis-summary"))

	signIn(t, w, "hana")
	openPerson(t, w, backend.OwnerName)
	say(t, w, "안녕하세요, 뷁쀍! Hello, 24시간 😀🎉👍 ①②③ → ★ ♥ © ☎ 漢字 かな Ω ½ €")
	w.SeeText(t, window.Select("message", "state", "sent"), "안녕하세요")
	distinct(t, w, "가나다뷁쀍한글AaBbZz09,!?€→★😀🎉👍")
	w.Picture(t, picture(t, "no-fonts.png"))
}

// distinct waits until the page draws each of these letters in its own way: those that no font has look all the same.
func distinct(t *testing.T, w *window.Window, letters string) {
	t.Helper()
	w.WaitFor(t, fmt.Sprintf(`((letters) => new Set(letters.map((letter) => {
		const canvas = Object.assign(document.createElement('canvas'), { width: 48, height: 48 });
		const pen = canvas.getContext('2d');
		pen.font = '32px ' + getComputedStyle(document.body).fontFamily;
		pen.fillText(letter, 4, 36);
		return canvas.toDataURL();
	})).size === letters.length)([...%q])`, letters))
}
