package legacy_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/files/disk"
	"himsg/server/internal/legacy"
	"himsg/server/internal/legacy/original"
	"himsg/server/internal/legacy/sample"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

var now = time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)

// old is an original Hi_Msg.
type old struct {
	url, dir string
	truth    sample.Truth
	db       *sql.DB
}

func newOld(t *testing.T, o sample.Options) old {
	t.Helper()
	server := storetest.SharedMariaDB(t)
	one := old{url: server.EmptyURL(t), dir: t.TempDir()}
	db, err := sql.Open("mysql", strings.TrimPrefix(one.url, "mysql://")+"?sql_mode=%27%27")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	o.Now, one.db = now, db
	if one.truth, err = sample.Make(context.Background(), db, one.dir, o); err != nil {
		t.Fatal(err)
	}
	return one
}

// read plans the import of an original into a store.
func (o old) read(t *testing.T, store legacy.Store, change func(*legacy.Options)) (*legacy.Plan, error) {
	t.Helper()
	source, err := original.Open(context.Background(), o.url)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := original.OpenFolder(o.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(source.Close(), folder.Close()) })
	options := legacy.Options{Zone: time.UTC, UnreadDays: 14, Now: now}
	if change != nil {
		change(&options)
	}
	return legacy.Read(context.Background(), source, folder, store, options)
}

// importer is package files as an import wants it.
type importer struct{ *files.Importer }

func (i importer) Examine(ctx context.Context, name string, content legacy.Upload) (*errs.Error, error) {
	err := i.Importer.Examine(ctx, name, content)
	if refusal := files.Refusal(err); refusal != nil {
		return refusal, nil
	}
	return nil, err
}

func (i importer) Bring(ctx context.Context, in legacy.Incoming) (model.File, *errs.Error, error) {
	f, err := i.Importer.Bring(ctx, files.Foreign{UUID: in.UUID, UploaderID: in.UploaderID, Name: in.Name, At: in.At, Content: in.Content})
	if refusal := files.Refusal(err); refusal != nil {
		return f, refusal, nil
	}
	return f, nil, err
}

func filesIn(t *testing.T, store files.Store, dir string) importer {
	t.Helper()
	blobs, err := disk.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return importer{files.NewImporter(files.Options{
		Store: store, Blobs: blobs, Painter: picture.NewPainter(), Clock: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler),
	})}
}

// hasher takes no time: package auth has its own tests.
type hasher struct{}

func (hasher) HashOld(_ context.Context, old string) (string, error) {
	return "$argon2id-sha256$" + old[:8], nil
}

// target is where the tests import to.
func target(t *testing.T, db place) legacy.Target {
	t.Helper()
	return legacy.Target{Store: db, Files: filesIn(t, db, t.TempDir()), Hasher: hasher{}}
}

// TestAWholeCompanyMoves: what the sample says can come is there, what can't is named.
func TestAWholeCompanyMoves(t *testing.T) {
	one := newOld(t, sample.Options{People: 20, Messages: 400, Files: 40, Seed: 1})
	onBoth(t, func(t *testing.T, open func(*testing.T) place) {
		db := open(t)
		plan, err := one.read(t, db, nil)
		if err == nil {
			err = plan.Move(context.Background(), target(t, db))
		}
		if err != nil {
			t.Fatal(err, problems(plan))
		}
		r, truth := plan.Report, one.truth
		for name, c := range map[string]struct{ got, want int }{
			"people": {r.People, truth.People}, "people who are gone": {r.Ghosts, truth.Ghosts}, "groups": {r.Groups, truth.Groups},
			"messages": {int(r.Target.Messages), truth.Messages}, "files": {int(r.Target.Files), truth.Files},
			"bytes": {int(r.Target.Bytes), int(truth.Bytes)}, "overwritten": {int(r.Count(legacy.KindFileOverwritten)), truth.Overwritten},
			"missing": {int(r.Count(legacy.KindFileMissing)), truth.Missing}, "refused": {int(r.Count(legacy.KindFileRefused)), truth.Refused},
			"outside": {int(r.Count(legacy.KindFileOutside)), truth.Outside}, "unclaimed": {int(r.Count(legacy.KindFileUnclaimed)), truth.Unclaimed},
			"reencoded": {int(r.Count(legacy.KindTextReencoded)), truth.Reencoded}, "cleaned": {int(r.Count(legacy.KindTextCleaned)), truth.Cleaned},
			"split": {int(r.Count(legacy.KindTextSplit)), truth.Split}, "without a time": {int(r.Count(legacy.KindTimeMissing)), truth.NoTime},
			"user names changed": {int(r.Count(legacy.KindRenamed)), 1}, "passwords lost": {int(r.Count(legacy.KindNoPassword)), 1},
			"empty rooms": {int(r.Count(legacy.KindRoomEmpty)), 1}, "members twice": {int(r.Count(legacy.KindSeatDuplicate)), 1},
			"members of nothing": {int(r.Count(legacy.KindSeatOrphan)), 2}, "marks of nothing": {int(r.Count(legacy.KindReadOrphan)), 1},
			"marks twice": {int(r.Count(legacy.KindReadDuplicate)), 1}, "requests for a password": {int(r.Count(legacy.KindReset)), 1},
			"administrators who were not let in": {int(r.Count(legacy.KindAdminDropped)), 1},
		} {
			if c.got != c.want {
				t.Errorf("%s: %d, want %d", name, c.got, c.want)
			}
		}
		if r.Source != *r.Target {
			t.Errorf("checksums: %+v there, %+v here", r.Source, r.Target)
		}
		looksRight(t, db, one)
		again, err := one.read(t, db, nil)
		if err == nil {
			err = again.Move(context.Background(), target(t, db))
		}
		if err != nil || !again.Report.Before {
			t.Errorf("once more: %v, %t", err, again.Report.Before)
		}
		if n := count(t, db, "select count(*) from messages"); n != truth.Messages {
			t.Errorf("%d messages after a second run", n)
		}
	})
}

