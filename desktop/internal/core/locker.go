package core

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"himsg/desktop/internal/store"
)

// locker opens the store of a person on a server, and finds or makes its key.
//
// The key is in the keyring. Where the keyring does not work when a store is made, the key is in a file beside it that
// only this user may read: then the store is as safe as the user's other files and no safer, but what is queued in it
// survives. When an existing store's key is out of reach (keyring locked), the store is left alone and a second one, with
// its key in a file, takes its place until the keyring is back; then what the second one queued moves over.
type locker struct {
	dir   string // of the stores
	vault *vault
	clock Clock
	log   *slog.Logger
}

// storeName is the same for the same person on the same server, and tells neither.
func storeName(server, userUUID string) string {
	sum := sha256.Sum256([]byte(server + "\n" + userUUID))
	return hex.EncodeToString(sum[:10])
}

func (l *locker) path(name string) string    { return filepath.Join(l.dir, name+".db") }
func (l *locker) keyFile(name string) string { return filepath.Join(l.dir, name+".key") }

// second names the store that stands in while the first one's key is out of reach.
func second(name string) string { return name + "-2" }

// storeRequest says which store is wanted. suspect: it was found to be damaged while it was used. epoch: of the history for
// which the copy in it is to be made anew; nil: it is left as it is.
type storeRequest struct {
	name, user string
	suspect    bool
	epoch      *int64
}

// open returns the store and whether it had to be made anew because the file was damaged. What only the damaged or the
// second file held is moved into the new one as far as it can be read.
func (l *locker) open(ctx context.Context, want storeRequest) (*store.Store, bool, error) {
	name, userUUID := want.name, want.user
	if err := ctx.Err(); err != nil {
		return nil, false, err // else an ended call would pass for a keyring that does not answer
	}
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return nil, false, fmt.Errorf("folder of the stores: %w", err)
	}
	key, err := l.key(ctx, name)
	if errors.Is(err, errOutOfReach) {
		name = second(name)
		key, err = l.fileKey(name)
	}
	if err != nil {
		return nil, false, err
	}
	path := l.path(name)
	var s *store.Store
	err = store.ErrDamaged
	if !want.suspect {
		s, err = openFor(ctx, path, key, want)
	}
	reset := errors.Is(err, store.ErrDamaged)
	if reset {
		l.log.WarnContext(ctx, "local store damaged, set aside", slog.Any("error", err))
		s, err = l.replace(ctx, path, key, userUUID)
	}
	if err != nil {
		return nil, false, err
	}
	l.adoptSecond(ctx, s, name)
	return s, reset, nil
}

