package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var badMembers = errs.Text{KO: "사람을 한 명에서 다섯 명까지 고르세요.", EN: "Please choose from one to five people."}

// FindRooms returns a page of the rooms in which all these people are or were, and the before of the next one, 0: there is none. It
// shows who talks with whom, so it is audited before anything is found; nothing of what is in the rooms is shown.
func (s *Service) FindRooms(
	ctx context.Context, actor model.Actor, userUUIDs []string, before int64,
) (page []model.BackupRoom, next int64, err error) {
	if err := mayReadAudit(actor); err != nil {
		return nil, 0, err
	}
	people := slices.Compact(slices.Sorted(slices.Values(userUUIDs)))
	noID := func(userUUID string) bool { return uuid.Validate(userUUID) != nil }
	if len(people) == 0 || len(people) > wire.MaxFindMembers || slices.ContainsFunc(people, noID) {
		return nil, 0, errs.BadField("member", badMembers)
	}
	entry := s.entry(actor, model.AuditRoomsFound)
	entry.Subject, entry.Detail = people[0], "rooms of "+strings.Join(people, ", ")
	if err := s.o.Audit.AppendAudit(ctx, entry); err != nil {
		return nil, 0, fmt.Errorf("record the search for rooms: %w", err)
	}
	if page, err = s.o.Access.FindRooms(ctx, people, before, wire.MaxFoundRooms); err != nil {
		return nil, 0, fmt.Errorf("find rooms: %w", err)
	}
	if len(page) == wire.MaxFoundRooms {
		next = page[len(page)-1].ID
	}
	return page, next, nil
}

// AccessFile returns a file of what an approved request opens, for its asker, as long as the request holds; it is audited before.
func (s *Service) AccessFile(ctx context.Context, actor model.Actor, accessUUID, fileUUID string) (model.File, error) {
	a, rooms, err := s.openedRooms(ctx, actor, accessUUID, "")
	if err != nil {
		return model.File{}, err
	}
	f, err := s.o.Access.AccessFile(ctx, a, rooms, fileUUID)
	if err != nil {
		return model.File{}, err
	}
	return f, s.noteRead(ctx, actor, a, a.SubjectUUID, "file "+f.UUID)
}
