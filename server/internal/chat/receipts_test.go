package chat_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// receiptsCases counts what TestReceiptsMatchBruteForce tried; it says so at its end.
type receiptsCases struct{ cases, steps, compared int }

// TestReceiptsMatchBruteForce compares unread counts and "not read by n" with counting by hand, over any order of joining,
// leaving, coming back, sending, reading (twice, out of order, beyond the end) and deleting; in rooms whose members are
// listed and in rooms of which there is a histogram; and at a device that loses events and gets others twice, and asks
// again when it reconnects.
func TestReceiptsMatchBruteForce(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		c.people = append(c.people, storetest.MorePeople(t, c.db, 5, 6)...)
		crowd := storetest.MorePeople(t, c.db, 100, wire.MaxSummaryMembers)
		var did receiptsCases
		rapid.Check(t, func(rt *rapid.T) {
			w := newReceiptsWorld(rt, c, crowd)
			did.cases++
			for range rapid.IntRange(4, 14).Draw(rt, "steps") {
				w.step()
				w.compare()
				did.steps++
			}
			w.reconnect()
			for range rapid.IntRange(0, 4).Draw(rt, "steps after the reconnect") {
				w.step()
				did.steps++
			}
			w.settle()
			did.compared += w.compared
		})
		t.Logf("%d cases, %d steps, %d messages compared", did.cases, did.steps, did.compared)
	})
}

// receiptsWorld is a room, the truth about it counted by hand, and a device of its first person.
type receiptsWorld struct {
	rt       *rapid.T
	log      *company // collects what the service publishes
	service  *chat.Service
	people   []model.Actor
	room     string
	seats    map[string]*truth // by user_uuid: the present members
	last     int64
	sent     []wire.SendReply // that can be deleted
	by       []model.Actor
	device   *readerDevice
	seen     int // events that the device got or lost
	compared int
}

// truth is what one present member has done.
type truth struct{ joined, read int64 }

func newReceiptsWorld(rt *rapid.T, c *company, crowd []model.Actor) *receiptsWorld {
	log := &company{}
	w := &receiptsWorld{rt: rt, log: log, people: c.people, seats: map[string]*truth{}, last: 1}
	w.service = chat.New(chat.Options{
		Messages: c.db, Rooms: c.db, Membership: c.db, Cursors: c.db, Seating: c.db, Settings: c.db, Receipts: c.db,
		Painter: picture.NewPainter(), People: c.db, Directory: c.db, Publisher: log, Clock: time.Now,
		Logger: slog.New(slog.DiscardHandler),
	})
	members := w.people[1:rapid.IntRange(2, len(w.people)-1).Draw(rt, "members")]
	if rapid.Bool().Draw(rt, "crowd") {
		members = slices.Concat(members, crowd)
	}
	req := wire.CreateRoomRequest{}
	for _, m := range members {
		req.Members = append(req.Members, m.UserUUID)
		w.seats[m.UserUUID] = &truth{}
	}
	w.seats[w.people[0].UserUUID] = &truth{read: 1} // his system line
	reply, err := w.service.CreateRoom(context.Background(), w.people[0], req)
	w.must(err)
	w.room = reply.RoomUUID
	w.device = &readerDevice{w: w, lossy: true, chance: rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "losses"), 1))}
	w.device.ask()
	return w
}

func (w *receiptsWorld) must(err error) {
	if err != nil {
		w.rt.Fatal(err)
	}
}

// step does one thing. The first person stays; he is the room's owner and holds the device.
func (w *receiptsWorld) step() {
	who := rapid.SampledFrom(w.people).Draw(w.rt, "who")
	seat := w.seats[who.UserUUID]
	switch what := rapid.SampledFrom([]string{"send", "send", "read", "read", "join", "leave", "delete"}).Draw(w.rt, "what"); {
	case what == "send" && seat != nil:
		w.send(who, seat)
	case what == "read" && seat != nil:
		seq := rapid.Int64Range(0, w.last+3).Draw(w.rt, "seq")
		for range rapid.IntRange(1, 2).Draw(w.rt, "times") {
			reply, err := w.service.Read(context.Background(), who, wire.ReadRequest{RoomUUID: w.room, Seq: seq})
			w.must(err)
			if seat.read = max(seat.read, min(seq, w.last)); reply.LastReadSeq != seat.read {
				w.rt.Fatalf("read %d: the cursor is at %d, want %d", seq, reply.LastReadSeq, seat.read)
			}
		}
	case what == "join" && seat == nil:
		w.must(w.service.Invite(context.Background(), w.people[0], w.room, wire.InviteRequest{Members: []string{who.UserUUID}}))
		w.seats[who.UserUUID] = &truth{joined: w.last, read: w.last}
		w.line(w.people[0])
	case what == "leave" && seat != nil && who != w.people[0]:
		w.leave(who)
	case what == "delete" && len(w.sent) > 0:
		i := rapid.IntRange(0, len(w.sent)-1).Draw(w.rt, "which")
		if w.seats[w.by[i].UserUUID] == nil || w.seats[w.by[i].UserUUID].joined >= w.sent[i].Seq {
			break // it is no longer his to delete
		}
		_, err := w.service.Delete(context.Background(), w.by[i], w.sent[i].MessageID)
		w.must(err)
	}
	w.device.take()
}

