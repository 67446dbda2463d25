package shelf

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"himsg/shared/release"
)

// Checked is a release of the shelf, and what is wrong with it.
type Checked struct {
	Release
	Sequence int64 // also of one that can't be read
	// Faults are errors that match release.ErrBroken, release.ErrSignature, release.ErrExpired, ErrMissing, ErrFile, or the
	// disk's. Those of release.Err… are of the manifest, the others name a file.
	Faults []error
	// Unchecked are files that were not looked at, since ctx ended.
	Unchecked int
}

// Check looks at all that lies on the shelf, the newest first: manifests, how long they hold, who signed them if there are keys,
// and every byte of the installers. It changes nothing, and a server may be running.
func (s *Shelf) Check(ctx context.Context, keys []ed25519.PublicKey, now time.Time) ([]Checked, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the releases: %w", err)
	}
	var sequences []int64
	for _, entry := range entries {
		if sequence, err := strconv.ParseInt(entry.Name(), 10, 64); err == nil {
			sequences = append(sequences, sequence)
		}
	}
	slices.Sort(sequences)
	slices.Reverse(sequences)
	all := make([]Checked, 0, len(sequences))
	for _, sequence := range sequences[:min(len(sequences), MaxReleases)] {
		all = append(all, s.check(ctx, sequence, keys, now))
	}
	return all, nil
}

func (s *Shelf) check(ctx context.Context, sequence int64, keys []ed25519.PublicKey, now time.Time) Checked {
	c := Checked{Sequence: sequence}
	var err error
	if c.Release, err = s.readOne(sequence); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w: its manifest is missing", ErrMissing)
		}
		c.Faults = []error{err}
		return c
	}
	if len(keys) > 0 {
		if _, err := c.Signed.Open(keys); err != nil {
			c.Faults = append(c.Faults, err)
		}
	}
	if !now.Before(c.Expires) {
		c.Faults = append(c.Faults, release.ErrExpired)
	}
	for i, file := range c.Files {
		err := s.checkFile(ctx, sequence, file)
		if ctx.Err() != nil {
			c.Unchecked = len(c.Files) - i
			break
		}
		if err != nil {
			c.Faults = append(c.Faults, err)
		}
	}
	return c
}

// checkFile reads one installer from end to end.
func (s *Shelf) checkFile(ctx context.Context, sequence int64, want release.File) error {
	f, err := os.Open(filepath.Join(s.folder(sequence), want.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ErrMissing, want.Name)
	}
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(&stoppable{ctx, f}, want.Size+1))
	switch {
	case err != nil:
		return fmt.Errorf("read %s: %w", want.Name, err)
	case n != want.Size:
		return fmt.Errorf("%w: %s does not have %d bytes", ErrFile, want.Name, want.Size)
	case hex.EncodeToString(sum.Sum(nil)) != want.SHA256:
		return fmt.Errorf("%w: %s was changed", ErrFile, want.Name)
	}
	return nil
}
