package storetest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// users makes what Invite takes of actors.
func users(actors ...model.Actor) (out []model.User) {
	for _, a := range actors {
		out = append(out, model.User{ID: a.UserID, UUID: a.UserUUID})
	}
	return out
}

func inviteBringsPeopleIn(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	room := Group(t, db, people[:2]...)
	old := send(t, db, room, people[0], "먼저")
	c, err := db.Invite(ctx, people[1], room.UUID, users(people[3], people[2], people[0]), Start+2000)
	check(t, err)
	if !c.Changed || c.Rev != old.Rev+1 || c.Room.Rev != c.Rev+1 || c.Room.MetaRev != c.Rev ||
		!slices.Equal(c.Joined, []int64{people[2].UserID, people[3].UserID}) {
		t.Errorf("invited %+v", c)
	}
	if s := c.System; s == nil || s.Seq != old.Seq+1 || s.Rev != c.Rev+1 || s.System.Action != wire.SystemJoined ||
		s.System.ActorUUID != people[1].UserUUID || !slices.Equal(s.System.UserUUIDs, []string{people[2].UserUUID, people[3].UserUUID}) ||
		s.System.Count != 0 {
		t.Errorf("system line %+v", c.System)
	}
	r, m := enter(t, db, people[2], room)
	if m.JoinedSeq != old.Seq || m.LastReadSeq != old.Seq || m.Unread(r.LastSeq) != 1 || m.Role != wire.RoomMember {
		t.Errorf("newcomer %+v", m)
	}
	if got := everything(t, db, people[2], room); len(got) != 1 || got[0].Seq != c.System.Seq {
		t.Errorf("a newcomer sees %+v", got)
	}
	again, err := db.Invite(ctx, people[0], room.UUID, users(people[2]), Start+3000)
	if err != nil || again.Changed || again.Room.Rev != c.Room.Rev {
		t.Errorf("second invitation %+v, %v", again, err)
	}
	_, err = db.Invite(ctx, people[0], direct(t, db, people[0], people[1]).Room.UUID, users(people[2]), Start)
	wantRefusal(t, err, wire.BadRequest, wire.ReasonNotGroup)
}

func rejoiningStartsAnew(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 2)
	room := Group(t, db, people...)
	before := send(t, db, room, people[1], "그때")
	_, was := enter(t, db, people[1], room)
	_, err := db.LeaveRoom(ctx, people[1], room.UUID, Start+2000)
	check(t, err)
	missed := send(t, db, room, people[0], "없는 사이")
	_, err = db.Invite(ctx, people[1], room.UUID, nil, Start)
	wantCode(t, err, wire.NotFound)
	c, err := db.Invite(ctx, people[0], room.UUID, users(people[1]), Start+3000)
	check(t, err)
	_, m := enter(t, db, people[1], room)
	if m.JoinedSeq != missed.Seq || m.LastReadSeq != missed.Seq || m.LeftSeq != -1 || m.MyRev <= was.MyRev {
		t.Errorf("rejoined %+v, was %+v", m, was)
	}
	if got := everything(t, db, people[1], room); len(got) != 1 || got[0].Seq != c.System.Seq {
		t.Errorf("who came back sees %+v", got)
	}
	_, _, err = db.Delete(ctx, people[1], before.ID, Start)
	wantCode(t, err, wire.NotFound)
}

func roomsHaveAMost(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[0])
	crowd := MorePeople(t, db, 100, 120)
	c, err := db.Invite(ctx, people[0], room.UUID, users(crowd...), Start)
	check(t, err)
	if n := c.System.System; len(n.UserUUIDs) != wire.MaxSummaryMembers || n.Count != 120 || len(c.Joined) != 120 {
		t.Errorf("the line names %d of %d", len(n.UserUUIDs), n.Count)
	}
	more := make([]model.User, wire.MaxRoomMembers-120)
	for i := range more {
		more[i] = model.User{ID: int64(1_000_000 + i), UUID: uuid.NewString()}
	}
	_, err = db.Invite(ctx, people[0], room.UUID, more, Start)
	wantRefusal(t, err, wire.BadRequest, wire.ReasonTooManyPeople)
}

