package model

import (
	"slices"

	"himsg/shared/wire"
)

// Integration is a webhook or a token. Its secret is not stored.
type Integration struct {
	ID           int64
	UUID         string
	Kind         wire.IntegrationKind
	State        wire.IntegrationState
	Removed      bool
	BotID        int64
	BotUUID      string
	Name         string
	Icon         string
	Scopes       []wire.Scope
	Generation   int64 // how often its secret was changed, from 1 on
	URL          string
	CreatedBy    string // user_uuid
	CreatedAt    int64
	ExpiresAt    int64
	LastUsedAt   int64
	LastFailure  wire.HookFailure
	LastStatus   int
	LastFailedAt int64
	Failures     int
	FailingSince int64
	NextTryAt    int64
	Skipped      int64
	Rooms        []IntegrationRoom
}

// IntegrationRoom is a room that an integration was let into.
type IntegrationRoom struct {
	ID       int64
	UUID     string
	Name     string
	AfterSeq int64 // it reads what comes after it
	LastSeq  int64
	Closed   bool
}

// At is the integration as it stands at a time.
func (i Integration) At(now int64) Integration {
	if i.State == wire.IntegrationActive && i.ExpiresAt != 0 && i.ExpiresAt <= now {
		i.State = wire.IntegrationExpired
	}
	return i
}

// Actor is who writes for the integration.
func (i Integration) Actor(remoteAddr string) Actor {
	return Actor{UserID: i.BotID, UserUUID: i.BotUUID, RemoteAddr: remoteAddr, Bot: true}
}

// May reports whether a token has a scope.
func (i Integration) May(s wire.Scope) bool { return slices.Contains(i.Scopes, s) }

// Room finds a room by its UUID among those that the integration was let into and that are not closed.
func (i Integration) Room(uuid string) (IntegrationRoom, bool) {
	for _, r := range i.Rooms {
		if r.UUID == uuid && !r.Closed {
			return r, true
		}
	}
	return IntegrationRoom{}, false
}

// Wire is the integration as administrators see it.
func (i Integration) Wire() wire.Integration {
	w := wire.Integration{
		IntegrationUUID: i.UUID, Kind: i.Kind, State: i.State, BotUUID: i.BotUUID, Name: i.Name, Icon: i.Icon,
		Rooms: make([]wire.IntegrationRoom, 0, len(i.Rooms)), Scopes: append([]wire.Scope{}, i.Scopes...), URL: i.URL,
		CreatedBy: i.CreatedBy, CreatedAt: wire.TimeOfMilli(i.CreatedAt), ExpiresAt: timeOrNil(i.ExpiresAt),
		LastUsedAt: timeOrNil(i.LastUsedAt), LastFailure: i.LastFailure, LastStatus: i.LastStatus,
		LastFailedAt: timeOrNil(i.LastFailedAt), Failures: i.Failures, Skipped: i.Skipped,
	}
	if i.State == wire.IntegrationActive && i.Failures > 0 {
		w.NextTryAt = timeOrNil(i.NextTryAt)
	}
	for _, r := range i.Rooms {
		w.Rooms = append(w.Rooms, wire.IntegrationRoom{RoomUUID: r.UUID, Name: r.Name, Closed: r.Closed})
		if i.Kind == wire.IntegrationOutgoing && !r.Closed {
			w.Waiting += max(r.LastSeq-r.AfterSeq, 0)
		}
	}
	return w
}

func timeOrNil(milli int64) *wire.Time {
	if milli == 0 {
		return nil
	}
	at := wire.TimeOfMilli(milli)
	return &at
}
