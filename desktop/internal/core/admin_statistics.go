package core

import (
	"context"

	"himsg/shared/wire"
)

// Statistics are the server's figures, for administrators and auditors. Hours and slots (five minutes) are counted since 1970;
// times are milliseconds, 0 for none.
type Statistics struct {
	At           int64        `json:"at"`
	Active       int          `json:"active"`
	Away         int          `json:"away"`
	DND          int          `json:"dnd"`
	People       int          `json:"people"`
	OnlineSlots  [][]int64    `json:"online_slots"`
	OnlineHours  [][]int64    `json:"online_hours"`
	Messages     [][]int64    `json:"messages"`
	SignUps      [][]int64    `json:"sign_ups"`
	Bytes        int64        `json:"bytes"`
	Files        int64        `json:"files"`
	Quota        int64        `json:"quota"` // 0: none
	Kinds        []StoredKind `json:"kinds"`
	WaitingUsers int          `json:"waiting_users"`
	OldestUser   int64        `json:"oldest_user"`
	WaitingReset int          `json:"waiting_resets"`
	OldestReset  int64        `json:"oldest_reset"`
	// Messages are still being counted, up to Counted of Written; both 0: they are all in it.
	Counted      int64 `json:"counted"`
	Written      int64 `json:"written"`
	KindsUnknown bool  `json:"kinds_unknown"` // they are still being counted
}

// StoredKind is what the files of one extension take.
type StoredKind struct {
	Extension string `json:"extension"`
	Files     int64  `json:"files"`
	Bytes     int64  `json:"bytes"`
}

// Statistics asks for the figures of the last days, 1 to wire.StatisticsDays.
func (c *Core) Statistics(days int) (Statistics, error) {
	out := Statistics{
		OnlineSlots: [][]int64{}, OnlineHours: [][]int64{}, Messages: [][]int64{}, SignUps: [][]int64{}, Kinds: []StoredKind{},
	}
	var wrong error
	if days < 1 || days > wire.StatisticsDays {
		wrong = refuse(wire.BadRequest, "", "no such days")
	}
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		w, err := s.auth.Statistics(ctx, days)
		if err != nil {
			return err
		}
		out.At, out.People = w.At.UnixMilli(), w.People
		out.Active, out.Away, out.DND = w.Online.Active, w.Online.Away, w.Online.DND
		out.OnlineSlots, out.OnlineHours = viewPairs(w.OnlineSlots), viewPairs(w.OnlineHours)
		out.Messages, out.SignUps = viewPairs(w.Messages), viewPairs(w.SignUps)
		out.Bytes, out.Files, out.Quota = w.Storage.Bytes, w.Storage.Files, w.Storage.Quota
		for _, k := range w.Storage.Kinds {
			out.Kinds = append(out.Kinds, StoredKind{Extension: k.Extension, Files: k.Files, Bytes: k.Bytes})
		}
		out.WaitingUsers, out.OldestUser = w.Waiting.Users, milliOf(w.Waiting.OldestUser)
		if w.Counting != nil {
			out.Counted, out.Written, out.KindsUnknown = w.Counting.Counted, w.Counting.Written, w.Counting.Kinds
		}
		out.WaitingReset, out.OldestReset = w.Waiting.Resets, milliOf(w.Waiting.OldestReset)
		return nil
	})
	return out, offered(err)
}

func viewPairs(pairs [][2]int64) [][]int64 {
	out := make([][]int64, len(pairs))
	for i, p := range pairs {
		out[i] = p[:]
	}
	return out
}

func milliOf(at *wire.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMilli()
}
