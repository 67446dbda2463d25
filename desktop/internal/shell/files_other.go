//go:build !linux && !windows

package shell

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"himsg/desktop/internal/core"
)

// Downloads implements core.Desktop.
func (s *Shell) Downloads() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("downloads folder: %w", err)
	}
	return filepath.Join(home, "Downloads"), nil
}

// Mark implements core.Desktop: nothing is marked here.
func (s *Shell) Mark(string) error { return nil }

// Open implements core.Desktop.
func (s *Shell) Open(path string) error {
	return exec.CommandContext(context.Background(), "open", path).Run() //nolint:gosec // G204: an absolute path of core's
}

// Show implements core.Desktop.
func (s *Shell) Show(path string) error {
	return exec.CommandContext(context.Background(), "open", "-R", path).Run() //nolint:gosec // G204: as above
}

// CopyImage implements core.Desktop: not here.
func (s *Shell) CopyImage([]byte) error { return core.ErrNoClipboard }
