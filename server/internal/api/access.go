package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	accessesPath = "/api/admin/access-requests"
	accessPath   = accessesPath + "/{access_uuid}"
)

// accessRoutes are those of reading others' conversations, which takes two persons.
func (a *API) accessRoutes(doc huma.API) {
	signedIn(a, doc, op("POST "+accessesPath, "Ask to read conversations (administrators, auditors)").created(), a.askAccess)
	signedIn(a, doc, op("GET "+accessesPath, "Requests to read conversations (administrators, auditors)"), a.accessList)
	signedIn(a, doc, op("PUT "+accessPath+"/approve", "Let the asker read (a second person: owners, auditors)"), a.approveAccess)
	signedIn(a, doc, op("PUT "+accessPath+"/reject", "Turn a request down (a second person: owners, auditors)"), a.rejectAccess)
	signedIn(a, doc, op("PUT "+accessPath+"/end", "End a request before its time"), a.endAccess)
	signedIn(a, doc, op("GET "+accessPath+"/rooms", "The rooms of an approved request (its asker)"), a.accessRooms)
	signedIn(a, doc, op("GET "+accessPath+"/messages", "A page of messages of an approved request (its asker)"), a.accessMessages)
	signedIn(a, doc, op("GET "+accessPath+"/search", "Search in the rooms of an approved request (its asker)"), a.accessSearch)
	signedIn(a, doc, op("GET /api/admin/rooms", "Rooms in which all of these people are or were (administrators, auditors)"), a.findRooms)
}

// accessOf is a request as it is for an actor now.
func (a *API) accessOf(actor model.Actor, m model.Access) wire.Access {
	pending := m.State == wire.AccessPending
	w := wire.Access{
		AccessUUID: m.UUID, SubjectKind: m.Kind, SubjectUUID: m.SubjectUUID, SubjectName: m.SubjectName,
		People: m.People, Reason: m.Reason, From: wire.TimeOfMilli(m.From),
		To: wire.TimeOfMilli(m.To), State: m.State, RequestedBy: m.RequestedBy, RequestedAt: wire.TimeOfMilli(m.RequestedAt),
		DecidedBy: m.DecidedBy, ExpiresAt: wire.TimeOfMilli(m.ExpiresAt), Hours: m.Hours,
		MayDecide: pending && m.MayDecide(actor), MayRead: a.o.Admin.AccessOpen(actor, m),
		MayEnd: (pending || m.State == wire.AccessApproved) && m.MayEnd(actor),
	}
	if m.DecidedAt != 0 {
		at := wire.TimeOfMilli(m.DecidedAt)
		w.DecidedAt = &at
	}
	return w
}

