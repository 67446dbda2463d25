package shell

// colour is what the window shows before the page has painted.
type colour struct{ r, g, b uint8 }

// background is the page's --bg of that theme ("system", "light", "dark"), so that nothing flashes when the page comes.
func background(theme string) colour {
	if theme == "dark" || (theme != "light" && systemIsDark()) {
		return colour{0x12, 0x18, 0x1f}
	}
	return colour{0xf4, 0xf6, 0xf8}
}
