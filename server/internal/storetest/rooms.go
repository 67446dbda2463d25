package storetest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func createRoomOnce(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	r := chat.NewRoom{
		UUID: uuid.NewString(), Kind: wire.RoomGroup, Name: "기획 회의", Creator: people[0],
		Members: []int64{people[1].UserID, people[2].UserID, people[1].UserID}, CreateKey: "k1", Now: Start,
	}
	c, err := db.CreateRoom(ctx, r)
	check(t, err)
	if !c.Changed || c.Rev != 1 || c.Room.Rev != 2 || c.Room.MetaRev != 1 || c.Room.LastSeq != 1 || len(c.Joined) != 3 {
		t.Errorf("created %+v", c)
	}
	if s := c.System; s == nil || s.Rev != 2 || s.Seq != 1 || s.ID == 0 || s.System.Action != wire.SystemCreated ||
		s.System.Name != r.Name || s.System.ActorUUID != people[0].UserUUID {
		t.Errorf("system line %+v", s)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			again := r
			again.UUID = uuid.NewString()
			if c2, err := db.CreateRoom(ctx, again); err != nil || c2.Changed || c2.Room.UUID != r.UUID {
				t.Errorf("repeat: %+v, %v", c2, err)
			}
		})
	}
	wg.Wait()
	twins := r
	twins.CreateKey = "k2"
	uuids := make([]string, 8)
	for i := range uuids {
		wg.Go(func() {
			twin := twins
			twin.UUID = uuid.NewString()
			c, err := db.CreateRoom(ctx, twin)
			if err != nil {
				t.Errorf("twin: %v", err)
			}
			uuids[i] = c.Room.UUID
		})
	}
	wg.Wait()
	slices.Sort(uuids)
	if uuids[0] != uuids[7] {
		t.Errorf("twins made several rooms: %v", uuids)
	}
	other := r
	other.UUID, other.Creator, other.Members = uuid.NewString(), people[3], nil
	if c, err := db.CreateRoom(ctx, other); err != nil || !c.Changed {
		t.Errorf("another person's equal key: %+v, %v", c, err)
	}
	_, m := enter(t, db, people[0], c.Room)
	_, m1 := enter(t, db, people[1], c.Room)
	if m.Role != wire.RoomOwner || m.LastReadSeq != 1 || m1.Role != wire.RoomMember || m1.LastReadSeq != 0 {
		t.Errorf("members %+v, %+v", m, m1)
	}
}

func directRoomOnce(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	rooms := make([]chat.RoomChange, 16)
	var wg sync.WaitGroup
	for i := range rooms {
		wg.Go(func() { rooms[i] = direct(t, db, people[i%2], people[(i+1)%2]) })
	}
	wg.Wait()
	made := 0
	for _, c := range rooms {
		if c.Changed {
			made++
			if c.Rev != 1 || c.Room.Rev != 1 || c.System != nil || len(c.Joined) != 2 {
				t.Errorf("made %+v", c)
			}
		}
		if c.Room.UUID != rooms[0].Room.UUID || c.Room.Kind != wire.RoomDirect {
			t.Errorf("room %+v and %+v of one pair", c.Room, rooms[0].Room)
		}
	}
	if made != 1 {
		t.Errorf("%d rooms were made", made)
	}
	ctx := context.Background()
	roomUUID, other, err := db.DirectWith(ctx, people[1].UserID, people[0].UserUUID)
	if err != nil || roomUUID != rooms[0].Room.UUID || other.ID != people[0].UserID {
		t.Errorf("DirectWith = %s, %+v, %v", roomUUID, other, err)
	}
	_, _, err = db.DirectWith(ctx, people[1].UserID, people[2].UserUUID)
	wantCode(t, err, wire.NotFound)
	_, _, err = db.DirectWith(ctx, people[1].UserID, uuid.NewString())
	wantCode(t, err, wire.NotFound)
	_, err = db.LeaveRoom(ctx, people[0], rooms[0].Room.UUID, Start)
	wantCode(t, err, wire.BadRequest)
	_, err = db.CloseRoom(ctx, people[0], rooms[0].Room.UUID, Start)
	wantCode(t, err, wire.BadRequest)
}

