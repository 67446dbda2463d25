package chat

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Invite brings people into a group; any member may. Who is in it already is no error, so repeating is harmless.
//
// It returns wire.NotFound unless the actor is a member, and wire.BadRequest for no people, too many, somebody who can't be
// invited, or a room that is no group.
func (s *Service) Invite(ctx context.Context, actor model.Actor, roomUUID string, req wire.InviteRequest) error {
	if _, _, err := s.member(ctx, actor, roomUUID); err != nil {
		return err
	}
	named := slices.Compact(slices.Sorted(slices.Values(req.Members)))
	switch {
	case len(named) == 0:
		return errs.E(wire.BadRequest, wire.ReasonTooFewPeople, textNobody)
	case len(named) > wire.MaxRoomMembers:
		return errs.E(wire.BadRequest, wire.ReasonTooManyPeople, textManyPeople)
	}
	users, err := s.active(ctx, named)
	if err != nil {
		return err
	}
	change, err := s.seating.Invite(ctx, actor, roomUUID, users, s.now())
	if err != nil {
		return err
	}
	s.announce(ctx, change)
	return nil
}

// active looks up people who can be brought into a room.
func (s *Service) active(ctx context.Context, uuids []string) ([]model.User, error) {
	for _, uuid := range uuids {
		if err := checkUUID("members", uuid); err != nil {
			return nil, err
		}
	}
	users, err := s.people.ActiveUsers(ctx, uuids)
	if err == nil && len(users) != len(uuids) {
		err = errs.BadField("members", textNoMember)
	}
	return users, err
}

// RemoveMember ends another's membership of a group; its owners may. An owner who removes himself leaves.
//
// It returns wire.NotFound unless both are members, wire.Forbidden unless the actor is an owner, and wire.Conflict for the
// last owner, who leaves by LeaveRoom or makes another one first.
func (s *Service) RemoveMember(ctx context.Context, actor model.Actor, roomUUID, userUUID string) error {
	return s.reseat(ctx, roomUUID, userUUID, func() (RoomChange, error) {
		return s.seating.RemoveMember(ctx, actor, roomUUID, userUUID, s.now())
	})
}

// SetRole makes a member of a group an owner, or an owner a member; its owners may. Repeating is harmless.
//
// It returns wire.BadRequest for another role, otherwise as RemoveMember.
func (s *Service) SetRole(
	ctx context.Context, actor model.Actor, roomUUID, userUUID string, role wire.RoomRole,
) error {
	if role != wire.RoomOwner && role != wire.RoomMember {
		return errs.BadField("role", textUnknown)
	}
	return s.reseat(ctx, roomUUID, userUUID, func() (RoomChange, error) {
		return s.seating.SetRole(ctx, actor, roomUUID, userUUID, role, s.now())
	})
}

func (s *Service) reseat(ctx context.Context, roomUUID, userUUID string, do func() (RoomChange, error)) error {
	if err := checkUUID("room_uuid", roomUUID); err != nil {
		return err
	}
	if err := checkUUID("user_uuid", userUUID); err != nil {
		return err
	}
	change, err := do()
	if err != nil {
		return err
	}
	s.announce(ctx, change)
	return nil
}

// MembersPage returns a page of a room's present members, owners first, then by joining. after is the Next of the page
// before; who joins, leaves or changes his role meanwhile may be missed or come twice.
//
// It returns wire.NotFound unless the actor is a member.
func (s *Service) MembersPage(
	ctx context.Context, actor model.Actor, roomUUID, after string, most int,
) (wire.RoomMembers, error) {
	n, err := limit(most, wire.MaxMembersLimit, wire.MaxMembersLimit)
	if err != nil {
		return wire.RoomMembers{}, err
	}
	place, err := parsePlace(after)
	if err != nil {
		return wire.RoomMembers{}, err
	}
	room, _, err := s.member(ctx, actor, roomUUID)
	if err != nil {
		return wire.RoomMembers{}, err
	}
	list, err := s.seating.MembersPage(ctx, room.ID, place, n+1)
	if err != nil {
		return wire.RoomMembers{}, err
	}
	out := wire.RoomMembers{Members: []wire.RoomMemberEntry{}}
	if len(list) > n {
		list = list[:n]
		out.Next = list[n-1].String()
	}
	for _, m := range list {
		out.Members = append(out.Members, wire.RoomMemberEntry{
			UserUUID: m.UserUUID, Role: m.Role, JoinedAt: wire.TimeOfMilli(m.JoinedAt),
		})
	}
	return out, nil
}

// String is the place as clients hand it back.
func (p MemberPlace) String() string {
	return string(p.Role) + "." + strconv.FormatInt(p.JoinedAt, 10) + "." + p.UserUUID
}

func parsePlace(s string) (p MemberPlace, err error) {
	if s == "" {
		return p, nil
	}
	parts := strings.Split(s, ".")
	if len(parts) != 3 || (parts[0] != string(wire.RoomOwner) && parts[0] != string(wire.RoomMember)) {
		return p, errs.BadField("after", textUnknown)
	}
	at, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || checkUUID("after", parts[2]) != nil {
		return p, errs.BadField("after", textUnknown)
	}
	return MemberPlace{Role: wire.RoomRole(parts[0]), JoinedAt: at, UserUUID: parts[2]}, nil
}
