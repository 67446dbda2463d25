package app_test

import (
	"encoding/json"
	"testing"
	"time"

	"himsg/shared/wire"
)

// TestSearchFindsWhatWasJustWritten: the server indexes by itself.
func TestSearchFindsWhatWasJustWritten(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	kim, lee := s.join(boss, "kim"), s.join(boss, "lee")
	room := kim.room(boss)
	said := kim.say(room, "내일 주간업무회의 있습니다")
	socket, _ := s.dial(boss.token)
	search := func(query string) (reply wire.SearchReply) {
		t.Helper()
		answer := s.ask(socket, wire.OpSearch, wire.SearchRequest{Query: query})
		if answer.Err != nil {
			t.Fatal(answer.Err)
		}
		if err := json.Unmarshal(answer.D, &reply); err != nil {
			t.Fatal(err)
		}
		return reply
	}
	giveUp := time.After(30 * time.Second)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		reply := search("업무회의")
		if len(reply.Messages) == 1 && reply.Messages[0].MessageID == said.MessageID {
			break
		}
		select {
		case <-look.C:
		case <-giveUp:
			t.Fatalf("not found: %+v", reply)
		}
	}
	if got := search("업무회의 취소"); len(got.Messages) != 0 {
		t.Errorf("found %+v", got)
	}
	_ = socket.Close()
	socket, _ = s.dial(lee.token)
	if got := search("업무회의"); len(got.Messages) != 0 {
		t.Errorf("who is no member found %+v", got)
	}
	if refused := s.ask(socket, wire.OpSearch, wire.SearchRequest{Query: "회"}); refused.Err == nil ||
		refused.Err.Reason != wire.ReasonQueryTooShort {
		t.Errorf("a single letter: %+v", refused)
	}
	_ = socket.Close()
}
