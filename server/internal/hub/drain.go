package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"himsg/shared/wire"
)

const (
	minReturn  = 500 * time.Millisecond
	maxReturn  = 5 * time.Second
	returnRate = 1000 // sessions a second that may come back
)

var restart = Closing{Code: wire.CloseRestart, Reason: "restart"}

// Drain ends all sessions for a planned restart: each is told when to come back, spread so that not all do at once, and is
// closed after what stands in its queue. New ones are refused from now on. It waits until none is left, or returns ctx's
// error; then the rest are as if the line had been cut.
func (h *Hub) Drain(ctx context.Context) error {
	h.draining.Store(true)
	sessions := h.sessions.all()
	spread := min(time.Duration(len(sessions))*time.Second/returnRate, maxReturn-minReturn)
	for _, s := range sessions {
		delay := minReturn + rand.N(spread+1) //nolint:gosec // spreads load; nothing secret
		data, err := json.Marshal(wire.GoingAway{ReconnectAfterMS: delay.Milliseconds()})
		if err != nil {
			return fmt.Errorf("drain: %w", err)
		}
		s.Push(Envelope(wire.EvGoingAway, data))
		s.Close(restart, true)
	}
	select {
	case <-h.sessions.whenIdle():
		return nil
	case <-ctx.Done():
		h.logger.Warn("sessions left after draining", slog.Int("sessions", h.sessions.count()))
		return fmt.Errorf("drain: %w", ctx.Err())
	}
}
