package shell

// colour is what the window shows before the page has painted.
type colour struct{ r, g, b uint8 }

// background is the page's --bg, so that nothing flashes when the page comes.
func background(dark bool) colour {
	if dark {
		return colour{0x12, 0x18, 0x1f}
	}
	return colour{0xf4, 0xf6, 0xf8}
}

// isDark reports whether the page is dark by a theme of the settings: "system", "light", "dark".
func isDark(theme string) bool {
	return theme == "dark" || (theme != "light" && systemIsDark())
}
