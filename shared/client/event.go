package client

import (
	"fmt"

	"himsg/shared/wire"
)

// Event is what the server told. Data is a pointer to the type that package wire names for Ev: *wire.Message for
// wire.EvMessage, *wire.Welcome for wire.EvWelcome and so on; nil for wire.EvResync.
type Event struct {
	Ev   wire.Ev
	Data any
}

// decodeEvent returns known false for an event of a later protocol version: that is no error.
func decodeEvent(envelope wire.Envelope) (event Event, known bool, err error) {
	data, known := newEventData(envelope.Ev)
	if !known || data == nil {
		return Event{Ev: envelope.Ev}, known, nil
	}
	if err := wire.Unmarshal(envelope.D, data); err != nil {
		return Event{}, false, fmt.Errorf("event %s: %w", envelope.Ev, err)
	}
	return Event{Ev: envelope.Ev, Data: data}, true, nil
}

func newEventData(ev wire.Ev) (data any, known bool) {
	switch ev {
	case wire.EvWelcome:
		return new(wire.Welcome), true
	case wire.EvMessage:
		return new(wire.Message), true
	case wire.EvRoom:
		return new(wire.RoomSummary), true
	case wire.EvRoomRemoved:
		return new(wire.RoomRemoved), true
	case wire.EvRead:
		return new(wire.Read), true
	case wire.EvTyping:
		return new(wire.Typing), true
	case wire.EvPresence:
		return new(wire.Presence), true
	case wire.EvUser:
		return new(wire.UserChanged), true
	case wire.EvDepartment:
		return new(wire.DepartmentChanged), true
	case wire.EvAdmin:
		return new(wire.AdminCounts), true
	case wire.EvAccess:
		return new(wire.AccessChanged), true
	case wire.EvNotices:
		return new(wire.NoticesChanged), true
	case wire.EvGoingAway:
		return new(wire.GoingAway), true
	case wire.EvResync:
		return nil, true
	}
	return nil, false
}
