package hub

import (
	"encoding/json"

	"himsg/server/internal/bus"
	"himsg/shared/wire"
)

// Envelope encodes an event for sessions: {"ev":…,"d":…}. data is JSON without line breaks, as encoding/json makes it; it
// is not looked at again, because this runs once for each event however many sessions get it.
func Envelope(ev wire.Ev, data json.RawMessage) Outgoing {
	if len(data) == 0 {
		data = json.RawMessage("{}")
	}
	out := make([]byte, 0, len(ev)+len(data)+14)
	out = append(out, `{"ev":"`...)
	out = append(out, ev...)
	out = append(out, `","d":`...)
	out = append(out, data...)
	return append(out, '}')
}

func resyncEnvelope() Outgoing { return Envelope(wire.EvResync, nil) }

func removedEnvelope(roomUUID string) Outgoing {
	return Envelope(wire.EvRoomRemoved, []byte(`{"room_uuid":"`+roomUUID+`"}`)) // a UUID needs no escaping
}

// encoded gives each receiver of an event its envelope; what all share is made once, when the first one needs it.
type encoded struct {
	event  *bus.Event
	shared Outgoing
}

// forUser returns nil when the user is told nothing.
func (e *encoded) forUser(userID int64) Outgoing {
	if own, ok := e.event.Personal[userID]; ok {
		if len(own) == 0 {
			return nil
		}
		return Envelope(e.event.Ev, own)
	}
	if e.shared == nil {
		e.shared = Envelope(e.event.Ev, e.event.Data)
	}
	return e.shared
}
