package storetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func appendGivesWhatHistoryReads(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	first := send(t, db, room, people[0], "첫 메시지")
	d := Draft(room, people[1], "답장 😀 \\ ' \" % _ \n\t끝")
	d.ReplyToSeq = first.Seq
	d.Mentions = []int64{people[2].UserID, people[0].UserID, people[2].UserID, 999_999}
	stored, err := db.Append(ctx, d)
	check(t, err)
	if got := stored.Message; got.Seq != first.Seq+1 || got.Rev != first.Rev+1 || got.CreatedAt != d.Now ||
		len(got.Mentions) != 2 || got.RoomUUID != room.UUID || got.SenderUUID != people[1].UserUUID {
		t.Errorf("stored %+v", got)
	}
	r, m := enter(t, db, people[2], room)
	page, more, err := db.History(ctx, r, m, 0, 10)
	check(t, err)
	if more || len(page) != 3 { // with the system line
		t.Fatalf("history has %d messages, more %v", len(page), more)
	}
	want := []model.Message{first, stored.Message}
	if diff := cmp.Diff(want, page[1:], cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("history differs from what append returned (-append +history):\n%s", diff)
	}
	if r.LastSeq != stored.Message.Seq || r.Rev != stored.Message.Rev || r.LastMessageAt != d.Now {
		t.Errorf("room %+v after %+v", r, stored.Message)
	}
	_, sender := enter(t, db, people[1], room)
	if sender.LastReadSeq != stored.Message.Seq || sender.MyRev <= m.MyRev {
		t.Errorf("sender's row %+v", sender)
	}
}

// sendAll sends counts messages of each sender, each sender in order, all senders at once, and checks the acks.
func sendAll(t *testing.T, nodes []*sqlstore.DB, rooms []model.Room, senders []model.Actor, count int) {
	t.Helper()
	acks := make([][]model.Message, len(senders))
	var wg sync.WaitGroup
	for s, sender := range senders {
		wg.Go(func() {
			for i := range count {
				d := Draft(rooms[(s+i)%len(rooms)], sender, fmt.Sprintf("%d/%d", s, i))
				stored, err := nodes[(s+i)%len(nodes)].Append(context.Background(), d)
				if err != nil || stored.Duplicate || stored.Message.Text != d.Text || stored.Message.ClientID != d.ClientID {
					t.Errorf("append %s: %+v, %v", d.Text, stored, err)
					return
				}
				acks[s] = append(acks[s], stored.Message)
			}
		})
	}
	wg.Wait()
	byRoom := map[int64]map[int64]model.Message{}
	for _, list := range acks {
		last := map[int64]int64{}
		for _, m := range list {
			if m.Seq <= last[m.RoomID] {
				t.Errorf("a sender's seq %d after %d", m.Seq, last[m.RoomID])
			}
			last[m.RoomID] = m.Seq
			if byRoom[m.RoomID] == nil {
				byRoom[m.RoomID] = map[int64]model.Message{}
			}
			byRoom[m.RoomID][m.Seq] = m
		}
	}
	for _, room := range rooms {
		checkRoom(t, nodes[0], room, senders[0], byRoom[room.ID])
	}
}

// checkRoom compares a room with what was acked: no gap, no double, nothing lost, the ids those of the acks.
func checkRoom(t *testing.T, db *sqlstore.DB, room model.Room, reader model.Actor, acked map[int64]model.Message) {
	t.Helper()
	all := everything(t, db, reader, room)
	people := 0
	for i, m := range all {
		if m.Seq != int64(i+1) {
			t.Fatalf("seq %d at place %d", m.Seq, i+1)
		}
		if m.Kind == wire.MessageSystem {
			continue
		}
		people++
		if diff := cmp.Diff(acked[m.Seq], m, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("seq %d differs from its ack:\n%s", m.Seq, diff)
		}
	}
	if people != len(acked) {
		t.Errorf("room has %d messages of people, acked %d", people, len(acked))
	}
}

func hotRoomHasNoGap(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 50)
	sendAll(t, []*sqlstore.DB{db}, []model.Room{Group(t, db, people...)}, people, 20)
}

func manyRoomsHaveNoGap(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 20)
	SendToManyRooms(t, []*sqlstore.DB{db}, people)
}

// SendToManyRooms has people write to 12 rooms at once through several connections to one database, as servers of one
// company do.
func SendToManyRooms(t *testing.T, nodes []*sqlstore.DB, people []model.Actor) {
	t.Helper()
	rooms := make([]model.Room, 0, 12)
	for range 12 {
		rooms = append(rooms, Group(t, nodes[0], people...))
	}
	sendAll(t, nodes, rooms, people, 36)
}

