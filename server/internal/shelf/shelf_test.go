package shelf_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/shelf"
	"himsg/shared/release"
)

var (
	now   = time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	quiet = slog.New(slog.DiscardHandler)
)

// vendor has a key, and makes releases in a folder of his.
type vendor struct {
	t       *testing.T
	public  ed25519.PublicKey
	private ed25519.PrivateKey
}

func newVendor(t *testing.T) vendor {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	public, err := shelf.NewKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	private, err := shelf.ReadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return vendor{t, public, private}
}

// release makes a folder of installers and their manifest.
func (v vendor) release(version string, change func(*shelf.Draft)) string {
	v.t.Helper()
	dir := v.t.TempDir()
	d := shelf.Draft{Sequence: 1, Days: 30, Now: now}
	for _, name := range []string{"himsg-" + version + "-linux-amd64.tar.gz", "himsg-" + version + "-windows-amd64-setup.exe"} {
		path := filepath.Join(dir, name)
		v.write(path, "bytes of "+name)
		d.Paths = append(d.Paths, path)
	}
	if change != nil {
		change(&d)
	}
	_, text, err := shelf.Sign(d, v.private)
	if err != nil {
		v.t.Fatal(err)
	}
	v.write(filepath.Join(dir, "himsg-"+version+shelf.ManifestSuffix), string(text))
	v.write(filepath.Join(dir, "SHA256SUMS"), "not named by the manifest")
	return dir
}

func (v vendor) write(path, content string) {
	v.t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		v.t.Fatal(err)
	}
}

func (v vendor) add(s *shelf.Shelf, change func(*shelf.New), paths ...string) error {
	n := shelf.New{Paths: paths, Keys: []ed25519.PublicKey{v.public}, Now: now}
	if change != nil {
		change(&n)
	}
	_, err := s.Add(context.Background(), n)
	return err
}

