package shell

import (
	"fmt"

	"golang.org/x/sys/windows"
)

// Tell shows a text in a dialog of the system's and waits until it is closed: for an app that can't start. It needs no web view.
func Tell(text string) error {
	title, err := windows.UTF16PtrFromString(appName)
	if err != nil {
		return fmt.Errorf("show a dialog: %w", err)
	}
	body, err := windows.UTF16PtrFromString(text)
	if err != nil {
		return fmt.Errorf("show a dialog: %w", err)
	}
	if _, err := windows.MessageBox(0, body, title, windows.MB_OK|windows.MB_ICONERROR|windows.MB_SETFOREGROUND); err != nil {
		return fmt.Errorf("show a dialog: %w", err)
	}
	return nil
}
