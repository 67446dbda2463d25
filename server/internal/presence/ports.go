package presence

import (
	"context"

	"himsg/server/internal/bus"
)

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}
