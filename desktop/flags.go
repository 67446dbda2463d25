//go:build !bindings

package main

import (
	"flag"
	"fmt"

	"himsg/desktop/internal/core"
)

const version = "0.1.0"

// flags are what the command line says.
type flags struct {
	profile string
	server  string
	hidden  bool
	version bool
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
	if set.NArg() > 0 {
		return f, fmt.Errorf("unknown argument %q", set.Arg(0))
	}
	if f.profile == "" {
		profile, err := core.DefaultProfileDir()
		if err != nil {
			return f, err
		}
		f.profile = profile
	}
	return f, nil
}