func submitKeepsOrder(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	rooms := []model.Room{Group(t, db, people...), Group(t, db, people...)}
	const count = 600
	var mu sync.Mutex
	answered := map[int64][]string{}
	var wg sync.WaitGroup
	for i := range count {
		wg.Add(1)
		room := rooms[i%2]
		db.Submit(context.Background(), Draft(room, people[0], fmt.Sprint(i)), func(a chat.Appended, err error) {
			defer wg.Done()
			if err != nil {
				t.Errorf("submit: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			answered[room.ID] = append(answered[room.ID], a.Message.Text)
		})
	}
	wg.Wait()
	for r, room := range rooms {
		var want []string
		for i := r; i < count; i += 2 {
			want = append(want, fmt.Sprint(i))
		}
		var stored []string
		for _, m := range everything(t, db, people[1], room)[1:] {
			stored = append(stored, m.Text)
		}
		if !slices.Equal(stored, want) || !slices.Equal(answered[room.ID], want) {
			t.Errorf("order lost: stored %v, answered %v", stored, answered[room.ID])
		}
	}
}

func repeatIsTheFirst(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room, other := Group(t, db, people...), Group(t, db, people...)
	d := Draft(room, people[0], "한 번만")
	d.Mentions = []int64{people[1].UserID}
	first, err := db.Append(ctx, d)
	check(t, err)
	repeat := func(what string, d chat.Draft) model.Message {
		t.Helper()
		again, err := db.Append(ctx, d)
		if err != nil || !again.Duplicate || again.Message.ID != first.Message.ID || again.Message.Seq != first.Message.Seq {
			t.Errorf("%s: %+v, %v; want a duplicate of %+v", what, again, err, first.Message)
		}
		return again.Message
	}
	send(t, db, room, people[1], "사이")
	if again := repeat("the same", d); !cmp.Equal(again, first.Message, cmpopts.EquateEmpty()) {
		t.Errorf("repeat gives %+v", again)
	}
	elsewhere := d
	elsewhere.RoomID, elsewhere.Text = other.ID, "다른 글"
	repeat("in another room", elsewhere)
	same := d
	same.Sender = people[1]
	if a, err := db.Append(ctx, same); err != nil || a.Duplicate {
		t.Errorf("another sender's equal client_id: %+v, %v", a, err)
	}
	_, _, err = db.Delete(ctx, people[0], first.Message.ID, Start+2000)
	check(t, err)
	if again := repeat("after it was deleted", d); again.DeletedAt == 0 || again.Text != "" {
		t.Errorf("repeat brings a deleted message back: %+v", again)
	}
	_, err = db.LeaveRoom(ctx, people[0], room.UUID, Start+3000)
	check(t, err)
	repeat("after its sender left", d)
	if r, _ := enter(t, db, people[1], other); r.LastSeq != 1 {
		t.Errorf("a repeat took a number: %+v", r)
	}
}

func repeatsAtOnceAreOne(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 4)
	rooms := []model.Room{Group(t, db, people...), Group(t, db, people...), Group(t, db, people...)}
	for round := range 10 {
		ids := []string{uuid.NewString(), uuid.NewString(), uuid.NewString()}
		var mu sync.Mutex
		got := map[string][]chat.Appended{}
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				// Two thirds go to the id's own room, a third elsewhere: through another committer.
				d := Draft(rooms[(i%3+i/40)%3], people[0], "x")
				d.ClientID = ids[i%3]
				a, err := db.Append(context.Background(), d)
				if err != nil {
					t.Errorf("append: %v", err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				got[d.ClientID] = append(got[d.ClientID], a)
			})
		}
		wg.Wait()
		for id, all := range got {
			firsts := 0
			for _, a := range all {
				if !a.Duplicate {
					firsts++
				}
				if a.Message.ID != all[0].Message.ID || a.Message.Seq != all[0].Message.Seq {
					t.Errorf("round %d: client_id %s is message %d and %d", round, id, a.Message.ID, all[0].Message.ID)
				}
			}
			if firsts != 1 {
				t.Errorf("round %d: %d of %d calls stored client_id %s", round, firsts, len(all), id)
			}
		}
	}
	for _, room := range rooms {
		for i, m := range everything(t, db, people[1], room) {
			if m.Seq != int64(i+1) {
				t.Fatalf("seq %d at place %d", m.Seq, i+1)
			}
		}
	}
}

