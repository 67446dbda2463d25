//go:build unix

package app

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRootIsKeptFromAnothersData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	me := os.Geteuid()
	if owner, is := ownedByAnother(path, me); is {
		t.Errorf("my own file is that of %d", owner)
	}
	if me == 0 {
		me = 65534
		if err := os.Chown(path, me, -1); err != nil {
			t.Fatal(err)
		}
	}
	if owner, is := ownedByAnother(path, 0); !is || owner != me {
		t.Errorf("root may work on a file of %d: %d, %v", me, owner, is)
	}
	if _, is := ownedByAnother(path, me); is {
		t.Error("its owner may not")
	}
	if _, is := ownedByAnother(path+"-missing", 0); is {
		t.Error("a missing file has an owner")
	}
}