func removingIsABorder(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 4)
	room := Group(t, db, people[:3]...)
	mine := send(t, db, room, people[2], "내 글")
	for name, row := range map[string]struct {
		who, target model.Actor
		code        wire.Code
		reason      wire.Reason
	}{
		"a member removes":          {people[1], people[2], wire.Forbidden, wire.ReasonNotRoomOwner},
		"a stranger removes":        {people[3], people[2], wire.NotFound, ""},
		"a stranger is removed":     {people[0], people[3], wire.NotFound, ""},
		"the last owner by himself": {people[0], people[0], wire.Conflict, wire.ReasonLastOwner},
	} {
		if _, err := db.RemoveMember(ctx, row.who, room.UUID, row.target.UserUUID, Start); err == nil {
			t.Errorf("%s: allowed", name)
		} else {
			wantRefusal(t, err, row.code, row.reason)
		}
	}
	c, err := db.RemoveMember(ctx, people[0], room.UUID, people[2].UserUUID, Start+2000)
	check(t, err)
	if !c.Changed || !slices.Equal(c.Left, []int64{people[2].UserID}) || c.System.System.Action != wire.SystemRemoved ||
		c.System.System.ActorUUID != people[0].UserUUID || !slices.Equal(c.System.System.UserUUIDs, []string{people[2].UserUUID}) {
		t.Errorf("removed %+v, %+v", c, c.System)
	}
	_, _, err = db.RoomFor(ctx, people[2].UserID, room.UUID)
	wantCode(t, err, wire.NotFound)
	_, err = db.Append(ctx, Draft(room, people[2], "아직?"))
	wantCode(t, err, wire.NotFound)
	_, _, err = db.Delete(ctx, people[2], mine.ID, Start)
	wantCode(t, err, wire.NotFound)
	_, err = db.RemoveMember(ctx, people[0], room.UUID, people[2].UserUUID, Start)
	wantCode(t, err, wire.NotFound)
	_, err = db.SetRole(ctx, people[0], room.UUID, people[2].UserUUID, wire.RoomOwner, Start)
	wantCode(t, err, wire.NotFound)
}

func rolesKeepAnOwner(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people...)
	_, before := enter(t, db, people[1], room)
	_, err := db.SetRole(ctx, people[1], room.UUID, people[1].UserUUID, wire.RoomOwner, Start)
	wantRefusal(t, err, wire.Forbidden, wire.ReasonNotRoomOwner)
	_, err = db.SetRole(ctx, people[0], room.UUID, people[0].UserUUID, wire.RoomMember, Start)
	wantRefusal(t, err, wire.Conflict, wire.ReasonLastOwner)
	c, err := db.SetRole(ctx, people[0], room.UUID, people[1].UserUUID, wire.RoomOwner, Start)
	check(t, err)
	if n := c.System.System; n.Action != wire.SystemRole || n.Name != string(wire.RoomOwner) ||
		!slices.Equal(c.Touched, []int64{people[1].UserID}) {
		t.Errorf("promoted %+v, %+v", c, n)
	}
	if _, m := enter(t, db, people[1], room); m.Role != wire.RoomOwner || m.MyRev != before.MyRev+1 {
		t.Errorf("owner %+v, before %+v", m, before)
	}
	again, err := db.SetRole(ctx, people[0], room.UUID, people[1].UserUUID, wire.RoomOwner, Start)
	if err != nil || again.Changed {
		t.Errorf("again %+v, %v", again, err)
	}
	_, err = db.SetRole(ctx, people[1], room.UUID, people[0].UserUUID, wire.RoomMember, Start)
	check(t, err)
	views, err := db.RoomViews(ctx, people[2].UserID, []int64{room.ID})
	check(t, err)
	if !slices.Equal(views[0].Owners, []string{people[1].UserUUID}) {
		t.Errorf("owners %v", views[0].Owners)
	}
	// An owner who leaves others behind gives the room to nobody.
	_, err = db.SetRole(ctx, people[1], room.UUID, people[2].UserUUID, wire.RoomOwner, Start)
	check(t, err)
	left, err := db.LeaveRoom(ctx, people[1], room.UUID, Start)
	check(t, err)
	if _, m := enter(t, db, people[0], room); m.Role != wire.RoomMember || len(left.Touched) != 0 {
		t.Errorf("after an owner left: %+v, %v", m, left.Touched)
	}
}