func badDraftsFailAlone(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 6)
	room := Group(t, db, people[:4]...)
	_, err := db.LeaveRoom(ctx, people[3], room.UUID, Start)
	check(t, err)
	closed := Group(t, db, people[:2]...)
	_, err = db.CloseRoom(ctx, people[0], closed.UUID, Start)
	check(t, err)
	admin := people[0]
	admin.Role = wire.RoleAdmin
	notice, err := db.CreateRoom(ctx, chat.NewRoom{
		UUID: uuid.NewString(), Kind: wire.RoomNotice, Name: "공지", Creator: admin,
		Members: []int64{people[1].UserID}, Now: Start,
	})
	check(t, err)
	reply := func(room model.Room, seq int64) chat.Draft {
		d := Draft(room, people[1], "답장")
		d.ReplyToSeq = seq
		return d
	}
	drafts := map[string]struct {
		draft chat.Draft
		want  wire.Code // empty: stored
	}{
		"member":          {Draft(room, people[0], "a"), ""},
		"stranger":        {Draft(room, people[5], "b"), wire.NotFound},
		"former member":   {Draft(room, people[3], "c"), wire.NotFound},
		"closed room":     {Draft(closed, people[0], "d"), wire.NotFound},
		"no such room":    {Draft(model.Room{ID: 9_999_999}, people[0], "e"), wire.NotFound},
		"notice, admin":   {Draft(notice.Room, admin, "f"), ""},
		"notice, user":    {Draft(notice.Room, people[1], "g"), wire.Forbidden},
		"reply to none":   {reply(room, 9999), wire.BadRequest},
		"reply backwards": {reply(room, -1), wire.BadRequest},
		"reply":           {reply(room, 1), ""},
	}
	for range 5 {
		var wg sync.WaitGroup
		for name, row := range drafts {
			wg.Go(func() {
				d := row.draft
				d.ClientID = uuid.NewString()
				switch _, err := db.Append(ctx, d); {
				case row.want == "" && err != nil:
					t.Errorf("%s: %v", name, err)
				case row.want != "" && !errs.Is(err, row.want):
					t.Errorf("%s: %v, want %s", name, err, row.want)
				}
			})
		}
		wg.Wait()
	}
	if got := len(everything(t, db, people[0], room)); got != 2+5*2 { // two system lines
		t.Errorf("the room has %d messages", got)
	}
}

// impossibleTextFailsAlone hands over what the services never let through: the database refuses it, and only it.
func impossibleTextFailsAlone(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 20)
	room := Group(t, db, people...)
	var wg sync.WaitGroup
	for i, p := range people {
		wg.Go(func() {
			d := Draft(room, p, "좋은 글")
			if i%5 == 0 {
				d.Text = strings.Repeat("가", 40_000) // above what the column holds in MySQL
			}
			_, err := db.Append(context.Background(), d)
			if err != nil && i%5 != 0 {
				t.Errorf("a good message was refused: %v", err)
			}
		})
	}
	wg.Wait()
	good := 0
	for i, m := range everything(t, db, people[0], room) {
		if m.Seq != int64(i+1) {
			t.Fatalf("seq %d at place %d", m.Seq, i+1)
		}
		if m.Text == "좋은 글" {
			good++
		}
	}
	if good != 16 {
		t.Errorf("%d good messages, want 16", good)
	}
}

func closeStoresWhatWaits(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 1)
	room := Group(t, db, people...)
	const count = 500
	var wg sync.WaitGroup
	for i := range count {
		wg.Add(1)
		db.Submit(context.Background(), Draft(room, people[0], fmt.Sprint(i)), func(_ chat.Appended, err error) {
			defer wg.Done()
			if err != nil {
				t.Errorf("handed over before Close: %v", err)
			}
		})
	}
	check(t, db.Close())
	wg.Wait()
	_, err := db.Append(context.Background(), Draft(room, people[0], "spät"))
	wantCode(t, err, wire.Unavailable)
}

func deleteAndWriteAtTheSameTime(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 8)
	room := Group(t, db, people...)
	var wg sync.WaitGroup
	for _, p := range people {
		wg.Go(func() {
			for range 10 {
				m := send(t, db, room, p, "곧 지움")
				if _, changed, err := db.Delete(context.Background(), p, m.ID, Start+5000); err != nil || !changed {
					t.Errorf("delete: %v, %v", changed, err)
				}
			}
		})
	}
	wg.Wait()
	r, _ := enter(t, db, people[0], room)
	if r.LastSeq != 81 || r.Rev != 2+160 {
		t.Errorf("last_seq %d, rev %d; want 81, 162", r.LastSeq, r.Rev)
	}
	revs := map[int64]bool{}
	for _, m := range everything(t, db, people[0], room)[1:] {
		if m.DeletedAt == 0 || m.Text != "" || revs[m.Rev] {
			t.Errorf("not a tombstone with a rev of its own: %+v", m)
		}
		revs[m.Rev] = true
	}
}
