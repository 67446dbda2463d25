package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Sealed files hold what the page handed over: bytes without a file of the user's to come back to, of any size. They lie in a
// folder beside the store, each in pieces under a key of its own (AES-256-GCM, the nonce is the number of the piece, which is
// written once), and the key is in the store: a file whose row is gone can't be read by anybody. Rows go in many ways, so
// every write looks whether a file has lost its own.

const (
	sealedPiece = 256 << 10
	sealedExtra = 16 // what GCM adds to a piece
)

// sealedFolder is where the sealed files of a store are.
func sealedFolder(path string) string { return path + ".held" }

func (s *Store) sealedPath(id string) string { return filepath.Join(sealedFolder(s.path), id) }

// Sealer takes the bytes of one sealed file, in order. It is not for several goroutines.
type Sealer struct {
	id    string
	key   []byte
	file  *os.File
	aead  cipher.AEAD
	open  []byte // what no piece is full of yet
	place uint64
	size  int64
}

// Seal begins a sealed file for an upload of that ID.
func (s *Store) Seal(id string) (*Sealer, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	aead, err := sealing(key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(sealedFolder(s.path), 0o700); err != nil {
		return nil, fmt.Errorf("folder of sealed files: %w", err)
	}
	f, err := os.OpenFile(s.sealedPath(id), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("begin a sealed file: %w", err)
	}
	return &Sealer{id: id, key: key, file: f, aead: aead, open: make([]byte, 0, sealedPiece)}, nil
}

func sealing(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of a sealed file: %w", err)
	}
	return cipher.NewGCM(block)
}

func sealedNonce(place uint64) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[4:], place)
	return nonce
}

// Size is how many bytes it has taken.
func (w *Sealer) Size() int64 { return w.size }

// Write implements io.Writer. After an error the file is of no more use.
func (w *Sealer) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		some := min(len(p), sealedPiece-len(w.open))
		w.open = append(w.open, p[:some]...)
		p = p[some:]
		n += some
		w.size += int64(some)
		if len(w.open) == sealedPiece {
			if err := w.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (w *Sealer) flush() error {
	if len(w.open) == 0 {
		return nil
	}
	if _, err := w.file.Write(w.aead.Seal(nil, sealedNonce(w.place), w.open, nil)); err != nil {
		return fmt.Errorf("write a sealed file: %w", err)
	}
	w.place++
	w.open = w.open[:0]
	return nil
}

// Abort removes what was written. It does nothing to one that HoldSealed has taken.
func (w *Sealer) Abort() {
	if w.file != nil {
		_ = w.file.Close() // nobody wants it
		_ = os.Remove(w.file.Name())
	}
}

// Finish brings the file to the disk and says in u how it is opened. It takes nothing more.
func (w *Sealer) Finish(u Upload) (Upload, error) {
	u.ID, u.Size, u.Seal = w.id, w.size, w.key
	err := w.flush()
	if err == nil {
		err = errors.Join(w.file.Sync(), w.file.Close())
	}
	if err != nil {
		return u, fmt.Errorf("finish a sealed file: %w", err)
	}
	return u, nil
}

// HoldSealed puts a finished sealed file at the end of a room's composer, durably.
func (s *Store) HoldSealed(ctx context.Context, u Upload, w *Sealer) error {
	if err := s.holdUpload(ctx, u, nil); err != nil {
		return err
	}
	w.file = nil
	return nil
}

// SealedFile reads a sealed file at any place.
type SealedFile struct {
	file *os.File
	aead cipher.AEAD
	size int64

	mu    sync.Mutex
	place int64 // of the piece that is open
	piece []byte
}

// OpenSealed opens the sealed file of an upload.
func (s *Store) OpenSealed(u Upload) (*SealedFile, error) {
	aead, err := sealing(u.Seal)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(s.sealedPath(u.ID))
	if err != nil {
		return nil, fmt.Errorf("open a sealed file: %w", err)
	}
	return &SealedFile{file: f, aead: aead, size: u.Size, place: -1}, nil
}

// Close implements io.Closer.
func (f *SealedFile) Close() error { return f.file.Close() }

// ReadAt implements io.ReaderAt.
func (f *SealedFile) ReadAt(p []byte, off int64) (n int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n < len(p) {
		if off >= f.size {
			return n, io.EOF
		}
		if err := f.unseal(off / sealedPiece); err != nil {
			return n, err
		}
		some := copy(p[n:], f.piece[off%sealedPiece:])
		n += some
		off += int64(some)
	}
	return n, nil
}

// unseal opens the piece of a place.
func (f *SealedFile) unseal(place int64) error {
	if place == f.place {
		return nil
	}
	length := min(sealedPiece, f.size-place*sealedPiece)
	sealed := make([]byte, length+sealedExtra)
	if _, err := f.file.ReadAt(sealed, place*(sealedPiece+sealedExtra)); err != nil {
		return fmt.Errorf("read a sealed file: %w", err)
	}
	piece, err := f.aead.Open(sealed[:0], sealedNonce(uint64(place)), sealed, nil)
	if err != nil {
		return fmt.Errorf("%w: a sealed file", ErrDamaged)
	}
	f.place, f.piece = place, piece
	return nil
}

// findSealed learns which sealed files there are, and removes those that were never finished.
func (s *Store) findSealed(ctx context.Context) error {
	list, err := os.ReadDir(sealedFolder(s.path))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("list sealed files: %w", err)
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	for _, entry := range list {
		s.sealed[entry.Name()] = true
	}
	return s.dropSealed(ctx, s.write)
}

// dropSealed removes the sealed files whose rows are gone. writing is held. One that can't be removed now (Windows keeps an
// open one) is tried again with the next write.
func (s *Store) dropSealed(ctx context.Context, from *sql.DB) error {
	if len(s.sealed) == 0 {
		return nil
	}
	rows, err := from.QueryContext(ctx, "select upload_id from uploads where seal is not null")
	ids, err := collect(rows, err, scanText)
	if err != nil {
		return fmt.Errorf("read sealed uploads: %w", err)
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	for id := range s.sealed {
		if wanted[id] {
			continue
		}
		if err := os.Remove(s.sealedPath(id)); err == nil || errors.Is(err, os.ErrNotExist) {
			delete(s.sealed, id)
		}
	}
	return nil
}

// moveSealed takes over the sealed file of an upload that another store had. A repeat is harmless.
func (s *Store) moveSealed(folder, id string) error {
	if err := os.MkdirAll(sealedFolder(s.path), 0o700); err != nil {
		return fmt.Errorf("folder of sealed files: %w", err)
	}
	err := os.Rename(filepath.Join(folder, id), s.sealedPath(id))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("move a sealed file: %w", err)
	}
	s.sealed[id] = true
	return nil
}
