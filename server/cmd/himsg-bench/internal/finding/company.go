package finding

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/server/internal/demo"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// The first people of the company are those who search; the others are in all rooms and write.
const (
	writers   = 20
	loadEvery = 5000 // messages of one transaction
	began     = 1_767_225_600_000
	seed      = 20260102
)

// searchers are in so many rooms each.
var searchers = []int{1, 50, 500}

// company is who talks where, and what was said.
type company struct {
	o     Options
	rng   *rand.Rand
	words *vocabulary
	said  []string // every thousandth text
}

func newCompany(o Options) *company {
	rng := rand.New(rand.NewPCG(seed, uint64(o.Messages))) //nolint:gosec // G404: the same texts each time
	return &company{o: o, rng: rng, words: newVocabulary(rng)}
}

// roomsOf is how many rooms a searcher is in: of a small company not more than there are.
func (c *company) roomsOf(searcher int) int { return min(searchers[searcher], c.o.Rooms) }

// fill loads people, rooms and messages.
func (c *company) fill(ctx context.Context, db *sqlstore.DB) error {
	messages, rooms := c.talk()
	if err := db.Load(ctx, demo.Batch{Users: c.users()}); err != nil {
		return err
	}
	for part := range slices.Chunk(rooms, 1000) {
		if err := db.Load(ctx, demo.Batch{Rooms: part}); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(c.members(rooms), 5000) {
		if err := db.Load(ctx, demo.Batch{Members: part}); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(messages, loadEvery) {
		for i := range part {
			part[i].Text = c.words.text(c.rng)
			if part[i].ID%1000 == 0 {
				c.said = append(c.said, part[i].Text)
			}
		}
		if err := db.Load(ctx, demo.Batch{Messages: part}); err != nil {
			return err
		}
		for i := range part {
			part[i].Text = "" // a million texts need not stay in memory
		}
	}
	return nil
}

// talk decides who writes where; the texts come later.
func (c *company) talk() ([]model.Message, []demo.Room) {
	rooms := make([]demo.Room, c.o.Rooms)
	for i := range rooms {
		rooms[i] = demo.Room{Room: model.Room{
			ID: int64(i + 1), UUID: uuidOf("room", i), Kind: wire.RoomGroup, Name: fmt.Sprint("방 ", i), CreatedBy: 1, CreatedAt: began,
		}}
	}
	size := newZipf(c.o.Rooms, 0.8)
	messages := make([]model.Message, c.o.Messages)
	for i := range messages {
		r := &rooms[size.draw(c.rng)]
		r.LastSeq, r.Rev = r.LastSeq+1, r.Rev+1
		at := int64(began) + int64(i)*1000
		r.LastMessageAt = at
		messages[i] = model.Message{
			ID: int64(i + 1), RoomID: r.ID, Seq: r.LastSeq, Rev: r.Rev, Kind: wire.MessageUser,
			SenderID: int64(len(searchers) + 1 + c.rng.IntN(writers)), ClientID: uuidOf("mesg", i), CreatedAt: at,
		}
	}
	return messages, rooms
}

func (c *company) users() []model.User {
	users := make([]model.User, len(searchers)+writers)
	for i := range users {
		users[i] = model.User{
			ID: int64(i + 1), UUID: uuidOf("user", i), Username: fmt.Sprint("u", i), EmployeeID: fmt.Sprint("e", i),
			Email: fmt.Sprintf("u%d@example.com", i), Name: fmt.Sprint("사람 ", i), PasswordHash: "x",
			Role: wire.RoleUser, State: wire.UserActive, CreatedAt: began, UpdatedAt: began,
		}
	}
	return users
}

// members seats each searcher in rooms of all sizes, and the writers everywhere.
func (c *company) members(rooms []demo.Room) (members []model.Member) {
	seat := func(room, user int) {
		members = append(members, model.Member{
			RoomID: int64(room + 1), UserID: int64(user + 1), Role: wire.RoomMember, MyRev: 1, HiddenSeq: -1,
		})
	}
	for s := range searchers {
		for _, room := range c.rng.Perm(len(rooms))[:c.roomsOf(s)] {
			seat(room, s)
		}
	}
	for room := range rooms {
		for w := range writers {
			seat(room, len(searchers)+w)
		}
	}
	return members
}

// uuidOf is one UUID for each number of a kind of four letters.
func uuidOf(kind string, n int) string {
	return fmt.Sprintf("%x-0000-7000-8000-%012x", kind, n)
}

// indexBytes is what the index takes on the disk.
func indexBytes(data *rig.Data) (int64, error) {
	var sum int64
	for _, suffix := range []string{"", "-wal"} {
		info, err := os.Stat(filepath.Join(data.ServerDir(), "himsg-search.db"+suffix))
		if err != nil {
			return 0, fmt.Errorf("size of the index: %w", err)
		}
		sum += info.Size()
	}
	return sum, nil
}
