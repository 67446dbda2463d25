package backend

import (
	"bytes"
	"net/http"
	"testing"

	"himsg/shared/wire"
)

// CreateGroup makes a group of its owner and others.
func (s *Server) CreateGroup(tb testing.TB, owner Person, name string, others ...Person) (roomUUID string) {
	tb.Helper()
	form := wire.CreateRoomRequest{Name: name}
	for _, person := range others {
		form.Members = append(form.Members, person.UUID)
	}
	var reply wire.CreateRoomReply
	s.call(tb, owner.Token, http.MethodPost, "/api/create-chat-room", form, &reply)
	return reply.RoomUUID
}

// PostTo writes a message into a room, as another client of the writer's would.
func (s *Server) PostTo(tb testing.TB, from Person, roomUUID, text string) wire.PostMessageReply {
	tb.Helper()
	var reply wire.PostMessageReply
	message := wire.PostMessageRequest{Text: text, RoomUUID: roomUUID}
	s.call(tb, from.Token, http.MethodPost, "/api/messages", message, &reply)
	return reply
}

// Rename gives a group another name.
func (s *Server) Rename(tb testing.TB, owner Person, roomUUID, name string) {
	tb.Helper()
	s.call(tb, owner.Token, http.MethodPut, "/api/chat-rooms/"+roomUUID, wire.UpdateRoomRequest{Name: &name}, nil)
}

// SetPicture gives a group a picture and returns its picture_uuid.
func (s *Server) SetPicture(tb testing.TB, owner Person, roomUUID string, image []byte) string {
	tb.Helper()
	var reply wire.PictureReply
	s.ask(tb, request{
		token: owner.Token, method: http.MethodPut, path: "/api/chat-rooms/" + roomUUID + "/picture",
		contentType: http.DetectContentType(image), body: bytes.NewReader(image),
	}, &reply)
	return reply.PictureUUID
}

// Integrate lets programs in: an incoming webhook that has written into a room of these people, and a token. by has to be an
// administrator.
func (s *Server) Integrate(tb testing.TB, by Person, others ...Person) (roomUUID string) {
	tb.Helper()
	roomUUID = s.CreateGroup(tb, by, "배포 알림", others...)
	var hook, token wire.IntegrationSecret
	s.call(tb, by.Token, http.MethodPost, "/api/admin/integrations", wire.NewIntegration{
		Kind: wire.IntegrationIncoming, Name: "배포 로봇", Icon: "🚀", RoomUUIDs: []string{roomUUID},
	}, &hook)
	s.call(tb, "", http.MethodPost, hook.Path, map[string]string{"text": "**3.2.0** 배포가 끝났습니다. 오류는 없습니다."}, nil)
	s.call(tb, by.Token, http.MethodPost, "/api/admin/integrations", wire.NewIntegration{
		Kind: wire.IntegrationToken, Name: "근태 시스템", Icon: "🗓️", RoomUUIDs: []string{roomUUID},
		Scopes: []wire.Scope{wire.ScopeMessagesRead, wire.ScopeMessagesWrite}, ExpiresDays: 365,
	}, &token)
	return roomUUID
}
