package release_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/shared/release"
)

var now = time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)

// key is a pair that is the same in each run.
func key(seed byte) (ed25519.PublicKey, ed25519.PrivateKey) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	return private.Public().(ed25519.PublicKey), private
}

func manifest(change func(*release.Manifest)) release.Manifest {
	m := release.Manifest{
		Sequence: 20, Version: "1.1.0", MinVersion: "0.9.0", Expires: now.AddDate(0, 6, 0),
		Files: []release.File{
			{Name: "himsg-1.1.0-linux-amd64.tar.gz", System: "linux", Arch: "amd64", Kind: "tar.gz", SHA256: strings.Repeat("0a", 32), Size: 1000},
			{Name: "himsg-1.1.0-windows-amd64-setup.exe", System: "windows", Arch: "amd64", Kind: "setup", SHA256: strings.Repeat("0b", 32), Size: 2000},
		},
	}
	if change != nil {
		change(&m)
	}
	return m
}

func installed(change func(*release.Installation)) release.Installation {
	a := release.Installation{Version: "1.0.0", System: "linux", Arch: "amd64", Kind: "tar.gz", Seen: 10}
	if change != nil {
		change(&a)
	}
	return a
}

func signed(t testing.TB, m release.Manifest, by ed25519.PrivateKey) release.Signed {
	t.Helper()
	s, err := release.Sign(m, by)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What is offered, to whom, and what is said of it.
func TestManifestsAreTakenOrRefused(t *testing.T) {
	public, private := key(1)
	other, _ := key(2)
	for name, c := range map[string]struct {
		manifest func(*release.Manifest)
		app      func(*release.Installation)
		keys     []ed25519.PublicKey
		want     error
		current  bool
		file     string
	}{
		"a newer version":        {file: "himsg-1.1.0-linux-amd64.tar.gz"},
		"for windows":            {app: func(a *release.Installation) { a.System, a.Kind = "windows", "setup" }, file: "himsg-1.1.0-windows-amd64-setup.exe"},
		"somebody else installs": {app: func(a *release.Installation) { a.Kind = "" }, file: "himsg-1.1.0-linux-amd64.tar.gz"},
		"one of two keys":        {keys: []ed25519.PublicKey{other, public}, file: "himsg-1.1.0-linux-amd64.tar.gz"},
		"another key":            {keys: []ed25519.PublicKey{other}, want: release.ErrSignature},
		"no key at all":          {keys: []ed25519.PublicKey{}, want: release.ErrSignature},
		"what is there already":  {app: func(a *release.Installation) { a.Version = "1.1.0" }, current: true},
		"what is there already, expired and seen a newer one": {
			manifest: func(m *release.Manifest) { m.Expires = now.Add(-time.Hour) },
			app:      func(a *release.Installation) { a.Version, a.Seen = "1.1.0", 99 }, current: true,
		},
		"seen already, once more":    {app: func(a *release.Installation) { a.Seen = 20 }, file: "himsg-1.1.0-linux-amd64.tar.gz"},
		"an old one, played again":   {app: func(a *release.Installation) { a.Seen = 21 }, want: release.ErrReplayed},
		"expired now":                {manifest: func(m *release.Manifest) { m.Expires = now }, want: release.ErrExpired},
		"a ring of others":           {manifest: func(m *release.Manifest) { m.Ring = "pilot" }, want: release.ErrRing},
		"another ring than mine":     {manifest: func(m *release.Manifest) { m.Ring = "pilot" }, app: func(a *release.Installation) { a.Ring = "late" }, want: release.ErrRing},
		"my ring":                    {manifest: func(m *release.Manifest) { m.Ring = "pilot" }, app: func(a *release.Installation) { a.Ring = "pilot" }, file: "himsg-1.1.0-linux-amd64.tar.gz"},
		"for all, and I have a ring": {app: func(a *release.Installation) { a.Ring = "pilot" }, file: "himsg-1.1.0-linux-amd64.tar.gz"},
		"a downgrade":                {app: func(a *release.Installation) { a.Version = "1.2.0" }, want: release.ErrDowngrade},
		"a downgrade by letters":     {app: func(a *release.Installation) { a.Version = "1.10.0" }, want: release.ErrDowngrade},
		"a roll-back": {
			manifest: func(m *release.Manifest) { m.Rollback = true },
			app:      func(a *release.Installation) { a.Version = "1.2.0" }, file: "himsg-1.1.0-linux-amd64.tar.gz",
		},
		"a roll-back, played again": {
			manifest: func(m *release.Manifest) { m.Rollback = true },
			app:      func(a *release.Installation) { a.Version, a.Seen = "1.2.0", 21 }, want: release.ErrReplayed,
		},
		"another system":  {app: func(a *release.Installation) { a.System = "darwin" }, want: release.ErrNoFile},
		"another machine": {app: func(a *release.Installation) { a.Arch = "arm64" }, want: release.ErrNoFile},
	} {
		t.Run(name, func(t *testing.T) {
			keys := c.keys
			if keys == nil {
				keys = []ed25519.PublicKey{public}
			}
			m, err := signed(t, manifest(c.manifest), private).Open(keys)
			var file release.File
			current := false
			if err == nil {
				file, current, err = m.Judge(installed(c.app), now)
			}
			if !errors.Is(err, c.want) || current != c.current || file.Name != c.file {
				t.Errorf("%q, current %v, %v", file.Name, current, err)
			}
		})
	}
}

// Whatever is changed in a manifest's file, it is refused.
func TestChangedBytesAreRefused(t *testing.T) {
	public, private := key(1)
	_, foreign := key(2)
	mine, theirs := signed(t, manifest(nil), private), signed(t, manifest(nil), foreign)
	later := signed(t, manifest(func(m *release.Manifest) { m.Sequence = 30 }), private)
	encode := func(s release.Signed) []byte {
		text, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	whole := encode(mine)
	unsigned, err := json.Marshal(manifest(nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file []byte
		want error
	}{
		"as it was signed":                 {whole, nil},
		"cut short":                        {whole[:len(whole)-20], release.ErrBroken},
		"empty":                            {nil, release.ErrBroken},
		"too large":                        {append(slices.Clone(whole), bytes.Repeat([]byte(" "), release.MaxSignedBytes)...), release.ErrBroken},
		"something behind it":              {append(slices.Clone(whole), "{}"...), release.ErrBroken},
		"no signature":                     {encode(release.Signed{Manifest: mine.Manifest}), release.ErrBroken},
		"not signed at all":                {unsigned, release.ErrBroken},
		"the manifest swapped":             {encode(release.Signed{Manifest: later.Manifest, Signature: mine.Signature}), release.ErrSignature},
		"the signature swapped":            {encode(release.Signed{Manifest: mine.Manifest, Signature: theirs.Signature}), release.ErrSignature},
		"a byte of the manifest":           {encode(release.Signed{Manifest: bytes.Replace(mine.Manifest, []byte("1.1.0"), []byte("1.1.1"), 1), Signature: mine.Signature}), release.ErrSignature},
		"a signature of the bare manifest": {encode(release.Signed{Manifest: mine.Manifest, Signature: ed25519.Sign(private, mine.Manifest)}), release.ErrSignature},
		"signed, but no manifest":          {encode(release.Signed{Manifest: []byte("{}"), Signature: ed25519.Sign(private, []byte("himsg update manifest 1\n{}"))}), release.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := release.DecodeSigned(c.file)
			if err == nil {
				_, err = s.Open([]ed25519.PublicKey{public})
			}
			if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestBadManifestsAreNotSigned(t *testing.T) {
	_, private := key(1)
	for name, change := range map[string]func(*release.Manifest){
		"no sequence":               func(m *release.Manifest) { m.Sequence = 0 },
		"no version":                func(m *release.Manifest) { m.Version = "" },
		"four numbers":              func(m *release.Manifest) { m.Version = "1.1.0.0" },
		"a zero too many":           func(m *release.Manifest) { m.Version = "1.01.0" },
		"a sign":                    func(m *release.Manifest) { m.Version = "1.+1.0" },
		"more needed than it gives": func(m *release.Manifest) { m.MinVersion = "1.1.1" },
		"min_version is no version": func(m *release.Manifest) { m.MinVersion = "new" },
		"ring":                      func(m *release.Manifest) { m.Ring = "../x" },
		"no end":                    func(m *release.Manifest) { m.Expires = time.Time{} },
		"no file":                   func(m *release.Manifest) { m.Files = nil },
		"many files":                func(m *release.Manifest) { m.Files = make([]release.File, release.MaxFiles+1) },
		"a path":                    func(m *release.Manifest) { m.Files[0].Name = "../himsg" },
		"a hidden file":             func(m *release.Manifest) { m.Files[0].Name = ".himsg" },
		"the same name":             func(m *release.Manifest) { m.Files[1].Name = m.Files[0].Name },
		"no checksum":               func(m *release.Manifest) { m.Files[0].SHA256 = "" },
		"a checksum in capitals":    func(m *release.Manifest) { m.Files[0].SHA256 = strings.Repeat("0A", 32) },
		"no bytes":                  func(m *release.Manifest) { m.Files[0].Size = 0 },
		"too many bytes":            func(m *release.Manifest) { m.Files[0].Size = release.MaxFileBytes + 1 },
		"a system with a line feed": func(m *release.Manifest) { m.Files[0].System = "linux\n" },
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := release.Sign(manifest(change), private); !errors.Is(err, release.ErrBroken) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestKeysAreReadAndWritten(t *testing.T) {
	one, _ := key(1)
	two, _ := key(2)
	keys, err := release.ParseKeys(release.FormatKey(one) + " , " + release.FormatKey(two))
	if err != nil || len(keys) != 2 || !keys[0].Equal(one) || !keys[1].Equal(two) {
		t.Fatalf("%v, %v", keys, err)
	}
	if keys, err := release.ParseKeys(" "); err != nil || len(keys) != 0 {
		t.Errorf("none: %v, %v", keys, err)
	}
	for _, text := range []string{
		"ed25519:", "x", ",", release.FormatKey(one) + ",", strings.TrimPrefix(release.FormatKey(one), "ed25519:"), release.FormatKey(one[:31]),
		strings.Repeat(release.FormatKey(one)+",", 8) + release.FormatKey(one),
	} {
		if _, err := release.ParseKeys(text); !errors.Is(err, release.ErrKey) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestInstallersAreKnownByTheirNames(t *testing.T) {
	for name, kind := range map[string]string{
		"himsg-1.2.3-windows-amd64.msi": release.KindMSI, "himsg-1.2.3-windows-amd64-setup.exe": release.KindSetup,
		"himsg-1.2.3-windows-amd64.zip": release.KindZip, "himsg_1.2.3-1_amd64.deb": release.KindDeb,
		"himsg-1.2.3-1.x86_64.rpm": release.KindRPM, "himsg-1.2.3-linux-amd64.tar.gz": release.KindArchive,
		"himsg-server-1.2.3-windows-amd64.msi": "", "himsg-server_1.2.3-1_amd64.deb": "", "SHA256SUMS": "", "himsg-1.2-linux-amd64.tar.gz": "",
	} {
		if file, version, ok := release.Recognise(name); ok != (kind != "") || file.Kind != kind || ok && version != "1.2.3" {
			t.Errorf("%s: %+v, %q, %v", name, file, version, ok)
		}
	}
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	var file release.File
	if err := release.Measure(path, &file); err != nil || file.Size != 3 ||
		file.SHA256 != "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" {
		t.Errorf("%+v, %v", file, err)
	}
}

func TestVersionsThatAreTooOld(t *testing.T) {
	m := manifest(func(m *release.Manifest) { m.MinVersion = "0.9.0" })
	for version, old := range map[string]bool{"0.8.9": true, "0.9.0": false, "0.10.0": false, "1.0.0": false, "": false, "dev": false} {
		if m.TooOld(version) != old {
			t.Errorf("%q: %v", version, !old)
		}
	}
	if manifest(func(m *release.Manifest) { m.MinVersion = "" }).TooOld("0.0.1") {
		t.Error("no version is too old where none is the oldest")
	}
}

// FuzzManifest: what is no signed manifest is refused without a panic, and what is signed keeps the manifest's own rules.
func FuzzManifest(f *testing.F) {
	public, private := key(1)
	text, err := signed(f, manifest(nil), private).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, []byte(`{"sequence":1}`))
	f.Add([]byte(`{"manifest":"e30=","signature":"e30="}`), []byte(`{"sequence":9223372036854775807,"version":"1.0.0","expires":"9999-12-31T23:59:59Z","files":[{}]}`))
	f.Fuzz(func(t *testing.T, file, inner []byte) {
		if s, err := release.DecodeSigned(file); err == nil {
			if _, err := s.Open([]ed25519.PublicKey{public}); err == nil && !bytes.Equal(s.Manifest, signed(t, manifest(nil), private).Manifest) {
				t.Fatal("a manifest that was never signed is taken")
			}
		}
		s := release.Signed{Manifest: inner, Signature: ed25519.Sign(private, append([]byte("himsg update manifest 1\n"), inner...))}
		m, err := s.Open([]ed25519.PublicKey{public})
		if err != nil {
			return
		}
		if _, err := release.Sign(m, private); err != nil {
			t.Fatalf("taken, but would not be signed: %v", err)
		}
		file0, _, err := m.Judge(installed(nil), now)
		if err == nil && filepath.Base(file0.Name) != file0.Name && file0.Name != "" {
			t.Fatalf("a path: %q", file0.Name)
		}
	})
}
