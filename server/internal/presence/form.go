package presence

import (
	"cmp"
	"encoding/json"
	"log/slog"
	"slices"

	"himsg/shared/wire"
)

// Form is how people are named in an event.
type Form int

// The forms. ByNumber is for clients that connected with wire.PresenceHeader, and is a fiftieth of ByName.
const (
	ByName   Form = iota // by user_uuid, at most 1,000 people an event
	ByNumber             // by wire.Profile.Number, all in one event
)

var forms = [...]Form{ByName, ByNumber}

// numbered is what bus.Event says of it.
func (f Form) numbered() *bool {
	is := f == ByNumber
	return &is
}

// change is somebody's state.
type change struct {
	uuid   string
	number int64 // 0: not known
	state  wire.PresenceState
}

// encode returns the events that tell these states: none of no change, one at least of a full list.
func (t *Tracker) encode(form Form, users []change, full bool) (pages []json.RawMessage) {
	if len(users) == 0 && !full {
		return nil
	}
	size := pageSize
	if form == ByNumber {
		size = wire.MaxNumbers
		slices.SortFunc(users, func(a, b change) int { return cmp.Compare(a.number, b.number) })
	} else {
		slices.SortFunc(users, func(a, b change) int { return cmp.Compare(a.uuid, b.uuid) })
	}
	for first := true; first || len(users) > 0; first = false {
		n := min(len(users), size)
		data, err := json.Marshal(pageOf(form, users[:n], full))
		if err != nil {
			t.logger.Error("encode presence", slog.Any("error", err))
			return pages
		}
		pages = append(pages, data)
		users = users[n:]
	}
	return pages
}

func pageOf(form Form, users []change, full bool) wire.Presence {
	page := wire.Presence{Users: []wire.UserPresence{}, Full: full}
	for _, u := range users {
		if numbers := page.Of(u.state); form == ByNumber && u.number > 0 && numbers != nil {
			*numbers = append(*numbers, u.number)
			continue
		}
		page.Users = append(page.Users, wire.UserPresence{UserUUID: u.uuid, State: u.state})
	}
	return page
}
