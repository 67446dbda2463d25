package original

import (
	"context"
	"fmt"
	"io/fs"
	"os"

	"himsg/server/internal/legacy"
)

// Folder is an original's folder of uploads. Nothing outside of it can be opened through it, by ".." or by links.
type Folder struct{ root *os.Root }

var _ legacy.Uploads = (*Folder)(nil)

// OpenFolder opens the folder, or a copy of it. It must be closed.
func OpenFolder(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("original's folder of files: %w", err)
	}
	return &Folder{root}, nil
}

// Close implements io.Closer.
func (f *Folder) Close() error { return f.root.Close() }

// maxFiles bounds what is held of the folder in memory.
const maxFiles = 5_000_000

// Each implements legacy.Uploads. Links and devices are no files.
func (f *Folder) Each(ctx context.Context, fn func(path string, size int64) error) error {
	n := 0
	return fs.WalkDir(f.root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		n++
		if n > maxFiles {
			return fmt.Errorf("there are more than %d files", maxFiles)
		}
		return fn(path, info.Size())
	})
}

// Open implements legacy.Uploads.
func (f *Folder) Open(path string) (legacy.Upload, error) {
	file, err := f.root.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file", path)
	}
	if err != nil {
		_ = file.Close() // it was only looked at
		return nil, err
	}
	return upload{file, info.Size()}, nil
}

type upload struct {
	*os.File
	size int64
}

// Size implements legacy.Upload.
func (u upload) Size() int64 { return u.size }
