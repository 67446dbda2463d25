package autostart

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"

	"himsg/desktop/internal/core"
)

const testName = "himsg-of-a-test"

func TestEntryInTheRegistry(t *testing.T) {
	program := filepath.Join(folder(t), "Hi Msg 회사", "himsg.exe")
	if err := os.MkdirAll(filepath.Dir(program), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(program, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	a := &Autostart{opts: Options{Name: testName, Args: []string{"--hidden", "--profile", `C:\a b\`}}, program: program}
	t.Cleanup(func() { _ = a.Set(false) })
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
	set(false)
	is("nothing yet", core.AutostartOff)
	set(true)
	is("set", core.AutostartOn)
	if command := value(t, runKey); command != `"`+program+`" --hidden --profile "C:\a b\\"` {
		t.Errorf("wrote %s", command)
	}

	approved, _, err := registry.CreateKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer approved.Close()
	if err := approved.SetBinaryValue(testName, []byte{3, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8}); err != nil {
		t.Fatal(err)
	}
	is("switched off in the Task Manager", core.AutostartOff)
	set(true)
	is("and on again", core.AutostartOn)
	if err := approved.SetBinaryValue(testName, []byte{2, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	is("switched on in the Task Manager", core.AutostartOn)

	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	a.program += ".moved"
	is("the program was moved", core.AutostartMoved)
	set(false)
	set(false) // a repeat is harmless
	is("taken away", core.AutostartOff)
	if command := value(t, runKey); command != "" {
		t.Errorf("%s is still there", command)
	}
}

// value is what the entry of the test says.
func value(t *testing.T, path string) string {
	t.Helper()
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	text, _, err := key.GetStringValue(testName)
	if err != nil && !errors.Is(err, registry.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.TrimSpace(text)
}

// folder is a folder of the test's own. Its end is not looked at, as t.TempDir would: wine can't delete one as Go does it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "himsg-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}
