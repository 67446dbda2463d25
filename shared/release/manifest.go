package release

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Manifest says which files make up a version of the app, and who may take it. It is signed offline; the server only hands it out.
type Manifest struct {
	// Sequence grows with each manifest that is signed: an app takes none with a smaller one than it has seen.
	Sequence int64  `json:"sequence"`
	Version  string `json:"version"`
	// Ring names the installations that it is for; empty: for all.
	Ring string `json:"ring,omitempty"`
	// MinVersion is the oldest version that may still work: the server turns older apps away. Empty: any.
	MinVersion string `json:"min_version,omitempty"`
	// Rollback lets apps of a newer version go back to this one.
	Rollback bool      `json:"rollback,omitempty"`
	Expires  time.Time `json:"expires"`
	Files    []File    `json:"files"`
}

// File is one installer of a Manifest.
type File struct {
	Name   string `json:"name"` // no path
	System string `json:"system"`
	Arch   string `json:"arch"`
	Kind   string `json:"kind"`
	SHA256 string `json:"sha256"` // of its bytes, in small hex
	Size   int64  `json:"size"`
}

// The kinds of files.
const (
	KindMSI     = "msi"
	KindSetup   = "setup"
	KindDeb     = "deb"
	KindRPM     = "rpm"
	KindArchive = "tar.gz"
	KindZip     = "zip"
)

// Bounds of a manifest.
const (
	MaxSignedBytes = 64 << 10
	MaxFiles       = 32
	MaxFileBytes   = 1 << 30
)

// Signed is a manifest with its signature: what a manifest's file holds, and what the server answers.
type Signed struct {
	Manifest  []byte `json:"manifest" doc:"The manifest, as JSON"`
	Signature []byte `json:"signature" doc:"Ed25519, of the words \"himsg update manifest 1\", a line feed and the manifest"`
}

// domain keeps a signature of a manifest from being one of anything else.
const domain = "himsg update manifest 1\n"

// Why a manifest is not taken. Errors of Open and Judge match them.
var (
	ErrBroken    = errors.New("not a manifest")
	ErrSignature = errors.New("signed by no key that is trusted here")
	ErrExpired   = errors.New("the manifest has expired")
	ErrReplayed  = errors.New("a newer manifest was seen before")
	ErrRing      = errors.New("the manifest is for another ring")
	ErrDowngrade = errors.New("older than what is installed, and no roll-back")
	ErrNoFile    = errors.New("the release has no file for this installation")
)

// Sign makes the signed form of a manifest. It returns ErrBroken for one that Open would refuse.
func Sign(m Manifest, key ed25519.PrivateKey) (Signed, error) {
	if err := m.check(); err != nil {
		return Signed{}, err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return Signed{}, fmt.Errorf("encode the manifest: %w", err)
	}
	return Signed{Manifest: text, Signature: ed25519.Sign(key, append([]byte(domain), text...))}, nil
}

// Encode is the signed form as its file holds it.
func (s Signed) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the signed manifest: %w", err)
	}
	return append(text, '\n'), nil
}

