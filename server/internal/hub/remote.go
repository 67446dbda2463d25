package hub

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"himsg/server/internal/bus"
)

// This file repairs what a bus between nodes loses and no revision shows. On one node it does nothing.

const (
	readsPage  = 2000 // moves of cursors in one answer
	readsPages = 10
)

// readSweep is how far read cursors were swept.
type readSweep struct {
	upTo int64 // milliseconds: moves before it are known, by the bus or by the database
	told map[readKey]int64
}

type readKey struct{ roomID, userID int64 }

// sweepHints looks whether the bus lost anything since the last sweep. Read cursors have no revision, so those that moved are
// read from the database. When an outage is over, every session runs sync: nothing else brings back what it may have missed.
func (h *Hub) sweepHints(ctx context.Context, start int64) error {
	state := h.remote.State()
	over := state.Outages != h.heard.Outages
	if !state.Deaf && !over && state.Missed == h.heard.Missed {
		h.reads = readSweep{upTo: start}
		return nil
	}
	if err := h.sweepReads(ctx, start); err != nil {
		return err
	}
	h.heard = state
	if over {
		h.logger.InfoContext(ctx, "events of other nodes were lost; all sessions look for what they missed")
		select {
		case h.missed <- struct{}{}:
		default: // they are about to
		}
	}
	return nil
}

func (h *Hub) sweepReads(ctx context.Context, start int64) error {
	since, told := h.reads.upTo-sweepSlack.Milliseconds(), map[readKey]int64{}
	for range readsPages {
		moved, err := h.members.ReadsSince(ctx, since, readsPage)
		if err != nil {
			return err
		}
		var news []bus.Read
		for _, m := range moved {
			key := readKey{m.RoomID, m.UserID}
			if _, here := h.rooms.get(m.RoomID); !here {
				continue
			}
			if max(h.reads.told[key], told[key]) < m.Seq {
				news = append(news, m)
			}
			told[key] = max(told[key], m.Seq)
		}
		events, err := h.source.ReadEvents(ctx, news)
		if err != nil {
			return fmt.Errorf("events of reads: %w", err)
		}
		for i := range events {
			h.count(h.tellRoom(&events[i]))
		}
		if len(moved) < readsPage || moved[len(moved)-1].At <= since {
			break
		}
		since = moved[len(moved)-1].At
	}
	h.reads = readSweep{upTo: start, told: told}
	return nil
}

// missedLoop has sessions run sync after an outage, spread as after a restart.
func (h *Hub) missedLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.missed:
		}
		sessions := h.sessions.all()
		for i, s := range sessions {
			s.missed()
			if i%(returnRate/10) != returnRate/10-1 {
				continue
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
		h.logger.DebugContext(ctx, "sessions were told that they missed something", slog.Int("sessions", len(sessions)))
	}
}

// Mistaken returns the sessions, by session_uuid, that take a user for an administrator who is none, or the other way round.
func (h *Hub) Mistaken(admins map[int64]bool) (sessions []string) {
	for user, admin := range admins {
		p, online := h.people.get(user)
		if !online {
			continue
		}
		for _, s := range p.snapshot() {
			if s.who.Admin != admin {
				sessions = append(sessions, s.who.SessionUUID)
			}
		}
	}
	return sessions
}
