package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // registers the encrypting VFS

	"himsg/shared/prepared"
)

// Key encrypts the file. It is 32 random bytes.
type Key [32]byte

// ErrDamaged says that a file can't be used: it is not a database, was written with another key, or its content
// contradicts itself. The caller sets it aside (SetAside), reads what only it holds (Rescue) and opens a new one.
var ErrDamaged = errors.New("the local store is damaged")

// ErrNewer says that a newer version of the app wrote a file. It is whole, and nothing in it may be changed here.
var ErrNewer = errors.New("the local store is of a newer version of the app")

// ErrFull says that the disk, or the user's part of it, has no room for a write. What was there before it is whole.
var ErrFull = errors.New("no room on the disk for the local store")

// ErrNotFound says that a row does not exist here; the server may still have it.
var ErrNotFound = errors.New("not in the local store")

// readers is how many reads may go on at once. The page asks one thing at a time; sync reads beside it.
const readers = 3

// Store is one open file. Its methods may be called from several goroutines; each is one transaction.
type Store struct {
	path  string
	me    string
	write *sql.DB // one connection
	read  *sql.DB

	outside outsideLog

	// writing is held through a write, since the level of durability is a state of the one connection. It guards what
	// follows: the sealed files that there are, and the size of the cache of pictures, -1 while it is not known.
	writing      sync.Mutex
	sealed       map[string]bool
	pictureBytes int64
}

// Open opens the file of the user me, or makes it. The folder must exist. It returns ErrDamaged, possibly wrapped, when
// the file can't be used, and ErrNewer when only a newer version of the app can. It reads little of it: any later call may return
// ErrDamaged as well, and Check looks at all.
func Open(ctx context.Context, path string, key Key, me string) (*Store, error) {
	s := &Store{path: path, me: me, sealed: map[string]bool{}, pictureBytes: -1}
	var err error
	if s.write, err = connect(path, key, "immediate"); err != nil {
		return nil, err
	}
	s.write.SetMaxOpenConns(1)
	err = s.prepare(ctx)
	if err == nil {
		err = s.findSealed(ctx)
	}
	if err != nil {
		return nil, errors.Join(classify(err), s.write.Close())
	}
	if s.read, err = connect(path, key, "deferred"); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	s.read.SetMaxOpenConns(readers)
	return s, nil
}

// Close ends all work. Calls after it fail. When it has returned nil, nobody has the file open any more: it can be moved
// or wiped.
func (s *Store) Close() error {
	err := closeAll(s.read)
	// The last connection takes the journal in, but a cancelled call may have cost the writer its connection just now. What
	// fails here (a damaged file, a second Close) the next opening deals with: the journal is part of the store.
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	_, _ = s.write.ExecContext(ctx, "pragma wal_checkpoint(truncate)")
	return errors.Join(err, closeAll(s.write))
}

// How long closing waits for a connection whose call was cancelled, and how often it looks.
const (
	closeTime = 5 * time.Second
	closeLook = 2 * time.Millisecond
)

// closeAll closes a pool and waits for connections that are still at work: database/sql takes a cancelled one back in a
// goroutine of its own and tells nobody when it is done.
func closeAll(db *sql.DB) error {
	err := db.Close()
	for waited := time.Duration(0); db.Stats().OpenConnections > 0; waited += closeLook {
		if waited > closeTime {
			return errors.Join(err, errors.New("a connection to the local store does not end"))
		}
		time.Sleep(closeLook)
	}
	return err
}

// Path is where the file is.
func (s *Store) Path() string { return s.path }

func (s *Store) prepare(ctx context.Context) error {
	if err := migrate(ctx, s.write); err != nil {
		return err
	}
	var owner string
	err := s.write.QueryRowContext(ctx, "select value from meta where key = 'owner'").Scan(&owner)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = s.write.ExecContext(ctx, "insert into meta (key, value) values ('owner', ?)", s.me)
		owner = s.me
	}
	if err != nil {
		return fmt.Errorf("owner of the store: %w", err)
	}
	if owner != s.me {
		return fmt.Errorf("%w: it belongs to somebody else", ErrDamaged)
	}
	return nil
}

