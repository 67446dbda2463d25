package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// What is done with a room itself. The server checks who may; here is no second rule that could differ from it.

// SetMy changes the user's own settings of a room, on all his devices.
func (c *Core) SetMy(roomUUID string, change MyChange) error {
	var wrong error
	if m := change.MuteMinutes; m != nil && (*m < -1 || *m > wire.MaxMuteMinutes) {
		wrong = refuse(wire.BadRequest, "", "no such time to mute for")
	}
	if n := change.Notify; n != nil && !n.Known() {
		wrong = refuse(wire.BadRequest, "", "no such choice of notifications")
	}
	if change == (MyChange{}) {
		wrong = refuse(wire.BadRequest, "", "nothing is changed")
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		if _, err := s.room(ctx, roomUUID); err != nil {
			return err
		}
		return s.insist(ctx, func(ctx context.Context) error {
			_, err := s.current().conn.SetMy(ctx, wire.MyRequest{
				RoomUUID: roomUUID, Favourite: change.Favourite, Pinned: change.Pinned, Locked: change.Locked,
				MuteMinutes: change.MuteMinutes, Notify: change.Notify,
			})
			return err
		})
	})
}

// RoomMembers lists all members of a room. after is the Next of the page before, empty at first.
func (c *Core) RoomMembers(roomUUID, after string) (MemberPage, error) {
	out := MemberPage{Members: []Member{}}
	err := c.change(checkField(after, maxCursorRunes), func(ctx context.Context, s *session) error {
		if _, err := s.room(ctx, roomUUID); err != nil {
			return err
		}
		reply, err := s.auth.Members(ctx, roomUUID, after, 0)
		for _, m := range reply.Members {
			out.Members = append(out.Members, Member{UserUUID: m.UserUUID, Role: m.Role, JoinedAt: m.JoinedAt.UnixMilli()})
		}
		out.Next = reply.Next
		return err
	})
	return out, err
}

// Invite adds people to a group. Who is in it already is no error.
func (c *Core) Invite(roomUUID string, userUUIDs []string) error {
	if len(userUUIDs) > maxInvited {
		return refuse(wire.BadRequest, wire.ReasonTooManyPeople, "too many are invited")
	}
	return c.inGroup(roomUUID, checkIDs(userUUIDs, maxInvited), func(ctx context.Context, s *session) error {
		return s.insist(ctx, func(ctx context.Context) error {
			return s.auth.Invite(ctx, roomUUID, unique(userUUIDs))
		})
	})
}

// RemoveMember takes a member out of a group.
func (c *Core) RemoveMember(roomUUID, userUUID string) error {
	return c.inGroup(roomUUID, checkID(userUUID), func(ctx context.Context, s *session) error {
		return s.insistGone(ctx, func(ctx context.Context) error { return s.auth.RemoveMember(ctx, roomUUID, userUUID) })
	})
}

// SetMemberRole makes a member an owner of a group, or an owner a member.
func (c *Core) SetMemberRole(roomUUID, userUUID, role string) error {
	wrong := checkID(userUUID)
	if r := wire.RoomRole(role); wrong == nil && r != wire.RoomOwner && r != wire.RoomMember {
		wrong = refuse(wire.BadRequest, "", "unknown role")
	}
	return c.inGroup(roomUUID, wrong, func(ctx context.Context, s *session) error {
		return s.insist(ctx, func(ctx context.Context) error {
			return s.auth.SetRole(ctx, roomUUID, userUUID, wire.RoomRole(role))
		})
	})
}

// RenameRoom gives a group a name; an empty one takes it away.
func (c *Core) RenameRoom(roomUUID, name string) error {
	return c.inGroup(roomUUID, checkField(name, wire.MaxNameRunes), func(ctx context.Context, s *session) error {
		return s.updateRoom(ctx, roomUUID, wire.UpdateRoomRequest{Name: &name})
	})
}

