package backend

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// ReleaseKey signs releases of the app. Public is what a policy names as update_keys.
type ReleaseKey struct{ file, Public string }

// NewReleaseKey makes one.
func (s *Server) NewReleaseKey(tb testing.TB) ReleaseKey {
	tb.Helper()
	key := ReleaseKey{file: filepath.Join(tb.TempDir(), "release.key")}
	key.Public = regexp.MustCompile(`ed25519:\S+`).FindString(s.run(tb, "release", "key", key.file))
	return key
}

// Release hands out a version of the app, beside which those below least may not work; empty: all may. It holds nothing that
// could run.
func (s *Server) Release(tb testing.TB, key ReleaseKey, version, least string) {
	tb.Helper()
	dir := tb.TempDir()
	installer := filepath.Join(dir, "himsg-"+version+"-linux-amd64.tar.gz")
	if err := os.WriteFile(installer, []byte("no archive"), 0o600); err != nil {
		tb.Fatal(err)
	}
	s.run(tb, "release", "sign", "--key-file", key.file, "--min-version", least, installer)
	s.run(tb, "release", "add", "--data", s.data, "--release-key", key.Public, dir)
}
