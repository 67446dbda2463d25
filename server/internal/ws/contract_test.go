package ws_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// The nine points of protocol.md's delivery contract, one test each.

func TestContract1AckIsDurable(t *testing.T) {
	server := storetest.OwnMariaDB(t)
	db := server.Open(t)
	people := storetest.People(t, db, 2)
	n := startNode(t, db, nodeOptions{})
	a := n.dial(people[0])
	room := n.group(people[0], people[1])
	var acked []wire.SendReply
	for i := range 50 {
		acked = append(acked, a.send(room, fmt.Sprint(i)))
	}
	server.Kill(t)
	if e := a.refused(wire.OpSend, message(room, "끊긴 뒤")); e.Code != wire.Unavailable {
		t.Errorf("send without a database: %v", e)
	}
	server.Start(t)
	page := call[wire.HistoryReply](n.dial(people[1]), wire.OpHistory, wire.HistoryRequest{RoomUUID: room, Limit: 100})
	for i, ack := range acked {
		if !slices.ContainsFunc(page.Messages, func(m wire.Message) bool {
			return m.MessageID == ack.MessageID && m.Seq == ack.Seq && m.Text == fmt.Sprint(i)
		}) {
			t.Errorf("acked %+v is not there", ack)
		}
	}
}

func TestContract2RepeatedSendIsOneMessage(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		other := startNode(t, n.db, nodeOptions{})
		a, b, reader := n.dial(people[0]), other.dial(people[0]), n.dial(people[1])
		m := message(room, "한 번만")
		first := call[wire.SendReply](a, wire.OpSend, m)
		for _, c := range []*client{a, b, a} {
			again := call[wire.SendReply](c, wire.OpSend, m)
			if !again.Duplicate || again.Seq != first.Seq || again.MessageID != first.MessageID || again.Rev != first.Rev {
				t.Errorf("repeat %+v of %+v", again, first)
			}
		}
		// A reply that is lost: the line is cut right after the request; the device tries again on a new one.
		lost := message(room, "답을 못 받음")
		b.request(wire.OpSend, lost)
		_ = b.conn.Close()
		second := call[wire.SendReply](other.dial(people[0]), wire.OpSend, lost)
		last := a.send(room, "끝")
		texts := map[string]int{}
		for _, m := range reader.messages(room, last.Seq) {
			texts[m.Text]++
		}
		page := call[wire.HistoryReply](reader, wire.OpHistory, wire.HistoryRequest{RoomUUID: room})
		if texts["한 번만"] != 1 || len(page.Messages) != 4 || second.Seq != first.Seq+1 || last.Seq != second.Seq+1 {
			t.Errorf("events %v, history of %d, seqs %d %d %d", texts, len(page.Messages), first.Seq, second.Seq, last.Seq)
		}
		// Also when the sender is no member any more.
		if _, err := n.chat.LeaveRoom(context.Background(), people[0], room, false); err != nil {
			t.Fatal(err)
		}
		if again := call[wire.SendReply](other.dial(people[0]), wire.OpSend, m); again.Seq != first.Seq || !again.Duplicate {
			t.Errorf("repeat after leaving: %+v", again)
		}
		if e := a.refused(wire.OpSend, message(room, "나간 뒤")); e.Code != wire.NotFound {
			t.Errorf("new message after leaving: %v", e)
		}
	})
}

func TestContract3OneOrderForAll(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1:]...)
		var devices []*client
		for _, p := range people {
			devices = append(devices, n.dial(p))
		}
		const count = 60
		for i := range count { // nobody waits for a reply
			for d, c := range devices {
				c.request(wire.OpSend, message(room, fmt.Sprintf("%d/%d", d, i)))
			}
		}
		last := int64(1 + count*len(devices)) // the system line is the first
		for _, c := range devices {
			next := make([]int, len(devices))
			events := slices.DeleteFunc(c.messages(room, last), func(m wire.Message) bool { return m.Seq == 1 }) // seen or not
			for i, m := range events {
				if m.Seq != int64(i)+2 || m.Rev != m.Seq+1 {
					t.Fatalf("event %d has seq %d, rev %d", i, m.Seq, m.Rev)
				}
				var d, k int
				if _, err := fmt.Sscanf(m.Text, "%d/%d", &d, &k); err != nil || next[d] != k {
					t.Fatalf("%q, expected number %d of device %d", m.Text, next[d], d)
				}
				next[d]++
			}
		}
	})
}

