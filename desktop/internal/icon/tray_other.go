//go:build !windows

package icon

// Tray is the tray's picture with the unread number, in the form that this system's tray wants: here a PNG that panels
// scale down.
func Tray(unread int64) ([]byte, error) {
	return once(unread, func() ([]byte, error) { return PNG(Badged(64, unread)) })
}
