package chat_test

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

func (c *company) sendFiles(t *testing.T, room, text string, files ...string) wire.SendReply {
	t.Helper()
	return ok(c.Send(t.Context(), c.people[0], wire.SendRequest{
		RoomUUID: room, ClientID: uuid.NewString(), Text: text, FileIDs: files,
	}))(t)
}

func (c *company) file(t *testing.T, name string) string {
	t.Helper()
	return storetest.FileOf(t, c.db, c.people[0], name).UUID
}

// newest is the last event about a message of a room.
func (c *company) newest(t *testing.T, room string) (m wire.Message) {
	t.Helper()
	for _, e := range c.published(room) {
		if e.Ev == wire.EvMessage {
			m = wire.Message{}
			if err := json.Unmarshal(e.Data, &m); err != nil {
				t.Fatal(err)
			}
		}
	}
	return m
}

// TestFilesOfAMessage follows two files through a message's life: sent, edited, forwarded, deleted.
func TestFilesOfAMessage(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room, other := c.group(t, 1), c.group(t, 2)
		first, second := c.file(t, "보고서.pdf"), c.file(t, "계약서.pdf")
		sent := c.sendFiles(t, room, " \n", first, second)
		if m := c.newest(t, room); m.MessageID != sent.MessageID || m.Text != "" || len(m.Files) != 2 ||
			m.Files[0].FileID != first || m.Files[0].Name != "보고서.pdf" || m.Files[1].FileID != second {
			t.Errorf("event of the message: %+v", m)
		}
		page := ok(c.History(t.Context(), c.people[1], wire.HistoryRequest{RoomUUID: room}))(t)
		if m := page.Messages[len(page.Messages)-1]; len(m.Files) != 2 || m.Files[1].Name != "계약서.pdf" {
			t.Errorf("history: %+v", m)
		}
		ok(c.Edit(t.Context(), c.people[0], wire.EditRequest{MessageID: sent.MessageID, Text: "설명"}))(t)
		ok(c.Edit(t.Context(), c.people[0], wire.EditRequest{MessageID: sent.MessageID, Text: ""}))(t)
		if m := c.newest(t, room); m.Text != "" || len(m.Files) != 2 || m.EditedAt == nil {
			t.Errorf("event of the edits: %+v", m)
		}
		passed := ok(c.Send(t.Context(), c.people[0], wire.SendRequest{
			RoomUUID: other, ClientID: uuid.NewString(), ForwardedFrom: sent.MessageID,
		}))(t)
		if m := c.newest(t, other); m.MessageID != passed.MessageID || len(m.Files) != 2 || m.Text != "" {
			t.Errorf("event of the forward: %+v", m)
		}
		ok(c.Delete(t.Context(), c.people[0], sent.MessageID))(t)
		if m := c.newest(t, room); m.DeletedAt == nil || len(m.Files) != 0 {
			t.Errorf("event of the delete: %+v", m)
		}
		for range 2 { // a repeat has nothing to tell
			ok(c.Delete(t.Context(), c.people[0], passed.MessageID))(t)
		}
		if n := c.deleted.Load(); n != 2 {
			t.Errorf("the collector was woken %d times", n)
		}
	})
}

func TestSendRefusesFiles(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		mine := c.file(t, "a.pdf")
		others := storetest.FileOf(t, c.db, c.people[1], "b.pdf").UUID
		said := c.send(t, room, "글")
		many := make([]string, wire.MaxMessageFiles+1)
		for i := range many {
			many[i] = uuid.NewString()
		}
		for name, row := range map[string]struct {
			files   []string
			forward int64
			code    wire.Code
			reason  wire.Reason
		}{
			"another's":     {[]string{mine, others}, 0, wire.NotFound, wire.ReasonFileUnknown},
			"unknown":       {[]string{uuid.NewString()}, 0, wire.NotFound, wire.ReasonFileUnknown},
			"no UUID":       {[]string{"../../etc/passwd"}, 0, wire.BadRequest, ""},
			"twice":         {[]string{mine, mine}, 0, wire.BadRequest, ""},
			"too many":      {many, 0, wire.BadRequest, wire.ReasonTooManyFiles},
			"and a forward": {[]string{mine}, said.MessageID, wire.BadRequest, ""},
			"none, no text": {nil, 0, wire.BadRequest, wire.ReasonTextEmpty},
		} {
			_, err := c.Send(t.Context(), c.people[0], wire.SendRequest{
				RoomUUID: room, ClientID: uuid.NewString(), FileIDs: row.files, ForwardedFrom: row.forward,
			})
			if e := errs.As(err); err == nil || e.Code != row.code || e.Reason != row.reason {
				t.Errorf("%s: %v, want %s (%s)", name, err, row.code, row.reason)
			}
		}
		once := wire.SendRequest{RoomUUID: room, ClientID: uuid.NewString(), FileIDs: []string{mine}}
		first := ok(c.Send(t.Context(), c.people[0], once))(t)
		again := ok(c.Send(t.Context(), c.people[0], once))(t)
		if !again.Duplicate || again.MessageID != first.MessageID {
			t.Errorf("repeat %+v of %+v", again, first)
		}
		once.ClientID = uuid.NewString()
		if _, err := c.Send(t.Context(), c.people[0], once); err == nil || errs.As(err).Reason != wire.ReasonFileUsed {
			t.Errorf("a second message with it: %v", err)
		}
	})
}

func TestMayPost(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		board := c.people[0]
		board.Role = wire.RoleAdmin
		announcements := storetest.Notice(t, c.db, board, c.people[1])
		left := c.group(t, 1)
		ok(c.LeaveRoom(t.Context(), c.people[1], left, false))(t)
		for name, row := range map[string]struct {
			who  model.Actor
			room string
			code wire.Code
		}{
			"member":                {c.people[1], room, ""},
			"former member":         {c.people[1], left, wire.NotFound},
			"outsider":              {c.people[2], room, wire.NotFound},
			"administrator, notice": {board, announcements.UUID, ""},
			"reader of notices":     {c.people[1], announcements.UUID, wire.Forbidden},
			"no room":               {c.people[1], uuid.NewString(), wire.NotFound},
			"no UUID":               {c.people[1], "x", wire.BadRequest},
		} {
			err := c.MayPost(t.Context(), row.who, row.room)
			if row.code == "" && err != nil || row.code != "" && !errs.Is(err, row.code) {
				t.Errorf("%s: %v, want %q", name, err, row.code)
			}
		}
	})
}
