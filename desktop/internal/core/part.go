package core

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"himsg/desktop/internal/store"
)

// part gathers the bytes of a download. It is a client.Sink.
type part struct {
	file *os.File
	hash hash.Hash
	held int64
}

// openPart opens what came before, or begins. No link is followed: the folder may be one that others write to.
func openPart(ctx context.Context, path string, size int64) (*part, error) {
	if info, err := os.Lstat(path); err == nil && (!info.Mode().IsRegular() || info.Size() > size) {
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // G304: a path of core's own
	if err != nil {
		return nil, err
	}
	p := &part{file: f, hash: sha256.New()}
	for {
		n, err := io.CopyN(p.hash, f, 1<<20)
		p.held += n
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			p.Close()
			return nil, err
		}
	}
}

// Write implements client.Sink. What is half written is taken back.
func (p *part) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.hash.Write(b[:n])
	p.held += int64(n)
	return n, err
}

// Held implements client.Sink.
func (p *part) Held() int64 { return p.held }

// Restart implements client.Sink.
func (p *part) Restart() error {
	p.held = 0
	p.hash.Reset()
	if err := p.file.Truncate(0); err != nil {
		return err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return err
}

// SHA256 implements client.Sink.
func (p *part) SHA256() string { return hex.EncodeToString(p.hash.Sum(nil)) }

// Finish brings it to the disk and closes it.
func (p *part) Finish() error { return errors.Join(p.file.Sync(), p.file.Close()) }

// Close closes it; a repeat is harmless.
func (p *part) Close() { _ = p.file.Close() }

// removePart removes what came of a download that is not wanted. It may be gone.
func removePart(path string) { _ = os.Remove(path) }

// maxNames is how many numbers are tried for a free name.
const maxNames = 1000

// place gives a complete download its name, and returns where it is. What the user chose is replaced; in a folder a free
// name is taken: 보고서.pdf, 보고서 (1).pdf, …
func place(d store.Download) (string, error) {
	if d.Chosen {
		return d.Path, os.Rename(d.Part, d.Path)
	}
	name := diskName(d.File.Name)
	ext := filepath.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	for n := range maxNames {
		if n > 0 {
			number := fmt.Sprintf(" (%d)", n)
			name = shortened(stem, 255-len(number)-len(ext)) + number + ext
		}
		target := filepath.Join(d.Path, name)
		taken, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // G304: a name that is safe
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_ = taken.Close() // it only keeps the name until the next line
		return target, os.Rename(d.Part, target)
	}
	return "", fs.ErrExist
}
