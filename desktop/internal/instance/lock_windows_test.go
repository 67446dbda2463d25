package instance

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLockOfWindows(t *testing.T) {
	path := filepath.Join(folder(t), "lock")
	open := func() *os.File {
		t.Helper()
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first, second := open(), open()
	defer second.Close()
	if taken, err := tryLock(first); taken || err != nil {
		t.Fatalf("the first: %t, %v", taken, err)
	}
	if taken, err := tryLock(second); !taken || err != nil {
		t.Fatalf("the second: %t, %v", taken, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if taken, err := tryLock(second); taken || err != nil {
		t.Errorf("after the first has gone: %t, %v", taken, err)
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
