package scheme

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"himsg/desktop/internal/desktopfile"
)

const (
	entryName = "himsg.desktop"
	mimeType  = "x-scheme-handler/himsg"
	ownMark   = "X-HiMsg-Own"
)

// Register makes program the one that opens links, unless an installer or the user has named one. A repeat mends the path
// of a program that was moved.
func Register(program string) error {
	for _, dir := range filepath.SplitList(systemFolders()) {
		if _, err := os.Stat(filepath.Join(dir, "applications", entryName)); err == nil {
			return nil // installed
		}
	}
	data, err := dataFolder()
	if err != nil {
		return err
	}
	path := filepath.Join(data, "applications", entryName)
	held, err := desktopfile.Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err == nil && !held.True(ownMark, false) {
		return nil // the user's own
	}
	// What follows "--" is no flag, whatever it looks like.
	err = desktopfile.Write(path, "[Desktop Entry]\nType=Application\nName=Hi_Msg\nExec="+desktopfile.Exec(program)+
		" -- %u\nMimeType="+mimeType+";\nTerminal=false\nNoDisplay=true\nStartupWMClass=himsg\n"+ownMark+"=true\n")
	if err != nil {
		return err
	}
	return addDefault()
}

// addDefault names the entry in the user's mimeapps.list, if nothing is named there.
func addDefault() error {
	config, err := os.UserConfigDir()
	if err != nil {
		return fmt.Errorf("place of mimeapps.list: %w", err)
	}
	path := filepath.Join(config, "mimeapps.list")
	text, err := os.ReadFile(path) //nolint:gosec // G304: a fixed name in the user's folder
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read mimeapps.list: %w", err)
	}
	lines := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	if slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, mimeType+"=") }) {
		return nil
	}
	const group, line = "[Default Applications]", mimeType + "=" + entryName
	if at := slices.Index(lines, group); at >= 0 {
		lines = slices.Insert(lines, at+1, line)
	} else {
		lines = append(lines, group, line)
	}
	return desktopfile.Write(path, strings.TrimLeft(strings.Join(lines, "\n"), "\n")+"\n")
}

func systemFolders() string {
	if dirs := os.Getenv("XDG_DATA_DIRS"); dirs != "" {
		return dirs
	}
	return "/usr/local/share:/usr/share"
}

func dataFolder() (string, error) {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("place of desktop entries: %w", err)
	}
	return filepath.Join(home, ".local", "share"), nil
}
