package core

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"himsg/shared/wire"
)

// Reading others' conversations takes two persons. What is read goes from the server to the page: nothing of it enters the
// local store, its search index or the cache of pictures.

// accessVerbs are what can be done to a request.
var accessVerbs = []string{"approve", "reject", "end"}

// AccessRequests returns a page of the requests, for administrators and auditors.
func (c *Core) AccessRequests(before int64) (AccessPage, error) {
	out := AccessPage{Requests: []Access{}}
	err := c.change(checkPlace(before), func(ctx context.Context, s *session) error {
		list, err := s.auth.AccessRequests(ctx, before)
		for _, a := range list.Requests {
			out.Requests = append(out.Requests, s.viewAccess(a))
		}
		out.Next = list.Next
		if err == nil {
			s.setAccessNews(list.Pending, false)
		}
		return err
	})
	return out, offered(err)
}

// AskAccess asks to read; a second person decides.
func (c *Core) AskAccess(order AccessOrder) (out Access, err error) {
	wrong := errors.Join(checkID(order.SubjectUUID), checkFields(order.SubjectKind, order.Reason))
	if order.From < 0 || order.To < 0 || order.Hours < 0 || order.Hours > wire.MaxAccessHours {
		wrong = errors.Join(wrong, refuse(wire.BadRequest, "", "no such period"))
	}
	err = c.change(wrong, func(ctx context.Context, s *session) error {
		asked, err := s.auth.AskAccess(ctx, wire.AccessRequest{
			SubjectKind: wire.AccessKind(order.SubjectKind), SubjectUUID: order.SubjectUUID, Reason: order.Reason,
			From: wire.TimeOfMilli(order.From), To: wire.TimeOfMilli(order.To), Hours: order.Hours,
		})
		out = s.viewAccess(asked)
		return err
	})
	return out, err
}

// DecideAccess approves, rejects or ends a request.
func (c *Core) DecideAccess(accessUUID, verb string) error {
	wrong := checkID(accessUUID)
	if !slices.Contains(accessVerbs, verb) {
		wrong = refuse(wire.BadRequest, "", "no such decision")
	}
	return c.change(wrong, func(ctx context.Context, s *session) error { return s.auth.DecideAccess(ctx, accessUUID, verb) })
}

// AccessRooms lists the rooms that an approved request opens.
func (c *Core) AccessRooms(accessUUID string) ([]AccessRoom, error) {
	out := []AccessRoom{}
	err := c.change(checkID(accessUUID), func(ctx context.Context, s *session) error {
		rooms, err := s.auth.AccessRooms(ctx, accessUUID)
		for _, r := range rooms {
			out = append(out, AccessRoom{
				RoomUUID: r.RoomUUID, Kind: r.Kind, Name: r.Name, Members: orEmpty(r.Members), Messages: r.Messages,
			})
		}
		return err
	})
	return out, err
}

// FindRooms returns a page of the rooms in which all these people are or were, the newest first. before is the Next of the page
// before, 0 at first.
func (c *Core) FindRooms(members []string, before int64) (FoundRooms, error) {
	out := FoundRooms{Rooms: []FoundRoom{}}
	wrong := errors.Join(checkIDs(members, wire.MaxFindMembers), checkPlace(before))
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		page, err := s.auth.FindRooms(ctx, members, before)
		for _, r := range page.Rooms {
			out.Rooms = append(out.Rooms, FoundRoom{RoomUUID: r.RoomUUID, Kind: r.Kind, Name: r.Name, Members: orEmpty(r.Members)})
		}
		out.Next = page.Next
		return err
	})
	return out, err
}

// SaveAccessFile asks where to and saves a file of what an approved request opens; false: the user chose none, or stopped it by
// StopSaving. Nothing of it is kept on this device but what he saves. name is only what the dialog offers.
func (c *Core) SaveAccessFile(accessUUID, fileID, name string) (bool, error) {
	wrong := errors.Join(checkID(accessUUID), checkID(fileID), checkField(name, wire.MaxFileNameBytes))
	return c.saveAs(wrong, diskName(name), func(ctx context.Context, s *session, into io.Writer) error {
		return s.auth.SaveAccessFile(ctx, accessUUID, fileID, into)
	})
}

