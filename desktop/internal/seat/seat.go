package seat

import (
	"log/slog"
	"time"

	"himsg/desktop/internal/core"
)

// calm is how long a network that changes must be left alone before it is told of: a cable makes many changes.
const calm = time.Second

// Seat is the PC's.
type Seat struct {
	logger *slog.Logger
}

var _ core.Seat = (*Seat)(nil)

// New returns a Seat that asks nothing yet.
func New(logger *slog.Logger) *Seat {
	silence()
	return &Seat{logger: logger}
}
