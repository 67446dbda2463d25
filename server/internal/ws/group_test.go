package ws_test

import (
	"context"
	"slices"
	"testing"

	"himsg/server/internal/model"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestRemovedHearsNothingMore removes a member whose socket is open, while others write.
func TestRemovedHearsNothingMore(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1], people[2])
		owner, member, removed := n.dial(people[0]), n.dial(people[1]), n.dial(people[2])
		first := owner.send(room, "모두에게")
		removed.messages(room, first.Seq)
		if err := n.chat.RemoveMember(context.Background(), people[0], room, people[2].UserUUID); err != nil {
			t.Fatal(err)
		}
		last := owner.send(room, "남은 사람에게")
		call[wire.ReadReply](member, wire.OpRead, wire.ReadRequest{RoomUUID: room, Seq: last.Seq})
		member.messages(room, last.Seq)
		removed.await("room_removed", func(e wire.Envelope) bool {
			return e.Ev == wire.EvRoomRemoved && decode[wire.RoomRemoved](t, e.D).RoomUUID == room
		})
		if err := removed.refused(wire.OpReaders, wire.ReadersRequest{RoomUUID: room, Seq: first.Seq}); err.Code != wire.NotFound {
			t.Errorf("readers: %v", err)
		}
		for _, m := range seen[wire.Message](removed, wire.EvMessage) {
			if m.Seq > first.Seq {
				t.Errorf("who was removed got message %d", m.Seq)
			}
		}
		line := member.messages(room, last.Seq)
		if i := slices.IndexFunc(line, func(m wire.Message) bool {
			return m.System != nil && m.System.Action == wire.SystemRemoved
		}); i < 0 {
			t.Errorf("no line says so: %+v", line)
		}
		// Back again, he sees what comes from now on.
		if err := n.chat.Invite(context.Background(), people[1], room, wire.InviteRequest{Members: []string{people[2].UserUUID}}); err != nil {
			t.Fatal(err)
		}
		welcome := owner.send(room, "다시 왔네요")
		for _, m := range removed.messages(room, welcome.Seq) {
			if m.Seq > first.Seq && m.Seq <= last.Seq {
				t.Errorf("who came back got message %d", m.Seq)
			}
		}
	})
}

// TestChangesOfAGroupAreTold looks at the events that others and one's own devices get.
func TestChangesOfAGroupAreTold(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		owner, member, phone := n.dial(people[0]), n.dial(people[1]), n.dial(people[1])
		room1 := func(c *client, what string, ok func(wire.RoomSummary) bool) {
			t.Helper()
			c.await(what, func(e wire.Envelope) bool { return e.Ev == wire.EvRoom && ok(decode[wire.RoomSummary](t, e.D)) })
		}
		name, history := "새 이름", wire.HistoryAll
		if err := n.chat.UpdateRoom(context.Background(), people[0], room, wire.UpdateRoomRequest{Name: &name, History: &history}); err != nil {
			t.Fatal(err)
		}
		room1(member, "a new name", func(s wire.RoomSummary) bool {
			return s.Name == name && s.History == history && s.My == nil && slices.Equal(s.Owners, []string{people[0].UserUUID})
		})
		if err := n.chat.SetRole(context.Background(), people[0], room, people[1].UserUUID, wire.RoomOwner); err != nil {
			t.Fatal(err)
		}
		room1(phone, "my new role", func(s wire.RoomSummary) bool {
			return s.My != nil && s.My.Role == wire.RoomOwner && len(s.Owners) == 2
		})
		room1(owner, "his new role", func(s wire.RoomSummary) bool { return s.My == nil && len(s.Owners) == 2 })
		on, minutes := true, 60
		reply := call[wire.MyReply](member, wire.OpMy, wire.MyRequest{RoomUUID: room, Pinned: &on, Locked: &on, MuteMinutes: &minutes})
		if my := reply.My; !my.Pinned || !my.Locked || my.Favourite || my.MutedUntil == nil || my.MentionSeqs == nil {
			t.Errorf("my %+v", my)
		}
		room1(phone, "my own row", func(s wire.RoomSummary) bool {
			return s.My != nil && s.My.Rev == reply.My.Rev && s.My.Locked && s.My.MutedUntil != nil
		})
		for _, s := range seen[wire.RoomSummary](owner, wire.EvRoom) {
			if s.My != nil && s.My.Locked {
				t.Error("another one heard of it")
			}
		}
	})
}

// TestHistogramFollowsSendsAndMembers: in a large room a message moves its sender's cursor and no event lists him.
func TestHistogramFollowsSendsAndMembers(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 103)
	n := startNode(t, db, nodeOptions{})
	room := n.group(people[0], people[1:102]...)
	a := n.dial(people[0])
	sent := n.dial(people[5]).send(room, "하나")
	a.awaitHistogram([2]int64{0, 100}, [2]int64{1, 1}, [2]int64{sent.Seq, 1})
	if err := n.chat.Invite(context.Background(), people[0], room, wire.InviteRequest{Members: []string{people[102].UserUUID}}); err != nil {
		t.Fatal(err)
	}
	// He starts at what was there; the line that says so moved the inviter's cursor.
	a.awaitHistogram([2]int64{0, 100}, [2]int64{sent.Seq, 2}, [2]int64{sent.Seq + 1, 1})
	if _, err := n.chat.LeaveRoom(context.Background(), people[6], room, false); err != nil {
		t.Fatal(err)
	}
	a.awaitHistogram([2]int64{0, 99}, [2]int64{sent.Seq, 2}, [2]int64{sent.Seq + 1, 1})
}