func TestContract4LostEventsAreRepaired(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		a, b := n.dial(people[0]), n.dial(people[1])
		n.bus.loseAll()
		first := a.send(room, "버스에서 사라짐")
		begun := time.Now()
		b.messages(room, first.Seq)
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("repaired after %s", took)
		}
		a.send(room, "또 사라짐")
		n.bus.lose.Store(nil)
		begun = time.Now()
		third := a.send(room, "이건 도착함")
		got := slices.DeleteFunc(b.messages(room, third.Seq), func(m wire.Message) bool { return m.Seq == 1 }) // the line, seen or not
		// The gap is seen at once.
		if took := time.Since(begun); took > time.Second || len(got) != 3 || got[1].Text != "또 사라짐" {
			t.Errorf("after %s: %+v", took, got)
		}
		// A device that was away finds all by changes.
		away := n.dial(people[1])
		sync := call[wire.SyncReply](away, wire.OpSync, wire.SyncRequest{})
		changes := call[wire.ChangesReply](away, wire.OpChanges, wire.ChangesRequest{RoomUUID: room, AfterRev: 2})
		if len(sync.Rooms) != 1 || sync.Rooms[0].Rev != third.Rev || changes.Rev != third.Rev || len(changes.Messages) != 3 {
			t.Errorf("sync %+v, changes %+v", sync, changes)
		}
	})
}

func TestContract4LostRoomIsRepaired(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		b := n.dial(people[1])
		n.bus.loseAll()
		n.group(people[0], people[1])
		b.await("resync", func(e wire.Envelope) bool { return e.Ev == wire.EvResync })
		if sync := call[wire.SyncReply](b, wire.OpSync, wire.SyncRequest{}); len(sync.Rooms) != 1 {
			t.Errorf("sync %+v", sync)
		}
	})
}

func TestContract5DeleteNeverComesBack(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		a, b := n.dial(people[0]), n.dial(people[1])
		kept := a.send(room, "남는 글")
		gone := a.send(room, "지울 비밀")
		if e := b.refused(wire.OpDelete, wire.DeleteRequest{MessageID: gone.MessageID}); e.Code != wire.Forbidden {
			t.Errorf("another's message: %v", e)
		}
		rev := call[wire.RevReply](a, wire.OpDelete, wire.DeleteRequest{MessageID: gone.MessageID})
		again := call[wire.RevReply](a, wire.OpDelete, wire.DeleteRequest{MessageID: gone.MessageID})
		if again != rev || rev.Rev != gone.Rev+1 {
			t.Errorf("deleted at %+v, again at %+v", rev, again)
		}
		tombstone := func(where string, m wire.Message) {
			t.Helper()
			if m.DeletedAt == nil || m.Text != "" || m.Seq != gone.Seq || m.Rev != rev.Rev {
				t.Errorf("%s: %+v", where, m)
			}
		}
		b.await("tombstone", func(e wire.Envelope) bool {
			if e.Ev != wire.EvMessage {
				return false
			}
			m := decode[wire.Message](t, e.D)
			return m.MessageID == gone.MessageID && m.DeletedAt != nil
		})
		events := b.messages(room, gone.Seq)
		tombstone("event", events[len(events)-1])
		page := call[wire.HistoryReply](b, wire.OpHistory, wire.HistoryRequest{RoomUUID: room})
		tombstone("history", page.Messages[2])
		changes := call[wire.ChangesReply](b, wire.OpChanges, wire.ChangesRequest{RoomUUID: room, AfterRev: kept.Rev})
		if len(changes.Messages) != 1 {
			t.Fatalf("changes %+v", changes)
		}
		tombstone("changes", changes.Messages[0])
		sync := call[wire.SyncReply](b, wire.OpSync, wire.SyncRequest{})
		tombstone("preview", *sync.Rooms[0].LastMessage)
	})
}

