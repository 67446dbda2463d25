package icon

// Tray is the tray's picture with the unread number, in the form that this system's tray wants: here an ICO with the
// sizes of 100, 125, 150 and 200 % screens.
func Tray(unread int64) ([]byte, error) {
	return once(unread, func() ([]byte, error) {
		return ICO(Badged(16, unread), Badged(20, unread), Badged(24, unread), Badged(32, unread))
	})
}