// ownersRemoveEachOther lets two owners remove each other at the same time: one of them is left.
func ownersRemoveEachOther(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	for range 15 {
		room := Group(t, db, people...)
		_, err := db.SetRole(ctx, people[0], room.UUID, people[1].UserUUID, wire.RoomOwner, Start)
		check(t, err)
		var wg sync.WaitGroup
		refusals := make([]error, 2)
		for i := range 2 {
			wg.Go(func() {
				_, refusals[i] = db.RemoveMember(ctx, people[i], room.UUID, people[1-i].UserUUID, Start)
			})
		}
		wg.Wait()
		if (refusals[0] == nil) == (refusals[1] == nil) {
			t.Fatalf("two owners: %v, %v", refusals[0], refusals[1])
		}
		for _, err := range refusals {
			if err != nil {
				wantCode(t, err, wire.NotFound)
			}
		}
		members, err := db.Members(ctx, room.ID)
		check(t, err)
		owners := 0
		for _, m := range members {
			if m.Role == wire.RoomOwner {
				owners++
			}
		}
		if len(members) != 2 || owners != 1 {
			t.Fatalf("left over: %+v", members)
		}
	}
}

func membersPages(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 9)
	room := Group(t, db, people[:4]...)
	for i := 4; i < 9; i++ {
		_, err := db.Invite(ctx, people[0], room.UUID, users(people[i]), Start+int64(i))
		check(t, err)
	}
	for _, i := range []int{8, 3} {
		_, err := db.SetRole(ctx, people[0], room.UUID, people[i].UserUUID, wire.RoomOwner, Start)
		check(t, err)
	}
	var got []chat.MemberPlace
	var after chat.MemberPlace
	for range 9 {
		page, err := db.MembersPage(ctx, room.ID, after, 2)
		check(t, err)
		got = append(got, page...)
		if len(page) < 2 {
			break
		}
		after = page[1]
	}
	var uuids []string
	for _, p := range got {
		uuids = append(uuids, p.UserUUID)
	}
	founders := []string{people[0].UserUUID, people[3].UserUUID}
	plain := []string{people[1].UserUUID, people[2].UserUUID}
	slices.Sort(founders)
	slices.Sort(plain)
	want := slices.Concat(founders, []string{people[8].UserUUID}, plain,
		[]string{people[4].UserUUID, people[5].UserUUID, people[6].UserUUID, people[7].UserUUID})
	if !slices.Equal(uuids, want) {
		t.Errorf("pages %v\nwant  %v", uuids, want)
	}
}

func settingsOfAGroup(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[:2]...)
	old := send(t, db, room, people[0], "옛 글")
	name, open, shut := "새 이름", true, false
	_, err := db.UpdateRoom(ctx, people[1], room.UUID, chat.RoomUpdate{Name: &name}, Start)
	wantRefusal(t, err, wire.Forbidden, wire.ReasonNotRoomOwner)
	c, err := db.UpdateRoom(ctx, people[0], room.UUID, chat.RoomUpdate{Name: &name, OpenHistory: &open}, Start)
	check(t, err)
	if c.System == nil || c.Further == nil || c.System.System.Action != wire.SystemRenamed || c.System.System.Name != name ||
		c.Further.System.Action != wire.SystemHistory || c.Further.System.Name != string(wire.HistoryAll) ||
		c.Further.Rev != c.Rev+2 || c.Room.Rev != c.Rev+2 || c.System.Seq != old.Seq+1 {
		t.Errorf("changed %+v, %+v, %+v", c, c.System, c.Further)
	}
	again, err := db.UpdateRoom(ctx, people[0], room.UUID, chat.RoomUpdate{Name: &name, OpenHistory: &open}, Start)
	if err != nil || again.Changed {
		t.Errorf("again %+v, %v", again, err)
	}
	joined, err := db.Invite(ctx, people[0], room.UUID, users(people[2]), Start)
	check(t, err)
	if got := everything(t, db, people[2], room); len(got) != 5 || got[1].Seq != old.Seq {
		t.Errorf("with open history a newcomer sees %d messages", len(got))
	}
	_, err = db.UpdateRoom(ctx, people[0], room.UUID, chat.RoomUpdate{OpenHistory: &shut}, Start)
	check(t, err)
	if got := everything(t, db, people[2], room); len(got) != 2 || got[0].Seq != joined.System.Seq {
		t.Errorf("after that he sees %+v", got)
	}
	r, _ := enter(t, db, people[1], room)
	if r.Name != name || r.OpenHistory {
		t.Errorf("room %+v", r)
	}
}

