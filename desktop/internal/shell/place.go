package shell

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	// maxSpots bounds for how many arrangements of screens a place is remembered: desk, home, projector.
	maxSpots = 8
	// panelRoom is kept free of a screen's height for panels and title bars, which nobody tells the size of.
	panelRoom = 48
	// moveTries, each of moveSteps looks, bound how long a window manager is waited for; it does not say when it has moved a
	// window.
	moveTries = 3
	moveSteps = 10
	movePoll  = 20 * time.Millisecond
	// leastScreen is less than any screen has: what a window manager takes for its frame is less again.
	leastScreen = 300
)

// screen is one of the screens as they are now, in the pixels in which a window's size is set.
type screen struct {
	Width, Height    int
	Current, Primary bool
}

// spot is where the window was with an arrangement of screens.
type spot struct {
	Layout    string `json:"layout"`
	X         int    `json:"x"`
	Y         int    `json:"y"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Maximised bool   `json:"maximised"`
}

// place is where a window goes. Known: it was there before with these very screens; else it is centred.
type place struct {
	spot
	MinWidth, MinHeight int
	Known               bool
}

// layout names an arrangement of screens: their sizes and which is the first. Another scale is another arrangement.
func layout(screens []screen) string {
	names := make([]string, len(screens))
	for i, s := range screens {
		names[i] = fmt.Sprintf("%dx%d", s.Width, s.Height)
		if s.Primary {
			names[i] += "*"
		}
	}
	return strings.Join(names, ",")
}

// placeOn says where the window goes on these screens. A place that is remembered was in sight with the same screens; on
// others it is the size alone that counts, and no window is larger than its screen, however large the scale.
func placeOn(m memory, screens []screen) place {
	name := layout(screens)
	p := place{spot: spot{Layout: name, Width: m.Width, Height: m.Height, Maximised: m.Maximised}, MinWidth: minWidth, MinHeight: minHeight}
	at := slices.IndexFunc(m.Spots, func(s spot) bool { return s.Layout == name })
	if at >= 0 {
		p.spot, p.Known = m.Spots[at], true
	}
	if room, ok := roomFor(screens, p.Known); ok {
		p.MinWidth, p.MinHeight = min(minWidth, room.Width), min(minHeight, room.Height)
		p.Width = min(max(p.Width, p.MinWidth), room.Width)
		p.Height = min(max(p.Height, p.MinHeight), room.Height)
	}
	return p
}

// roomFor is what a window can have: of the screen it is on, or with a place that is known, of the largest, since it may
// be on any.
func roomFor(screens []screen, known bool) (room screen, ok bool) {
	for _, s := range screens {
		larger := s.Width*s.Height > room.Width*room.Height
		if s.Width > 0 && s.Height > panelRoom && (known && larger || !known && (s.Current || !ok)) {
			room, ok = s, true
		}
	}
	room.Height -= panelRoom
	return room, ok
}

// bring puts the window where it belongs on the screens that there are now.
func (s *Shell) bring(d desk) {
	s.placing.Lock()
	defer s.placing.Unlock()
	screens := d.Screens()
	s.mu.Lock()
	p := placeOn(s.memory, screens)
	s.placed = p.Layout
	s.mu.Unlock()
	if len(screens) == 0 {
		return // nobody tells: the system places it
	}
	d.SetMinSize(p.MinWidth, p.MinHeight)
	if p.Maximised {
		return // it was made so
	}
	resize(d, p.Width, p.Height)
	if !p.Known {
		d.Centre()
		return
	}
	move(d, p.X, p.Y)
}

// resize gives the window a size and waits until it has it: whoever centres it before that lets its head stick out of a small
// screen. A window manager that gives it another size is not waited for long.
func resize(d desk, width, height int) {
	for step := range moveSteps {
		if nowWidth, nowHeight := d.Size(); nowWidth == width && nowHeight == height {
			return
		}
		if step == 0 {
			d.SetSize(width, height)
		}
		time.Sleep(movePoll)
	}
}

// move puts the window at a place of the whole desktop. Wails moves it relative to the screen that it is on, and tells
// where it is on the whole; so a miss as wide as a screen is taken off. A window manager that puts a window elsewhere when
// it appears is asked again. Where windows can't be placed (Wayland) it stays.
func move(d desk, x, y int) {
	askX, askY := x, y
	for range moveTries {
		d.SetPosition(askX, askY)
		missX, missY := settled(d, x, y)
		if missX == 0 && missY == 0 {
			return
		}
		if max(missX, -missX) >= leastScreen {
			askX -= missX
		}
		if max(missY, -missY) >= leastScreen {
			askY -= missY
		}
	}
}

// settled waits until the window is where it should be, or has been elsewhere for a while, and returns how far off it is.
func settled(d desk, x, y int) (missX, missY int) {
	again := time.NewTicker(movePoll)
	defer again.Stop()
	for range moveSteps {
		nowX, nowY := d.Position()
		missX, missY = nowX-x, nowY-y
		if missX == 0 && missY == 0 {
			break
		}
		<-again.C
	}
	return missX, missY
}

// bringBack is for a window that was away: the screens may be others now, and a window manager may put it elsewhere.
func (s *Shell) bringBack(d desk) {
	s.mu.Lock()
	placed := s.placed
	s.mu.Unlock()
	if away := s.hidden.Swap(false); away || layout(d.Screens()) != placed {
		s.bring(d)
	}
}

// rememberPlace keeps where the window is for the next time with these screens, and its size for others.
func (s *Shell) rememberPlace() {
	d := s.currentDesk()
	if d == nil || s.hidden.Load() { // what is hidden is nowhere
		return
	}
	now := spot{Layout: layout(d.Screens()), Maximised: d.Maximised()}
	now.Width, now.Height = d.Size()
	now.X, now.Y = d.Position()
	s.remember(func(m *memory) { m.put(now) })
}

// put takes a place in. What is maximised keeps the size that it had before.
func (m *memory) put(now spot) {
	m.Maximised = now.Maximised
	if now.Maximised {
		now.Width, now.Height = m.Width, m.Height
		if held := slices.IndexFunc(m.Spots, func(s spot) bool { return s.Layout == now.Layout }); held >= 0 {
			was := m.Spots[held]
			now.X, now.Y, now.Width, now.Height = was.X, was.Y, was.Width, was.Height
		}
	}
	m.Width, m.Height = now.Width, now.Height
	if now.Layout == "" {
		return
	}
	spots := slices.DeleteFunc(slices.Clone(m.Spots), func(s spot) bool { return s.Layout == now.Layout })
	spots = append(spots, now)
	m.Spots = spots[max(0, len(spots)-maxSpots):]
}
