package rig

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// BulkName is a kind of file that may hold anything: the server looks at its beginning and keeps the rest as it is.
const BulkName = "압축.rar"

// Bulk is a file of random bytes on the disk, which nothing can make smaller.
type Bulk struct {
	Path   string
	Size   int64
	SHA256 string // hex
}

// NewBulk writes one into a directory. The same seed makes the same bytes.
func NewBulk(dir string, size int64, seed uint64) (b Bulk, err error) {
	b = Bulk{Path: filepath.Join(dir, fmt.Sprintf("bulk-%d-%d", size, seed)), Size: size}
	f, err := os.OpenFile(b.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return b, fmt.Errorf("make a large file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var key [32]byte
	key[0] = byte(seed)
	sum := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<20)
	_, err = out.WriteString("Rar!\x1a\x07\x01\x00")
	if err == nil {
		_, err = io.CopyN(out, rand.NewChaCha8(key), size-int64(out.Buffered()))
	}
	if err = errors.Join(err, out.Flush(), f.Sync()); err != nil {
		return b, fmt.Errorf("fill a large file: %w", err)
	}
	b.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return b, nil
}

// Arrival takes the bytes of a download, and keeps no more than their checksum. It is a client.Sink.
type Arrival struct {
	sum  hash.Hash
	held int64
}

// NewArrival waits for the first byte.
func NewArrival() *Arrival { return &Arrival{sum: sha256.New()} }

// Write implements client.Sink.
func (a *Arrival) Write(p []byte) (int, error) {
	a.held += int64(len(p))
	return a.sum.Write(p)
}

// Held implements client.Sink.
func (a *Arrival) Held() int64 { return a.held }

// Restart implements client.Sink.
func (a *Arrival) Restart() error {
	a.held = 0
	a.sum.Reset()
	return nil
}

// SHA256 implements client.Sink.
func (a *Arrival) SHA256() string { return hex.EncodeToString(a.sum.Sum(nil)) }
