package autostart

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
)

func TestEntry(t *testing.T) {
	config := filepath.Join(t.TempDir(), "설정 folder")
	t.Setenv("XDG_CONFIG_HOME", config)
	program := filepath.Join(t.TempDir(), "Hi Msg", "himsg")
	t.Setenv("APPIMAGE", program)
	if err := os.MkdirAll(filepath.Dir(program), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, nil, 0o700); err != nil {
		t.Fatal(err)
	}
	a, err := New(Options{Name: "himsg", Args: []string{"--hidden"}})
	if err != nil {
		t.Fatal(err)
	}
	is := func(what string, want core.AutostartState) {
		t.Helper()
		if got, err := a.State(); err != nil || got != want {
			t.Errorf("%s: %v, %v", what, got, err)
		}
	}
	set := func(on bool) {
		t.Helper()
		if err := a.Set(on); err != nil {
			t.Fatal(err)
		}
	}
	entry := filepath.Join(config, "autostart", "himsg.desktop")
	edit := func(before, after string) {
		t.Helper()
		text, err := os.ReadFile(entry)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(entry, []byte(strings.Replace(string(text), before, after, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	is("nothing yet", core.AutostartOff)
	set(false)
	set(true)
	is("set", core.AutostartOn)
	if text, err := os.ReadFile(entry); err != nil || !strings.Contains(string(text), "\nExec=\""+program+"\" \"--hidden\"\n") {
		t.Errorf("wrote %q, %v", text, err)
	}
	edit("enabled=true", "enabled=false") // by the session's own settings
	is("switched off elsewhere", core.AutostartOff)
	set(true)
	is("and on again", core.AutostartOn)
	edit("[Desktop Entry]", "[Desktop Entry]\nHidden=true")
	is("hidden", core.AutostartOff)
	set(true)

	moved := filepath.Join(t.TempDir(), "himsg")
	if err := os.Rename(program, moved); err != nil {
		t.Fatal(err)
	}
	a.program = moved
	is("the program was moved", core.AutostartMoved)
	set(true)
	is("mended", core.AutostartOn)
	edit(moved, "/bin/true")
	is("another copy of it", core.AutostartOn)
	edit("\"/bin/true\"", "no-such-program-anywhere")
	is("a program that is nowhere", core.AutostartMoved)
	set(false)
	is("taken away", core.AutostartOff)
	if _, err := os.Stat(entry); !os.IsNotExist(err) {
		t.Error("the entry is still there", err)
	}
}

func TestEntryThatCannotBeWritten(t *testing.T) {
	config := filepath.Join(t.TempDir(), "a file")
	if err := os.WriteFile(config, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", config)
	a, err := New(Options{Name: "himsg"})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Set(true); err == nil {
		t.Error("no error")
	}
}
