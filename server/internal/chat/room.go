package chat

import (
	"context"
	"encoding/json"
	"slices"

	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// RoomMembers returns the present members of a room by joining.
//
// It returns wire.NotFound unless the actor is one of them.
func (s *Service) RoomMembers(ctx context.Context, actor model.Actor, roomUUID string) ([]model.Member, error) {
	room, _, err := s.member(ctx, actor, roomUUID)
	if err != nil {
		return nil, err
	}
	return s.rooms.Members(ctx, room.ID)
}

// CreateRoom makes a group of the actor and the named people. With a client_id a repeat returns the first room.
//
// It returns wire.BadRequest for fewer than two people, too many, or one who can't be invited.
func (s *Service) CreateRoom(
	ctx context.Context, actor model.Actor, req wire.CreateRoomRequest,
) (wire.CreateRoomReply, error) {
	name, err := model.Line("name", req.Name, wire.MaxNameRunes, false)
	if err != nil {
		return wire.CreateRoomReply{}, err
	}
	if req.ClientID != "" {
		if err := checkUUID("client_id", req.ClientID); err != nil {
			return wire.CreateRoomReply{}, err
		}
	}
	members, err := s.invited(ctx, actor, req.Members)
	if err != nil {
		return wire.CreateRoomReply{}, err
	}
	fresh, err := newUUID()
	if err != nil {
		return wire.CreateRoomReply{}, err
	}
	change, err := s.membership.CreateRoom(ctx, NewRoom{
		UUID: fresh, Kind: wire.RoomGroup, Name: name, Creator: actor, Members: members, CreateKey: req.ClientID,
		Now: s.now(),
	})
	if err != nil {
		return wire.CreateRoomReply{}, err
	}
	s.announce(ctx, change)
	return wire.CreateRoomReply{RoomUUID: change.Room.UUID}, nil
}

// invited looks up a new group's people; the actor is always among them.
func (s *Service) invited(ctx context.Context, actor model.Actor, uuids []string) ([]int64, error) {
	if len(uuids) > wire.MaxRoomMembers {
		return nil, errs.E(wire.BadRequest, wire.ReasonTooManyPeople, textManyPeople)
	}
	named := append([]string{actor.UserUUID}, uuids...)
	slices.Sort(named)
	named = slices.Compact(named)
	switch {
	case len(named) < 2:
		return nil, errs.E(wire.BadRequest, wire.ReasonTooFewPeople, textFewPeople)
	case len(named) > wire.MaxRoomMembers:
		return nil, errs.E(wire.BadRequest, wire.ReasonTooManyPeople, textManyPeople)
	}
	users, err := s.active(ctx, named)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(users))
	for i, u := range users {
		ids[i] = u.ID
	}
	slices.Sort(ids)
	return ids, nil
}

// OpenDirect returns the room of the actor and a person, made if there is none; with the actor's own UUID, his memo to
// himself. Repeating is harmless.
//
// It returns wire.NotFound if there is no such active person.
func (s *Service) OpenDirect(ctx context.Context, actor model.Actor, receiverUUID string) (string, error) {
	if err := checkUUID("receiver_uuid", receiverUUID); err != nil {
		return "", err
	}
	users, err := s.people.ActiveUsers(ctx, []string{receiverUUID})
	if err != nil {
		return "", err
	}
	if len(users) != 1 {
		return "", errs.NotFound(textNoPerson)
	}
	fresh, err := newUUID()
	if err != nil {
		return "", err
	}
	change, err := s.membership.DirectRoom(ctx, actor, users[0].ID, fresh, s.now())
	if err != nil {
		return "", err
	}
	s.announce(ctx, change)
	if change.Unhidden {
		s.showAgain(ctx, actor, change.Room)
	}
	return change.Room.UUID, nil
}

// showAgain gives a conversation back to the devices of the actor, who had put it away.
func (s *Service) showAgain(ctx context.Context, actor model.Actor, room model.Room) {
	s.known.forget(room.UUID)
	ctx, cancel := after(ctx)
	defer cancel()
	data, err := s.personal(ctx, actor.UserID, room.ID, moment{rev: room.Rev, lastSeq: room.LastSeq})
	if err != nil {
		s.unpublished(ctx, wire.EvRoom, room.ID, err)
		return
	}
	s.publisher.Publish(ctx, bus.Event{
		Ev: wire.EvRoom, Data: data, RoomID: room.ID, RoomUUID: room.UUID, Users: []int64{actor.UserID},
	})
}