func memoToOneself(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	c := direct(t, db, people[0], people[0])
	if c.Room.Kind != wire.RoomSelf || len(c.Joined) != 1 {
		t.Errorf("memo %+v", c)
	}
	send(t, db, c.Room, people[0], "우유 사기")
	if _, m := enter(t, db, people[0], c.Room); m.LastReadSeq != 1 {
		t.Errorf("own memo is unread: %+v", m)
	}
	_, _, err := db.RoomFor(context.Background(), people[1].UserID, c.Room.UUID)
	wantCode(t, err, wire.NotFound)
}

func hiddenRoomComesBack(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	c := direct(t, db, people[0], people[1])
	send(t, db, c.Room, people[1], "안녕하세요")
	hidden := func() bool {
		t.Helper()
		refs, err := db.RoomList(ctx, people[0].UserID)
		check(t, err)
		if len(refs) != 1 {
			t.Fatalf("rooms %+v", refs)
		}
		return refs[0].Hidden
	}
	for range 2 {
		_, err := db.HideRoom(ctx, people[0], c.Room.UUID, Start)
		check(t, err)
		if !hidden() {
			t.Error("not hidden")
		}
	}
	if again := direct(t, db, people[0], people[1]); !again.Unhidden || again.Changed || hidden() {
		t.Errorf("opening it again: %+v, hidden %v", again, hidden())
	}
	_, err := db.HideRoom(ctx, people[0], c.Room.UUID, Start)
	check(t, err)
	send(t, db, c.Room, people[1], "계세요?")
	if hidden() {
		t.Error("a new message leaves it hidden")
	}
	if rooms, err := db.RoomsOf(ctx, people[0].UserID); err != nil || len(rooms) != 1 {
		t.Errorf("hub's rooms %v, %v", rooms, err)
	}
	group := Group(t, db, people...)
	_, err = db.HideRoom(ctx, people[0], group.UUID, Start)
	wantCode(t, err, wire.BadRequest)
	_, err = db.HideRoom(ctx, people[2], c.Room.UUID, Start)
	wantCode(t, err, wire.NotFound)
}

func leavingIsABorder(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	mine := send(t, db, room, people[2], "내 글")
	c, err := db.LeaveRoom(ctx, people[2], room.UUID, Start+2000)
	check(t, err)
	if !c.Changed || c.Rev != mine.Rev+1 || c.System == nil || c.System.Rev != c.Rev+1 || c.Room.Rev != c.Rev+1 ||
		c.System.Seq != mine.Seq+1 || c.System.System.Action != wire.SystemLeft || !slices.Equal(c.Left, []int64{people[2].UserID}) {
		t.Errorf("left %+v, %+v", c, c.System)
	}
	if again, err := db.LeaveRoom(ctx, people[2], room.UUID, Start+3000); err != nil || again.Changed {
		t.Errorf("second leave: %+v, %v", again, err)
	}
	_, _, err = db.RoomFor(ctx, people[2].UserID, room.UUID)
	wantCode(t, err, wire.NotFound)
	_, err = db.Append(ctx, Draft(room, people[2], "아직?"))
	wantCode(t, err, wire.NotFound)
	_, _, err = db.Delete(ctx, people[2], mine.ID, Start)
	wantCode(t, err, wire.NotFound)
	_, err = db.HideRoom(ctx, people[2], room.UUID, Start)
	if err == nil {
		t.Error("a former member hides the room")
	}
	views, err := db.RoomViews(ctx, people[2].UserID, []int64{room.ID})
	check(t, err)
	refs, err := db.RoomList(ctx, people[2].UserID)
	check(t, err)
	rooms, err := db.RoomsOf(ctx, people[2].UserID)
	check(t, err)
	if len(views)+len(refs)+len(rooms) != 0 {
		t.Errorf("a former member sees %v, %v, %v", views, refs, rooms)
	}
	members, err := db.Members(ctx, room.ID)
	check(t, err)
	cursors, err := db.Cursors(ctx, room.ID)
	check(t, err)
	users, rev, err := db.MembersOf(ctx, room.ID)
	check(t, err)
	if len(members) != 2 || len(cursors) != 2 || len(users) != 2 || rev != c.Room.Rev {
		t.Errorf("members %v, cursors %v, hub %v at %d", members, cursors, users, rev)
	}
}

func ownerLeaves(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	room := Group(t, db, people...)
	_, err := db.LeaveRoom(context.Background(), people[0], room.UUID, Start)
	check(t, err)
	if _, m := enter(t, db, people[1], room); m.Role != wire.RoomOwner {
		t.Errorf("nobody owns the room: %+v", m)
	}
	if _, m := enter(t, db, people[2], room); m.Role != wire.RoomMember {
		t.Errorf("two owners: %+v", m)
	}
}

