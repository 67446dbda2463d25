package core_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
)

// A victim is an app in a process of its own, so that it can be killed in the middle of its work. It is this test's binary,
// told by the environment to be one: the server's address, the profile, what to do, and with which path or file_id.
const victimEnv = "HIMSG_TEST_VICTIM"

func victimFolder(profile string) string { return filepath.Join(profile, "downloads") }

// runVictim works until it is killed. Whatever goes wrong ends it, and the test sees that nothing comes.
func runVictim() {
	told := strings.Split(os.Getenv(victimEnv), "\n")
	address, profile, what, subject := told[0], told[1], told[2], told[3]
	p, k := newPage(), newKeyring()
	k.set(true) // what it keeps must outlive it: without a keyring the store's key is a file
	p.picked, p.folder = []string{subject}, victimFolder(profile)
	options := coreOptions(profile, k, p, &clock{})
	options.ServerPreset = address
	options.Pace.Progress = time.Nanosecond // the last byte that comes is told too
	c, err := core.New(options)
	if err != nil {
		os.Exit(3)
	}
	go func() { _ = c.Run(context.Background()) }() // it does not come back
	_, _ = c.Snapshot()                             // without a page nothing is told to one
	p.await(func() bool { return p.state.Phase == core.PhaseSignedOut })
	if c.SignIn("minji", "right password", false) != nil {
		os.Exit(4)
	}
	p.await(func() bool { return p.state.Link == core.LinkOnline && len(p.rooms) > 0 })
	switch what {
	case "upload": // the server sees how far it is
		if _, err = c.ChooseFiles(roomA); err == nil {
			var held []core.HeldFile
			p.await(func() bool { held = p.held[roomA]; return len(held) == 1 })
			_, err = c.Send(roomA, core.Draft{Files: handles(held)})
		}
	case "download":
		if _, err = c.OpenRoom(roomA, 0); err == nil {
			err = c.DownloadFile(subject)
		}
		if err == nil {
			p.await(func() bool {
				for _, t := range p.moved {
					return t.Done >= soFar
				}
				return false
			})
			_, err = fmt.Fprintln(os.Stdout, soFarLine)
		}
	}
	if err != nil {
		os.Exit(5)
	}
	select {}
}

// await waits without a test to fail.
func (p *page) await(ok func() bool) {
	for {
		p.mu.Lock()
		done, changed := ok(), p.changed
		p.mu.Unlock()
		if done {
			return
		}
		<-changed
	}
}

// soFar is how much a victim downloads before it says so, in a line.
const (
	soFar     = 1 << 20
	soFarLine = "so far"
)

// kill runs a victim until its work has come so far, and kills it. said is what it prints.
func kill(t *testing.T, s *server, profile, what, subject string, soFar func(said *bufio.Scanner)) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+strings.Join([]string{s.address(), profile, what, subject}, "\n"))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	impatient := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() }) // then nothing comes any more
	soFar(bufio.NewScanner(out))
	impatient.Stop()
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}

// afterwards is the app's next start over the victim's profile.
func afterwards(t *testing.T, s *server, profile string) *app {
	t.Helper()
	k := newKeyring()
	k.set(true)
	a := start(t, s, profile, k)
	a.ok(a.SignIn("minji", "right password", false))
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
	return a
}

func TestAnUploadOutlivesAKilledApp(t *testing.T) {
	s, profile := newServer(t), t.TempDir()
	content := pattern(6 << 20)
	path := filepath.Join(t.TempDir(), "큰 파일.zip")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	slow := make(chan struct{})
	s.with(func() { s.files.slow = slow })
	kill(t, s, profile, "upload", path, func(*bufio.Scanner) {
		for range 96 { // half of it, and no more
			select {
			case slow <- struct{}{}:
			case <-time.After(patience):
				t.Error("no bytes")
				return
			}
		}
	})
	s.with(func() { s.files.slow = nil })
	close(slow)

	a := afterwards(t, s, profile)
	a.until(t, "sent", func() bool { return len(s.texts(roomA)) > 0 })
	a.offline()
	a.online()
	if got := s.names(roomA); !slices.Equal(got, []string{":큰 파일.zip"}) {
		t.Errorf("the server has %q", got)
	}
	s.with(func() {
		if again := s.files.received - int64(len(content)); again > 2<<20 {
			t.Errorf("%d bytes were sent twice", again)
		}
		for _, f := range s.files.all {
			if f.Name == "큰 파일.zip" && f.state == "ready" && !bytes.Equal(f.content, content) {
				t.Error("other bytes arrived")
			}
		}
	})
}

func TestADownloadOutlivesAKilledApp(t *testing.T) {
	s, profile := newServer(t), t.TempDir()
	content := pattern(4 << 20)
	f := s.put(roomA, "큰 파일.zip", content)
	if err := os.Mkdir(victimFolder(profile), 0o700); err != nil {
		t.Fatal(err)
	}
	s.with(func() { s.files.hangDown = 2 << 20 })
	kill(t, s, profile, "download", f.FileID, func(said *bufio.Scanner) {
		if !said.Scan() || said.Text() != soFarLine {
			t.Error("the victim does not get so far")
		}
	})
	target := filepath.Join(victimFolder(profile), "큰 파일.zip")
	if _, err := os.Stat(target); err == nil {
		t.Fatal("half a file has the name of the whole")
	}

	a := afterwards(t, s, profile)
	a.until(t, "saved", func() bool { got, err := os.ReadFile(target); return err == nil && bytes.Equal(got, content) })
	if got := inFolder(t, victimFolder(profile)); len(got) != 1 {
		t.Errorf("%d files are in the folder", len(got))
	}
	s.with(func() {
		if again := s.files.sent - int64(len(content)); again > 1<<20 {
			t.Errorf("%d bytes were fetched twice", again)
		}
	})
}
