// Package demo makes a company to try Hi_Msg with: departments, people, rooms and months of believable Korean office talk.
//
// Only the command `himsg-server demo` uses it, on an empty database. The same options always make the same company, apart
// from the clock: its talk ends at Now. Start at Build; the sentences are in threads.txt.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Options say how large the company is.
type Options struct {
	People       int    // 2…10,000
	Messages     int    // 0…1,000,000
	Acts         int    // entries of the audit, 0…200,000
	PasswordHash string // PHC string, of everybody
	Now          time.Time
	Seed         uint64
	Poster       Poster // sends a few files; nil: there are none
}

// Summary tells what was made.
type Summary struct {
	Departments, People, Rooms, Messages, Files, Acts int
	Company                                           string
}

// Company is the name of the demo company.
const Company = "하이세미코"

// Bounds of Options.
const (
	MaxPeople   = 10_000
	MaxMessages = 1_000_000
	MaxActs     = 200_000
)

const loadRows = 5_000 // messages, or entries of the audit, in one transaction

var (
	textBounds = errs.Text{
		KO: "사람은 2~10,000명, 메시지는 0~1,000,000개, 감사 기록은 0~200,000개까지 만들 수 있습니다.",
		EN: "A demo company has 2 to 10,000 people, 0 to 1,000,000 messages and 0 to 200,000 entries in its audit.",
	}
	textNotEmpty = errs.Text{
		KO: "데이터베이스에 이미 사용자가 있습니다. 빈 데이터베이스에만 데모 회사를 만들 수 있습니다.",
		EN: "The database has users already. A demo company is made in an empty one only.",
	}
)

// Build fills an empty database. wire.Conflict if there are accounts already, wire.BadRequest if Options are out of bounds.
// A run that was cut off leaves people or rooms behind: make the database anew.
func Build(ctx context.Context, store Store, o Options) (Summary, error) {
	if o.People < 2 || o.People > MaxPeople || o.Messages < 0 || o.Messages > MaxMessages ||
		o.Acts < 0 || o.Acts > MaxActs {
		return Summary{}, errs.E(wire.BadRequest, "", textBounds)
	}
	n, err := store.UserCount(ctx)
	if err != nil {
		return Summary{}, fmt.Errorf("count users: %w", err)
	}
	if n > 0 {
		return Summary{}, errs.E(wire.Conflict, "", textNotEmpty)
	}
	c := newCompany(o)
	c.hire(o.People)
	c.openRooms()
	messages := c.talk(o.Messages)
	acts := c.administer(o.Acts)
	if err := load(ctx, store, c, messages, acts); err != nil {
		return Summary{}, err
	}
	files := 0
	if o.Poster != nil {
		if files, err = c.postFiles(ctx, o.Poster); err != nil {
			return Summary{}, err
		}
	}
	return Summary{
		Files:       files,
		Acts:        len(acts),
		Departments: len(c.departments), People: len(c.users), Rooms: len(c.rooms), Messages: len(messages),
		Company: Company,
	}, nil
}

// company is what is being made.
type company struct {
	opt     Options
	rng     *rand.Rand
	threads map[string][]thread
	staff
	estate
}

func newCompany(o Options) *company {
	return &company{
		opt:     o,
		rng:     rand.New(rand.NewPCG(o.Seed, 0x48695f4d7367)), //nolint:gosec // a reproducible company, no secrets
		threads: parseThreads(threadsText),
	}
}

func load(ctx context.Context, store Store, c *company, messages []drafted, acts []model.AuditEntry) error {
	first := Batch{Departments: c.departments, Users: c.users, Rooms: c.roomRows(), Members: c.memberRows()}
	if err := store.Load(ctx, first); err != nil {
		return fmt.Errorf("load people and rooms: %w", err)
	}
	for len(messages) > 0 {
		part := messages[:min(loadRows, len(messages))]
		messages = messages[len(part):]
		b := Batch{}
		for _, m := range part {
			b.Messages = append(b.Messages, m.Message)
			b.Reactions = append(b.Reactions, m.reactions...)
		}
		if err := store.Load(ctx, b); err != nil {
			return fmt.Errorf("load messages: %w", err)
		}
	}
	for part := range slices.Chunk(acts, loadRows) {
		if err := store.Load(ctx, Batch{Acts: part}); err != nil {
			return fmt.Errorf("load the audit: %w", err)
		}
	}
	if err := store.FinishLoad(ctx, c.directoryRev); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return nil
}
