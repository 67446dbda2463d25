package ws_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"himsg/server/internal/model"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// conversation returns the kinds of events of rooms that a client saw, with their revs.
func (c *client) conversation() (out []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		switch e.Ev {
		case wire.EvRoom, wire.EvMessage:
			v := decode[struct{ Rev int64 }](c.t, e.D)
			out = append(out, fmt.Sprint(e.Ev, " ", v.Rev))
		case wire.EvRoomRemoved, wire.EvResync:
			out = append(out, string(e.Ev))
		}
	}
	return out
}

func TestFirstMessageToAPersonMakesTheRoomKnownFirst(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		a, b := n.dial(people[0]), n.dial(people[1])
		sent := call[wire.SendReply](a, wire.OpSend, wire.SendRequest{
			ReceiverUUID: people[1].UserUUID, ClientID: uuid.NewString(), Text: "처음 뵙겠습니다",
		})
		for i, c := range []*client{a, b} {
			c.messages(sent.RoomUUID, sent.Seq)
			if got := c.conversation(); !slices.Equal(got, []string{"room 1", "message 2"}) {
				t.Fatalf("client %d saw %v", i, got)
			}
			room := seen[wire.RoomSummary](c, wire.EvRoom)[0]
			if room.Kind != wire.RoomDirect || room.My == nil || room.My.UnreadCount != 0 || room.LastSeq != 0 ||
				room.Other == nil || room.Other.UserUUID != people[1-i].UserUUID {
				t.Errorf("client %d got %+v", i, room)
			}
		}
		again := call[wire.SendReply](b, wire.OpSend, wire.SendRequest{
			ReceiverUUID: people[0].UserUUID, ClientID: uuid.NewString(), Text: "반갑습니다",
		})
		if again.RoomUUID != sent.RoomUUID || again.Seq != 2 {
			t.Errorf("the answer went to %+v", again)
		}
	})
}

func TestHiddenConversationComesBackWithTheNextMessage(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		a, b := n.dial(people[0]), n.dial(people[1])
		sent := call[wire.SendReply](a, wire.OpSend, wire.SendRequest{
			ReceiverUUID: people[1].UserUUID, ClientID: uuid.NewString(), Text: "하나",
		})
		b.messages(sent.RoomUUID, sent.Seq)
		if direct, err := n.chat.LeaveRoom(context.Background(), people[1], people[0].UserUUID, false); err != nil || !direct {
			t.Fatalf("hide: %v, %v", direct, err)
		}
		b.await("room_removed", func(e wire.Envelope) bool { return e.Ev == wire.EvRoomRemoved })
		if sync := call[wire.SyncReply](b, wire.OpSync, wire.SyncRequest{}); len(sync.Rooms) != 0 {
			t.Errorf("sync shows a hidden room: %+v", sync)
		}
		second := a.send(sent.RoomUUID, "둘")
		b.messages(sent.RoomUUID, second.Seq)
		want := []string{"room 1", "message 2", "room_removed", "room 2", "message 3"}
		if got := b.conversation(); !slices.Equal(got, want) {
			t.Errorf("saw %v, want %v", got, want)
		}
		if room := seen[wire.RoomSummary](b, wire.EvRoom)[1]; room.LastSeq != 1 || room.My.UnreadCount != 1 {
			t.Errorf("came back as %+v", room)
		}
		third := a.send(sent.RoomUUID, "셋")
		b.messages(sent.RoomUUID, third.Seq)
		if got := b.conversation(); len(got) != 6 {
			t.Errorf("came back twice: %v", got)
		}
	})
}

func TestGroupTellsWhoIsInIt(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		a, b, stranger := n.dial(people[0]), n.dial(people[1]), n.dial(people[3])
		room := n.group(people[0], people[1], people[2])
		a.messages(room, 1)
		b.messages(room, 1)
		for _, c := range []*client{a, b} {
			if got := c.conversation(); !slices.Equal(got, []string{"room 1", "message 2"}) {
				t.Errorf("saw %v", got)
			}
		}
		mine := seen[wire.RoomSummary](a, wire.EvRoom)[0]
		if mine.MemberCount != 3 || len(mine.Members) != 3 || mine.Name != "모임" || mine.My.Role != wire.RoomOwner {
			t.Errorf("%+v", mine)
		}
		if _, err := n.chat.LeaveRoom(context.Background(), people[2], room, false); err != nil {
			t.Fatal(err)
		}
		got := a.messages(room, 2)
		if last := got[len(got)-1]; last.System == nil || last.System.Action != wire.SystemLeft || last.Rev != 4 {
			t.Errorf("%+v", last)
		}
		after := seen[wire.RoomSummary](a, wire.EvRoom)[1]
		if after.MemberCount != 2 || after.Rev != 3 || after.My != nil {
			t.Errorf("%+v", after)
		}
		if _, err := n.chat.LeaveRoom(context.Background(), people[0], room, true); err != nil {
			t.Fatal(err)
		}
		b.await("room_removed", func(e wire.Envelope) bool { return e.Ev == wire.EvRoomRemoved })
		if got := stranger.conversation(); len(got) != 0 {
			t.Errorf("a stranger saw %v", got)
		}
	})
}

