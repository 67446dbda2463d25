package tray

import "fyne.io/systray"

// presences are the statuses that a user can choose, as the server names them.
var presences = [...]string{"active", "away", "dnd"}

// menu is the tray's menu.
type menu struct {
	open, status, mute, lock, settings, quit *systray.MenuItem

	presences [len(presences)]*systray.MenuItem
}

// entry is an item and what it does.
type entry struct {
	item   *systray.MenuItem
	chosen func()
}

// newMenu builds the menu; word gives it its words.
func newMenu() menu {
	m := menu{open: systray.AddMenuItem("", "")}
	systray.AddSeparator()
	m.status = systray.AddMenuItem("", "")
	for i := range presences {
		m.presences[i] = m.status.AddSubMenuItemCheckbox("", "", false)
	}
	m.mute = systray.AddMenuItem("", "")
	m.lock = systray.AddMenuItem("", "")
	m.settings = systray.AddMenuItem("", "")
	systray.AddSeparator()
	m.quit = systray.AddMenuItem("", "")
	return m
}

func (m menu) entries(opts Options, now func() face) []entry {
	mute := func() { opts.Mute(!now().muted) }
	list := []entry{{m.open, opts.Open}, {m.mute, mute}, {m.lock, opts.Lock}, {m.settings, opts.Settings}, {m.quit, opts.Quit}}
	for i, state := range presences {
		list = append(list, entry{m.presences[i], func() { opts.Presence(state) }})
	}
	return list
}

// word makes the menu fit a face.
func (m menu) word(f face) {
	words := wordsOf(f.language)
	m.open.SetTitle(words.open)
	m.status.SetTitle(words.status)
	m.mute.SetTitle(words.mute)
	if f.muted {
		m.mute.SetTitle(words.unmute)
	}
	m.lock.SetTitle(words.lock)
	m.settings.SetTitle(words.settings)
	m.quit.SetTitle(words.quit)
	for _, item := range []*systray.MenuItem{m.status, m.mute, m.lock, m.settings} {
		able(item, f.usable)
	}
	for i, item := range m.presences {
		item.SetTitle(words.presences[i])
		able(item, f.usable)
		if f.usable && f.presence == presences[i] {
			item.Check()
		} else {
			item.Uncheck()
		}
	}
}

func able(item *systray.MenuItem, usable bool) {
	if usable {
		item.Enable()
	} else {
		item.Disable()
	}
}
