package app_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/google/uuid"

	"himsg/shared/wire"
)

// file stores a ready file of a person, without bytes.
func (s *server) file(p person, name string) string {
	s.t.Helper()
	id := uuid.NewString()
	s.exec(`insert into files (file_uuid, uploader_id, name, name_key, extension, size, received, state, blob_name, type,
		created_at, updated_at) values (?, ?, ?, ?, 'pdf', 5, 5, 'ready', ?, 'application/pdf', 1, 1)`, id, p.id, name, name, id)
	return id
}

// TestTheOriginalsFormsOfFiles: a message with a file in the original's lists.
func TestTheOriginalsFormsOfFiles(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim := s.join(boss, "kim")
	room := kim.room(boss)
	socket, _ := s.dial(kim.token)
	defer func() { _ = socket.Close() }()
	send := func(to wire.SendRequest, name string) (sent wire.SendReply) {
		t.Helper()
		to.ClientID, to.FileIDs = uuid.NewString(), []string{s.file(kim, name)}
		answer := s.ask(socket, wire.OpSend, to)
		if answer.Err != nil {
			t.Fatal(answer.Err)
		}
		if err := json.Unmarshal(answer.D, &sent); err != nil {
			t.Fatal(err)
		}
		return sent
	}
	want := func(where string, m wire.LegacyMessage, text, name, kind string) {
		t.Helper()
		if m.FileName == nil || m.FileType == nil {
			t.Fatalf("%s: no file in %+v", where, m)
		}
		if m.Text != text || *m.FileName != name || *m.FileType != kind {
			t.Errorf("%s: %q with %q (%q)", where, m.Text, *m.FileName, *m.FileType)
		}
	}
	direct := send(wire.SendRequest{ReceiverUUID: boss.uuid}, "계약서.pdf")
	send(wire.SendRequest{RoomUUID: room, Text: "확인 바랍니다"}, "도면.PNG")
	sent := send(wire.SendRequest{RoomUUID: room}, "보고서.pdf")

	var talk []wire.LegacyMessage
	boss.get("/api/messages/"+kim.uuid, &talk)
	want("a conversation", talk[len(talk)-1], "📎 파일: 계약서.pdf", "계약서.pdf", "pdf")
	var detail wire.RoomDetail
	boss.get("/api/chat-rooms/"+room, &detail)
	list := detail.Messages
	want("a room, with a text", list[len(list)-2], "확인 바랍니다", "도면.PNG", "png")
	want("a room", list[len(list)-1], "📎 파일: 보고서.pdf", "보고서.pdf", "pdf")
	var rooms []wire.LegacyRoom
	boss.get("/api/chat-rooms", &rooms)
	previews := map[string]string{}
	for _, r := range rooms {
		previews[r.RoomUUID] = r.LastMessage
	}
	if previews[room] != "📎 파일: 보고서.pdf" || previews[direct.RoomUUID] != "📎 파일: 계약서.pdf" {
		t.Errorf("list of rooms: %v", previews)
	}

	s.must(200, request{method: "DELETE", path: "/api/messages/" + strconv.FormatInt(sent.MessageID, 10), token: kim.token})
	boss.get("/api/chat-rooms/"+room, &detail)
	if m := detail.Messages[len(detail.Messages)-1]; m.FileName != nil || m.FileType != nil || !m.Deleted {
		t.Errorf("deleted: %+v", m)
	}
}