func TestContract6CursorsOnlyGrow(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		a, b, tablet := n.dial(people[0]), n.dial(people[1]), n.dial(people[1])
		var last wire.SendReply
		for i := range 20 {
			last = a.send(room, fmt.Sprint(i))
		}
		highest := int64(0)
		for range 40 {
			seq := 1 + rand.Int64N(last.Seq+5)
			got := call[wire.ReadReply]([]*client{b, tablet}[rand.IntN(2)], wire.OpRead, wire.ReadRequest{RoomUUID: room, Seq: seq})
			highest = max(highest, min(seq, last.Seq))
			if got.LastReadSeq != highest {
				t.Fatalf("read %d: cursor at %d, want %d", seq, got.LastReadSeq, highest)
			}
		}
		call[wire.ReadReply](b, wire.OpRead, wire.ReadRequest{RoomUUID: room, Seq: last.Seq})
		for _, c := range []*client{a, tablet} {
			at := int64(0)
			c.until("last read", func() bool {
				for _, e := range c.events {
					if e.Ev == wire.EvRead {
						at = decode[wire.Read](t, e.D).Reads[0].Seq
					}
				}
				return at == last.Seq
			})
			for i, r := range seen[wire.Read](c, wire.EvRead) {
				if len(r.Reads) != 1 || r.Reads[0].UserUUID != people[1].UserUUID {
					t.Errorf("read event %d: %+v", i, r)
				}
			}
		}
		reads := call[wire.ReadsReply](a, wire.OpReads, wire.ReadsRequest{RoomUUID: room})
		for _, r := range reads.Reads { // the sender has read what he sent
			if r.LastReadSeq != last.Seq {
				t.Errorf("reads %+v", reads)
			}
		}
	})
}

func TestContract7MembershipIsABorder(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1:]...)
		a, leaver := n.dial(people[0]), n.dial(people[1])
		secret := a.send(room, "아직 있음")
		leaver.messages(room, secret.Seq)
		if _, err := n.chat.LeaveRoom(context.Background(), people[1], room, false); err != nil {
			t.Fatal(err)
		}
		after := a.send(room, "나간 다음")
		a.messages(room, after.Seq)
		call[wire.Empty](a, wire.OpTyping, wire.TypingRequest{RoomUUID: room})
		call[wire.RevReply](a, wire.OpDelete, wire.DeleteRequest{MessageID: secret.MessageID})
		call[wire.ReadReply](n.dial(people[2]), wire.OpRead, wire.ReadRequest{RoomUUID: room, Seq: after.Seq})
		leaver.await("room_removed", func(e wire.Envelope) bool { return e.Ev == wire.EvRoomRemoved })
		for op, d := range map[wire.Op]any{
			wire.OpSend:    message(room, "나간 뒤"),
			wire.OpHistory: wire.HistoryRequest{RoomUUID: room},
			wire.OpChanges: wire.ChangesRequest{RoomUUID: room},
			wire.OpRead:    wire.ReadRequest{RoomUUID: room, Seq: 1},
			wire.OpReads:   wire.ReadsRequest{RoomUUID: room},
			wire.OpTyping:  wire.TypingRequest{RoomUUID: room},
			wire.OpDelete:  wire.DeleteRequest{MessageID: after.MessageID},
		} {
			if e := leaver.refused(op, d); e.Code != wire.NotFound {
				t.Errorf("%s: %v", op, e)
			}
		}
		sync := call[wire.SyncReply](leaver, wire.OpSync, wire.SyncRequest{Rooms: map[string][2]int64{room: {1, 1}}})
		if len(sync.Rooms) != 0 || !slices.Equal(sync.Removed, []string{room}) {
			t.Errorf("sync %+v", sync)
		}
		leaver.mu.Lock()
		defer leaver.mu.Unlock()
		removed := false
		for _, e := range leaver.events {
			removed = removed || e.Ev == wire.EvRoomRemoved
			if removed && (e.Ev == wire.EvMessage || e.Ev == wire.EvRead || e.Ev == wire.EvTyping || e.Ev == wire.EvRoom) {
				t.Errorf("after the removal: %s %s", e.Ev, e.D)
			}
		}
	})
}

