package backup_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/backup"
)

// company is a database and its files in memory: both ends of a backup.
type company struct {
	version int64
	tables  []backup.Table
	rows    map[string][]backup.Row
	listed  []backup.Blob
	blobs   map[string][]byte
	noted   []string
	loaded  int
	failAt  int // the row at which loading fails; 0: none
}

func newCompany() *company {
	c := &company{
		version: 3,
		tables: []backup.Table{
			{Name: "empty", Columns: []backup.Column{{"id", backup.Integer}}},
			{Name: "notes", Columns: []backup.Column{{"id", backup.Integer}, {"text", backup.Text}, {"data", backup.Bytes}}, Counter: 9},
		},
		rows:  map[string][]backup.Row{},
		blobs: map[string][]byte{},
	}
	for i := range 3000 {
		c.rows["notes"] = append(c.rows["notes"], backup.Row{int64(i), fmt.Sprintf("가나다 %d \"\\\n\u2028", i), []byte{0, 1, byte(i)}})
	}
	c.rows["notes"] = append(c.rows["notes"], backup.Row{int64(1) << 62, nil, nil}, backup.Row{int64(-1), "\xff\xfe", []byte{}})
	for i := range 5 {
		content := bytes.Repeat([]byte{byte(i)}, i*40_000)
		sum := sha256.Sum256(content)
		name := fmt.Sprintf("%032x", i*1000)
		c.blobs[name] = content
		c.listed = append(c.listed, backup.Blob{Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])})
	}
	return c
}

func (c *company) Dump(_ context.Context, to backup.Sink) error {
	if err := to.Begin(backup.Schema{Version: c.version, Engine: "memory", Tables: c.tables}); err != nil {
		return err
	}
	for i, t := range c.tables {
		for _, r := range c.rows[t.Name] {
			if err := to.Row(i, r); err != nil {
				return err
			}
		}
	}
	for _, b := range c.listed {
		if err := to.Blob(b); err != nil {
			return err
		}
	}
	return nil
}

func (c *company) Blobs(_ context.Context, names []string) (known []string, err error) {
	for _, b := range c.listed {
		if slices.Contains(names, b.Name) {
			known = append(known, b.Name)
		}
	}
	return known, nil
}

func (c *company) NoteBackup(_ context.Context, _ int64, detail string) error {
	c.noted = append(c.noted, detail)
	return nil
}

func (c *company) NewestSchema(context.Context) (int64, error) { return 3, nil }

func (c *company) ClearAll(_ context.Context, version int64, _ bool) error {
	c.version, c.rows = version, map[string][]backup.Row{}
	return nil
}

func (c *company) LoadRows(_ context.Context, t backup.Table, rows []backup.Row) error {
	for _, r := range rows {
		if c.loaded++; c.loaded == c.failAt {
			return errors.New("the power is gone")
		}
		c.rows[t.Name] = append(c.rows[t.Name], slices.Clone(r))
	}
	return nil
}

func (c *company) FinishRestore(_ context.Context, tables []backup.Table, _ int64, detail string) error {
	c.tables, c.noted = tables, append(c.noted, detail)
	return nil
}

func (c *company) CountRows(_ context.Context, table string) (int64, error) {
	return int64(len(c.rows[table])), nil
}

func (c *company) Read(_ context.Context, name string) (io.ReadCloser, int64, error) {
	content, ok := c.blobs[name]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(content)), int64(len(content)), nil
}

func (c *company) Write(_ context.Context, name string, _ int64, r io.Reader) error {
	content, err := io.ReadAll(r)
	if err == nil {
		c.blobs[name] = content
	}
	return err
}

func (c *company) Size(_ context.Context, name string) (int64, error) {
	return int64(len(c.blobs[name])), nil
}

// vault is where a test backs up to, and with which keys.
type vault struct {
	t                 *testing.T
	dir, key, public  string
	keys              map[string]string
	settings, archive string
	now               time.Time
}

