package sqlstore

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// A file that another process never lets go of becomes an error in time; one that it lets go of is opened.
func TestFileThatIsHeld(t *testing.T) {
	path := filepath.Join(t.TempDir(), sqliteFile)
	other, err := sqlite3.Open("file:" + uriPath(path))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	if err := other.Exec("begin exclusive"); err != nil {
		t.Fatal(err)
	}
	pool, err := sqlitePool{path, "immediate", "", 1, func(c *sqlite3.Conn) error {
		return c.Exec("pragma busy_timeout=10; pragma journal_mode=wal")
	}}.open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()

	const wait = 300 * time.Millisecond
	began := time.Now()
	err = awaitSQLite(t.Context(), pool, wait)
	if !errors.Is(err, sqlite3.BUSY) || !strings.Contains(startError(path, err).Error(), "is held by another program") {
		t.Errorf("while it is held: %v", err)
	}
	if took := time.Since(began); took < wait {
		t.Errorf("it gave up after %s", took)
	}

	opened := make(chan error, 1)
	go func() { opened <- awaitSQLite(t.Context(), pool, time.Minute) }()
	if err := other.Exec("rollback"); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Errorf("after it was let go: %v", err)
	}
}
