package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/windows"
)

// Downloads implements core.Desktop: the known folder.
func (s *Shell) Downloads() (string, error) {
	folder, err := windows.KnownFolderPath(windows.FOLDERID_Downloads, windows.KF_FLAG_CREATE)
	if err != nil {
		return "", fmt.Errorf("downloads folder: %w", err)
	}
	return folder, nil
}

// zoneOfInternet is what browsers write, so that Windows and Office ask before they trust a file.
const zoneOfInternet = "[ZoneTransfer]\r\nZoneId=3\r\n"

// Mark implements core.Desktop by the mark of the web. A file system without streams takes none.
func (s *Shell) Mark(path string) error {
	err := os.WriteFile(path+":Zone.Identifier", []byte(zoneOfInternet), 0o600)
	if errors.Is(err, windows.ERROR_INVALID_NAME) {
		return nil
	}
	return err
}

// Open implements core.Desktop.
func (s *Shell) Open(path string) error {
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return fmt.Errorf("open a file: %w", err)
	}
	if err := windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL); err != nil {
		return fmt.Errorf("open a file: %w", err)
	}
	return nil
}

// Show implements core.Desktop. Explorer's exit code says nothing.
func (s *Shell) Show(path string) error {
	explorer := filepath.Join(os.Getenv("SystemRoot"), "explorer.exe")
	cmd := exec.CommandContext(context.Background(), explorer)                             //nolint:gosec // G204: the system's own
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: `explorer.exe /select,"` + path + `"`} // a quotation mark is in no name
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("show a file: %w", err)
	}
	return cmd.Process.Release()
}
