package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
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
	// Who cuts the end off, mends the count and removes the signed head is found by a head that was kept elsewhere.
	text, err := os.ReadFile(filepath.Join(dir, "audit.head"))
	if err != nil {
		t.Fatal(err)
	}
	var head struct{ Hash string }
	if err := json.Unmarshal(text, &head); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "audit.head")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, head, says string
		code             int
	}{
		{"no head at all", "", "2 entries follow each other, but audit.head is missing", exitFailed},
		{"the head of the log", "2:" + head.Hash, "entry 2 is the one that --head names: whole", exitDone},
		{"another hash", "2:" + strings.Repeat("ab", 32), "entry 2 is not the one that --head names", exitFailed},
		{"an entry that was cut off", "3:" + head.Hash, "entry 3, which --head names, is missing", exitFailed},
		{"no head", "2", "ENTRY:HASH", exitUsage},
	} {
		args := verify
		if c.head != "" {
			args = append(slices.Clone(verify), "--head", c.head)
		}
		if code, out, errs := command(t, "", args...); code != c.code || !strings.Contains(out+errs, c.says) {
			t.Errorf("%s: exit %d: %s%s", c.name, code, out, errs)
		}
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
