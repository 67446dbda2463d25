package update

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"himsg/shared/release"
)

// roleEnv makes this binary the app of a version: it takes the profile as its argument, and says that its window stands.
const (
	roleEnv    = "HIMSG_TEST_UPDATE_ROLE"
	programEnv = "HIMSG_TEST_UPDATE_PROGRAM"
)

func TestMain(m *testing.M) {
	if version := os.Getenv(roleEnv); version != "" {
		u, err := New(Options{ProfileDir: os.Args[1], Program: os.Getenv(programEnv), Version: version, Logger: slog.New(slog.DiscardHandler), Clock: clock{}})
		if err != nil {
			os.Exit(1)
		}
		if !u.giveUp() {
			u.Settled()
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("himsg/desktop/internal/update.(*Updater).watch.func1")) // it ends with what it started
}

type clock struct{}

func (clock) Now() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }

// pc is a PC with the app of version 1.0.0 in a folder of its user's.
type pc struct {
	t       *testing.T
	folder  string
	profile string
	private ed25519.PrivateKey
	u       *Updater
}

func newPC(t *testing.T) *pc {
	t.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &pc{t: t, folder: t.TempDir(), profile: t.TempDir(), private: private}
	p.write("himsg", "#!/bin/sh\necho former\n", 0o755)
	p.write("LICENSE", "old licence", 0o644)
	p.write("my notes.txt", "the user's own", 0o644)
	p.u, err = New(Options{
		ProfileDir: p.profile, Program: filepath.Join(p.folder, "himsg"), Version: "1.0.0", Keys: []ed25519.PublicKey{public},
		Clock: clock{}, Logger: slog.New(slog.DiscardHandler), Patience: 10 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pc) write(name, content string, mode os.FileMode) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.folder, name), []byte(content), mode); err != nil {
		p.t.Fatal(err)
	}
}

func (p *pc) read(name string) string {
	content, err := os.ReadFile(filepath.Join(p.folder, name))
	if err != nil {
		return err.Error()
	}
	return string(content)
}

// good is a program of a version that comes up.
func good(t *testing.T, version string) string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return "#!/bin/sh\n" + roleEnv + "=" + version + " " + programEnv + "=\"$0\" exec '" + binary + "' \"$@\"\n"
}

type entry struct {
	name, content string
	kind          byte
}