func problems(p *legacy.Plan) []legacy.Problem {
	if p == nil {
		return nil
	}
	return p.Report.Problems
}

// place is a database to import to, and the rows in it.
type place struct {
	*sqlstore.DB
	rows *sql.DB
}

// onBoth runs a test with each database.
func onBoth(t *testing.T, run func(t *testing.T, open func(t *testing.T) place)) {
	t.Run("sqlite", func(t *testing.T) { run(t, inFile) })
	t.Run("mariadb", func(t *testing.T) {
		run(t, func(t *testing.T) place {
			url := storetest.SharedMariaDB(t).URL(t)
			return place{storetest.OpenURL(t, url, t.TempDir()), rowsOf(t, "mysql", strings.TrimPrefix(url, "mysql://"))}
		})
	})
}

func inFile(t *testing.T) place {
	dir := t.TempDir()
	return place{storetest.SQLiteIn(t, dir), rowsOf(t, "sqlite3", "file:"+filepath.ToSlash(filepath.Join(dir, "himsg.db")))}
}

func rowsOf(t *testing.T, driver, dsn string) *sql.DB {
	t.Helper()
	rows, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rows.Close() })
	return rows
}

func count(t *testing.T, db place, query string, args ...any) (n int) {
	t.Helper()
	if err := db.rows.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// looksRight looks at the rows as a server will.
func looksRight(t *testing.T, db place, one old) {
	t.Helper()
	for what, c := range map[string]struct {
		query string
		want  int
	}{
		"gaps in a room": {`select count(*) from rooms r where r.last_seq <> (select count(*) from messages m where m.room_id = r.id)
  or r.last_seq > 0 and r.last_seq <> (select max(m.seq) from messages m where m.room_id = r.id)`, 0},
		"messages out of order":              {"select count(*) from messages a join messages b on b.room_id = a.room_id and b.seq = a.seq + 1 where b.created_at < a.created_at", 0},
		"numbers of rooms":                   {"select count(*) from rooms where rev <> last_seq + 1 or meta_rev <> 1 or timed_from <> last_seq", 0},
		"rooms without an owner":             {"select count(*) from rooms r where r.kind = 'group' and not exists (select 1 from room_members m where m.room_id = r.id and m.role = 'owner')", 0},
		"cursors beyond the end":             {"select count(*) from room_members m join rooms r on r.id = m.room_id where m.last_read_seq > r.last_seq", 0},
		"directs with something unread":      {"select count(*) from room_members m join rooms r on r.id = m.room_id where r.kind <> 'group' and m.last_read_seq < r.last_seq", 0},
		"old hashes as they were":            {"select count(*) from users where password_hash not like '$argon2id-sha256$%' and password_hash <> ''", 0},
		"active people":                      {"select count(*) from users where state = 'active'", one.truth.Active},
		"administrators":                     {"select count(*) from users where role <> 'user'", 1},
		"active people without a department": {"select count(*) from users where state = 'active' and department_id is null", 0},
		"files without a message":            {"select count(*) from files where sent_at is null", 0},
		"files of messages":                  {"select count(*) from message_files", one.truth.Files},
		"file messages that say so":          {"select count(*) from messages m join message_files x on x.message_id = m.id where m.text <> ''", 0},
		"messages that lost their file":      {"select count(*) from messages where text like '%파일을 옮기지 못했습니다.)'", one.truth.Overwritten + one.truth.Missing + one.truth.Refused + one.truth.Outside},
		"entries in the audit":               {"select count(*) from audit where action in ('legacy_begun', 'legacy_imported')", 2},
	} {
		if n := count(t, db, c.query); n != c.want {
			t.Errorf("%s: %d, want %d", what, n, c.want)
		}
	}
	// Half of the members of groups have something unread, but nobody more than two weeks of it.
	unread := count(t, db, "select count(*) from room_members m join rooms r on r.id = m.room_id where m.last_read_seq < r.last_seq")
	seats := count(t, db, "select count(*) from room_members m join rooms r on r.id = m.room_id where r.kind = 'group'")
	if unread == 0 || unread > seats {
		t.Errorf("%d of %d members have something unread", unread, seats)
	}
	old := count(t, db, `select count(*) from messages m join room_members s on s.room_id = m.room_id and s.last_read_seq < m.seq
  where m.created_at < ?`, now.AddDate(0, 0, -15).UnixMilli())
	if old != 0 {
		t.Errorf("%d messages of long ago are unread", old)
	}
	if report, err := db.CheckAudit(context.Background()); err != nil || !report.Whole() {
		t.Errorf("audit: %v, %s", err, report.Fault)
	}
}

var errCut = errors.New("cut off")

// cuts breaks an import off at its n-th write, before or after it.
type cuts struct {
	legacy.Store
	legacy.Files
	n     int
	after bool
}

func (c *cuts) cut(do func() error) error {
	c.n--
	switch {
	case c.n > 0:
		return do()
	case c.n == 0 && c.after:
		if err := do(); err != nil {
			return err
		}
	}
	return errCut
}

func (c *cuts) BeginLegacy(ctx context.Context, i legacy.Import, e model.AuditEntry) (out legacy.Import, err error) {
	return out, c.cut(func() (err error) { out, err = c.Store.BeginLegacy(ctx, i, e); return err })
}

func (c *cuts) AddLegacyPeople(ctx context.Context, s legacy.Step, people []legacy.NewPerson) error {
	return c.cut(func() error { return c.Store.AddLegacyPeople(ctx, s, people) })
}

func (c *cuts) AddLegacyRooms(ctx context.Context, s legacy.Step, rooms []legacy.NewRoom) error {
	return c.cut(func() error { return c.Store.AddLegacyRooms(ctx, s, rooms) })
}

func (c *cuts) AddLegacyMessages(ctx context.Context, s legacy.Step, messages []legacy.NewMessage) error {
	return c.cut(func() error { return c.Store.AddLegacyMessages(ctx, s, messages) })
}

func (c *cuts) SeatLegacy(ctx context.Context, s legacy.Step, rooms []legacy.NewSeats) error {
	return c.cut(func() error { return c.Store.SeatLegacy(ctx, s, rooms) })
}

func (c *cuts) NextLegacyPhase(ctx context.Context, id int64, from, to legacy.Phase, at int64) error {
	return c.cut(func() error { return c.Store.NextLegacyPhase(ctx, id, from, to, at) })
}

func (c *cuts) EndLegacy(ctx context.Context, id int64, detail string, e model.AuditEntry) error {
	return c.cut(func() error { return c.Store.EndLegacy(ctx, id, detail, e) })
}

// cutFiles breaks off within the bringing of a file.
type cutFiles struct {
	files.Store
	*cuts
}

func (c cutFiles) AddFile(ctx context.Context, f model.File, p wire.FilePolicy) (out model.File, err error) {
	return out, c.cut(func() (err error) { out, err = c.Store.AddFile(ctx, f, p); return err })
}

func (c cutFiles) Checking(ctx context.Context, id, size, at int64) (out bool, err error) {
	return out, c.cut(func() (err error) { out, err = c.Store.Checking(ctx, id, size, at); return err })
}

func (c cutFiles) Ready(ctx context.Context, f model.File, at int64) error {
	return c.cut(func() error { return c.Store.Ready(ctx, f, at) })
}

// TestAnImportGoesOnWhereItWasBrokenOff: broken off again and again, before and after its writes, it ends with every row once.
func TestAnImportGoesOnWhereItWasBrokenOff(t *testing.T) {
	one := newOld(t, sample.Options{People: 14, Messages: 200, Files: 8, Seed: 3})
	onBoth(t, func(t *testing.T, open func(*testing.T) place) {
		db, dir := open(t), t.TempDir()
		broken := 0
		for ; ; broken++ {
			if broken > 100 {
				t.Fatal("it never ends")
			}
			c := &cuts{Store: db, n: 1 + broken%4, after: broken%2 == 1}
			plan, err := one.read(t, db, nil)
			if err == nil {
				err = plan.Move(context.Background(), legacy.Target{Store: c, Files: filesIn(t, cutFiles{db.DB, c}, dir), Hasher: hasher{}})
			}
			if err == nil {
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatal(err, problems(plan))
			}
		}
		if broken < 12 {
			t.Errorf("it was broken off %d times only", broken)
		}
		if n := count(t, db, "select count(*) from messages"); n != one.truth.Messages {
			t.Errorf("%d messages, want %d", n, one.truth.Messages)
		}
		if n := count(t, db, "select count(*) from files"); n != one.truth.Files {
			t.Errorf("%d files, want %d", n, one.truth.Files)
		}
		looksRight(t, db, one)
	})
}

// TestWhoIsHereAlreadyStopsTheImportOrIsLinked: nobody gets another's conversations because of a name.
func TestWhoIsHereAlreadyStopsTheImportOrIsLinked(t *testing.T) {
	one := newOld(t, sample.Options{People: 14, Messages: 200, Seed: 5})
	here := func(t *testing.T, username, number string) place {
		db := inFile(t)
		_, err := db.CreateAccount(context.Background(), model.User{
			UUID: "10000000-0000-4000-8000-000000000001", Username: username, EmployeeID: number, Name: "이미", PasswordHash: "x",
			Role: wire.RoleOwner, State: wire.UserActive, CreatedAt: 1, UpdatedAt: 1,
		}, "", model.AuditEntry{At: 1, Action: model.AuditOwnerCreated})
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	for _, c := range []struct {
		name, username, number string
		link                   bool
		kind                   legacy.Kind
		stops                  bool
	}{
		{"the same user name", "OLD00003", "X1", false, legacy.KindTaken, true},
		{"the same person, not linked", "old00003", "E00003", false, legacy.KindTaken, true},
		{"only the user name, linked", "old00003", "X1", true, legacy.KindOtherPerson, true},
		{"two people at once, linked", "old00003", "E00004", true, legacy.KindOtherPerson, true},
		{"the same person, linked", "old00003", "E00003", true, legacy.KindLinked, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := here(t, c.username, c.number)
			plan, err := one.read(t, db, func(o *legacy.Options) { o.Link = c.link })
			if err != nil {
				t.Fatal(err)
			}
			if plan.Report.Count(c.kind) == 0 || plan.Report.Stops() != c.stops {
				t.Errorf("stops %t: %+v", plan.Report.Stops(), plan.Report.Kinds)
			}
			err = plan.Move(context.Background(), target(t, db))
			if errs.Is(err, wire.Conflict) != c.stops || err != nil && !c.stops {
				t.Fatal(err)
			}
			if c.stops {
				if n := count(t, db, "select count(*) from users"); n != 1 {
					t.Errorf("%d users after an import that was stopped", n)
				}
				return
			}
			if n := count(t, db, "select count(*) from messages m join users u on u.id = m.sender_id where u.name = '이미'"); n == 0 {
				t.Error("the linked person has written nothing")
			}
			if n := count(t, db, "select count(*) from users where password_hash = 'x' and role = 'owner'"); n != 1 {
				t.Error("the linked account was changed")
			}
		})
	}
}

// TestAnOriginalThatWentOnIsNotMixedIn: an import begins and ends with one state of the original.
func TestAnOriginalThatWentOnIsNotMixedIn(t *testing.T) {
	one := newOld(t, sample.Options{People: 14, Messages: 200, Seed: 7})
	db := inFile(t)
	plan, err := one.read(t, db, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &cuts{Store: db, n: 5}
	if err := plan.Move(context.Background(), legacy.Target{Store: c, Files: filesIn(t, db, t.TempDir()), Hasher: hasher{}}); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	if unfinished, err := db.LegacyUnfinished(context.Background()); err != nil || !unfinished {
		t.Errorf("%t, %v: no server may start now", unfinished, err)
	}
	if _, err := one.db.Exec("insert into messages (sender_id, sender_uuid, receiver_id, receiver_uuid, message_text, timestamp) select id, user_uuid, id, user_uuid, '더', '2026-11-27 07:59:00' from users limit 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := one.read(t, db, nil); !errs.Is(err, wire.Conflict) {
		t.Errorf("a half import and a changed original: %v", err)
	}
	if _, err := one.db.Exec("delete from messages where message_text = '더'"); err != nil {
		t.Fatal(err)
	}
	if plan, err = one.read(t, db, nil); err != nil || !plan.Report.Resumed {
		t.Fatal(err)
	}
	if err := plan.Move(context.Background(), target(t, db)); err != nil {
		t.Fatal(err)
	}
	if _, err := one.read(t, db, func(o *legacy.Options) { o.UnreadDays = 3 }); !errs.Is(err, wire.Conflict) {
		t.Errorf("a second import with other options: %v", err)
	}
}