func TestWhoTakesPresenceByNumberGetsNoNames(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 3)
	n := startNode(t, db, nodeOptions{})
	named := n.dial(people[0])
	numbered := n.connect(websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: deadline},
		people[1], n.tokens.issue(people[1]), wire.PresenceHeader, wire.PresenceNumbers)
	numbered.listen()
	third := n.dial(people[2])
	call[wire.Empty](third, wire.OpPresence, wire.PresenceRequest{State: wire.PresenceAway})
	named.await("a name", func(e wire.Envelope) bool {
		return e.Ev == wire.EvPresence && slices.Contains(decode[wire.Presence](t, e.D).Users,
			wire.UserPresence{UserUUID: people[2].UserUUID, State: wire.PresenceAway})
	})
	numbered.await("a number", func(e wire.Envelope) bool {
		return e.Ev == wire.EvPresence && slices.Contains(decode[wire.Presence](t, e.D).Away, people[2].UserID)
	})
	for _, p := range seen[wire.Presence](numbered, wire.EvPresence) {
		if len(p.Users) > 0 {
			t.Errorf("names: %+v", p)
		}
	}
	for _, p := range seen[wire.Presence](named, wire.EvPresence) {
		if len(p.Active)+len(p.Away)+len(p.DND)+len(p.Off) > 0 {
			t.Errorf("numbers: %+v", p)
		}
	}
}

func TestTypingAndPresence(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 3)
	n := startNode(t, db, nodeOptions{})
	room := n.group(people[0], people[1])
	a, b, stranger := n.dial(people[0]), n.dial(people[1]), n.dial(people[2])
	for range 5 {
		call[wire.Empty](a, wire.OpTyping, wire.TypingRequest{RoomUUID: room})
	}
	call[wire.Empty](a, wire.OpPresence, wire.PresenceRequest{State: wire.PresenceDND})
	for _, c := range []*client{b, stranger} {
		c.await("presence", func(e wire.Envelope) bool {
			return e.Ev == wire.EvPresence && slices.Contains(decode[wire.Presence](t, e.D).Users,
				wire.UserPresence{UserUUID: people[0].UserUUID, State: wire.PresenceDND})
		})
	}
	if got := seen[wire.Typing](b, wire.EvTyping); len(got) != 1 || got[0].UserUUID != people[0].UserUUID {
		t.Errorf("typing %+v", got)
	}
	if len(seen[wire.Typing](a, wire.EvTyping))+len(seen[wire.Typing](stranger, wire.EvTyping)) != 0 {
		t.Error("the writer or a stranger heard of typing")
	}
}

// TestEveryoneReadsAtOnce is performance.md's row: each of 1,000 members hears of it in a few events.
func TestEveryoneReadsAtOnce(t *testing.T) {
	const members = 1000
	db := storetest.SQLite(t)
	people := storetest.People(t, db, members)
	n := startNode(t, db, nodeOptions{})
	room := n.group(people[0], people[1:]...)
	var clients []*client
	for _, p := range people {
		clients = append(clients, n.dial(p))
	}
	sent := clients[0].send(room, "모두 읽으세요")
	clients[0].awaitHistogram([2]int64{0, members - 1}, [2]int64{sent.Seq, 1}) // his message is read by himself
	before := make([]int, members)
	for i, c := range clients {
		before[i] = len(seen[wire.Read](c, wire.EvRead))
	}
	began := time.Now()
	var all sync.WaitGroup
	for i, c := range clients[1:] {
		all.Go(func() {
			reply, err := n.chat.Read(context.Background(), c.actor, wire.ReadRequest{RoomUUID: room, Seq: sent.Seq})
			if err != nil || reply.LastReadSeq != sent.Seq {
				t.Errorf("read %d: %+v, %v", i, reply, err)
			}
		})
	}
	all.Wait()
	most := 0
	for i, c := range clients {
		c.awaitHistogram([2]int64{sent.Seq, members})
		got := len(seen[wire.Read](c, wire.EvRead)) - before[i]
		if most = max(most, got); got > 8 {
			t.Errorf("%d read events", got)
		}
	}
	t.Logf("%d members read at once: at most %d read events each, done in %s", members, most, time.Since(began))
	reads := call[wire.ReadsReply](clients[0], wire.OpReads, wire.ReadsRequest{RoomUUID: room})
	if len(reads.Reads) != 0 || len(reads.Histogram) != 1 {
		t.Errorf("reads %+v", reads)
	}
}

// awaitHistogram waits for a read event with this histogram.
func (c *client) awaitHistogram(want ...[2]int64) {
	c.t.Helper()
	c.await(fmt.Sprintf("histogram %v", want), func(e wire.Envelope) bool {
		return e.Ev == wire.EvRead && slices.Equal(decode[wire.Read](c.t, e.D).Histogram, want)
	})
}
