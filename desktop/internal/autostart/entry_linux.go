package autostart

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/desktopfile"
)

// systemEntries is where installers put theirs.
const systemEntries = "/etc/xdg/autostart/"

// State implements core.Autostart: what is on the disk, whoever put it there. An entry of the user goes before one that an
// installer put into /etc/xdg.
func (a *Autostart) State() (core.AutostartState, error) {
	own, err := a.path()
	if err != nil {
		return core.AutostartOff, err
	}
	for _, path := range []string{own, systemEntries + a.opts.Name + ".desktop"} {
		entry, err := desktopfile.Read(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return core.AutostartOff, err
		}
		if entry.True("Hidden", false) || !entry.True("X-GNOME-Autostart-enabled", true) {
			return core.AutostartOff, nil
		}
		program := desktopfile.Program(entry["Exec"])
		if !filepath.IsAbs(program) {
			if program, err = exec.LookPath(program); err != nil {
				return core.AutostartMoved, nil
			}
		}
		return a.stateOf(program), nil
	}
	return core.AutostartOff, nil
}

// Set implements core.Autostart.
func (a *Autostart) Set(on bool) error {
	path, err := a.path()
	if err != nil {
		return err
	}
	if on {
		exec := desktopfile.Exec(append([]string{a.program}, a.opts.Args...)...)
		return desktopfile.Write(path, "[Desktop Entry]\nType=Application\nName=Hi_Msg\nExec="+exec+
			"\nTerminal=false\nX-GNOME-Autostart-enabled=true\n")
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take the autostart entry away: %w", err)
	}
	if state, err := a.State(); err != nil || state == core.AutostartOff {
		return err
	}
	// The system's entry is switched off by one of the user that says so.
	return desktopfile.Write(path, "[Desktop Entry]\nType=Application\nName=Hi_Msg\nHidden=true\n")
}

func (a *Autostart) path() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("place of autostart entries: %w", err)
	}
	return filepath.Join(dir, "autostart", a.opts.Name+".desktop"), nil
}