func newVault(t *testing.T) *vault {
	t.Helper()
	dir := t.TempDir()
	v := &vault{
		t: t, dir: filepath.Join(dir, "backups"), key: filepath.Join(dir, "key"), settings: filepath.Join(dir, "settings.toml"),
		archive: filepath.Join(dir, "archives"), now: time.Date(2026, 11, 27, 3, 0, 0, 0, time.UTC),
		keys: map[string]string{"secret.key": filepath.Join(dir, "secret"), "absent.key": filepath.Join(dir, "absent")},
	}
	var err error
	if v.public, err = backup.NewKey(v.key); err != nil {
		t.Fatal(err)
	}
	write(t, v.keys["secret.key"], "top secret")
	write(t, v.settings, "listen = \":5050\"\n")
	write(t, filepath.Join(v.archive, "one.age"), "sealed")
	return v
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

func (v *vault) options(c *company) backup.Options {
	v.now = v.now.Add(time.Second)
	return backup.Options{
		Dir: v.dir, Recipients: []string{v.public}, Program: "1.2.3", Company: "회사", Keys: v.keys, Settings: v.settings,
		Archives: v.archive, Source: c, Blobs: c, Now: func() time.Time { return v.now },
	}
}

func (v *vault) make(c *company) backup.Made {
	v.t.Helper()
	made, err := backup.Make(v.t.Context(), v.options(c))
	if err != nil {
		v.t.Fatal(err)
	}
	return made
}

func (v *vault) restore(c *company, data string) (backup.Restored, error) {
	return backup.Restore(v.t.Context(), backup.RestoreOptions{
		Dir: v.dir, KeyFile: v.key, Data: data, Keys: map[string]string{"secret.key": filepath.Join(data, "secret.key")},
		Archives: filepath.Join(data, "backups"), Now: time.Now,
		Open: func(context.Context) (backup.Target, backup.Blobs, error) { return c, c, nil },
	})
}

func TestWhatIsRestoredIsWhatWasBackedUp(t *testing.T) {
	v, c := newVault(t), newCompany()
	made := v.make(c)
	if !made.Whole() || made.Rows != 3002 || made.Blobs != 5 || made.NewBlobs != 5 || !slices.Equal(c.noted, []string{made.Name}) {
		t.Errorf("made %+v, the audit says %v", made, c.noted)
	}
	data, other := filepath.Join(t.TempDir(), "data"), newCompany()
	other.rows, other.blobs, other.tables = nil, map[string][]byte{}, nil
	done, err := v.restore(other, data)
	if err != nil || !done.Whole() || done.Rows != 3002 || done.Blobs != 5 {
		t.Fatalf("restored %+v, %v", done, err)
	}
	if diff := cmp.Diff([]any{c.rows, c.tables, c.version}, []any{other.rows, other.tables, other.version}); diff != "" {
		t.Error(diff)
	}
	if !maps.EqualFunc(c.blobs, other.blobs, bytes.Equal) {
		t.Error("the bytes of files differ")
	}
	for path, want := range map[string]string{
		"secret.key": "top secret", "settings.backup.toml": "listen = \":5050\"\n", "backups/one.age": "sealed",
	} {
		if got, err := os.ReadFile(filepath.Join(data, path)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", path, got, err)
		}
	}
	if _, err := os.Stat(filepath.Join(data, backup.Unfinished)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the mark of an unfinished restore: %v", err)
	}
}

// Nothing of what was backed up may be read without the private key.
func TestABackupIsClosed(t *testing.T) {
	v, c := newVault(t), newCompany()
	c.rows["notes"] = append(c.rows["notes"], backup.Row{int64(7), "canary canary canary", nil})
	c.blobs[c.listed[4].Name] = bytes.Repeat([]byte("canary "), 1000)
	v.make(c)
	err := filepath.WalkDir(v.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, word := range []string{"canary", "top secret", "5050"} {
			if bytes.Contains(content, []byte(word)) {
				t.Errorf("%s says %s", path, word)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if _, err := backup.NewKey(v.key); err == nil {
		t.Error("a key was written over")
	}
	if _, err := backup.NewKey(v.key + "2"); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Check(t.Context(), v.dir, "", v.key+"2", func(string, int64) {}); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Errorf("with another key: %v", err)
	}
}

func TestTheSecondBackupCopiesWhatIsNew(t *testing.T) {
	v, c := newVault(t), newCompany()
	first := v.make(c)
	c.listed = append(c.listed[1:], backup.Blob{Name: strings.Repeat("ab", 16)}, backup.Blob{Name: strings.Repeat("cd", 16), Optional: true})
	c.blobs[strings.Repeat("ab", 16)] = []byte("new")
	o := v.options(c)
	o.Keep = 1
	second, err := backup.Make(t.Context(), o)
	if err != nil || !second.Whole() || second.NewBlobs != 1 || second.Blobs != 5 {
		t.Fatalf("%+v, %v", second, err)
	}
	if !slices.Equal(second.Removed, []string{first.Name}) {
		t.Errorf("removed %v", second.Removed)
	}
	// What only the first one needed is gone, and all that the second needs is there.
	if _, err := os.Stat(filepath.Join(v.dir, "blobs", "00", fmt.Sprintf("%032x.age", 0))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a blob that nobody needs: %v", err)
	}
	checked, err := backup.Check(t.Context(), v.dir, "", v.key, func(string, int64) {})
	if err != nil || !checked.Whole() || !checked.Opened || checked.Blobs != 5 {
		t.Errorf("%+v, %v", checked, err)
	}
	if err := os.Remove(filepath.Join(v.archive, "one.age")); err != nil { // it has expired
		t.Fatal(err)
	}
	o = v.options(c)
	o.Keep = 1
	if _, err := backup.Make(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(v.dir, "archives", "one.age")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an archive that has expired: %v", err)
	}
}

func TestBytesThatTheServerHasLostAreTold(t *testing.T) {
	v, c := newVault(t), newCompany()
	delete(c.blobs, c.listed[2].Name)
	c.blobs[c.listed[3].Name] = append(bytes.Repeat([]byte{3}, 119_999), 4)
	made := v.make(c)
	if !slices.Equal(made.Missing, []string{c.listed[2].Name}) || !slices.Equal(made.Damaged, []string{c.listed[3].Name}) {
		t.Errorf("%+v", made)
	}
	other := newCompany()
	done, err := v.restore(other, filepath.Join(t.TempDir(), "data"))
	if err != nil || !slices.Equal(done.Damaged, made.Damaged) || done.Rows != 3002 {
		t.Errorf("%+v, %v", done, err)
	}
}

// One byte changed anywhere in a snapshot, or its end cut off, is found by a check and by a restore.
func TestADamagedSnapshotIsFound(t *testing.T) {
	v, c := newVault(t), newCompany()
	made := v.make(c)
	path := filepath.Join(v.dir, "snapshots", made.Name+".tar.zst.age")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	broken := map[string][]byte{"cut in half": whole[:len(whole)/2], "cut by one byte": whole[:len(whole)-1], "empty": nil}
	for _, at := range []int{0, 30, 100, 200, len(whole) / 3, len(whole) / 2, len(whole) - 20, len(whole) - 1} {
		changed := slices.Clone(whole)
		changed[at] ^= 1
		broken[fmt.Sprintf("byte %d of %d", at, len(whole))] = changed
	}
	for name, content := range broken {
		write(t, path, string(content))
		if _, err := backup.Check(t.Context(), v.dir, "", v.key, func(string, int64) {}); err == nil {
			t.Errorf("%s: the check finds nothing", name)
		}
	}
	if _, err := v.restore(newCompany(), filepath.Join(t.TempDir(), "data")); err == nil {
		t.Error("the restore finds nothing")
	}
}

func TestADamagedBlobIsFoundAndTheRestIsRestored(t *testing.T) {
	v, c := newVault(t), newCompany()
	v.make(c)
	name := c.listed[4].Name
	path := filepath.Join(v.dir, "blobs", name[:2], name+".age")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[len(content)/2] ^= 1
	write(t, path, string(content))
	if err := os.Remove(filepath.Join(v.dir, "blobs", c.listed[1].Name[:2], c.listed[1].Name+".age")); err != nil {
		t.Fatal(err)
	}
	checked, err := backup.Check(t.Context(), v.dir, "", v.key, func(string, int64) {})
	if err != nil || !slices.Equal(checked.Damaged, []string{name}) || !slices.Equal(checked.Missing, []string{c.listed[1].Name}) {
		t.Errorf("checked %+v, %v", checked, err)
	}
	without, err := backup.Check(t.Context(), v.dir, "", "", func(string, int64) {})
	if err != nil || !slices.Equal(without.Missing, []string{c.listed[1].Name}) || without.Opened {
		t.Errorf("without a key %+v, %v", without, err)
	}
	other := newCompany()
	other.blobs = map[string][]byte{}
	done, err := v.restore(other, filepath.Join(t.TempDir(), "data"))
	if err != nil || done.Whole() || done.Blobs != 3 || done.Rows != 3002 {
		t.Errorf("restored %+v, %v", done, err)
	}
}

func TestARestoreThatWasBrokenOffBeginsAgain(t *testing.T) {
	v, c := newVault(t), newCompany()
	v.make(c)
	data, other := filepath.Join(t.TempDir(), "data"), newCompany()
	other.failAt = 2500
	if _, err := v.restore(other, data); err == nil {
		t.Fatal("it went to its end")
	}
	if _, err := os.Stat(filepath.Join(data, backup.Unfinished)); err != nil {
		t.Fatal(err)
	}
	if done, err := v.restore(other, data); err != nil || done.Rows != 3002 || len(other.rows["notes"]) != 3002 {
		t.Errorf("the second time: %+v, %v; %d rows", done, err, len(other.rows["notes"]))
	}
	if _, err := v.restore(other, data); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("into a full place: %v", err)
	}
}

func TestWhatCannotBe(t *testing.T) {
	v, c := newVault(t), newCompany()
	if _, err := v.restore(newCompany(), filepath.Join(t.TempDir(), "data")); err == nil {
		t.Error("restored from nothing")
	}
	v.make(c)
	second := v.options(c)
	v.now = v.now.Add(-time.Second)
	if _, err := backup.Make(t.Context(), second); err == nil {
		t.Error("two backups of one second")
	}
	others := v.options(c)
	other, err := backup.NewKey(v.key + "2")
	if err != nil {
		t.Fatal(err)
	}
	others.Recipients = []string{other}
	if _, err := backup.Make(t.Context(), others); !errors.Is(err, backup.ErrOtherKeys) {
		t.Errorf("with another key: %v", err)
	}
	for _, keys := range [][]string{nil, {"age1nonsense"}, {"AGE-SECRET-KEY-1"}} {
		bad := v.options(c)
		bad.Recipients = keys
		if _, err := backup.Make(t.Context(), bad); err == nil {
			t.Errorf("backed up to %v", keys)
		}
	}
	newer := newCompany()
	newer.version = 4
	v.make(newer)
	data := filepath.Join(t.TempDir(), "data")
	if _, err := v.restore(newCompany(), data); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("a newer schema: %v", err)
	}
	full := filepath.Join(t.TempDir(), "full")
	write(t, filepath.Join(full, "himsg.db"), "a database")
	if _, err := v.restore(newCompany(), full); !errors.Is(err, backup.ErrNotEmpty) {
		t.Errorf("into a full place: %v", err)
	}
}

// blocked is a company whose dump waits, so that a second backup meets it.
type blocked struct {
	*company
	entered, free chan struct{}
}

func (b blocked) Dump(ctx context.Context, to backup.Sink) error {
	close(b.entered)
	<-b.free
	return b.company.Dump(ctx, to)
}

func TestTwoBackupsAtOnce(t *testing.T) {
	v, c := newVault(t), newCompany()
	first := v.options(c)
	slow := blocked{c, make(chan struct{}), make(chan struct{})}
	first.Source = slow
	ended := make(chan error, 1)
	go func() {
		_, err := backup.Make(t.Context(), first)
		ended <- err
	}()
	<-slow.entered
	if _, err := backup.Make(t.Context(), v.options(c)); !errors.Is(err, backup.ErrBusy) {
		t.Errorf("the second one: %v", err)
	}
	close(slow.free)
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// failing is a company whose dump ends early.
type failing struct{ *company }

func (f failing) Dump(ctx context.Context, to backup.Sink) error {
	return errors.Join(f.company.Dump(ctx, to), errors.New("the database is gone"))
}

func TestABackupThatFailsLeavesNoSnapshot(t *testing.T) {
	v, c := newVault(t), newCompany()
	made := v.make(c)
	o := v.options(c)
	o.Source = failing{c}
	if _, err := backup.Make(t.Context(), o); err == nil {
		t.Fatal("it went to its end")
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := backup.Make(canceled, v.options(c)); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	names, err := backup.List(v.dir)
	if err != nil || !slices.Equal(names, []string{made.Name}) {
		t.Errorf("there are %v, %v", names, err)
	}
	entries, err := os.ReadDir(filepath.Join(v.dir, "snapshots"))
	if err != nil || len(entries) != 2 {
		t.Errorf("left over: %v, %v", entries, err)
	}
}
