package storetest

import (
	"context"
	"slices"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func roomViewsShowWhatOneSees(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	group := Group(t, db, people[:3]...)
	pair := direct(t, db, people[0], people[1]).Room
	memo := direct(t, db, people[0], people[0]).Room
	foreign := Group(t, db, people[2], people[3])
	said := send(t, db, group, people[1], "마지막 말")
	views, err := db.RoomViews(ctx, people[0].UserID, []int64{memo.ID, group.ID, pair.ID, foreign.ID, group.ID, 9_999_999})
	check(t, err)
	if len(views) != 3 {
		t.Fatalf("%d views, want those of 3 rooms", len(views))
	}
	g, p, s := views[0], views[1], views[2]
	if g.MemberCount != 3 || len(g.Members) != 3 || g.Other != nil || g.Last == nil || g.Last.ID != said.ID ||
		g.My.Unread(g.Room.LastSeq) != 1 || g.My.Role != wire.RoomOwner {
		t.Errorf("group %+v", g)
	}
	if p.MemberCount != 2 || p.Last != nil || p.Other == nil || p.Other.UUID != people[1].UserUUID || p.Other.Name == "" {
		t.Errorf("pair %+v", p)
	}
	if s.MemberCount != 1 || s.Other != nil || s.Room.Kind != wire.RoomSelf {
		t.Errorf("memo %+v", s)
	}
	none, err := db.RoomViews(ctx, people[0].UserID, nil)
	if err != nil || len(none) != 0 {
		t.Errorf("views of no rooms: %v, %v", none, err)
	}
}

func roomViewsOfLargeRooms(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, wire.MaxSummaryMembers+20)
	large := Group(t, db, people...)
	ids := []int64{large.ID}
	for range 510 { // more than one chunk
		c, err := db.CreateRoom(ctx, chat.NewRoom{
			UUID: uuid.NewString(), Kind: wire.RoomGroup, Name: "방", Creator: people[0], Now: Start,
		})
		check(t, err)
		ids = append(ids, c.Room.ID)
	}
	views, err := db.RoomViews(ctx, people[0].UserID, ids)
	check(t, err)
	if len(views) != 511 {
		t.Fatalf("%d views", len(views))
	}
	if v := views[0]; v.MemberCount != len(people) || len(v.Members) != wire.MaxSummaryMembers {
		t.Errorf("%d members, %d listed", v.MemberCount, len(v.Members))
	}
	for _, v := range views {
		if v.Last == nil || v.Last.System == nil || v.MemberCount == 0 {
			t.Errorf("view %+v", v)
		}
	}
	members, err := db.Members(ctx, large.ID)
	check(t, err)
	var uuids []string
	for _, m := range members {
		uuids = append(uuids, m.UserUUID)
	}
	if len(members) != len(people) || !slices.Equal(uuids[:wire.MaxSummaryMembers], views[0].Members) {
		t.Errorf("%d members, or in another order than in the summary", len(members))
	}
}

func roomListComparesRevs(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	list := func() model.RoomRef {
		t.Helper()
		refs, err := db.RoomList(ctx, people[1].UserID)
		check(t, err)
		if len(refs) != 1 || refs[0].RoomUUID != room.UUID || refs[0].RoomID != room.ID || refs[0].Hidden {
			t.Fatalf("rooms %+v", refs)
		}
		return refs[0]
	}
	before := list()
	m := send(t, db, room, people[0], "x")
	if after := list(); after.Rev != m.Rev || after.MyRev != before.MyRev {
		t.Errorf("another's message: %+v then %+v", before, after)
	}
	_, _, err := db.MarkRead(ctx, chat.Mark{RoomID: room.ID, UserID: people[1].UserID, Seq: m.Seq, Now: Start})
	check(t, err)
	if after := list(); after.Rev != m.Rev || after.MyRev != before.MyRev+1 {
		t.Errorf("own mark: %+v then %+v", before, after)
	}
}

func hubSeesChangedRooms(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	rooms := []model.Room{Group(t, db, people...), Group(t, db, people...), Group(t, db, people...)}
	at := func(i int, now int64) model.Message {
		d := Draft(rooms[i], people[0], "x")
		d.Now = now
		stored, err := db.Append(ctx, d)
		check(t, err)
		return stored.Message
	}
	at(0, Start+30_000)
	second := at(1, Start+10_000)
	at(2, Start+20_000)
	changed, err := db.ChangedRooms(ctx, Start+10_000, 10)
	check(t, err)
	if len(changed) != 3 || changed[0].RoomID != rooms[1].ID || changed[1].RoomID != rooms[2].ID || changed[2].RoomID != rooms[0].ID {
		t.Fatalf("changed rooms %+v, want oldest change first", changed)
	}
	want := hub.RoomRev{
		RoomID: rooms[1].ID, RoomUUID: rooms[1].UUID, Rev: second.Rev, MetaRev: 1, ChangedAt: Start + 10_000,
	}
	if changed[0] != want {
		t.Errorf("changed room %+v, want %+v", changed[0], want)
	}
	if some, err := db.ChangedRooms(ctx, Start+10_001, 1); err != nil || len(some) != 1 || some[0].RoomID != rooms[2].ID {
		t.Errorf("changed rooms %+v, %v", some, err)
	}
	_, _, err = db.Delete(ctx, people[0], second.ID, Start+40_000)
	check(t, err)
	_, err = db.LeaveRoom(ctx, people[1], rooms[2].UUID, Start+50_000)
	check(t, err)
	_, err = db.CloseRoom(ctx, people[0], rooms[0].UUID, Start+60_000)
	check(t, err)
	if changed, err = db.ChangedRooms(ctx, Start+40_000, 10); err != nil || len(changed) != 3 {
		t.Errorf("delete, leave and close changed %+v, %v", changed, err)
	}
	of, err := db.RoomsOf(ctx, people[1].UserID)
	if err != nil || len(of) != 1 || of[0].RoomID != rooms[1].ID || of[0].Rev != second.Rev+1 {
		t.Errorf("rooms of the second person: %+v, %v", of, err)
	}
}

func hubSeesMembers(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	room := Group(t, db, people...)
	users, rev, err := db.MembersOf(context.Background(), room.ID)
	check(t, err)
	slices.Sort(users)
	if !slices.Equal(users, []int64{people[0].UserID, people[1].UserID, people[2].UserID}) || rev != room.Rev {
		t.Errorf("members %v at rev %d", users, rev)
	}
	revoked, err := db.RevokedSince(context.Background(), 0, 10)
	if err != nil || len(revoked) != 0 {
		t.Errorf("revoked sessions %v, %v", revoked, err)
	}
}

func activeUsersAreFound(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 3)
	pending, err := db.CreateAccount(context.Background(), model.User{
		UUID: uuid.NewString(), Username: "pending", EmployeeID: "P1", Email: "p@example.com", Name: "대기", PasswordHash: "x",
		Role: wire.RoleUser, State: wire.UserPending, CreatedAt: Start,
	}, "", model.AuditEntry{At: Start, Action: model.AuditUserRegistered})
	check(t, err)
	users, err := db.ActiveUsers(context.Background(),
		[]string{people[2].UserUUID, pending.UUID, uuid.NewString(), people[0].UserUUID, "nonsense"})
	check(t, err)
	var ids []int64
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, []int64{people[0].UserID, people[2].UserID}) {
		t.Errorf("active users %v", ids)
	}
	if none, err := db.ActiveUsers(context.Background(), nil); err != nil || len(none) != 0 {
		t.Errorf("no uuids: %v, %v", none, err)
	}
}