func (w *receiptsWorld) send(who model.Actor, seat *truth) {
	reply, err := w.service.Send(context.Background(), who, wire.SendRequest{
		RoomUUID: w.room, ClientID: uuid.NewString(), Text: "x",
	})
	w.must(err)
	w.last++
	if reply.Seq != w.last {
		w.rt.Fatalf("seq %d, want %d", reply.Seq, w.last)
	}
	seat.read = w.last
	w.sent, w.by = append(w.sent, reply), append(w.by, who)
}

// leave takes a person out: of himself, or because the owner wants so.
func (w *receiptsWorld) leave(who model.Actor) {
	actor := who
	if rapid.Bool().Draw(w.rt, "removed") {
		actor = w.people[0]
		w.must(w.service.RemoveMember(context.Background(), actor, w.room, who.UserUUID))
	} else {
		_, err := w.service.LeaveRoom(context.Background(), who, w.room, false)
		w.must(err)
	}
	delete(w.seats, who.UserUUID)
	w.line(actor)
}

// line is a system line of an actor: a message that he has read.
func (w *receiptsWorld) line(actor model.Actor) {
	w.last++
	if seat := w.seats[actor.UserUUID]; seat != nil {
		seat.read = w.last
	}
}

// notReadBy counts by hand.
func (w *receiptsWorld) notReadBy(seq int64) (n int64) {
	for _, s := range w.seats {
		if s.joined < seq && s.read < seq {
			n++
		}
	}
	return n
}

// compare asks the service, and compares what it says with counting by hand.
func (w *receiptsWorld) compare() {
	reads, err := w.service.Reads(context.Background(), w.people[0], wire.ReadsRequest{RoomUUID: w.room})
	w.must(err)
	w.same("reads", reads)
	seq := rapid.Int64Range(1, w.last).Draw(w.rt, "readers of")
	readers, err := w.service.Readers(context.Background(), w.people[0], wire.ReadersRequest{RoomUUID: w.room, Seq: seq})
	w.must(err)
	if int64(readers.UnreadCount) != w.notReadBy(seq) {
		w.rt.Fatalf("readers of %d: not read by %d, want %d", seq, readers.UnreadCount, w.notReadBy(seq))
	}
	for _, p := range w.people {
		seat := w.seats[p.UserUUID]
		if seat == nil {
			continue
		}
		synced, err := w.service.Changes(context.Background(), p, wire.ChangesRequest{RoomUUID: w.room, AfterRev: 0})
		w.must(err)
		if my := synced.Room.My; my.UnreadCount != w.last-seat.read || my.LastReadSeq != seat.read || my.JoinedSeq != seat.joined {
			w.rt.Fatalf("my %+v, want %+v with %d unread", *my, *seat, w.last-seat.read)
		}
	}
}

// same compares the number beside every message, as derived from reads, with counting by hand.
func (w *receiptsWorld) same(where string, reads wire.ReadsReply) {
	if large := len(w.seats) > wire.MaxSummaryMembers; large != (reads.Histogram != nil) || large == (reads.Reads != nil) {
		w.rt.Fatalf("%s: %d members in %+v", where, len(w.seats), reads)
	}
	for seq := int64(1); seq <= w.last; seq++ {
		w.compared++
		if got, want := derived(reads, seq), w.notReadBy(seq); got != want {
			w.rt.Fatalf("%s: message %d is not read by %d, want %d", where, seq, got, want)
		}
	}
}

// derived is "not read by n", as every client computes it.
func derived(reads wire.ReadsReply, seq int64) (n int64) {
	for _, at := range reads.Histogram {
		if at[0] < seq {
			n += at[1]
		}
	}
	for _, r := range reads.Reads {
		if r.JoinedSeq < seq && r.LastReadSeq < seq {
			n++
		}
	}
	return n
}

// reconnect gives the device a connection that loses nothing any more.
func (w *receiptsWorld) reconnect() {
	w.device.take()
	w.device.lossy = false
	w.device.ask()
}

// settle lets the service publish all that it holds back, and compares what the device shows.
func (w *receiptsWorld) settle() {
	w.service.Close()
	w.device.take()
	w.same("the device", w.device.held)
}
