package hub

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"
)

const (
	sweepEvery = 2 * time.Second
	sweepGrace = 200 * time.Millisecond // for events that are on their way
	sweepSlack = 15 * time.Second       // for clocks of nodes that differ, and long transactions
	sweepLimit = 5 * time.Second        // for one sweep's questions
	sweepPage  = 5000                   // rooms in one answer
	sweepPages = 20
	maxLooks   = 500 // rooms without members here that one sweep looks into
)

// sweepLoop asks the database for what the bus lost. This, not the bus, is the guarantee: a change reaches every member
// within 5 s of its commit.
func (h *Hub) sweepLoop(ctx context.Context) {
	timer := time.NewTimer(jitter(sweepEvery))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			h.sweep(ctx)
			timer.Reset(jitter(sweepEvery))
		}
	}
}

// jitter spreads a period by a tenth, so that nodes don't ask at the same time.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + rand.N(d/5) //nolint:gosec // spreads load; nothing secret
}

func (h *Hub) sweep(ctx context.Context) {
	start := h.clock().UnixMilli()
	since := h.swept - sweepSlack.Milliseconds()
	h.sessions.age()
	asking, cancel := context.WithTimeout(ctx, sweepLimit)
	defer cancel()
	revoked, err := h.members.RevokedSince(asking, since, sweepPage)
	for _, uuid := range revoked {
		h.revoke(uuid, "") // the device asks why
	}
	var behind []RoomRev
	if err == nil {
		behind, err = h.compare(asking, since)
	}
	if err == nil {
		err = h.sweepHints(asking, start)
	}
	if err != nil {
		if ctx.Err() == nil {
			h.logger.Warn("sweep", slog.Any("error", err))
		}
		return // the next one covers this time too
	}
	h.swept = start
	if len(behind) == 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(sweepGrace):
		h.repairBehind(behind)
	}
}

// compare finds the rooms that changed since a time and were not told so.
func (h *Hub) compare(ctx context.Context, since int64) (behind []RoomRev, err error) {
	looked, looks := make(map[int64]int64), 0
	for range sweepPages {
		changed, err := h.members.ChangedRooms(ctx, since, sweepPage)
		if err != nil {
			return nil, err
		}
		for _, rr := range changed {
			r, known := h.rooms.get(rr.RoomID)
			if known && r.isBehind(rr.Rev) {
				behind = append(behind, rr)
			}
			if known && r.isWhole() {
				continue
			}
			if at := h.looked[rr.RoomID]; !known && at > 0 && at >= rr.MetaRev {
				looked[rr.RoomID] = at
				continue
			}
			if looks == maxLooks {
				continue
			}
			looks++
			if err := h.look(ctx, rr); err != nil {
				return nil, err
			}
			looked[rr.RoomID] = rr.MetaRev
		}
		if len(changed) < sweepPage || changed[len(changed)-1].ChangedAt <= since {
			break
		}
		since = changed[len(changed)-1].ChangedAt
	}
	h.looked = looked
	return behind, nil
}

// look finds out whether a room has members here whose joining was missed.
func (h *Hub) look(ctx context.Context, rr RoomRev) error {
	users, rev, err := h.members.MembersOf(ctx, rr.RoomID)
	if err != nil {
		return err
	}
	online := false
	for _, id := range users {
		_, here := h.people.get(id)
		online = online || here
	}
	if !online {
		return nil
	}
	rr.Rev = rev
	r := h.roomAt(rr)
	r.mu.Lock()
	if !r.gone && !r.unsure {
		r.takeIn(h, found{users: users, rev: rev})
	}
	r.mu.Unlock()
	h.forgetIfEmpty(r)
	return nil
}

func (r *room) isBehind(rev int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.gone && r.published < rev && !r.repairing
}

func (r *room) isWhole() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.whole || r.unsure
}

func (h *Hub) repairBehind(behind []RoomRev) {
	for _, rr := range behind {
		r, ok := h.rooms.get(rr.RoomID)
		if !ok || !r.isBehind(rr.Rev) {
			continue
		}
		r.mu.Lock()
		r.repairing = true
		r.mu.Unlock()
		h.queueRepair(r)
	}
}