func picturesAreTheMembers(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[:2]...)
	first := &chat.Picture{UUID: uuid.NewString(), Type: "image/png", Data: []byte("one")}
	_, err := db.SetPicture(ctx, people[1], room.UUID, first, Start)
	wantRefusal(t, err, wire.Forbidden, wire.ReasonNotRoomOwner)
	c, err := db.SetPicture(ctx, people[0], room.UUID, first, Start)
	check(t, err)
	if c.Room.PictureUUID != first.UUID || c.System.System.Action != wire.SystemPicture {
		t.Errorf("picture %+v", c)
	}
	got, err := db.PictureFor(ctx, people[1].UserID, first.UUID)
	if err != nil || string(got.Data) != "one" || got.Type != "image/png" {
		t.Errorf("picture %+v, %v", got, err)
	}
	_, err = db.PictureFor(ctx, people[2].UserID, first.UUID)
	wantCode(t, err, wire.NotFound)
	second := &chat.Picture{UUID: uuid.NewString(), Type: "image/jpeg", Data: make([]byte, 200_000)}
	_, err = db.SetPicture(ctx, people[0], room.UUID, second, Start)
	check(t, err)
	_, err = db.PictureFor(ctx, people[1].UserID, first.UUID)
	wantCode(t, err, wire.NotFound)
	r, _ := enter(t, db, people[1], room)
	if r.PictureUUID != second.UUID {
		t.Errorf("room %+v", r)
	}
	_, err = db.RemoveMember(ctx, people[0], room.UUID, people[1].UserUUID, Start)
	check(t, err)
	_, err = db.PictureFor(ctx, people[1].UserID, second.UUID)
	wantCode(t, err, wire.NotFound)
	for i, changed := range []bool{true, false} {
		if c, err := db.SetPicture(ctx, people[0], room.UUID, nil, Start); err != nil || c.Changed != changed || c.Room.PictureUUID != "" {
			t.Errorf("removed %d: %+v, %v", i, c, err)
		}
	}
}

func myOwnRow(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 3)
	room := Group(t, db, people[:2]...)
	_, before := enter(t, db, people[1], room)
	on, off, until, never, mentions := true, false, Start+60_000, int64(0), wire.NotifyMentions
	for i, row := range []struct {
		u       chat.MyUpdate
		changed bool
		want    string
	}{
		{chat.MyUpdate{Favourite: &on, Pinned: &on, MutedUntil: &until}, true, fmt.Sprint(true, true, false, until, wire.NotifyAll)},
		{chat.MyUpdate{Favourite: &on, MutedUntil: &until}, false, fmt.Sprint(true, true, false, until, wire.NotifyAll)},
		{chat.MyUpdate{Locked: &on, Pinned: &off}, true, fmt.Sprint(true, false, true, until, wire.NotifyAll)},
		{chat.MyUpdate{Notify: &mentions}, true, fmt.Sprint(true, false, true, until, mentions)},
		{chat.MyUpdate{Notify: &mentions}, false, fmt.Sprint(true, false, true, until, mentions)},
		{chat.MyUpdate{MutedUntil: &never}, true, fmt.Sprint(true, false, true, 0, mentions)},
		{chat.MyUpdate{}, false, fmt.Sprint(true, false, true, 0, mentions)},
	} {
		id, changed, err := db.SetMy(ctx, people[1].UserID, room.UUID, row.u)
		check(t, err)
		_, m := enter(t, db, people[1], room)
		got := fmt.Sprint(m.Favourite, m.Pinned, m.Locked, m.MutedUntil, m.Notify)
		if row.changed {
			before.MyRev++
		}
		if id != room.ID || changed != row.changed || got != row.want || m.MyRev != before.MyRev {
			t.Errorf("row %d: %v, my_rev %d; want %v, %d (changed %v)", i, got, m.MyRev, row.want, before.MyRev, changed)
		}
	}
	_, _, err := db.SetMy(ctx, people[2].UserID, room.UUID, chat.MyUpdate{Favourite: &on})
	wantCode(t, err, wire.NotFound)
}

func wantRefusal(t testing.TB, err error, code wire.Code, reason wire.Reason) {
	t.Helper()
	if !errs.Is(err, code) || errs.As(err).Reason != reason {
		t.Errorf("error %v, want %s (%s)", err, code, reason)
	}
}