// AccessMessages returns a page of such a room, the oldest first: what comes after a seq.
func (c *Core) AccessMessages(accessUUID, roomUUID string, after int64) (AccessMessages, error) {
	wrong := errors.Join(checkID(accessUUID), checkID(roomUUID), checkPlace(after))
	return c.readAccess(wrong, func(ctx context.Context, s *session) (wire.AccessedMessages, error) {
		return s.auth.AccessMessages(ctx, accessUUID, roomUUID, after)
	})
}

// SearchAccess looks for messages in such a room, or with an empty roomUUID in all of them, the newest first. before is the
// Next of the page before, 0 at first.
func (c *Core) SearchAccess(accessUUID, roomUUID, text string, before int64) (AccessMessages, error) {
	wrong := errors.Join(checkID(accessUUID), checkField(text, wire.MaxQueryRunes), checkPlace(before))
	if roomUUID != "" {
		wrong = errors.Join(wrong, checkID(roomUUID))
	}
	return c.readAccess(wrong, func(ctx context.Context, s *session) (wire.AccessedMessages, error) {
		return s.auth.SearchAccess(ctx, accessUUID, roomUUID, text, before)
	})
}

func (c *Core) readAccess(
	wrong error, read func(context.Context, *session) (wire.AccessedMessages, error),
) (AccessMessages, error) {
	out := AccessMessages{Messages: []Message{}}
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		page, err := read(ctx, s)
		for _, m := range page.Messages {
			out.Messages = append(out.Messages, viewMessage(m, s.eyes()))
		}
		out.Next = page.Next
		return err
	})
	return out, err
}

func checkPlace(at int64) error {
	if at < 0 {
		return refuse(wire.BadRequest, "", "no such page")
	}
	return nil
}

func (s *session) viewAccess(a wire.Access) Access {
	s.mu.Lock()
	ahead := s.clockOffset
	s.mu.Unlock()
	v := Access{
		AccessUUID: a.AccessUUID, SubjectKind: a.SubjectKind, SubjectUUID: a.SubjectUUID,
		SubjectName: a.SubjectName, People: orEmpty(a.People), Reason: a.Reason,
		From: a.From.UnixMilli(), To: a.To.UnixMilli(), State: a.State, RequestedBy: a.RequestedBy,
		RequestedAt: a.RequestedAt.UnixMilli(), DecidedBy: a.DecidedBy,
		ExpiresAt: a.ExpiresAt.Add(-ahead.Round(time.Millisecond)).UnixMilli(),
		Hours:     a.Hours, MayDecide: a.MayDecide, MayRead: a.MayRead, MayEnd: a.MayEnd,
	}
	if a.DecidedAt != nil {
		v.DecidedAt = a.DecidedAt.UnixMilli()
	}
	return v
}

// setAccessNews tells the page how many requests wait for the user; changed: the list is another one now.
func (s *session) setAccessNews(pending int, changed bool) {
	s.mu.Lock()
	news := AccessNews{Pending: pending, Changes: s.access.Changes}
	if changed {
		news.Changes++
	}
	told := s.access == news
	s.access = news
	s.mu.Unlock()
	if !told {
		s.updates.note(func(p *changes) { p.access = &news })
	}
}

func (s *session) accessNews() *AccessNews {
	s.mu.Lock()
	defer s.mu.Unlock()
	news := s.access
	return &news
}

// countAccess asks how many requests wait: at each connection, and when the server says that one changed.
func (k *keeper) countAccess(ctx context.Context) error {
	s := k.s
	if !s.account.seesAccess() || !s.online() {
		return nil
	}
	list, err := s.auth.AccessRequests(ctx, 0)
	if err != nil {
		return err
	}
	s.setAccessNews(list.Pending, true)
	return nil
}
