package shell

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

func TestPictureInTheClipboardOfWindows(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewNRGBA(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	if err := (&Shell{}).CopyImage(picture.Bytes()); err != nil {
		t.Fatal(err)
	}
	there, _, _ := user32.NewProc("IsClipboardFormatAvailable").Call(formatDIBV5)
	if there == 0 {
		t.Error("no picture is there")
	}
	if err := (&Shell{}).CopyImage([]byte("no picture")); err == nil {
		t.Error("what is no picture was copied")
	}
}

func TestFoldersAndLanguageOfWindows(t *testing.T) {
	folder, err := (&Shell{}).Downloads()
	if err != nil || !filepath.IsAbs(folder) {
		t.Errorf("downloads: %q, %v", folder, err)
	}
	if language := SystemLanguage(); language != "ko" && language != "en" {
		t.Errorf("language %q", language)
	}
	systemIsDark() // whatever it says, it says it without a key too
}

// A file from somebody else is marked, and stays what it was.
func TestMarkOfTheWeb(t *testing.T) {
	path := filepath.Join(folder(t), "견적서.pdf")
	if err := os.WriteFile(path, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&Shell{}).Mark(path); err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(path); err != nil || string(raw) != "content" {
		t.Errorf("%q, %v", raw, err)
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