func lastMemberLeaves(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 1)
	room := Group(t, db, people...)
	c, err := db.LeaveRoom(ctx, people[0], room.UUID, Start+1)
	check(t, err)
	if !c.Changed || c.System != nil || c.Room.ClosedAt == 0 {
		t.Errorf("left %+v", c)
	}
	stored, err := db.RoomByID(ctx, room.ID)
	if err != nil || stored.ClosedAt == 0 || stored.Rev != c.Room.Rev {
		t.Errorf("an empty room stays open: %+v, %v", stored, err)
	}
}

func closeRoomEndsAll(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	room := Group(t, db, people[:3]...)
	_, err := db.CloseRoom(ctx, people[1], room.UUID, Start)
	wantCode(t, err, wire.Forbidden)
	_, err = db.CloseRoom(ctx, people[3], room.UUID, Start)
	wantCode(t, err, wire.NotFound)
	c, err := db.CloseRoom(ctx, people[0], room.UUID, Start+1)
	check(t, err)
	if !c.Changed || len(c.Left) != 3 || c.Rev != room.Rev+1 || c.Room.ClosedAt == 0 {
		t.Errorf("closed %+v", c)
	}
	if again, err := db.CloseRoom(ctx, people[0], room.UUID, Start+2); err != nil || again.Changed {
		t.Errorf("second close: %+v, %v", again, err)
	}
	for _, p := range people {
		_, _, err := db.RoomFor(ctx, p.UserID, room.UUID)
		wantCode(t, err, wire.NotFound)
	}
	if users, _, err := db.MembersOf(ctx, room.ID); err != nil || len(users) != 0 {
		t.Errorf("hub's members %v, %v", users, err)
	}
}

func leaveAndWriteAtTheSameTime(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 12)
	room := Group(t, db, people...)
	var wg sync.WaitGroup
	var mu sync.Mutex
	lastOf := map[int64]int64{} // who left: the rev at which, and no message of his may follow
	for i, p := range people {
		wg.Go(func() {
			for range 15 {
				if _, err := db.Append(ctx, Draft(room, p, "x")); err != nil {
					wantCode(t, err, wire.NotFound)
				}
			}
		})
		if i%3 == 0 {
			continue
		}
		wg.Go(func() {
			c, err := db.LeaveRoom(ctx, p, room.UUID, Start)
			if err != nil {
				t.Errorf("leave: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			lastOf[p.UserID] = c.Rev
		})
	}
	wg.Wait()
	for i, m := range everything(t, db, people[0], room) {
		if m.Seq != int64(i+1) {
			t.Fatalf("seq %d at place %d", m.Seq, i+1)
		}
		if left := lastOf[m.SenderID]; m.Kind == wire.MessageUser && left != 0 && m.Rev > left {
			t.Errorf("user %d left at rev %d and wrote at %d", m.SenderID, left, m.Rev)
		}
	}
}

func directRoomsOfAllPairs(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 8)
	var mu sync.Mutex
	rooms := map[string]int{}
	var wg sync.WaitGroup
	for _, a := range people {
		for _, b := range people {
			wg.Go(func() {
				c := direct(t, db, a, b)
				send(t, db, c.Room, a, "x")
				mu.Lock()
				defer mu.Unlock()
				rooms[c.Room.UUID]++
			})
		}
	}
	wg.Wait()
	if want := 8 + 8*7/2; len(rooms) != want {
		t.Errorf("%d rooms, want %d", len(rooms), want)
	}
}

func unknownRoomsAreNotFound(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people[0])
	for _, id := range []string{uuid.NewString(), "", "'; drop table rooms; --", room.UUID} {
		_, _, err := db.RoomFor(ctx, people[1].UserID, id)
		wantCode(t, err, wire.NotFound)
		_, err = db.LeaveRoom(ctx, people[1], id, Start)
		wantCode(t, err, wire.NotFound)
	}
	_, err := db.RoomByID(ctx, 9_999_999)
	wantCode(t, err, wire.NotFound)
	if users, rev, err := db.MembersOf(ctx, 9_999_999); err != nil || len(users) != 0 || rev != 0 {
		t.Errorf("members of no room: %v, %d, %v", users, rev, err)
	}
	var none model.Actor
	if rooms, err := db.RoomsOf(ctx, none.UserID); err != nil || len(rooms) != 0 {
		t.Errorf("rooms of nobody: %v, %v", rooms, err)
	}
}