func TestReleasesLieOnTheShelf(t *testing.T) {
	v, data := newVendor(t), t.TempDir()
	s := shelf.Open(data, quiet)
	if list, err := s.List(); err != nil || len(list) != 0 {
		t.Fatalf("nothing yet: %v, %v", list, err)
	}
	if err := v.add(s, nil, v.release("1.0.0", func(d *shelf.Draft) { d.MinVersion = "0.9.0" })); err != nil {
		t.Fatal(err)
	}
	running := shelf.Open(data, quiet) // a server that looks on
	newest, ok := running.Newest("")
	if !ok || newest.Version != "1.0.0" || len(newest.Files) != 2 {
		t.Fatalf("%+v, %v", newest, ok)
	}
	if m, err := newest.Signed.Open([]ed25519.PublicKey{v.public}); err != nil || m.Sequence != 1 {
		t.Errorf("what is handed out is what was signed: %+v, %v", m, err)
	}
	f, file, err := running.File(1, "himsg-1.0.0-linux-amd64.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(f)
	if f.Close(); err != nil || string(content) != "bytes of himsg-1.0.0-linux-amd64.tar.gz" || file.Kind != release.KindArchive {
		t.Errorf("%q, %+v, %v", content, file, err)
	}
	for _, name := range []string{"update.json", "ring", "../1/update.json", "SHA256SUMS", "himsg-1.0.1-linux-amd64.tar.gz"} {
		if _, _, err := running.File(1, name); !errors.Is(err, shelf.ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if oldest, old := running.TooOld("0.8.0"); !old || oldest != "0.9.0" {
		t.Errorf("0.8.0: %v, %q", old, oldest)
	}

	// A pilot first, then everybody.
	if err := v.add(s, func(n *shelf.New) { n.Ring = "pilot" }, v.release("1.1.0", func(d *shelf.Draft) { d.Sequence = 2 })); err != nil {
		t.Fatal(err)
	}
	offers := func(ring, want string) {
		t.Helper()
		if r, ok := running.Newest(ring); !ok || r.Version != want {
			t.Errorf("ring %q: %q", ring, r.Version)
		}
	}
	offers("", "1.0.0")
	offers("late", "1.0.0")
	offers("pilot", "1.1.0")
	sequence, err := s.ByVersion("1.1.0")
	if err != nil || s.Offer(sequence, "") != nil {
		t.Fatal(sequence, err)
	}
	offers("", "1.1.0")
	if err := s.Offer(2, "late"); err != nil {
		t.Fatal(err)
	}
	offers("late", "1.1.0")
	offers("", "1.0.0")
	if err := s.Remove(2); err != nil {
		t.Fatal(err)
	}
	offers("late", "1.0.0")
	for name, err := range map[string]error{"remove": s.Remove(2), "offer": s.Offer(2, "")} {
		if !errors.Is(err, shelf.ErrUnknown) {
			t.Errorf("%s what is gone: %v", name, err)
		}
	}
}

// What is not complete, not signed or not newer leaves the shelf as it was.
func TestBadReleasesAreNotSeen(t *testing.T) {
	v, other := newVendor(t), newVendor(t)
	break1 := func(name string, with func(path string)) string {
		dir := v.release("1.1.0", func(d *shelf.Draft) { d.Sequence = 20 })
		with(filepath.Join(dir, name))
		return dir
	}
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	const archive, manifest = "himsg-1.1.0-linux-amd64.tar.gz", "himsg-1.1.0.update.json"
	for name, c := range map[string]struct {
		dir    string
		change func(*shelf.New)
		want   error
	}{
		"a file changed":       {break1(archive, func(p string) { v.write(p, "bytes of himsg-1.1.0-linux-amd64.tar.gZ") }), nil, shelf.ErrFile},
		"a file cut short":     {break1(archive, func(p string) { must(os.Truncate(p, 5)) }), nil, shelf.ErrFile},
		"a file too large":     {break1(archive, func(p string) { v.write(p, strings.Repeat("x", 1000)) }), nil, shelf.ErrFile},
		"a file missing":       {break1(archive, func(p string) { must(os.Remove(p)) }), nil, shelf.ErrMissing},
		"no manifest":          {break1(manifest, func(p string) { must(os.Remove(p)) }), nil, shelf.ErrNoManifest},
		"a manifest cut short": {break1(manifest, func(p string) { must(os.Truncate(p, 50)) }), nil, release.ErrBroken},
		"another key":          {break1(archive, func(string) {}), func(n *shelf.New) { n.Keys = []ed25519.PublicKey{other.public} }, release.ErrSignature},
		"no key":               {break1(archive, func(string) {}), func(n *shelf.New) { n.Keys = nil }, shelf.ErrNoKey},
		"expired":              {break1(archive, func(string) {}), func(n *shelf.New) { n.Now = now.AddDate(0, 0, 30) }, release.ErrExpired},
		"an older one":         {v.release("1.1.0", func(d *shelf.Draft) { d.Sequence = 9 }), nil, shelf.ErrOld},
		"the same number":      {v.release("1.1.0", func(d *shelf.Draft) { d.Sequence = 10 }), nil, shelf.ErrOld},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			s := shelf.Open(data, quiet)
			if err := v.add(s, nil, v.release("1.0.0", func(d *shelf.Draft) { d.Sequence = 10 })); err != nil {
				t.Fatal(err)
			}
			if err := v.add(s, c.change, c.dir); !errors.Is(err, c.want) {
				t.Errorf("%v", err)
			}
			if list, err := s.List(); err != nil || len(list) != 1 || list[0].Version != "1.0.0" {
				t.Errorf("%+v, %v", list, err)
			}
			if left, err := os.ReadDir(filepath.Join(data, "releases")); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// An Add that was killed is no hindrance, and a folder that somebody broke hides no other.
func TestWhatIsBrokenOnTheShelf(t *testing.T) {
	v, data := newVendor(t), t.TempDir()
	s := shelf.Open(data, quiet)
	if err := v.add(s, nil, v.release("1.0.0", nil)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{".adding-123", "7", "no number"} {
		if err := os.Mkdir(filepath.Join(data, "releases", dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := v.add(s, nil, v.release("1.1.0", func(d *shelf.Draft) { d.Sequence = 2 })); err != nil {
		t.Fatal(err)
	}
	list, err := s.List()
	if err != nil || len(list) != 2 || list[0].Version != "1.1.0" {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := os.Stat(filepath.Join(data, "releases", ".adding-123")); !os.IsNotExist(err) {
		t.Error("what was broken off is still there", err)
	}
}

func TestKeysOfReleases(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	public, err := shelf.NewKey(path, "ein gutes Wort")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if info, statErr := os.Stat(path); err != nil || statErr != nil || info.Mode().Perm() != 0o600 || bytes.Contains(text, []byte("PRIVATE KEY")) {
		t.Errorf("the key is not encrypted, or anybody may read it: %v, %v", err, statErr)
	}
	if _, err := shelf.ReadKey(path, ""); !errors.Is(err, shelf.ErrPassphrase) {
		t.Errorf("without its passphrase: %v", err)
	}
	private, err := shelf.ReadKey(path, "ein gutes Wort")
	if err != nil || !private.Public().(ed25519.PublicKey).Equal(public) {
		t.Errorf("%v", err)
	}
	if _, err := shelf.NewKey(path, ""); err == nil || !strings.Contains(err.Error(), "never written over") {
		t.Errorf("written over: %v", err)
	}
	for _, text := range []string{"", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := shelf.ReadKey(path, ""); !errors.Is(err, shelf.ErrNoPrivateKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOnlyInstallersOfOneVersionAreSigned(t *testing.T) {
	v := newVendor(t)
	dir := t.TempDir()
	for name, c := range map[string]struct {
		files []string
		want  string
	}{
		"another file": {[]string{"himsg-server_1.0.0-1_amd64.deb"}, "no installer"},
		"two versions": {[]string{"himsg-1.0.0-linux-amd64.tar.gz", "himsg-1.1.0-windows-amd64.msi"}, "one version"},
	} {
		t.Run(name, func(t *testing.T) {
			d := shelf.Draft{Days: 1, Now: now}
			for _, file := range c.files {
				path := filepath.Join(dir, file)
				v.write(path, "x")
				d.Paths = append(d.Paths, path)
			}
			if _, _, err := shelf.Sign(d, v.private); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v", err)
			}
		})
	}
}