// Check reads every page once and returns ErrDamaged if any is broken. It takes a tenth of a second for 100,000 messages,
// so it is done beside the first paint and not before it.
func (s *Store) Check(ctx context.Context) error {
	var verdict string
	if err := s.read.QueryRowContext(ctx, "pragma quick_check(1)").Scan(&verdict); err != nil {
		return classify(fmt.Errorf("check the store: %w", err))
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	return nil
}

// connect gives a pool whose connections know the key. The key is set by pragma, not in the name, so that no error text
// carries it.
func connect(path string, key Key, txLock string) (*sql.DB, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("path of the store: %w", err)
	}
	name := url.URL{Scheme: "file", Opaque: uriPath(full), RawQuery: "vfs=adiantum&_txlock=" + txLock}
	open := prepared.Open
	if txLock == "deferred" {
		open = prepared.OpenReader
	}
	db, err := open(name.String(), func(c *sqlite3.Conn) error {
		err := c.Exec("pragma hexkey='" + hex.EncodeToString(key[:]) + "';" +
			"pragma busy_timeout=10000; pragma temp_store=memory; pragma journal_mode=wal;" +
			"pragma synchronous=normal; pragma foreign_keys=on;")
		if err != nil {
			return err
		}
		return fts5.Register(c) // after the key: it reads the file
	})
	if err != nil {
		return nil, fmt.Errorf("open the store: %w", err)
	}
	return db, nil
}

// uriPath is a full path as SQLite's names want it: "file:C:/…". After "file:///" it would take "/C:/…" for the path, since
// what it does about that on Windows is not in a build for every system.
func uriPath(full string) string {
	path := (&url.URL{Path: filepath.ToSlash(full)}).EscapedPath()
	if strings.HasPrefix(path, "//") { // a share of Windows: //server/…, which would be an authority
		path = "//" + path
	}
	return path
}

// classify marks the errors that mean "this file can't be used" and "there is no room".
func classify(err error) error {
	if errors.Is(err, sqlite3.FULL) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	for _, code := range []sqlite3.ErrorCode{sqlite3.NOTADB, sqlite3.CORRUPT, sqlite3.FORMAT} {
		if errors.Is(err, code) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return err
}

// Exists reports whether there is a file at path.
func Exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// parts are the files that make up one store.
func parts(path string) []string { return []string{path, path + "-wal", path + "-shm"} }

// Wipe removes a closed store and its sealed files. It is harmless when there is none.
func Wipe(path string) error {
	all := []error{os.RemoveAll(sealedFolder(path))}
	for _, p := range parts(path) {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = append(all, fmt.Errorf("wipe the store: %w", err))
		}
	}
	return errors.Join(all...)
}

// Why a store is set aside: a part of the name that it then has.
const (
	Damaged = "damaged"
	Newer   = "newer"
)

// SetAside renames a closed store to PATH.WHY-MILLISECONDS and returns the new path.
func SetAside(path, why string, now time.Time) (string, error) {
	aside := path + "." + why + "-" + strconv.FormatInt(now.UnixMilli(), 10)
	if err := move(path, aside); err != nil {
		return "", errors.Join(err, move(aside, path)) // all of it, or nothing
	}
	return aside, nil
}

// PutBack undoes SetAside. The closed store that was made at path since is removed; sealed files that it has adopted go back first.
func PutBack(aside, path string) error {
	adopted, err := os.ReadDir(sealedFolder(path))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("put the store back: %w", err)
	}
	for _, file := range adopted {
		if err := os.Rename(filepath.Join(sealedFolder(path), file.Name()), filepath.Join(sealedFolder(aside), file.Name())); err != nil {
			return fmt.Errorf("put the store back: %w", err)
		}
	}
	if err := Wipe(path); err != nil {
		return err
	}
	return move(aside, path)
}

func move(from, to string) error {
	for _, suffix := range []string{"", "-wal", "-shm", sealedFolder("")} {
		if err := os.Rename(from+suffix, to+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set the store aside: %w", err)
		}
	}
	return nil
}
