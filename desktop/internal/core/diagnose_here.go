package core

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"himsg/desktop/internal/store"
)

// This file holds the looks at what core itself needs of this PC.

// How much room on the disk is little, and how much is none.
const (
	littleDisk = 1 << 30
	noDisk     = 64 << 20
)

const secretProbe = "diagnosis-probe"

func (c *Core) ownChecks() []Check {
	return []Check{{"policy", c.lookPolicy}, {"store", c.lookStore}, {"keyring", c.lookKeyring}}
}

func (c *Core) lookPolicy(context.Context) Finding {
	p := c.o.Policy
	switch {
	case len(p.Faults) > 0:
		var text string
		for i, f := range p.Faults {
			if i > 0 {
				text += "; "
			}
			text += fmt.Sprintf("%s: %s %s", f.Key, f.Code, f.Detail)
		}
		return amiss("faults", "source", p.Source, "count", strconv.Itoa(len(p.Faults)), "faults", text)
	case p.Source != "":
		return good("holds", "source", p.Source)
	}
	return good("none")
}

func (c *Core) lookStore(ctx context.Context) Finding {
	fields := []string{"path", c.o.ProfileDir}
	free, err := freeBytes(c.o.ProfileDir)
	if err == nil {
		fields = append(fields, "free_mb", strconv.FormatInt(free>>20, 10))
	}
	if f, err := os.CreateTemp(c.o.ProfileDir, ".diagnosis-*"); err != nil {
		return bad("read_only", append(fields, "detail", shortError(err))...)
	} else if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return bad("read_only", append(fields, "detail", shortError(err))...)
	}
	if err == nil && free < noDisk {
		return bad("full", fields...)
	}
	s, missing := c.present()
	if missing != nil && c.storeIsNewer() {
		return bad("newer", fields...)
	}
	if missing == nil {
		fields = append(fields, "size_mb", strconv.FormatInt(sizeOf(s.store.Path())>>20, 10))
		if err := s.store.Check(ctx); errors.Is(err, store.ErrDamaged) {
			return bad("damaged", fields...)
		} else if err != nil {
			return bad("unreadable", append(fields, "detail", shortError(err))...)
		}
	}
	if err == nil && free < littleDisk {
		return amiss("little_room", fields...)
	}
	return good("sound", fields...)
}

// storeIsNewer reports that nobody is signed in because a newer version of the app wrote the store.
func (c *Core) storeIsNewer() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.newer != nil
}

func sizeOf(path string) (bytes int64) {
	for _, part := range []string{path, path + "-wal"} {
		if info, err := os.Stat(part); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// shortError leaves the path out: it stands in its own field.
func shortError(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return filepath.Base(err.Error())
}

// lookKeyring writes, reads and removes a probe.
func (c *Core) lookKeyring(ctx context.Context) Finding {
	ctx, cancel := context.WithTimeout(ctx, c.o.Pace.Keyring)
	defer cancel()
	probe := rand.Text()
	err := c.o.Secrets.Set(ctx, secretProbe, probe)
	var read string
	if err == nil {
		read, err = c.o.Secrets.Get(ctx, secretProbe)
		err = errors.Join(err, c.o.Secrets.Delete(ctx, secretProbe))
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bad("no_answer")
	case err != nil:
		return bad("failed", "detail", err.Error())
	case read != probe:
		return bad("forgets")
	}
	return good("works")
}
