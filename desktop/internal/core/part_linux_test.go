package core_test

import (
	"os"
	"slices"
	"syscall"
	"testing"
	"unsafe"

	"himsg/desktop/internal/core"
)

// Windows removes no file that is open: of a download that is canceled while it runs, the part is closed first. Linux removes
// both ways, and says in which order it was.
func TestCanceledPartIsClosedBeforeItGoes(t *testing.T) {
	s, a, f := withFile(t, "a.zip", make([]byte, 1<<20))
	watch := watchFolder(t, a.folder)
	s.with(func() { s.files.hangDown = 300_000 })
	a.ok(a.DownloadFile(f.FileID))
	var id string
	a.until(t, "running", func() bool {
		for id = range a.moved {
			return a.moved[id].State == core.TransferRunning && filled(a.folder)
		}
		return false
	})
	a.ok(a.CancelTransfer(id))
	var seen []uint32
	for !slices.Contains(seen, syscall.IN_DELETE) {
		seen = append(seen, watch()...)
	}
	if i := slices.Index(seen, syscall.IN_CLOSE_WRITE); i < 0 || i > slices.Index(seen, syscall.IN_DELETE) {
		t.Error("the part was removed while it was open")
	}
	if entries, err := os.ReadDir(a.folder); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// filled reports whether bytes came into a folder.
func filled(folder string) bool {
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Size() > 0 {
			return true
		}
	}
	return false
}

// watchFolder returns what waits for the next events in a folder: a file was written and closed, or removed.
func watchFolder(t *testing.T, folder string) func() []uint32 {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if _, err := syscall.InotifyAddWatch(fd, folder, syscall.IN_CLOSE_WRITE|syscall.IN_DELETE); err != nil {
		t.Fatal(err)
	}
	return func() []uint32 {
		buffer := make([]byte, 4096)
		n, err := syscall.Read(fd, buffer)
		if err != nil {
			t.Fatal(err)
		}
		var out []uint32
		for at := 0; at+syscall.SizeofInotifyEvent <= n; {
			event := (*syscall.InotifyEvent)(unsafe.Pointer(&buffer[at])) // as inotify(7) lays it out
			out = append(out, event.Mask)
			at += syscall.SizeofInotifyEvent + int(event.Len)
		}
		return out
	}
}
