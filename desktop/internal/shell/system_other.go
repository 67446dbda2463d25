//go:build !linux && !windows

package shell

import "os"

// systemIsDark doesn't ask: on macOS the page is painted together with the window.
func systemIsDark() bool { return false }

// SystemLanguage is the language of the desktop: "ko" or "en".
func SystemLanguage() string { return languageOf(os.Getenv("LANG")) }
