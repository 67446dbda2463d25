package chat

import (
	"context"

	"himsg/server/internal/model"
	"himsg/shared/search"
)

// Sought is what someone looks for. Empty fields ask for nothing.
type Sought struct {
	UserID     int64        // who asks
	Query      search.Query // empty only with HasFile
	RoomUUID   string
	SenderUUID string
	From, To   int64 // written at or after, and before; UTC milliseconds, 0: whenever
	HasFile    bool
	Before     int64 // a message id
	Limit      int
}

// Search finds messages.
type Search interface {
	// Search returns up to Limit messages that the query matches, the newest first, and whether there are more: of rooms in
	// which the user is a present member, that he may see there, written by people and not deleted. Messages that were
	// stored or changed a moment ago may be missing. not_found if RoomUUID is none of his rooms.
	Search(ctx context.Context, s Sought) (page []model.Message, more bool, err error)
}
