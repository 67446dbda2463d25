package sqlstore_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

// TestIndexFileIsMadeAnew: the index is derived; whatever becomes of its file, nothing is lost.
func TestIndexFileIsMadeAnew(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"removed": os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
		"damaged": func(path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600)
		},
		"damaged inside": func(path string) error { // which shows only when it is used
			body, err := os.ReadFile(path)
			for i := range body[4096:] {
				body[4096+i] = 0xa5
			}
			return errors.Join(err, os.WriteFile(path, body, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			reopen(t, func(t *testing.T, open func() *sqlstore.DB, dir string) {
				db := open()
				people := storetest.People(t, db, 1)
				say(t, db, storetest.Group(t, db, people...), people[0], "그대로 있다")
				catchUp(t, db)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				if err := harm(filepath.Join(dir, "himsg-search.db")); err != nil {
					t.Fatal(err)
				}
				db = open()
				if _, err := db.CatchUp(context.Background()); err != nil { // it learns of the damage
					catchUp(t, db)
				}
				if got := hits(t, db, people[0], "그대로"); len(got) != 1 {
					t.Errorf("found %q", got)
				}
			})
		})
	}
}

// TestIndexFileIsOurs: the terms tell what was written, so nobody else may read them.
func TestIndexFileIsOurs(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there the directory's rights say so
	}
	reopen(t, func(t *testing.T, open func() *sqlstore.DB, dir string) {
		if err := os.WriteFile(filepath.Join(dir, "himsg-search.db"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		db := open()
		people := storetest.People(t, db, 1)
		storetest.Group(t, db, people...)
		catchUp(t, db)
		for _, name := range []string{"himsg-search.db", "himsg-search.db-wal"} {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil || info.Mode().Perm() != fs.FileMode(0o600) {
				t.Errorf("%s: %v, %v", name, info, err)
			}
		}
	})
}

// nodes are two servers on one database, each with its own data directory.
func nodes(t *testing.T) (a, b *sqlstore.DB, reopenB func() *sqlstore.DB) {
	url, dir := storetest.SharedMariaDB(t).URL(t), t.TempDir()
	openB := func() *sqlstore.DB { return storetest.OpenURL(t, url, dir) }
	return storetest.OpenURL(t, url, t.TempDir()), openB(), openB
}

// TestEachNodeHasItsIndex: what happened while a node was down it indexes later, new, edited and deleted messages.
func TestEachNodeHasItsIndex(t *testing.T) {
	ctx := context.Background()
	a, b, reopenB := nodes(t)
	people := storetest.People(t, a, 1)
	room := storetest.Group(t, a, people...)
	gone := say(t, a, room, people[0], "공지 하나")
	catchUp(t, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Delete(ctx, people[0], gone.ID, 1); err != nil {
		t.Fatal(err)
	}
	kept := say(t, a, room, people[0], "공지 둘")
	catchUp(t, a)
	b = reopenB()
	if n := catchUp(t, b); n != 2 {
		t.Errorf("the node indexed %d messages", n)
	}
	for name, db := range map[string]*sqlstore.DB{"the node that stayed": a, "the node that came back": b} {
		if ids, err := sqlstore.Indexed(ctx, db); err != nil || !slices.Equal(ids, []int64{kept.ID}) {
			t.Errorf("%s holds %v, want %d; %v", name, ids, kept.ID, err)
		}
		if got := hits(t, db, people[0], "공지"); !slices.Equal(got, []string{"공지 둘"}) {
			t.Errorf("%s finds %q", name, got)
		}
	}
}

// TestOtherNodesFindSoon: nobody tells a node what another one stored; it looks every three seconds.
func TestOtherNodesFindSoon(t *testing.T) {
	a, b, _ := nodes(t)
	people := storetest.People(t, a, 1)
	room := storetest.Group(t, a, people...)
	x := sqlstore.StartIndexer(b)
	defer x.Close()
	for _, word := range []string{"첫째", "둘째"} { // the second comes while it waits
		say(t, a, room, people[0], word)
		awaitHit(t, b, people[0], word, 10*time.Second)
	}
}

func awaitHit(t *testing.T, db *sqlstore.DB, who model.Actor, word string, within time.Duration) {
	t.Helper()
	giveUp := time.After(within)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for len(hits(t, db, who, word)) == 0 {
		select {
		case <-look.C:
		case <-giveUp:
			t.Fatalf("%q is not found after %s", word, within)
		}
	}
}
