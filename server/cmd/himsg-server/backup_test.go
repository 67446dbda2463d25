package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestBackupAndRestore goes the way of an operator: key, backup, check, restore, and what goes wrong on it.
func TestBackupAndRestore(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, "ein gutes Wort 7", "demo", "--data", at("data"), "--people", "5", "--messages", "50", "--acts", "20", "--password-stdin")
	recipient := strings.TrimSpace(must(t, "", "backup-key", at("key")))
	backUp := []string{"backup", "--data", at("data"), "--backup-dir", at("backups"), "--backup-recipient", recipient}
	if out := must(t, "", backUp...); !strings.Contains(out, "new ones") {
		t.Errorf("backup says %q", out)
	}
	check := []string{"backup-check", "--from", at("backups"), "--key-file", at("key")}
	if out := must(t, "", check...); !strings.Contains(out, "whole") {
		t.Errorf("the check says %q", out)
	}
	restore := []string{"restore", "--from", at("backups"), "--key-file", at("key"), "--data", at("restored")}
	if out := must(t, "", restore...); !strings.Contains(out, "restored 20") {
		t.Errorf("restore says %q", out)
	}
	if out := must(t, "", "audit", "verify", "--data", at("restored")); !strings.Contains(out, "21 entries") || !strings.Contains(out, "whole") {
		t.Errorf("the audit of the restored server: %q", out)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a full place":     {restore, exitFailed, "empty place"},
		"the key again":    {[]string{"backup-key", at("key")}, exitFailed, "never written over"},
		"no server":        {[]string{"backup", "--data", at("nothing"), "--backup-dir", at("b"), "--backup-recipient", recipient}, exitFailed, "no server to back up"},
		"no public key":    {[]string{"backup", "--data", at("data"), "--backup-dir", at("backups"), "--backup-recipient", "age1x"}, exitFailed, "public key"},
		"no backups":       {[]string{"backup-check", "--from", at("data")}, exitFailed, "no backup in"},
		"an unknown one":   {append(slices.Clone(check), "--at", "20200101T000000Z"), exitFailed, "the newest is"},
		"no recipient":     {[]string{"backup", "--data", at("data"), "--backup-dir", at("backups")}, exitUsage, "--backup-recipient"},
		"keep less than 0": {append(slices.Clone(backUp), "--backup-keep=-1"), exitUsage, "--backup-keep"},
	} {
		t.Run(name, func(t *testing.T) {
			if code, _, errs := command(t, "", c.args...); code != c.code || !strings.Contains(errs, c.says) {
				t.Errorf("exit code %d, %q", code, errs)
			}
		})
	}
}

// TestARestoreThatWasBrokenOffKeepsTheServerFromStarting: half a database must not be taken for a server.
func TestARestoreThatWasBrokenOffKeepsTheServerFromStarting(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "restore.unfinished"), []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, {"migrate", "--data", dir},
	} {
		if code, _, errs := command(t, "", args...); code != exitFailed || !strings.Contains(errs, "restore again") {
			t.Errorf("%s: exit code %d, %q", args[0], code, errs)
		}
	}
}

// TestLostBytesAreToldByTheExitCode: a backup of a server that has lost files is made, and is no success.
func TestLostBytesAreToldByTheExitCode(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	must(t, "ein gutes Wort 7", "demo", "--data", at("data"), "--people", "12", "--messages", "300", "--password-stdin")
	if err := os.RemoveAll(filepath.Join(at("data"), "files", "whole")); err != nil {
		t.Fatal(err)
	}
	recipient := strings.TrimSpace(must(t, "", "backup-key", at("key")))
	code, out, errs := command(t, "", "backup", "--data", at("data"), "--backup-dir", at("backups"), "--backup-recipient", recipient)
	if code != exitFailed || !strings.Contains(out, "backup 20") || !strings.Contains(errs, "16 files are missing") {
		t.Errorf("exit code %d, %q, %q", code, out, errs)
	}
}
