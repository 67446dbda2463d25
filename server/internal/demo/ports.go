package demo

import (
	"context"

	"himsg/server/internal/model"
)

// Batch is a part of the company, with the ids that its rows get. Members carry left_seq -1.
type Batch struct {
	Departments []model.Department
	Users       []model.User
	Rooms       []Room
	Members     []model.Member
	Messages    []model.Message
	Reactions   []Reaction
	Acts        []model.AuditEntry // in the order of their time; chained after what is there
}

// Room is a room with what model.Room leaves to the database.
type Room struct {
	model.Room
	DirectKey string // model.DirectKey of a direct room or a memo; empty otherwise
}

// Reaction is one person's emoji under a message.
type Reaction struct {
	MessageID int64
	UserID    int64
	Emoji     string
	At        int64
}

// Store takes the company. Load is one transaction; Build calls it several times, referenced rows first.
type Store interface {
	// UserCount tells how many accounts there are.
	UserCount(ctx context.Context) (int, error)
	Load(ctx context.Context, b Batch) error
	// FinishLoad sets the directory's revision.
	FinishLoad(ctx context.Context, directoryRev int64) error
}

// File is a file that somebody sends.
type File struct {
	Name    string
	Content []byte
}

// Poster sends messages with files the way people do, through all checks.
type Poster interface {
	Post(ctx context.Context, actor model.Actor, roomUUID, text string, files []File) error
}
