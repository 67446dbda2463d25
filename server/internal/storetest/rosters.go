package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// viewsFollowWhoIsThere: whatever people do in a group, in any order, a view says at once who is in it, who owns it, and what is pinned.
func viewsFollowWhoIsThere(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 5)
	users := make([]model.User, 0, len(people))
	for _, p := range people {
		users = append(users, model.User{ID: p.UserID, UUID: p.UserUUID})
	}
	rapid.Check(t, func(rt *rapid.T) {
		ctx := context.Background()
		room := Group(t, db, people[:3]...)
		message := send(t, db, room, people[0], "공지")
		for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			now := Start + int64(i)
			one := rapid.IntRange(1, len(people)-1).Draw(rt, "who")
			who, on := people[one], rapid.Bool().Draw(rt, "on")
			role := wire.RoomMember
			if on {
				role = wire.RoomOwner
			}
			// Some of it is refused, such as to take away who is not there: then nothing changes.
			switch rapid.SampledFrom([]string{"invite", "remove", "leave", "role", "pin", "send and delete"}).Draw(rt, "what") {
			case "invite":
				_, _ = db.Invite(ctx, people[0], room.UUID, users[one:one+1], now)
			case "remove":
				_, _ = db.RemoveMember(ctx, people[0], room.UUID, who.UserUUID, now)
			case "leave":
				_, _ = db.LeaveRoom(ctx, who, room.UUID, now)
			case "role":
				_, _ = db.SetRole(ctx, people[0], room.UUID, who.UserUUID, role, now)
			case "pin":
				_, _ = db.Pin(ctx, people[0], chat.Pin{MessageID: message.ID, On: on, Now: now})
			case "send and delete":
				_, _, err := db.Delete(ctx, people[0], message.ID, now)
				if err != nil {
					rt.Fatal(err)
				}
				message = send(t, db, room, people[0], fmt.Sprint("공지 ", i))
			}
			viewIsTrue(rt, db, people[0], room)
		}
	})
}

func viewIsTrue(rt *rapid.T, db *sqlstore.DB, who model.Actor, room model.Room) {
	ctx := context.Background()
	views, err := db.RoomViews(ctx, who.UserID, []int64{room.ID})
	if err != nil || len(views) != 1 {
		rt.Fatalf("%+v, %v", views, err)
	}
	seats, err := db.Members(ctx, room.ID)
	if err != nil {
		rt.Fatal(err)
	}
	var members, owners []string
	for _, m := range seats {
		members = append(members, m.UserUUID)
		if m.Role == wire.RoomOwner {
			owners = append(owners, m.UserUUID)
		}
	}
	pins, err := db.Pins(ctx, room.ID)
	if err != nil {
		rt.Fatal(err)
	}
	v := views[0]
	if v.MemberCount != len(members) || !slices.Equal(v.Members, members) || !slices.Equal(v.Owners, owners) || !slices.Equal(v.Pins, pins) {
		rt.Fatalf("a view says %d members %v, owners %v, pins %v; there are %v, %v, %v", v.MemberCount, v.Members, v.Owners, v.Pins, members, owners, pins)
	}
}
