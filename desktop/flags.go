//go:build !bindings

package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"himsg/desktop/internal/core"
)

// flags are what the command line says.
type flags struct {
	profile string // absolute
	usual   bool   // the user's usual profile: nobody named another
	server  string
	hidden  bool
	version bool
	link    string // himsg://…, as it came: not checked
}

func parse(args []string) (flags, error) {
	var f flags
	set := flag.NewFlagSet("himsg", flag.ContinueOnError)
	set.StringVar(&f.profile, "profile", "", "`folder` of settings and messages, one per window (default: one per user)")
	set.StringVar(&f.server, "server", "", "`address` of the company's server, such as https://talk.example.com:5050")
	set.BoolVar(&f.hidden, "hidden", false, "start in the tray")
	set.BoolVar(&f.version, "version", false, "print the version and end")
	if err := set.Parse(args); err != nil {
		return f, err
	}
	if err := takeLink(&f, set.Args()); err != nil {
		return f, err
	}
	if f.profile == "" {
		profile, err := core.DefaultProfileDir()
		if err != nil {
			return f, err
		}
		f.profile, f.usual = profile, true
	}
	whole, err := filepath.Abs(f.profile)
	if err != nil {
		return f, fmt.Errorf("find the profile: %w", err)
	}
	f.profile = whole
	return f, nil
}

// takeLink takes what follows the flags: one link at most. Whether it leads anywhere the app says in its window, where the
// user sees it.
func takeLink(f *flags, args []string) error {
	if len(args) == 0 {
		return nil
	}
	const scheme = "himsg:"
	first := args[0]
	if len(args) > 1 || len(first) < len(scheme) || !strings.EqualFold(first[:len(scheme)], scheme) {
		return fmt.Errorf("unknown argument %q", args[len(args)-1])
	}
	f.link = first
	return nil
}
