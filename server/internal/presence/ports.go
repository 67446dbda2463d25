package presence

import (
	"context"

	"himsg/server/internal/bus"
)

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}

// Peers are the trackers of other nodes. What is told may be lost.
type Peers interface {
	// Tell sends data to the others. It never waits.
	Tell(topic string, data []byte)
	// Hear has fn called for what they tell.
	Hear(topic string, fn func(node string, data []byte))
	// Others are the nodes that are heard.
	Others() []string
	// Connected reports whether they could be.
	Connected() bool
}
