package shell

import (
	"fmt"
	"reflect"
	"testing"
)

var (
	laptop    = screen{Width: 1920, Height: 1080, Current: true, Primary: true}
	second    = screen{Width: 2560, Height: 1440}
	magnified = screen{Width: 546, Height: 307, Current: true, Primary: true} // 1366x768 at 250 %
)

func TestPlaceOnScreens(t *testing.T) {
	const alone, both = "1920x1080*", "1920x1080*,2560x1440"
	m := memory{Width: 1200, Height: 800, Spots: []spot{
		{Layout: alone, X: 40, Y: 50, Width: 1000, Height: 700},
		{Layout: both, X: 2100, Y: 100, Width: 2000, Height: 1300},
		{Layout: "546x307*", X: 900, Y: 0, Width: 1200, Height: 800}, // of a file that somebody edited
	}}
	for name, c := range map[string]struct {
		memory  memory
		screens []screen
		want    string // x y width height, or "centre"
		least   [2]int
	}{
		"as it was on one screen":        {m, []screen{laptop}, "40 50 1000 700", [2]int{380, 560}},
		"as it was on the second screen": {m, []screen{laptop, second}, "2100 100 2000 1300", [2]int{380, 560}},
		"the second one went away":       {memory{Width: 2000, Height: 1300, Spots: m.Spots[1:2]}, []screen{laptop}, "centre 1920 1032", [2]int{380, 560}},
		"the first start":                {memory{Width: 1200, Height: 800}, []screen{laptop}, "centre 1200 800", [2]int{380, 560}},
		"a scale of 250 %":               {memory{Width: 1200, Height: 800}, []screen{magnified}, "centre 546 259", [2]int{380, 259}},
		"250 % with a known place":       {m, []screen{magnified}, "900 0 546 259", [2]int{380, 259}},
		"on the screen that it is on":    {memory{Width: 2400, Height: 800}, []screen{{Width: 1280, Height: 800, Primary: true}, {Width: 2560, Height: 1440, Current: true}}, "centre 2400 800", [2]int{380, 560}},
		"nobody tells of screens":        {memory{Width: 1200, Height: 800}, nil, "centre 1200 800", [2]int{380, 560}},
		"a screen without a size":        {memory{Width: 1200, Height: 800}, []screen{{Current: true}}, "centre 1200 800", [2]int{380, 560}},
	} {
		t.Run(name, func(t *testing.T) {
			p := placeOn(c.memory, c.screens)
			got := fmt.Sprintf("%d %d %d %d", p.X, p.Y, p.Width, p.Height)
			if !p.Known {
				got = fmt.Sprintf("centre %d %d", p.Width, p.Height)
			}
			if least := [2]int{p.MinWidth, p.MinHeight}; got != c.want || least != c.least {
				t.Errorf("got %s, at least %v", got, least)
			}
		})
	}
}

func TestMemoryOfPlaces(t *testing.T) {
	var m memory
	m.put(spot{Layout: "a", X: 1, Y: 2, Width: 800, Height: 600})
	m.put(spot{Layout: "a", X: 0, Y: 0, Width: 1920, Height: 1080, Maximised: true})
	if want := []spot{{Layout: "a", X: 1, Y: 2, Width: 800, Height: 600, Maximised: true}}; !reflect.DeepEqual(m.Spots, want) || m.Width != 800 {
		t.Errorf("maximised: %+v", m)
	}
	for i := range 2 * maxSpots {
		m.put(spot{Layout: fmt.Sprint(i), Width: 800 + i, Height: 600})
	}
	if len(m.Spots) != maxSpots || m.Spots[maxSpots-1].Width != 800+2*maxSpots-1 {
		t.Errorf("spots: %+v", m.Spots)
	}
	m.put(spot{Width: 700, Height: 600})
	if len(m.Spots) != maxSpots || m.Width != 700 {
		t.Errorf("without screens: %+v", m)
	}
}

// movedDesk moves as Wails does: relative to the screen that the window is on.
type movedDesk struct {
	fakeDesk
	x, y, origin int
	stuck        bool
}

func (d *movedDesk) Position() (int, int) { return d.x, d.y }

func (d *movedDesk) SetPosition(x, y int) {
	if !d.stuck {
		d.x, d.y = d.origin+x, y
	}
}

func TestMove(t *testing.T) {
	for name, c := range map[string]struct {
		desk *movedDesk
		want [2]int
	}{
		"on the first screen":           {&movedDesk{x: 5}, [2]int{100, 50}},
		"back from the second":          {&movedDesk{x: 2000, origin: 1920}, [2]int{100, 50}},
		"where windows can't be placed": {&movedDesk{stuck: true}, [2]int{0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			move(c.desk, 100, 50)
			if got := [2]int{c.desk.x, c.desk.y}; got != c.want {
				t.Errorf("is at %v", got)
			}
		})
	}
}