func TestContract8RevokedSessionIsClosed(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		a, revoked, stays := n.dial(people[0]), n.dial(people[1]), n.dial(people[1])
		begun := time.Now()
		n.bus.Publish(context.Background(), bus.Event{Revoked: []string{revoked.token}, RevokedFor: wire.ReasonDeviceRemoved})
		sent := a.send(room, "취소된 기기에는 가지 않음")
		if code, why := revoked.closedFor(); code != wire.CloseRevoked || why != string(wire.ReasonDeviceRemoved) {
			t.Errorf("closed with %d for %q", code, why)
		}
		if took := time.Since(begun); took > time.Second {
			t.Errorf("closed after %s", took)
		}
		stays.messages(room, sent.Seq)
		for _, m := range seen[wire.Message](revoked, wire.EvMessage) {
			if m.Seq >= sent.Seq {
				t.Errorf("heard of %+v", m)
			}
		}
	})
}

func TestContract8RevokedSessionThatReadsNothingIsCut(t *testing.T) {
	each(t, func(t *testing.T, n *node, people []model.Actor) {
		room := n.group(people[0], people[1])
		a := n.dial(people[0])
		stuck := n.deaf(people[1])
		flood(a, room, 200)
		begun := time.Now()
		n.bus.Publish(context.Background(), bus.Event{Revoked: []string{stuck.token}})
		n.untilOpen(1)
		if took := time.Since(begun); took > time.Second {
			t.Errorf("cut after %s", took)
		}
	})
}

func TestContract9SlowReaderHarmsNoOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(t testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 4)
		// On a busy machine the flood takes longer than a frame may, and he would be cut off.
		n := startNode(t, db, nodeOptions{ahead: time.Hour})
		room := n.group(people[0], people[1:]...)
		a, fast := n.dial(people[0]), n.dial(people[1])
		slow := n.deaf(people[2])
		last := flood(a, room, 250)
		if got := fast.messages(room, last); int64(len(got)) != last-1 {
			t.Errorf("fast reader got %d of %d", len(got), last-1)
		}
		if len(seen[wire.Empty](fast, wire.EvResync)) != 0 {
			t.Error("fast reader had to sync again")
		}
		slow.listen()
		slow.await("resync", func(e wire.Envelope) bool { return e.Ev == wire.EvResync })
		sync := call[wire.SyncReply](slow, wire.OpSync, wire.SyncRequest{})
		if len(sync.Rooms) != 1 || sync.Rooms[0].LastSeq != last {
			t.Errorf("sync %+v", sync)
		}
		if got := seen[wire.Empty](slow, wire.EvResync); len(got) > 3 {
			t.Errorf("%d resyncs", len(got))
		}
	})
}

// flood sends large messages, so that a socket that is not read fills up, and returns the last seq.
func flood(c *client, room string, count int) (last int64) {
	c.t.Helper()
	text := string(slices.Repeat([]byte("가나다라마바사아자차 "), 280))
	var ids []uint64
	for i := range count {
		ids = append(ids, c.request(wire.OpSend, wire.SendRequest{
			RoomUUID: room, ClientID: uuid.NewString(), Text: fmt.Sprint(i, text),
		}))
	}
	for _, id := range ids {
		e := c.reply(id)
		if e.Err != nil {
			c.t.Fatal(e.Err)
		}
		last = max(last, decode[wire.SendReply](c.t, e.D).Seq)
	}
	return last
}
