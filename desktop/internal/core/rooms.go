package core

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// maxInvited bounds what the page may put into one group; the server's own limit counts beside it.
const maxInvited = wire.MaxRoomMembers

// OpenPerson returns the room_uuid of the conversation with a person (oneself: the memo), made if there is none. One that
// is held is found offline, too.
func (c *Core) OpenPerson(userUUID string) (string, error) {
	s, err := c.signedIn()
	if err != nil {
		return "", err
	}
	if err := checkID(userUUID); err != nil {
		return "", err
	}
	ctx, cancel := s.call()
	defer cancel()
	rooms, err := s.store.Rooms(ctx)
	if err != nil {
		return "", fail(s.storeFailed(err))
	}
	held := slices.IndexFunc(rooms, func(r store.Room) bool {
		return r.Kind == wire.RoomDirect && r.OtherUUID == userUUID || r.Kind == wire.RoomSelf && userUUID == s.me
	})
	if held >= 0 {
		return rooms[held].UUID, nil
	}
	id, err := s.auth.OpenDirect(ctx, userUUID)
	if err != nil {
		return "", fail(err)
	}
	return id, fail(s.await(ctx, id))
}

// CreateGroup makes a group of the user and others, and returns its room_uuid.
func (c *Core) CreateGroup(name string, userUUIDs []string) (string, error) {
	s, err := c.signedIn()
	if err != nil {
		return "", err
	}
	if err := checkField(name, wire.MaxNameRunes); err != nil {
		return "", err
	}
	switch {
	case len(userUUIDs) == 0:
		return "", refuse(wire.BadRequest, wire.ReasonTooFewPeople, "nobody is invited")
	case len(userUUIDs) > maxInvited:
		return "", refuse(wire.BadRequest, wire.ReasonTooManyPeople, "too many are invited")
	}
	for _, id := range userUUIDs {
		if err := checkID(id); err != nil {
			return "", err
		}
	}
	ctx, cancel := s.call()
	defer cancel()
	id, err := s.auth.CreateRoom(ctx, wire.CreateRoomRequest{
		Members: userUUIDs, Name: name, ClientID: uuid.NewString(), // a repeat within the call makes no second room
	})
	if err != nil {
		return "", fail(err)
	}
	return id, fail(s.await(ctx, id))
}

// awaitTime is how long a new room may take to arrive over the live connection.
const awaitTime = 5 * time.Second

// await returns when the store holds a room that the server has just made. Its event is on the way; if it is lost, the
// server is asked. A room that does not come in time is not an error: it exists, and comes with the connection.
func (s *session) await(ctx context.Context, roomUUID string) error {
	ctx, cancel := context.WithTimeout(ctx, awaitTime)
	defer cancel()
	for asked := false; ; asked = true {
		arrived := s.arrived.Next()
		_, err := s.store.Room(ctx, roomUUID)
		if err == nil || ctx.Err() != nil {
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return s.storeFailed(err)
		}
		if !asked {
			s.current().syncer.Resync()
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil
		}
	}
}

// LeaveRoom leaves a group; for the others nothing is lost. It needs the server.
func (c *Core) LeaveRoom(roomUUID string) error {
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	ctx, cancel := s.call()
	defer cancel()
	if _, err := s.room(ctx, roomUUID); err != nil {
		return fail(err)
	}
	if err := s.auth.LeaveRoom(ctx, roomUUID); err != nil {
		return fail(err)
	}
	s.current().syncer.Resync() // in case the event that removes the room is lost
	return nil
}

// SetPresence tells how reachable the user is; it holds until he changes it or the app ends.
func (c *Core) SetPresence(presence string) error {
	c.touch()
	state := wire.PresenceState(presence)
	s, err := c.signedIn()
	if err != nil {
		return err
	}
	if !slices.Contains([]wire.PresenceState{wire.PresenceActive, wire.PresenceAway, wire.PresenceDND}, state) {
		return refuse(wire.BadRequest, "", "unknown presence")
	}
	s.presence.SetMine(state)
	s.updates.State()
	if !s.online() {
		return nil // told after the reconnect
	}
	ctx, cancel := s.call()
	defer cancel()
	return fail(s.current().conn.SetPresence(ctx, state))
}
