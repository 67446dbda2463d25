package shell

import (
	"bufio"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// askFiles bounds what the file manager may take to answer: it may have to be started.
const askFiles = 5 * time.Second

// Downloads implements core.Desktop: the folder that xdg-user-dirs names, else ~/Downloads.
func (s *Shell) Downloads() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("downloads folder: %w", err)
	}
	folder := userDir(home, "XDG_DOWNLOAD_DIR")
	if folder == "" {
		folder = filepath.Join(home, "Downloads")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // G301: as the desktop itself makes it
		return "", fmt.Errorf("downloads folder: %w", err)
	}
	return folder, nil
}

// userDir reads one line of user-dirs.dirs: XDG_DOWNLOAD_DIR="$HOME/다운로드".
func userDir(home, name string) string {
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		config = filepath.Join(home, ".config")
	}
	f, err := os.Open(filepath.Join(config, "user-dirs.dirs")) //nolint:gosec // G304: the user's own settings
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }() // it was read only
	for lines := bufio.NewScanner(f); lines.Scan(); {
		value, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), name+"=")
		if !ok {
			continue
		}
		value = strings.Trim(value, `"`)
		if rest, ok := strings.CutPrefix(value, "$HOME"); ok {
			value = home + rest
		}
		if filepath.IsAbs(value) && filepath.Clean(value) != filepath.Clean(home) {
			return filepath.Clean(value)
		}
	}
	return ""
}

// Mark implements core.Desktop: nothing here looks at such a mark.
func (s *Shell) Mark(string) error { return nil }

// Open implements core.Desktop.
func (s *Shell) Open(path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), askFiles)
	defer cancel()
	if err := exec.CommandContext(ctx, "xdg-open", path).Run(); err != nil { //nolint:gosec // G204: an absolute path of core's
		return fmt.Errorf("open a file: %w", err)
	}
	return nil
}

// Show implements core.Desktop by the file manager's own service; without one the folder is opened.
func (s *Shell) Show(path string) error {
	conn, err := dbus.SessionBus()
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), askFiles)
		defer cancel()
		address := (&url.URL{Scheme: "file", Path: path}).String()
		manager := conn.Object("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1")
		err = manager.CallWithContext(ctx, "org.freedesktop.FileManager1.ShowItems", 0, []string{address}, "").Err
	}
	if err != nil {
		return s.Open(filepath.Dir(path))
	}
	return nil
}