func openFor(ctx context.Context, path string, key store.Key, want storeRequest) (*store.Store, error) {
	s, err := store.Open(ctx, path, key, want.user)
	if err != nil || want.epoch == nil {
		return s, err
	}
	if err := s.StartAnew(ctx, *want.epoch); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (l *locker) replace(ctx context.Context, path string, key store.Key, userUUID string) (*store.Store, error) {
	l.removeOld(path)
	aside, err := store.SetAside(path, store.Damaged, l.clock.Now())
	if err != nil {
		return nil, err
	}
	saved := store.Rescue(ctx, aside, key)
	s, err := store.Open(ctx, path, key, userUUID)
	if err != nil {
		return nil, err
	}
	l.log.InfoContext(ctx, "new local store", slog.Int("rescued_messages", len(saved.Outgoing)),
		slog.Int("rescued_drafts", len(saved.Drafts)))
	if err := s.Adopt(ctx, saved); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// leaveNewer sets a store aside that a newer version of the app wrote, and makes one that this version can use, with what only the
// other held, as far as it can be read. When that fails, all is as it was.
func (l *locker) leaveNewer(ctx context.Context, name, userUUID string) (StoreAside, error) {
	key, err := l.key(ctx, name)
	if errors.Is(err, errOutOfReach) {
		name = second(name)
		key, err = l.fileKey(name)
	}
	if err != nil {
		return StoreAside{}, err
	}
	path := l.path(name)
	aside, err := store.SetAside(path, store.Newer, l.clock.Now())
	if err != nil {
		return StoreAside{}, err
	}
	saved := store.Rescue(ctx, aside, key)
	s, err := store.Open(ctx, path, key, userUUID)
	if err == nil {
		err = errors.Join(s.Adopt(ctx, saved), s.Close())
	}
	if err != nil {
		return StoreAside{}, errors.Join(err, store.PutBack(aside, path))
	}
	l.log.WarnContext(ctx, "store of a newer version set aside", slog.Int("rescued_messages", len(saved.Outgoing)),
		slog.Int("rescued_drafts", len(saved.Drafts)), slog.Bool("unread", saved.Unread))
	return StoreAside{
		Messages: len(saved.Outgoing), Drafts: len(saved.Drafts), Files: len(saved.Uploads), Unread: saved.Unread, Path: aside,
	}, nil
}

// removeOld keeps damaged files from piling up: the newest one is enough to look into.
func (l *locker) removeOld(path string) { l.removeAside(path, store.Damaged) }

func (l *locker) removeAside(path, why string) {
	old, err := filepath.Glob(path + "." + why + "-*")
	for _, p := range old {
		err = errors.Join(err, os.RemoveAll(p))
	}
	if err != nil {
		l.log.Warn("remove a store that was set aside", slog.Any("error", err))
	}
}

// adoptSecond moves what was queued while the first store was out of reach. A failure is logged and tried again at the
// next start.
func (l *locker) adoptSecond(ctx context.Context, s *store.Store, name string) {
	other := l.path(second(name))
	if !store.Exists(other) {
		return
	}
	key, err := l.fileKey(second(name))
	var saved store.Saved
	if err == nil {
		saved = store.Rescue(ctx, other, key)
		err = s.Adopt(ctx, saved)
	}
	if err == nil && saved.Unread && len(saved.Outgoing)+len(saved.Drafts)+len(saved.Uploads) == 0 {
		err = errUnread // of a newer version, or damaged: it stays where it is
	}
	if err == nil {
		err = s.Keep(ctx, keptLock, "") // the password may have been changed while the other store was in use
	}
	if err == nil {
		err = errors.Join(store.Wipe(other), os.Remove(l.keyFile(second(name))))
	}
	if err != nil {
		l.log.WarnContext(ctx, "take over what was queued without the keyring", slog.Any("error", err))
	}
}

// errUnread: nothing of a store could be read.
var errUnread = errors.New("what the other store holds can't be read")

// errOutOfReach: a store exists, but its key can't be read now.
var errOutOfReach = errors.New("the store's key is out of reach")

func (l *locker) key(ctx context.Context, name string) (store.Key, error) {
	if _, err := os.Stat(l.keyFile(name)); err == nil {
		return l.fileKey(name)
	}
	text, err := l.vault.Get(ctx, secretStoreKey+name)
	key, ok := parseKey(text)
	switch {
	case err == nil && ok:
		return key, nil
	case err == nil || errors.Is(err, ErrNoSecret):
		key, text = newKey()
		if l.vault.Keep(ctx, secretStoreKey+name, text) {
			return key, nil
		}
	case store.Exists(l.path(name)):
		return key, errOutOfReach
	}
	return l.fileKey(name)
}

// fileKey reads the key file, or makes it.
func (l *locker) fileKey(name string) (store.Key, error) {
	text, err := os.ReadFile(l.keyFile(name))
	if err == nil {
		if key, ok := parseKey(string(text)); ok {
			return key, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return store.Key{}, fmt.Errorf("read the store's key: %w", err)
	}
	key, fresh := newKey()
	if err := ReplaceFile(l.keyFile(name), []byte(fresh)); err != nil {
		return store.Key{}, err
	}
	return key, nil
}

func newKey() (store.Key, string) {
	var key store.Key
	_, _ = rand.Read(key[:]) // never fails, see crypto/rand
	return key, hex.EncodeToString(key[:])
}

func parseKey(text string) (store.Key, bool) {
	var key store.Key
	if len(text) != hex.EncodedLen(len(key)) {
		return key, false
	}
	_, err := hex.Decode(key[:], []byte(text))
	return key, err == nil
}

// wipe removes everything of a person: the stores, those set aside, and their keys.
func (l *locker) wipe(ctx context.Context, name string) error {
	var all []error
	for _, n := range []string{name, second(name)} {
		path := l.path(n)
		l.removeOld(path)
		l.removeAside(path, store.Newer)
		all = append(all, store.Wipe(path))
		if err := os.Remove(l.keyFile(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			all = append(all, fmt.Errorf("remove the store's key: %w", err))
		}
	}
	l.vault.Forget(ctx, secretStoreKey+name)
	return errors.Join(all...)
}

// day is the number of days since 1970.
func day(t time.Time) int64 { return t.Unix() / int64((24*time.Hour)/time.Second) }
