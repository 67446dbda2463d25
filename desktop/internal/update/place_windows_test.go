package update

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"himsg/shared/release"
)

func content(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(raw)
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Only what setup.exe put into this user's folder is the app's own to update.
func TestPlacesOfWindows(t *testing.T) {
	local := folder(t)
	t.Setenv("LOCALAPPDATA", local)
	for program, want := range map[string]string{
		filepath.Join(local, "Programs", "Hi_Msg", "himsg.exe"): release.KindSetup,
		filepath.Join(local, "PROGRAMS", "hi_msg", "himsg.exe"): release.KindSetup,
		filepath.Join(local, "Programs", "Other", "himsg.exe"):  "",
		`C:\Program Files\Hi_Msg\himsg.exe`:                     "",
	} {
		if kind := newPlace(program).kind(); kind != want {
			t.Errorf("%s: %q", program, kind)
		}
	}
	t.Setenv("LOCALAPPDATA", "")
	if kind := newPlace(`Programs\Hi_Msg\himsg.exe`).kind(); kind != "" {
		t.Errorf("without a folder: %q", kind)
	}
}

func TestTheFormerVersionComesBack(t *testing.T) {
	p := perUser{filepath.Join(folder(t), "himsg.exe")}
	put(t, p.file, "new")
	if err := p.restore(); err == nil || content(t, p.file) != "new" {
		t.Errorf("without a former one: %v, %q", err, content(t, p.file))
	}
	put(t, p.beside(oldName), "former")
	if err := p.restore(); err != nil || content(t, p.file) != "former" || content(t, p.beside(badName)) != "new" {
		t.Errorf("%v, %q, %q", err, content(t, p.file), content(t, p.beside(badName)))
	}
}

// A file that is not the one that was signed is never run.
func TestAnotherFileIsNotRun(t *testing.T) {
	p := perUser{filepath.Join(folder(t), "himsg.exe")}
	setup := filepath.Join(folder(t), "setup.exe")
	put(t, setup, "MZ no program")
	sum := sha256.Sum256([]byte("MZ another one"))
	for name, want := range map[string]release.File{
		"changed":  {Size: 13, SHA256: hex.EncodeToString(sum[:])},
		"too long": {Size: 5, SHA256: hex.EncodeToString(sum[:])},
	} {
		if err := p.put(context.Background(), setup, want, false); !errors.Is(err, errChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
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