func (a *API) askAccess(ctx context.Context, actor model.Actor, in *struct{ Body wire.AccessRequest }) (*output[wire.Access], error) {
	asked, err := a.o.Admin.AskAccess(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(a.accessOf(actor, asked)), nil
}

type accessListInput struct {
	Before int64 `query:"before" minimum:"0" doc:"next of the page before"`
}

func (a *API) accessList(ctx context.Context, actor model.Actor, in *accessListInput) (*output[wire.AccessList], error) {
	list, err := a.o.Admin.AccessList(ctx, actor, in.Before)
	if err != nil {
		return nil, err
	}
	out := wire.AccessList{Requests: make([]wire.Access, len(list.Requests)), Next: list.Next, Pending: list.Pending}
	for i, m := range list.Requests {
		out.Requests[i] = a.accessOf(actor, m)
	}
	return answer(out), nil
}

type accessInput struct {
	AccessUUID string `path:"access_uuid"`
}

func (a *API) approveAccess(ctx context.Context, actor model.Actor, in *accessInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.ApproveAccess(ctx, actor, in.AccessUUID); err != nil {
		return nil, err
	}
	return said(ctx, "열람을 승인했습니다.", "The request was approved."), nil
}

func (a *API) rejectAccess(ctx context.Context, actor model.Actor, in *accessInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.RejectAccess(ctx, actor, in.AccessUUID); err != nil {
		return nil, err
	}
	return said(ctx, "열람을 거부했습니다.", "The request was rejected."), nil
}

func (a *API) endAccess(ctx context.Context, actor model.Actor, in *accessInput) (*output[wire.MessageReply], error) {
	if err := a.o.Admin.EndAccess(ctx, actor, in.AccessUUID); err != nil {
		return nil, err
	}
	return said(ctx, "열람을 끝냈습니다.", "The request was ended."), nil
}

func (a *API) accessRooms(ctx context.Context, actor model.Actor, in *accessInput) (*output[wire.AccessRooms], error) {
	rooms, err := a.o.Admin.AccessRooms(ctx, actor, in.AccessUUID)
	if err != nil {
		return nil, err
	}
	out := wire.AccessRooms{Rooms: make([]wire.AccessedRoom, len(rooms))}
	for i, r := range rooms {
		out.Rooms[i] = wire.AccessedRoom{
			RoomUUID: r.UUID, Kind: r.Kind, Name: r.Name, Members: r.Members, Messages: r.UpTo - r.After,
		}
	}
	return answer(out), nil
}

type accessMessagesInput struct {
	AccessUUID string `path:"access_uuid"`
	RoomUUID   string `query:"room_uuid" required:"true"`
	AfterSeq   int64  `query:"after_seq" minimum:"0" doc:"next of the page before"`
}

func (a *API) accessMessages(
	ctx context.Context, actor model.Actor, in *accessMessagesInput,
) (*output[wire.AccessedMessages], error) {
	page, more, err := a.o.Admin.ReadAccess(ctx, actor, in.AccessUUID, in.RoomUUID, in.AfterSeq)
	if err != nil {
		return nil, err
	}
	out := accessedMessages(page)
	if more {
		out.Next = page[len(page)-1].Seq
	}
	return answer(out), nil
}

type accessSearchInput struct {
	AccessUUID string `path:"access_uuid"`
	Q          string `query:"q" required:"true"`
	RoomUUID   string `query:"room_uuid" doc:"Empty: all rooms of the request"`
	Before     int64  `query:"before" minimum:"0" doc:"next of the page before"`
}

func (a *API) accessSearch(
	ctx context.Context, actor model.Actor, in *accessSearchInput,
) (*output[wire.AccessedMessages], error) {
	page, more, err := a.o.Admin.SearchAccess(ctx, actor, in.AccessUUID, in.RoomUUID, in.Q, in.Before)
	if err != nil {
		return nil, err
	}
	out := accessedMessages(page)
	if more {
		out.Next = page[len(page)-1].ID
	}
	return answer(out), nil
}

// accessFile hands out a file of what may be read.
func (a *API) accessFile(w http.ResponseWriter, r *http.Request) {
	f, err := a.o.Admin.AccessFile(r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "access_uuid"), chi.URLParam(r, "file_id"))
	if err != nil {
		fail(w, r, err)
		return
	}
	b, err := a.o.Files.OpenFound(r.Context(), f)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer b.Close()
	a.serveFile(w, r, f, b)
}

type findRoomsInput struct {
	Member []string `query:"member,explode" required:"true" minItems:"1" maxItems:"5" doc:"user_uuids"`
	Before int64    `query:"before" minimum:"0" doc:"next of the page before"`
}

func (a *API) findRooms(ctx context.Context, actor model.Actor, in *findRoomsInput) (*output[wire.FoundRooms], error) {
	page, next, err := a.o.Admin.FindRooms(ctx, actor, in.Member, in.Before)
	if err != nil {
		return nil, err
	}
	out := wire.FoundRooms{Rooms: make([]wire.FoundRoom, len(page)), Next: next}
	for i, r := range page {
		out.Rooms[i] = wire.FoundRoom{RoomUUID: r.UUID, Kind: r.Kind, Name: r.Name, Members: r.Members}
	}
	return answer(out), nil
}

func accessedMessages(page []model.Message) wire.AccessedMessages {
	out := wire.AccessedMessages{Messages: make([]wire.Message, len(page))}
	for i, m := range page {
		out.Messages[i] = m.Wire()
	}
	return out
}
