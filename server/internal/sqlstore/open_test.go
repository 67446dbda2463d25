package sqlstore_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
)

func TestMigrateAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		from, to, err := db.Migrate(context.Background())
		if err != nil || from != to || to == 0 {
			t.Errorf("second Migrate = %d, %d, %v", from, to, err)
		}
		current, newest, err := db.Version(context.Background())
		if err != nil || current != newest || current != to {
			t.Errorf("Version = %d, %d, %v; want %d", current, newest, err, to)
		}
		if err := db.Ping(context.Background()); err != nil {
			t.Errorf("Ping: %v", err)
		}
		about, err := db.About(context.Background())
		if err != nil || !strings.HasPrefix(about, "SQLite 3.") && !strings.HasPrefix(about, "MariaDB 1") {
			t.Errorf("About = %q, %v", about, err)
		}
		setUp(t, db, "update goose_db_version set version_id = 99999 where version_id = ?", to)
		if _, _, err := db.Migrate(context.Background()); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("a newer schema: %v", err)
		}
	})
}

// On Windows the usual folder of data has a space in its name.
func TestFolderWithAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Hi_Msg 서버 a+b 100% #?&=x")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := sqlstore.Open(context.Background(), sqlstore.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "himsg.db")); err != nil || info.Size() == 0 {
		t.Errorf("database %v, %v", info, err)
	}
}

// TestMigrateAtOnce starts several servers on an empty database at the same time.
func TestMigrateAtOnce(t *testing.T) {
	url, dir := storetest.SharedMariaDB(t).EmptyURL(t), t.TempDir()
	for name, o := range map[string]sqlstore.Options{"sqlite": {Dir: dir}, "mariadb": {URL: url, Dir: t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			var wg sync.WaitGroup
			for range 5 {
				wg.Go(func() {
					db, err := sqlstore.Open(context.Background(), o)
					if err != nil {
						t.Errorf("open: %v", err)
						return
					}
					defer db.Close()
					if _, _, err := db.Migrate(context.Background()); err != nil {
						t.Errorf("migrate: %v", err)
					}
				})
			}
			wg.Wait()
		})
	}
}

// TestStartErrors checks that a person who starts the server learns what is wrong, and that no password is told.
func TestStartErrors(t *testing.T) {
	good, empty := storetest.SharedMariaDB(t).URL(t), t.TempDir()
	notADatabase := t.TempDir()
	if err := os.WriteFile(filepath.Join(notADatabase, "himsg.db"), []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		options sqlstore.Options
		want    string
	}{
		"wrong user":     {sqlstore.Options{Dir: empty, URL: strings.Replace(good, "root@", "nobody:s3cret@", 1)}, `refuses the user name "nobody"`},
		"no database":    {sqlstore.Options{Dir: empty, URL: good + "x"}, "there is no database"},
		"unnamed":        {sqlstore.Options{Dir: empty, URL: good[:strings.LastIndex(good, "/")+1]}, "names no database"},
		"not mysql":      {sqlstore.Options{Dir: empty, URL: "postgres://a:s3cret@b/c"}, "must begin with mysql://"},
		"nonsense":       {sqlstore.Options{Dir: empty, URL: "mysql://a:s3cret@tcp(b"}, "not of the form"},
		"down":           {sqlstore.Options{Dir: empty, URL: "mysql://a:s3cret@127.0.0.1:1/c", Connect: -1}, "nothing answers at 127.0.0.1:1"},
		"no directory":   {sqlstore.Options{Dir: filepath.Join(notADatabase, "none")}, "is not a directory"},
		"not given":      {sqlstore.Options{}, "no data directory"},
		"not a database": {sqlstore.Options{Dir: notADatabase}, "is not an SQLite database"},
	} {
		db, err := sqlstore.Open(context.Background(), row.options)
		if err == nil {
			t.Errorf("%s: opened", name)
			_ = db.Close()
			continue
		}
		if !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v; want %q and no password", name, err, row.want)
		}
	}
}

func TestCloseEndsAllGoroutines(t *testing.T) {
	for name, open := range map[string]func(testing.TB) *sqlstore.DB{"sqlite": storetest.SQLite, "mariadb": storetest.MariaDB} {
		t.Run(name, func(t *testing.T) {
			before := goleak.IgnoreCurrent()
			db := open(t)
			people := storetest.People(t, db, 2)
			room := storetest.Group(t, db, people...)
			if _, err := db.Append(context.Background(), storetest.Draft(room, people[0], "x")); err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			goleak.VerifyNone(t, before)
			if err := db.Close(); err != nil {
				t.Errorf("second Close: %v", err)
			}
		})
	}
}
