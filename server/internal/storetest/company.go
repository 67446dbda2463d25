package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// Start is the time at which tests' companies were founded, UTC milliseconds.
const Start int64 = 1_767_225_600_000 // 2026-01-01

// People makes n active users user0001, user0002 …
func People(t testing.TB, db *sqlstore.DB, n int) []model.Actor {
	t.Helper()
	return MorePeople(t, db, 1, n)
}

// MorePeople makes n active users, the first of whom has this number in his name.
func MorePeople(t testing.TB, db *sqlstore.DB, first, n int) []model.Actor {
	t.Helper()
	actors := make([]model.Actor, 0, n)
	for i := first; i < first+n; i++ {
		u, err := db.CreateAccount(context.Background(), model.User{
			UUID: uuid.NewString(), Username: fmt.Sprintf("user%04d", i), EmployeeID: fmt.Sprintf("E%04d", i),
			Email: fmt.Sprintf("user%04d@example.com", i), Name: fmt.Sprintf("사람%04d", i), PasswordHash: "x",
			Role: wire.RoleUser, State: wire.UserActive, CreatedAt: Start, UpdatedAt: Start,
		}, "", model.AuditEntry{At: Start, Action: model.AuditUserRegistered})
		if err != nil {
			t.Fatalf("make user: %v", err)
		}
		actors = append(actors, model.Actor{UserID: u.ID, UserUUID: u.UUID, Role: u.Role})
	}
	return actors
}

// Group makes a group whose owner is the first of the members.
func Group(t testing.TB, db *sqlstore.DB, members ...model.Actor) model.Room {
	t.Helper()
	ids := make([]int64, 0, len(members))
	for _, m := range members {
		ids = append(ids, m.UserID)
	}
	c, err := db.CreateRoom(context.Background(), chat.NewRoom{
		UUID: uuid.NewString(), Kind: wire.RoomGroup, Name: "방", Creator: members[0], Members: ids, Now: Start,
	})
	if err != nil {
		t.Fatalf("make room: %v", err)
	}
	return c.Room
}

// Draft is a message of an actor to a room with a client_id of its own.
func Draft(room model.Room, sender model.Actor, text string) chat.Draft {
	return chat.Draft{RoomID: room.ID, Sender: sender, ClientID: uuid.NewString(), Text: text, Now: Start + 1000}
}