// SetRoomHistory says what newcomers of a group see.
func (c *Core) SetRoomHistory(roomUUID, history string) error {
	h := wire.RoomHistory(history)
	var wrong error
	if h != wire.HistoryJoined && h != wire.HistoryAll {
		wrong = refuse(wire.BadRequest, "", "unknown history setting")
	}
	return c.inGroup(roomUUID, wrong, func(ctx context.Context, s *session) error {
		return s.updateRoom(ctx, roomUUID, wire.UpdateRoomRequest{History: &h})
	})
}

func (s *session) updateRoom(ctx context.Context, roomUUID string, in wire.UpdateRoomRequest) error {
	return s.insist(ctx, func(ctx context.Context) error { return s.auth.UpdateRoom(ctx, roomUUID, in) })
}

// CloseRoom ends a group for everybody.
func (c *Core) CloseRoom(roomUUID string) error {
	return c.inGroup(roomUUID, nil, func(ctx context.Context, s *session) error {
		err := s.insistGone(ctx, func(ctx context.Context) error { return s.auth.CloseRoom(ctx, roomUUID) })
		if err == nil {
			s.current().syncer.Resync() // in case the event that removes the room is lost
		}
		return err
	})
}

// ChooseRoomPicture asks for an image file and makes it a group's picture; false: the user chose none. Neither the path
// nor the name of the file leaves this device.
func (c *Core) ChooseRoomPicture(roomUUID string) (bool, error) {
	if err := c.inGroup(roomUUID, nil, func(context.Context, *session) error { return nil }); err != nil {
		return false, err
	}
	content, err := c.chooseImage()
	if err != nil || content == nil {
		return false, err
	}
	err = c.inGroup(roomUUID, nil, func(ctx context.Context, s *session) error {
		_, err := s.auth.SetPicture(ctx, roomUUID, content)
		return err
	})
	return err == nil, err
}

// chooseImage asks for an image file and reads it; nil: the user chose none.
func (c *Core) chooseImage() ([]byte, error) {
	if !c.choosing.TryLock() {
		return nil, refuse(wire.Conflict, "", "a dialog is open")
	}
	defer c.choosing.Unlock()
	path, err := c.o.Chooser.ChooseImage() // takes as long as the user takes
	if err != nil || path == "" {
		return nil, fail(err)
	}
	return readPicture(path)
}

// readPicture reads a file that the user chose. What is in it the server looks at.
func readPicture(path string) ([]byte, error) {
	unreadable := refuse(wire.BadRequest, wire.ReasonBadImage, "the file can't be read")
	f, err := os.Open(path) //nolint:gosec // G304: chosen by the user in the system's dialog, not by the page
	if err != nil {
		return nil, unreadable
	}
	defer func() { _ = f.Close() }() // it was read only
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, unreadable
	}
	content, err := io.ReadAll(io.LimitReader(f, wire.MaxPictureBytes+1))
	switch {
	case err != nil || len(content) == 0:
		return nil, unreadable
	case len(content) > wire.MaxPictureBytes:
		return nil, refuse(wire.TooLarge, "", fmt.Sprintf("more than %d bytes", wire.MaxPictureBytes))
	}
	return content, nil
}

// RemoveRoomPicture takes a group's picture away.
func (c *Core) RemoveRoomPicture(roomUUID string) error {
	return c.inGroup(roomUUID, nil, func(ctx context.Context, s *session) error {
		return s.insist(ctx, func(ctx context.Context) error { return s.auth.RemovePicture(ctx, roomUUID) })
	})
}

// inGroup is change for what only groups have.
func (c *Core) inGroup(roomUUID string, wrong error, do func(context.Context, *session) error) error {
	return c.change(wrong, func(ctx context.Context, s *session) error {
		r, err := s.room(ctx, roomUUID)
		if errors.Is(err, store.ErrNotFound) {
			return refuse(wire.NotFound, "", "no such room")
		}
		if err != nil {
			return err
		}
		if r.Kind != wire.RoomGroup {
			return refuse(wire.BadRequest, wire.ReasonNotGroup, "only groups have this")
		}
		return do(ctx, s)
	})
}