// LeaveRoom ends a group for the actor, or puts a conversation away until something new comes; nobody else loses anything.
// id is the room's UUID or, for a conversation, the other person's. With forAll the owner closes a group for everyone,
// which is audited. direct says that it was a conversation.
//
// It returns wire.NotFound for what is not the actor's, wire.Forbidden if he may not close it. Closing again is harmless.
func (s *Service) LeaveRoom(ctx context.Context, actor model.Actor, id string, forAll bool) (direct bool, err error) {
	room, err := s.roomOrPair(ctx, actor, id)
	if forAll && missing(err) { // perhaps closed already, and the answer was lost: only the store still knows that
		return false, s.closeRoom(ctx, actor, id)
	}
	if err != nil {
		return false, err
	}
	switch {
	case room.Kind == wire.RoomDirect || room.Kind == wire.RoomSelf:
		if forAll {
			return true, errs.E(wire.Forbidden, "", textNotGroup)
		}
		return true, s.hide(ctx, actor, room.UUID)
	case forAll:
		return false, s.closeRoom(ctx, actor, room.UUID)
	}
	change, err := s.membership.LeaveRoom(ctx, actor, room.UUID, s.now())
	if err == nil {
		s.announce(ctx, change)
	}
	return false, err
}

// roomOrPair finds one of the actor's rooms by its UUID or by that of the other person.
func (s *Service) roomOrPair(ctx context.Context, actor model.Actor, id string) (model.Room, error) {
	room, _, err := s.member(ctx, actor, id)
	if !missing(err) {
		return room, err
	}
	roomUUID, _, pairErr := s.rooms.DirectWith(ctx, actor.UserID, id)
	if pairErr != nil {
		return model.Room{}, pairErr
	}
	room, _, err = s.rooms.RoomFor(ctx, actor.UserID, roomUUID)
	return room, err
}

func (s *Service) hide(ctx context.Context, actor model.Actor, roomUUID string) error {
	room, err := s.membership.HideRoom(ctx, actor, roomUUID, s.now())
	s.known.forget(roomUUID) // also when it is unclear whether it was hidden
	if err != nil {
		return err
	}
	s.publish(ctx, bus.Event{Ev: wire.EvRoomRemoved, Users: []int64{actor.UserID}}, wire.RoomRemoved{RoomUUID: room.UUID})
	return nil
}

func (s *Service) closeRoom(ctx context.Context, actor model.Actor, roomUUID string) error {
	change, err := s.membership.CloseRoom(ctx, actor, roomUUID, s.now())
	if err != nil {
		return err
	}
	s.announce(ctx, change)
	return nil
}

// Announce tells the members of a room of a change that another service stored.
func (s *Service) Announce(ctx context.Context, c RoomChange) { s.announce(ctx, c) }

// announce tells of a change of membership: first who came and went, then the system line that says so.
func (s *Service) announce(ctx context.Context, c RoomChange) {
	if !c.Changed {
		return
	}
	ctx, cancel := after(ctx)
	defer cancel()
	if err := s.announceMembers(ctx, c); err != nil {
		s.unpublished(ctx, wire.EvRoom, c.Room.ID, err)
	}
	for _, line := range []*model.Message{c.System, c.Further} {
		if line != nil {
			s.publishMessage(ctx, *line, nil)
		}
	}
}

func (s *Service) announceMembers(ctx context.Context, c RoomChange) error {
	members, err := s.rooms.Members(ctx, c.Room.ID)
	if err != nil {
		return err
	}
	pins, err := s.messages.Pins(ctx, c.Room.ID)
	if err != nil {
		return err
	}
	at := moment{rev: c.Rev, lastSeq: c.Room.LastSeq}
	if c.System != nil {
		at.lastSeq = c.System.Seq - 1
	}
	e := bus.Event{
		Ev: wire.EvRoom, RoomID: c.Room.ID, RoomUUID: c.Room.UUID, Rev: c.Rev, Join: c.Joined, Leave: c.Left,
	}
	many := len(c.Joined) > wire.MaxSummaryMembers
	if !many {
		if e.Personal, err = s.welcome(ctx, c, members, pins, at); err != nil {
			return err
		}
	}
	s.publish(ctx, e, shared(c.Room, members, pins, at))
	s.reads.membersChanged(c.Room.ID, c.Room.UUID, len(members))
	if many { // a summary for each would be megabytes; let those who are online ask
		s.publish(ctx, bus.Event{Ev: wire.EvResync, Users: c.Joined}, wire.Empty{})
	}
	return nil
}

// welcome makes the summary that each of those gets who joined, or whose own row changed.
func (s *Service) welcome(
	ctx context.Context, c RoomChange, members []model.Member, pins []int64, at moment,
) (map[int64]json.RawMessage, error) {
	out := make(map[int64]json.RawMessage, len(c.Joined))
	whole := c.Touched
	if c.Room.Kind == wire.RoomDirect { // each sees another person
		whole = c.Joined
	}
	for _, userID := range whole {
		data, err := s.personal(ctx, userID, c.Room.ID, at)
		if missing(err) {
			continue // he has left since
		}
		if err != nil {
			return nil, err
		}
		out[userID] = data
	}
	if c.Room.Kind == wire.RoomDirect {
		return out, nil
	}
	for _, m := range members {
		if !slices.Contains(c.Joined, m.UserID) {
			continue
		}
		summary := shared(c.Room, members, pins, at)
		m.LastReadSeq = min(m.LastReadSeq, at.lastSeq)
		summary.My = my(m, at.lastSeq)
		data, err := json.Marshal(summary)
		if err != nil {
			return nil, err
		}
		out[m.UserID] = data
	}
	return out, nil
}
