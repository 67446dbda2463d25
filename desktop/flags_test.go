//go:build !bindings

package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFlags(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", "/home/somebody/.config")
	t.Setenv("HOME", "/home/somebody")
	t.Setenv("AppData", "/home/somebody/.config")
	p, err := filepath.Abs("p")
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		args []string
		want flags
		err  string
	}{
		"none": {nil, flags{profile: filepath.Join("/home/somebody/.config", "Hi_Msg"), usual: true}, ""},
		"all": {
			[]string{"--profile", "p", "--server", "s:1", "--hidden"},
			flags{profile: p, server: "s:1", hidden: true},
			"",
		},
		"version": {[]string{"-version", "-profile=p"}, flags{profile: p, version: true}, ""},
		"unknown": {[]string{"--verbose"}, flags{}, "not defined"},
		"a link":  {[]string{"--profile", "p", "--hidden", "himsg://room/x"}, flags{profile: p, hidden: true, link: "himsg://room/x"}, ""},
		"a link that looks like a flag": {
			[]string{"--profile", "p", "--", "HIMSG:--hidden"},
			flags{profile: p, link: "HIMSG:--hidden"},
			"",
		},
		"two links":       {[]string{"himsg://room/x", "himsg://room/y"}, flags{}, "unknown argument"},
		"flags behind it": {[]string{"--profile", "p", "himsg://x", "--version"}, flags{}, "unknown argument"},
		"leftover":        {[]string{"https://room/x"}, flags{}, "unknown argument"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := parse(c.args)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error %v", err)
				}
				return
			}
			if err != nil || got != c.want {
				t.Fatalf("got %+v, %v", got, err)
			}
		})
	}
}

func TestLogIsKeptSmall(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	dir := t.TempDir()
	path := filepath.Join(dir, "himsg.log")
	for range 3 {
		_, closeLog, err := openLog(dir)
		if err != nil {
			t.Fatal(err)
		}
		closeLog()
		if err := os.Truncate(path, maxLogBytes+1); err != nil { // as after a year
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatalf("want the log and the one before: %q, %v", files, err)
	}
}
