package legacy

import (
	"strings"
	"time"
	_ "time/tzdata" // not every server has the zones

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// calendar reads the original's times, which have no zone.
type calendar struct {
	zone *time.Location
	now  time.Time
}

// LoadZone finds a zone by its IANA name.
func LoadZone(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, errs.E(wire.BadRequest, "", errs.Text{
			KO: "모르는 시간대입니다: " + name + " (예: Asia/Seoul, UTC)", EN: "There is no zone " + name + "; say Asia/Seoul or UTC.",
		})
	}
	return zone, nil
}

// doubt is what is doubtful about a time.
type doubt int

const (
	certain doubt = iota
	noTime        // empty, zero or unreadable
	twice         // the clock went through it twice
	skipped       // the clock jumped over it
	future
)

// wallForm is how MySQL writes a time, without its fraction, which time.Parse takes by itself.
const wallForm = "2006-01-02 15:04:05"

// read returns UTC milliseconds; 0 with noTime.
func (c calendar) read(s string) (int64, doubt) {
	zone := c.zone
	if utc, is := strings.CutSuffix(s, "Z"); is {
		s, zone = utc, time.UTC
	}
	s = strings.Replace(s, "T", " ", 1)
	wall, err := time.Parse(wallForm, s)
	if err != nil {
		wall, err = time.Parse(time.DateOnly, s)
	}
	if err != nil || wall.Year() < 1990 || wall.Year() > 2199 {
		return 0, noTime
	}
	at, d := inZone(wall, zone)
	if at.Sub(c.now) > futureFrom {
		d = future
	}
	return at.UnixMilli(), d
}

// futureFrom: clocks may differ by that much.
const futureFrom = time.Hour

// inZone is the moment at which the clocks of a zone showed a time, the first if there are two.
func inZone(wall time.Time, zone *time.Location) (time.Time, doubt) {
	var found []time.Time
	for _, near := range []time.Duration{-26 * time.Hour, 26 * time.Hour} {
		_, offset := wall.Add(near).In(zone).Zone()
		at := wall.Add(-time.Duration(offset) * time.Second)
		if _, there := at.In(zone).Zone(); there == offset && (len(found) == 0 || !found[0].Equal(at)) {
			found = append(found, at)
		}
	}
	switch len(found) {
	case 0:
		return time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone), skipped
	case 1:
		return found[0], certain
	}
	if found[1].Before(found[0]) {
		found[0] = found[1]
	}
	return found[0], twice
}
