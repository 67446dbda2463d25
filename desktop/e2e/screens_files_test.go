//go:build screens

package e2e

import (
	"encoding/base64"
	"fmt"
	"testing"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// slow lets a picture be taken of files on their way, and makes nobody wait.
const slow = 256 << 10

// TestFileScreens takes pictures of files: waiting, on their way, there, refused and looked at.
func TestFileScreens(t *testing.T) {
	c := company{
		desk:   desk.Start(t, desk.Options{Width: 2000, Height: 960}),
		server: backend.Start(t, binary(t, "HIMSG_E2E_SERVER")),
	}
	s := &stage{server: c.server}
	s.people(t)
	network := backend.NewProxy(t, c.server.Address)
	w := c.open(t, window.Options{Server: network.URL()})
	signIn(t, w, "hana")
	s.gallery = &gallery{desk: c.desk, w: w, next: 80, sizes: []size{{900, 700}}}
	s.desk.Resize(t, w.ID(t), 900, 700)
	w.Focus(t)
	openAtEnd(t, w, s.room)

	s.filesThere(t)
	s.filesLookedAt(t)
	s.filesRefused(t)
	s.filesOnTheirWay(t, network)
}

// filesThere pastes a picture, and sends it with files.
func (s *stage) filesThere(t *testing.T) {
	t.Helper()
	all := samples(t)
	s.w.Eval(t, fmt.Sprintf("window.go.shell.Bridge.PasteFile(%q, %q), 0", s.room,
		base64.StdEncoding.EncodeToString(all[0].content)), nil)
	s.w.See(t, window.Select("held-file"))
	s.w.Type(t, window.Select("composer-input"), "오류 화면입니다.")
	s.take(t, "files-pasted")
	drop(t, s.w, all[4:6]...)
	s.w.WaitFor(t, `document.querySelectorAll('[data-testid="held-file"]').length === 3`)
	s.w.Click(t, window.Select("composer-send"))
	s.w.SeeGone(t, window.Select("held-file"))
	s.w.See(t, window.Select("file-save"))
	s.w.WaitFor(t, `document.querySelector('[data-testid="message-picture"] img')?.dataset.loaded === 'true'`)
	s.end(t)
	s.take(t, "files-received")
}

// filesLookedAt opens the viewer and the drawer, and the settings of what is kept.
func (s *stage) filesLookedAt(t *testing.T) {
	t.Helper()
	s.w.Click(t, window.Select("picture-view"))
	s.w.See(t, `[data-testid="viewer-stage"] [data-state="loaded"]`)
	s.take(t, "files-viewer")
	s.escape(t, window.Select("image-viewer"))
	s.w.Click(t, window.Select("conversation-details"))
	for i, list := range []string{"room-photos", "room-files"} {
		s.w.Eval(t, fmt.Sprintf(`document.querySelectorAll('[data-testid="drawer-tabs"] input')[%d].click(), 0`, i+1), nil)
		s.w.See(t, window.Select(list))
		s.w.See(t, window.Select("room-files-row"))
		s.take(t, "files-"+list)
	}
	s.w.Click(t, window.Select("drawer-close"))
	s.w.Click(t, window.Select("rail-settings"))
	s.w.See(t, window.Select("settings-cache-limit"))
	s.w.Eval(t, `document.querySelector('[data-testid="settings-cache-limit"]').scrollIntoView({ block: 'center' }), 0`, nil)
	s.take(t, "files-storage")
	s.end(t)
}

// filesRefused drops what can't be sent, and sends what the server refuses once it has seen it.
func (s *stage) filesRefused(t *testing.T) {
	t.Helper()
	drop(t, s.w, sample{"빈 문서.txt", nil}, sample{"설치 프로그램.exe", []byte("MZ")})
	s.w.See(t, window.Select("refused-file"))
	s.take(t, "files-refused")
	s.w.Click(t, window.Select("refused-close"))
	drop(t, s.w, sample{"이름만 그림.png", []byte("<html></html>")})
	s.w.See(t, window.Select("held-file"))
	s.w.Click(t, window.Select("composer-send"))
	s.w.See(t, window.Select("message-discard"))
	s.end(t)
	s.take(t, "files-failed")
	s.w.Click(t, window.Select("file-cancel"))
	s.w.SeeGone(t, window.Select("message-discard"))
}

// filesOnTheirWay sends over a slow line, which then breaks.
func (s *stage) filesOnTheirWay(t *testing.T, network *backend.Proxy) {
	t.Helper()
	content := make([]byte, 9<<20) // more than what lies between the app and the server takes in
	copy(content, "Rar!\x1a\x07\x01\x00")
	network.Narrow(slow)
	drop(t, s.w, sample{"설계 묶음.rar", content}, sample{"도면 모음.rar", content})
	s.w.WaitFor(t, `document.querySelectorAll('[data-testid="held-file"]').length === 2`)
	s.w.Click(t, window.Select("composer-send"))
	s.w.WaitFor(t, `document.querySelector('[role="progressbar"]')?.ariaValueNow > 0`)
	s.end(t)
	s.take(t, "files-sending")
	s.w.Click(t, window.Select("transfers-button"))
	s.w.See(t, window.Select("transfer"))
	s.take(t, "files-transfers")
	s.escape(t, window.Select("transfer"))
	network.Cut()
	s.w.WaitFor(t, `document.querySelector('[data-testid="link-state"]')?.dataset.link === 'offline'`)
	s.take(t, "files-offline")
}
