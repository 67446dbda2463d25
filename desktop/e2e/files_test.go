//go:build e2e

package e2e

import (
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"himsg/desktop/e2e/backend"
	"himsg/desktop/e2e/desk"
	"himsg/desktop/e2e/window"
)

// All kinds of the original, dropped on the window of one and saved by the other: bytes equal, names whole.
func TestFilesOfAllKinds(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	room := c.server.Post(t, hana, duri, "파일 보냅니다").RoomUUID
	sender, reader := c.open(t, window.Options{Server: c.server.URL()}), c.open(t, window.Options{Server: c.server.URL()})
	c.desk.Move(t, sender.ID(t), 10, 10)
	c.desk.Move(t, reader.ID(t), 1250, 10)
	signIn(t, sender, "hana")
	signIn(t, reader, "duri")
	openAtEnd(t, sender, room)
	openAtEnd(t, reader, room)
	for _, s := range samples(t) { // one after the other: only what is near the end is in the page
		t.Run(s.name, func(t *testing.T) {
			drop(t, sender, s)
			sender.See(t, window.Select("held-file"))
			sender.Click(t, window.Select("composer-send"))
			sender.SeeGone(t, window.Select("held-file"))
			arrives(t, c.desk, reader, s)
		})
	}
	sender.SeeGone(t, window.Select("message", "state", "sending"))
	sender.Picture(t, picture(t, "files-sent.png"))
	reader.Picture(t, picture(t, "files-received.png"))
}

// The app is killed as by a power cut while it sends a file, and started again: it goes on where it was, and the file arrives
// whole, with one message.
func TestFileSurvivesKill(t *testing.T) {
	c := newCompany(t)
	hana, duri := c.server.AddPerson(t, "hana", "이하나"), c.server.AddPerson(t, "duri", "박두리")
	room := c.server.Post(t, hana, duri, "설계 보냅니다").RoomUUID
	network, profile := backend.NewProxy(t, c.server.Address), filepath.Join(t.TempDir(), "profile")
	reader := c.open(t, window.Options{Server: c.server.URL()})
	signIn(t, reader, "duri")
	openAtEnd(t, reader, room)
	sender := c.open(t, window.Options{Server: network.URL(), Profile: profile})
	signIn(t, sender, "hana")
	openAtEnd(t, sender, room)

	content := make([]byte, 9<<20)
	if _, err := rand.NewChaCha8([32]byte{1}).Read(content); err != nil {
		t.Fatal(err)
	}
	copy(content, "Rar!\x1a\x07\x01\x00")
	s := sample{"설계 묶음.rar", content}
	drop(t, sender, s)
	sender.See(t, window.Select("held-file"))
	network.Narrow(4 << 20)
	before, size := network.Sent(), int64(len(content))
	sender.Click(t, window.Select("composer-send"))
	desk.Wait(t, 30*time.Second, "half of the file to be sent", func() bool { return network.Sent()-before > size/2 })
	sender.Kill()
	network.Cut() // what the kernel still holds of it would go on
	network.Mend()

	c.open(t, window.Options{Server: network.URL(), Profile: profile})
	arrives(t, c.desk, reader, s)
	if sent := network.Sent() - before; sent < size || sent > size+size/4 {
		t.Errorf("%d bytes were sent of a file of %d: it began anew", sent, size)
	}
	if stored := c.server.Messages(t, c.server.SignIn(t, "duri"), hana); len(stored) != 2 {
		t.Errorf("the server holds %d messages, want the greeting and the file", len(stored))
	}
}
