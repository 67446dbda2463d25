package auth_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"himsg/server/internal/auth"
)

func TestTheSecretIsMadeOnceAndOnlyOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	secrets := make([][]byte, 20)
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() {
			s, err := auth.LoadSecret(path)
			if err != nil {
				t.Error(err)
				return
			}
			secrets[i] = s.Master()
		})
	}
	all.Wait()
	for _, s := range secrets {
		if !bytes.Equal(s, secrets[0]) || len(s) != 32 {
			t.Fatal("servers that start at once have different secrets")
		}
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestABadSecretIsRefused(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "", "short": "abcd", "not hex": strings.Repeat("z", 64)} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := auth.LoadSecret(path); err == nil || !strings.Contains(err.Error(), "64 hexadecimal digits") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := auth.LoadSecret(filepath.Join(dir, "no", "such", "directory")); err == nil {
		t.Error("no directory, no error")
	}
}
