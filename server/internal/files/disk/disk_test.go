package disk_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"himsg/server/internal/files"
	"himsg/server/internal/files/blobtest"
	"himsg/server/internal/files/disk"
)

func TestBlobs(t *testing.T) {
	blobtest.Run(t, func(t *testing.T) files.Blobs {
		s, err := disk.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestOnlyWeMayLook(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	s, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("ab", 16)
	if _, err := s.Append(t.Context(), name, 0, strings.NewReader("geheim")); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode().Perm())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
