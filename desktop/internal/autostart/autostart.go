package autostart

import (
	"errors"
	"fmt"
	"os"

	"himsg/desktop/internal/core"
)

// Options are what New needs.
type Options struct {
	Name string   // of the entry, unique for a profile: "himsg"
	Args []string // what the session gives the app, such as --hidden
}

// Autostart is the entry of one profile of the app.
type Autostart struct {
	opts    Options
	program string
}

var _ core.Autostart = (*Autostart)(nil)

// New returns what keeps the entry of the program that runs.
func New(opts Options) (*Autostart, error) {
	program, err := Program()
	if err != nil {
		return nil, err
	}
	return &Autostart{opts: opts, program: program}, nil
}

// Program is the path by which the app can be started again.
func Program() (string, error) {
	if image := os.Getenv("APPIMAGE"); image != "" { // the program itself is in a folder that goes with the process
		return image, nil
	}
	program, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("where the app is: %w", err)
	}
	return program, nil
}

// stateOf is how an entry that starts a program stands. Another copy of the app that is there may be started just as well.
func (a *Autostart) stateOf(program string) core.AutostartState {
	if program == a.program {
		return core.AutostartOn
	}
	if _, err := os.Stat(program); errors.Is(err, os.ErrNotExist) {
		return core.AutostartMoved
	}
	return core.AutostartOn
}
