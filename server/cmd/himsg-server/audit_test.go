package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAuditVerifyNamesTheEntry(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	data := []string{"--data", dir}
	for _, name := range []string{"boss", "second"} {
		must(t, "ein gutes Wort 7", append([]string{
			"admin", "create", "--username", name, "--name", "김대표", "--employee-id", name, "--password-stdin",
		}, data...)...)
	}
	verify := append([]string{"audit", "verify"}, data...)
	if out := must(t, "", verify...); !strings.Contains(out, "2 entries") || !strings.Contains(out, "entry 2 was signed as the last one: whole") {
		t.Errorf("said %q", out)
	}
	// Without its key no entry can be checked: they are not what was written with this one.
	if err := os.WriteFile(filepath.Join(dir, "audit.key"), []byte(strings.Repeat("ab", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := command(t, "", verify...)
	if code != exitFailed || !strings.Contains(errs, "entry 1 was changed") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
