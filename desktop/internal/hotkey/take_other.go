//go:build !linux && !windows

package hotkey

import "himsg/desktop/internal/core"

// Supported implements core.Hotkeys: macOS would want Carbon's RegisterEventHotKey, and so a Mac to try it on.
func (k *Keys) Supported() bool { return false }

func take(core.Hotkey, func()) (held, error) { return nil, core.ErrNoHotkeys }
