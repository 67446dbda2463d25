package ws_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"himsg/server/internal/storetest"
	"himsg/server/internal/ws"
	"himsg/shared/wire"
)

func TestBrokenFramesCloseTheLine(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 1)
	n := startNode(t, db, nodeOptions{})
	for name, frame := range map[string][]byte{
		"not JSON":          []byte("hello"),
		"empty":             {},
		"an array":          []byte(`[1]`),
		"no id":             []byte(`{"op":"sync"}`),
		"no op":             []byte(`{"id":1}`),
		"negative id":       []byte(`{"id":-1,"op":"sync"}`),
		"too many requests": bytes.Repeat([]byte("{\"id\":1,\"op\":\"x\"}\n"), wire.MaxRequestsPerFrame+1),
		"too large":         bytes.Repeat([]byte(" "), wire.MaxFrameBytes+1),
		"10 MB":             bytes.Repeat([]byte("x"), 10<<20),
	} {
		t.Run(name, func(t *testing.T) {
			c := n.dial(people[0])
			if err := c.conn.WriteMessage(websocket.TextMessage, frame); err != nil && len(frame) < 1<<20 {
				t.Fatal(err)
			}
			if code := c.closed(); code != wire.CloseProtocol && len(frame) < 1<<20 {
				t.Errorf("closed with %d: %v", code, c.err)
			}
		})
	}
	t.Run("binary", func(t *testing.T) {
		c := n.dial(people[0])
		if err := c.conn.WriteMessage(websocket.BinaryMessage, []byte(`{"id":1,"op":"sync"}`)); err != nil {
			t.Fatal(err)
		}
		if code := c.closed(); code != wire.CloseProtocol {
			t.Errorf("closed with %d", code)
		}
	})
	n.untilOpen(0)
}

func TestRefusalsLeaveTheLineOpen(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 2)
	n := startNode(t, db, nodeOptions{})
	room := n.group(people[0], people[1])
	c := n.dial(people[0])
	long := make([]rune, wire.MaxTextRunes+1)
	for i := range long {
		long[i] = '가'
	}
	ok := uuid.NewString()
	for _, tt := range []struct {
		name   string
		op     wire.Op
		d      string
		code   wire.Code
		reason wire.Reason
	}{
		{"unknown op", "explode", `{}`, wire.BadRequest, wire.ReasonUnknownOp},
		{"wrong type", wire.OpRead, `{"room_uuid":7}`, wire.BadRequest, ""},
		{"not an object", wire.OpSync, `[]`, wire.BadRequest, ""},
		{"no room", wire.OpHistory, `{}`, wire.BadRequest, ""},
		{"null", wire.OpChanges, `null`, wire.BadRequest, ""},
		{"someone's room", wire.OpHistory, `{"room_uuid":"` + ok + `"}`, wire.NotFound, ""},
		{"negative seq", wire.OpRead, `{"room_uuid":"` + room + `","seq":-1}`, wire.BadRequest, ""},
		{"limit too high", wire.OpHistory, `{"room_uuid":"` + room + `","limit":101}`, wire.BadRequest, ""},
		{"number too high", wire.OpRead, `{"room_uuid":"` + room + `","seq":1e30}`, wire.BadRequest, ""},
		{"no target", wire.OpSend, `{"client_id":"` + ok + `","text":"x"}`, wire.BadRequest, ""},
		{"no client_id", wire.OpSend, `{"room_uuid":"` + room + `","text":"x"}`, wire.BadRequest, ""},
		{"client_id of another form", wire.OpSend, `{"room_uuid":"` + room + `","client_id":"{` + ok + `}","text":"x"}`, wire.BadRequest, ""},
		{"empty text", wire.OpSend, `{"room_uuid":"` + room + `","client_id":"` + ok + `","text":" \n "}`, wire.BadRequest, wire.ReasonTextEmpty},
		{"control character", wire.OpSend, `{"room_uuid":"` + room + `","client_id":"` + ok + `","text":"a\u0000b"}`, wire.BadRequest, wire.ReasonTextInvalid},
		{"text too long", wire.OpSend, `{"room_uuid":"` + room + `","client_id":"` + ok + `","text":"` + string(long) + `"}`, wire.BadRequest, wire.ReasonTextTooLong},
		{"unknown person", wire.OpSend, `{"receiver_uuid":"` + ok + `","client_id":"` + ok + `","text":"x"}`, wire.NotFound, ""},
		{"unknown file", wire.OpSend, `{"room_uuid":"` + room + `","client_id":"` + ok + `","text":"x","file_ids":["` + ok + `"]}`, wire.NotFound, wire.ReasonFileUnknown},
		{"reply to the future", wire.OpSend, `{"room_uuid":"` + room + `","client_id":"` + ok + `","text":"x","reply_to_seq":99}`, wire.BadRequest, ""},
		{"unknown message", wire.OpDelete, `{"message_id":999}`, wire.NotFound, ""},
		{"unknown state", wire.OpPresence, `{"state":"off"}`, wire.BadRequest, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := c.refused(tt.op, json.RawMessage(tt.d))
			if e.Code != tt.code || e.Reason != tt.reason || e.Message == "" || e.RequestID == "" {
				t.Errorf("%+v", e)
			}
		})
	}
	e := c.reply(c.request(wire.OpSend, json.RawMessage(
		`{"room_uuid":"`+room+`","client_id":"`+ok+`","text":"아직 열려 있음","unknown_field":{"a":1}}`)))
	if e.Err != nil {
		t.Errorf("an unknown field: %v", e.Err)
	}
}

func TestRateLimits(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 2)
	n := startNode(t, db, nodeOptions{limits: true})
	room := n.group(people[0], people[1])
	c := n.dial(people[0])
	limited := 0
	var ids []uint64
	for i := range 150 {
		ids = append(ids, c.request(wire.OpSend, message(room, fmt.Sprint(i))))
	}
	for _, id := range ids {
		if e := c.reply(id); e.Err != nil {
			if e.Err.Code != wire.RateLimited || e.Err.RetryAfterMS <= 0 {
				t.Fatalf("%+v", e.Err)
			}
			limited++
		}
	}
	if limited < 20 || limited > 50 {
		t.Errorf("%d of 150 sends refused", limited)
	}
	other := n.dial(people[1])
	other.send(room, "다른 사람은 상관없음")
	for range 2000 {
		c.request(wire.OpTyping, wire.TypingRequest{RoomUUID: room})
	}
	if code := c.closed(); code != wire.ClosePolicy {
		t.Errorf("a flood closed with %d", code)
	}
}

func TestDrainTellsWhenToComeBack(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 1)
	n := startNode(t, db, nodeOptions{})
	c := n.dial(people[0])
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	if err := n.hub.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	if code := c.closed(); code != wire.CloseRestart {
		t.Errorf("closed with %d", code)
	}
	away := seen[wire.GoingAway](c, wire.EvGoingAway)
	if len(away) != 1 || away[0].ReconnectAfterMS < 500 || away[0].ReconnectAfterMS > 5000 {
		t.Errorf("%+v", away)
	}
}

func TestOpsAreTheProtocols(t *testing.T) {
	want := []wire.Op{
		wire.OpChanges, wire.OpDelete, wire.OpEdit, wire.OpHidden, wire.OpHide, wire.OpHistory, wire.OpMessages, wire.OpMy,
		wire.OpPin, wire.OpPresence, wire.OpReact, wire.OpRead, wire.OpReaders, wire.OpReads, wire.OpSearch, wire.OpSend,
		wire.OpSync, wire.OpTyping,
	}
	if got := ws.Ops(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}
