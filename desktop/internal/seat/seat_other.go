//go:build !linux && !windows

package seat

import (
	"context"
	"errors"
	"time"

	"himsg/desktop/internal/core"
)

// silence is for a library of Linux.
func silence() {}

// Idle implements core.Seat. macOS tells it by IOKit, which needs cgo; nobody has tried that yet.
func (s *Seat) Idle(context.Context) (time.Duration, error) {
	return 0, errors.New("not supported on this system")
}

// Watch implements core.Seat. That the machine woke up core sees by the clock.
func (s *Seat) Watch(ctx context.Context, _ func(core.SeatEvent)) { <-ctx.Done() }
