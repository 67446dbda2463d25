package store_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"himsg/desktop/internal/store"
)

func sealed(t *testing.T, s *store.Store, id string, content []byte) store.Upload {
	t.Helper()
	w, err := s.Seal(id)
	must(t, err)
	_, err = w.Write(content)
	must(t, err)
	u, err := w.Finish(store.Upload{RoomUUID: room, Name: "a.zip", Type: "application/zip"})
	must(t, err)
	must(t, s.HoldSealed(context.Background(), u, w))
	w.Abort() // it was taken: nothing happens
	u, err = s.Upload(context.Background(), id)
	must(t, err)
	return u
}

func unsealed(t *testing.T, s *store.Store, u store.Upload) []byte {
	t.Helper()
	f, err := s.OpenSealed(u)
	must(t, err)
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.NewSectionReader(f, 0, u.Size))
	must(t, err)
	return content
}

func TestSealedFilesAreReadAnywhere(t *testing.T) {
	s := fresh(t)
	const piece = 256 << 10
	for name, size := range map[string]int{"one": 1, "a piece": piece, "a piece and one": piece + 1, "several": 3*piece - 1} {
		t.Run(name, func(t *testing.T) {
			content := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
			u := sealed(t, s, name, content)
			if !bytes.Equal(unsealed(t, s, u), content) {
				t.Error("other bytes")
			}
			f, err := s.OpenSealed(u)
			must(t, err)
			defer func() { _ = f.Close() }()
			for _, from := range []int{0, size / 2, size - 1} {
				one := make([]byte, 1)
				if _, err := f.ReadAt(one, int64(from)); err != nil || one[0] != content[from] {
					t.Errorf("at %d: %v, %v", from, one, err)
				}
			}
			if _, err := f.ReadAt(make([]byte, 1), int64(size)); !errors.Is(err, io.EOF) {
				t.Errorf("behind the end: %v", err)
			}
		})
	}
}

func TestASpoiledSealedFileIsNotRead(t *testing.T) {
	s := fresh(t)
	u := sealed(t, s, "one", make([]byte, 1000))
	path := filepath.Join(s.Path()+".held", "one")
	content, err := os.ReadFile(path)
	must(t, err)
	content[500] ^= 1
	must(t, os.WriteFile(path, content, 0o600))
	f, err := s.OpenSealed(u)
	must(t, err)
	defer func() { _ = f.Close() }()
	if _, err := f.ReadAt(make([]byte, 10), 0); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("read: %v", err)
	}
}

func left(t *testing.T, path string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(path+".held", "*"))
	must(t, err)
	return list
}

func TestSealedFilesGoWithTheirRows(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	sealed(t, s, "one", []byte("1"))
	sealed(t, s, "two", []byte("2"))
	w, err := s.Seal("unfinished")
	must(t, err)
	_, err = w.Write(make([]byte, 1<<20))
	must(t, err)
	must(t, s.DropHeldUploads(ctx, room, []string{"one"}))
	if got := left(t, path); len(got) != 2 {
		t.Errorf("after one was dropped: %v", got)
	}
	must(t, s.Close())
	s = open(t, path)
	if got := left(t, path); len(got) != 1 || filepath.Base(got[0]) != "two" {
		t.Errorf("after a restart: %v", got)
	}
	must(t, s.EnqueueWithFiles(ctx, store.Outgoing{ClientID: "c", RoomUUID: room}, []string{"two"}))
	must(t, s.Discard(ctx, "c"))
	if got := left(t, path); len(got) > 0 {
		t.Errorf("after its message was discarded: %v", got)
	}
	sealed(t, s, "three", []byte("3"))
	must(t, s.Close())
	must(t, store.Wipe(path))
	if got := left(t, path); len(got) > 0 {
		t.Errorf("after a wipe: %v", got)
	}
}

func TestSealedFilesAreRescued(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	sealed(t, s, "one", []byte("내용"))
	must(t, s.Close())
	aside, err := store.SetAside(path, store.Damaged, time.Unix(1, 0))
	must(t, err)
	saved := store.Rescue(ctx, aside, keyA)
	s = open(t, path)
	for range 2 {
		must(t, s.Adopt(ctx, saved))
	}
	u, err := s.Upload(ctx, "one")
	must(t, err)
	if got := unsealed(t, s, u); string(got) != "내용" {
		t.Errorf("rescued %q", got)
	}
}

// What could not be taken over is put back whole, with the sealed files that the other store had taken already.
func TestStoreIsPutBack(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	sealed(t, s, "one", []byte("내용"))
	must(t, s.Close())
	aside, err := store.SetAside(path, store.Newer, time.Unix(1, 0))
	must(t, err)
	s = open(t, path)
	must(t, s.Adopt(ctx, store.Rescue(ctx, aside, keyA)))
	must(t, s.Close())
	must(t, store.PutBack(aside, path))
	s = open(t, path)
	u, err := s.Upload(ctx, "one")
	must(t, err)
	if got := unsealed(t, s, u); string(got) != "내용" {
		t.Errorf("put back %q", got)
	}
	if left, err := filepath.Glob(path + ".newer-*"); err != nil || len(left) > 0 {
		t.Errorf("left: %q, %v", left, err)
	}
}
