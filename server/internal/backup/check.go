package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// Checked is what a check found.
type Checked struct {
	Name             string
	Manifest         Manifest // empty without a key
	Rows             int64
	Blobs, Bytes     int64 // of the blobs that were read; without a key, that are there
	Missing, Damaged []string
	Opened           bool // it was decrypted and read to its end
}

// Whole reports whether nothing is missing or damaged.
func (c Checked) Whole() bool { return len(c.Missing)+len(c.Damaged) == 0 }

// Check reads a backup to its end, as a restore would; without a key file it looks only whether all its files are there. A snapshot that is
// damaged is an error (ErrDamaged); blobs that are missing or damaged are in Checked.
func Check(ctx context.Context, dir, name, keyFile string, progress func(what string, n int64)) (c Checked, err error) {
	f := folder(dir)
	if name, err = f.choose(name); err != nil {
		return c, err
	}
	c.Name = name
	if keyFile == "" {
		return c, f.readIndex(name, func(path string) {
			info, err := os.Stat(path)
			if err != nil {
				c.Missing = append(c.Missing, strings.TrimSuffix(filepath.Base(path), sealedExt))
				return
			}
			c.Blobs, c.Bytes = c.Blobs+1, c.Bytes+info.Size()
		})
	}
	keys, err := readKeys(keyFile)
	if err != nil {
		return c, err
	}
	blobs, err := c.open(ctx, f, keys, progress)
	if err != nil {
		return c, err
	}
	c.Opened = true
	for i, b := range blobs {
		n, err := f.eachByte(ctx, b, keys, func(int64, io.Reader) error { return nil })
		switch {
		case err == nil:
			c.Blobs, c.Bytes = c.Blobs+1, c.Bytes+n
		case errors.Is(err, fs.ErrNotExist):
			c.Missing = append(c.Missing, b.Name)
		case errors.Is(err, ErrDamaged):
			c.Damaged = append(c.Damaged, b.Name)
		default:
			return c, err
		}
		if (i+1)%100 == 0 {
			progress("files", int64(i+1))
		}
	}
	return c, nil
}

// open reads the snapshot to its end and returns the blobs that it refers to.
func (c *Checked) open(
	ctx context.Context, f folder, keys []age.Identity, progress func(what string, n int64),
) (blobs []Blob, err error) {
	err = f.read(ctx, c.Name, keys, visitor{
		manifest: func(m Manifest) error {
			c.Manifest = m
			return nil
		},
		key:      func(string, []byte) error { return nil },
		settings: func([]byte) error { return nil },
		rows: func(t Table, rows []Row) error {
			c.Rows += int64(len(rows))
			progress(t.Name, int64(len(rows)))
			return nil
		},
		blob: func(b Blob) error {
			blobs = append(blobs, b)
			return nil
		},
		archives: func(names []string) error {
			for _, n := range names {
				if _, err := os.Stat(f.archive(n)); err != nil {
					c.Missing = append(c.Missing, n)
				}
			}
			return nil
		},
	})
	return blobs, err
}