func archive(t *testing.T, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	w := tar.NewWriter(zipped)
	for _, e := range entries {
		head := &tar.Header{Name: e.name, Typeflag: e.kind, Mode: 0o4777, Size: int64(len(e.content))}
		if e.kind == tar.TypeSymlink || e.kind == tar.TypeLink {
			head.Size, head.Linkname = 0, e.content
		}
		if err := w.WriteHeader(head); err != nil {
			t.Fatal(err)
		}
		if head.Size > 0 {
			if _, err := w.Write([]byte(e.content)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// loaded makes a file the one that the next start installs.
func (p *pc) loaded(content []byte, change func(*release.Manifest)) (path string) {
	p.t.Helper()
	sum := sha256.Sum256(content)
	m := release.Manifest{
		Sequence: 7, Version: "1.1.0", Expires: clock{}.Now().AddDate(0, 1, 0),
		Files: []release.File{{
			Name: "himsg-1.1.0-linux-amd64.tar.gz", System: "linux", Arch: "amd64", Kind: "tar.gz",
			SHA256: hex.EncodeToString(sum[:]), Size: int64(len(content)),
		}},
	}
	if change != nil {
		change(&m)
	}
	signed, err := release.Sign(m, p.private)
	if err != nil {
		p.t.Fatal(err)
	}
	if path, err = p.u.Part(m.Files[0]); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	if err := p.u.Ready(signed, path); err != nil {
		p.t.Fatal(err)
	}
	return path
}

// begin is a start of the app; it says whether the profile was let go.
func (p *pc) begin() (replaced, unlocked bool) {
	replaced = p.u.Begin(context.Background(), []string{p.profile}, func() { unlocked = true })
	return replaced, unlocked
}

func whole(t *testing.T, program string) []byte {
	return archive(t, entry{"himsg-1.1.0-linux-amd64/", "", tar.TypeDir}, entry{"himsg-1.1.0-linux-amd64/himsg", program, tar.TypeReg},
		entry{"himsg-1.1.0-linux-amd64/LICENSE", "new licence", tar.TypeReg}, entry{"himsg-1.1.0-linux-amd64/sbom.cdx.json", "{}", tar.TypeReg})
}

func TestANewVersionTakesThePlaceOfTheFormer(t *testing.T) {
	p := newPC(t)
	if replaced, unlocked := p.begin(); replaced || unlocked {
		t.Fatal("nothing waits")
	}
	program := good(t, "1.1.0")
	p.loaded(whole(t, program), nil)
	if sequence, version := p.u.Pending(); sequence != 7 || version != "1.1.0" {
		t.Fatalf("%d, %q", sequence, version)
	}
	if replaced, unlocked := p.begin(); !replaced || !unlocked {
		t.Fatalf("replaced %v, unlocked %v", replaced, unlocked)
	}
	for name, want := range map[string]string{
		"himsg": program, "himsg.former": "#!/bin/sh\necho former\n", "LICENSE": "new licence", "my notes.txt": "the user's own",
	} {
		if got := p.read(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if info, err := os.Stat(filepath.Join(p.folder, "himsg")); err != nil || info.Mode().Perm()&0o777 != 0o755 || info.Mode()&os.ModeSetuid != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(p.folder, "*")); err != nil || len(left) != 4 { // what the user threw away does not come back
		t.Errorf("left: %q, %v", left, err)
	}
	if left, err := os.ReadDir(filepath.Join(p.profile, "update")); err != nil || len(left) != 1 {
		t.Errorf("left in the profile: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(p.folder, staged)); !os.IsNotExist(err) {
		t.Error("what was unpacked is still there", err)
	}
	if replaced, _ := p.begin(); replaced {
		t.Error("installed twice")
	}
}

// What does not come up is taken back, at once, and is not tried again.
func TestAVersionThatDoesNotComeUp(t *testing.T) {
	for name, c := range map[string]struct {
		program  string
		patience time.Duration
	}{
		"it ends with an error":         {"#!/bin/sh\nexit 3\n", 10 * time.Second},
		"it can't be run":               {"no program\n", 10 * time.Second},
		"it hangs":                      {"#!/bin/sh\nexec sleep 30\n", 300 * time.Millisecond},
		"it ends well without a window": {"#!/bin/sh\nexit 0\n", 300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPC(t)
			p.u.o.Patience = c.patience
			p.loaded(whole(t, c.program), nil)
			replaced, unlocked := p.begin()
			if replaced || !unlocked {
				t.Errorf("replaced %v, unlocked %v", replaced, unlocked)
			}
			if got := p.read("himsg"); got != "#!/bin/sh\necho former\n" || p.read("LICENSE") != "old licence" {
				t.Errorf("%q, %q", got, p.read("LICENSE"))
			}
			if p.u.Failed() != 7 {
				t.Errorf("failed: %d", p.u.Failed())
			}
			if replaced, unlocked := p.begin(); replaced || unlocked {
				t.Error("tried again")
			}
		})
	}
}

// Nobody watches when the PC was switched off in between: the starts are counted.
func TestAVersionThatNobodyWatched(t *testing.T) {
	p := newPC(t)
	p.loaded(whole(t, "#!/bin/sh\nexit 0\n"), nil)
	file, m, err := p.u.due()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.u.install(context.Background(), file, m); err != nil {
		t.Fatal(err)
	}
	fresh, err := New(Options{ProfileDir: p.profile, Program: filepath.Join(p.folder, "himsg"), Version: "1.1.0", Clock: clock{}, Logger: p.u.o.Logger})
	if err != nil {
		t.Fatal(err)
	}
	for range maxStarts {
		if replaced := fresh.Begin(context.Background(), nil, func() { t.Error("let go") }); replaced {
			t.Fatal("given up too soon")
		}
	}
	let := false
	if replaced := fresh.Begin(context.Background(), nil, func() { let = true }); !replaced || !let {
		t.Errorf("replaced %v, let go %v", replaced, let)
	}
	if got := p.read("himsg"); got != "#!/bin/sh\necho former\n" {
		t.Errorf("%q", got)
	}
	if fresh.Failed() != 7 {
		t.Errorf("failed: %d", fresh.Failed())
	}
}

// What lies in the profile is looked at again: nothing else than what was signed is installed.
func TestWhatWasChangedInTheProfileIsNotInstalled(t *testing.T) {
	program := good(t, "1.1.0")
	top := "himsg-1.1.0-linux-amd64/"
	cases := map[string]func(t *testing.T, p *pc){
		"the file changed": func(t *testing.T, p *pc) {
			path := p.loaded(whole(t, program), nil)
			content := whole(t, strings.Replace(program, "1.1.0", "6.6.6", 1))
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"the file cut short": func(t *testing.T, p *pc) {
			if err := os.Truncate(p.loaded(whole(t, program), nil), 100); err != nil {
				t.Fatal(err)
			}
		},
		"something behind it": func(t *testing.T, p *pc) {
			content := whole(t, program)
			if err := os.WriteFile(p.loaded(content, nil), append(bytes.Clone(content), "x"...), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"the file gone": func(t *testing.T, p *pc) {
			if err := os.Remove(p.loaded(whole(t, program), nil)); err != nil {
				t.Fatal(err)
			}
		},
		"another key": func(t *testing.T, p *pc) {
			_, p.private, _ = ed25519.GenerateKey(nil)
			p.loaded(whole(t, program), nil)
		},
		"an older version": func(t *testing.T, p *pc) {
			p.loaded(whole(t, program), func(m *release.Manifest) { m.Version = "0.9.0" })
		},
		"expired meanwhile": func(t *testing.T, p *pc) {
			p.loaded(whole(t, program), func(m *release.Manifest) { m.Expires = clock{}.Now() })
		},
		"seen a newer one": func(t *testing.T, p *pc) {
			p.loaded(whole(t, program), nil)
			if err := p.u.Saw(8); err != nil {
				t.Fatal(err)
			}
		},
		"no archive":       func(t *testing.T, p *pc) { p.loaded([]byte("text"), nil) },
		"no program in it": func(t *testing.T, p *pc) { p.loaded(archive(t, entry{top + "LICENSE", "x", tar.TypeReg}), nil) },
		"a way out": func(t *testing.T, p *pc) {
			p.loaded(archive(t, entry{top + "himsg", program, tar.TypeReg}, entry{top + "../../himsg", "x", tar.TypeReg}), nil)
		},
		"a link": func(t *testing.T, p *pc) {
			p.loaded(archive(t, entry{top + "himsg", "/bin/true", tar.TypeSymlink}), nil)
		},
		"a name twice": func(t *testing.T, p *pc) {
			p.loaded(archive(t, entry{top + "himsg", program, tar.TypeReg}, entry{top + "himsg", program, tar.TypeReg}), nil)
		},
	}
	for name, make := range cases {
		t.Run(name, func(t *testing.T) {
			p := newPC(t)
			make(t, p)
			if replaced, unlocked := p.begin(); replaced || unlocked {
				t.Errorf("replaced %v, unlocked %v", replaced, unlocked)
			}
			if got := p.read("himsg"); got != "#!/bin/sh\necho former\n" {
				t.Errorf("%q", got)
			}
			if sequence, _ := p.u.Pending(); sequence != 0 {
				t.Error("it waits on")
			}
			if _, err := os.Stat(filepath.Join(p.folder, staged)); !os.IsNotExist(err) {
				t.Error("what was unpacked is still there", err)
			}
		})
	}
}

func TestARollBackIsInstalled(t *testing.T) {
	p := newPC(t)
	p.loaded(whole(t, good(t, "0.9.0")), func(m *release.Manifest) { m.Version, m.Rollback = "0.9.0", true })
	if replaced, _ := p.begin(); !replaced {
		t.Error("not installed")
	}
}

func TestPlacesThatBelongToOthers(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		program string
		kind    string
	}{
		"a folder of one's own": {filepath.Join(dir, "himsg"), "tar.gz"},
		"a package":             {"/usr/bin/himsg", ""},
		"a package of others":   {"/opt/himsg/himsg", ""},
		"what is not there":     {filepath.Join(dir, "no", "himsg"), ""},
	} {
		if err := os.WriteFile(filepath.Join(dir, "himsg"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := newPlace(c.program).kind(); got != c.kind {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestARecordThatIsBrokenBeginsAnew(t *testing.T) {
	p := newPC(t)
	if err := p.u.Saw(5); err != nil {
		t.Fatal(err)
	}
	if p.u.Installation().Seen != 5 {
		t.Error("not kept")
	}
	if err := os.WriteFile(filepath.Join(p.profile, "update", recordFile), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := p.u.Saw(3); err != nil {
		t.Fatal(err)
	}
	u, err := New(p.u.o)
	if err != nil || u.Installation().Version != "1.0.0" {
		t.Errorf("%v", err)
	}
}