// DecodeSigned reads a manifest's file. Nothing of it may be believed before Open.
func DecodeSigned(file []byte) (Signed, error) {
	var s Signed
	if len(file) > MaxSignedBytes {
		return Signed{}, fmt.Errorf("%w: more than %d bytes", ErrBroken, MaxSignedBytes)
	}
	if err := json.Unmarshal(file, &s); err != nil {
		return Signed{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if len(s.Manifest) == 0 || len(s.Signature) == 0 {
		return Signed{}, fmt.Errorf("%w: nothing signed in it", ErrBroken)
	}
	return s, nil
}

// Open checks the signature and then the manifest: ErrSignature, ErrBroken. Whether it is for this app Judge says.
func (s Signed) Open(keys []ed25519.PublicKey) (Manifest, error) {
	text := append([]byte(domain), s.Manifest...)
	signed := slices.ContainsFunc(keys, func(key ed25519.PublicKey) bool { return ed25519.Verify(key, text, s.Signature) })
	if !signed {
		return Manifest{}, ErrSignature
	}
	return s.read()
}

// Unverified reads the manifest without its signature. For who trusts the place that it comes from: what Open let in there.
func (s Signed) Unverified() (Manifest, error) { return s.read() }

func (s Signed) read() (Manifest, error) {
	var m Manifest
	if len(s.Manifest) > MaxSignedBytes {
		return Manifest{}, fmt.Errorf("%w: more than %d bytes", ErrBroken, MaxSignedBytes)
	}
	if err := json.Unmarshal(s.Manifest, &m); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if err := m.check(); err != nil {
		return Manifest{}, err
	}
	return m, nil
}

var (
	namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)
	wordPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9.]{0,15}$`)
	ringPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	hashPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// IsRing reports whether a text can name a ring.
func IsRing(text string) bool { return ringPattern.MatchString(text) }

func (m Manifest) check() error {
	wrong := func(what string) error { return fmt.Errorf("%w: %s", ErrBroken, what) }
	order, ok := Compare(m.Version, m.MinVersion)
	switch {
	case m.Sequence <= 0:
		return wrong("no sequence")
	case !IsVersion(m.Version):
		return wrong("version")
	case m.MinVersion != "" && (!ok || order < 0):
		return wrong("min_version is none, or newer than the version")
	case m.Ring != "" && !IsRing(m.Ring):
		return wrong("ring")
	case m.Expires.IsZero():
		return wrong("no expires")
	case len(m.Files) == 0 || len(m.Files) > MaxFiles:
		return wrong("number of files")
	}
	names := map[string]bool{}
	for _, f := range m.Files {
		if names[f.Name] || !f.good() {
			return wrong("a file, or its name twice")
		}
		names[f.Name] = true
	}
	return nil
}

func (f File) good() bool {
	words := wordPattern.MatchString(f.System) && wordPattern.MatchString(f.Arch) && wordPattern.MatchString(f.Kind)
	return words && namePattern.MatchString(f.Name) && hashPattern.MatchString(f.SHA256) && f.Size > 0 && f.Size <= MaxFileBytes
}

// Installation is an app as it stands before a manifest.
type Installation struct {
	Version string
	Ring    string // empty: none of its own
	System  string
	Arch    string
	Kind    string // of the file that it would take; empty: any, since somebody else installs it
	Seen    int64  // the largest Sequence that it has seen
}

// Judge says what an installation has to take of a manifest that Open has let through: the file, or current for nothing, since
// it has this version. It returns ErrExpired, ErrReplayed, ErrRing, ErrDowngrade or ErrNoFile.
func (m Manifest) Judge(a Installation, now time.Time) (file File, current bool, err error) {
	order, ok := Compare(m.Version, a.Version)
	switch {
	case !ok:
		return File{}, false, fmt.Errorf("%w: version", ErrBroken)
	case m.Ring != "" && m.Ring != a.Ring:
		return File{}, false, ErrRing
	case order == 0:
		return File{}, true, nil // however old the manifest is: nothing is taken of it
	case !now.Before(m.Expires):
		return File{}, false, ErrExpired
	case m.Sequence < a.Seen:
		return File{}, false, ErrReplayed
	case order < 0 && !m.Rollback:
		return File{}, false, ErrDowngrade
	}
	i := slices.IndexFunc(m.Files, func(f File) bool {
		return f.System == a.System && f.Arch == a.Arch && (a.Kind == "" || f.Kind == a.Kind)
	})
	if i < 0 {
		return File{}, false, ErrNoFile
	}
	return m.Files[i], false, nil
}

// TooOld reports whether a version is one that must not work any more.
func (m Manifest) TooOld(version string) bool {
	order, ok := Compare(version, m.MinVersion)
	return ok && order < 0
}
