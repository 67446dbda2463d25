package core_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

func TestStatisticsAreTheServers(t *testing.T) {
	s, a := admins(t)
	at := wire.TimeOfMilli(5_000)
	w := wire.Statistics{At: at, People: 9, Messages: [][2]int64{{7, 3}}}
	w.Online.Active, w.Online.Away, w.Online.DND = 3, 2, 1
	w.Storage.Bytes, w.Storage.Files, w.Storage.Quota = 100, 4, 200
	w.Storage.Kinds = []wire.StoredKind{{Extension: "pdf", Files: 4, Bytes: 100}}
	w.Waiting.Users, w.Waiting.OldestUser = 2, &at
	s.with(func() { s.admin.answer["GET /api/admin/statistics?days=7"] = w })
	got, err := a.Statistics(7)
	a.ok(err)
	want := core.Statistics{
		At: 5_000, Active: 3, Away: 2, DND: 1, People: 9, OnlineSlots: [][]int64{}, OnlineHours: [][]int64{},
		Messages: [][]int64{{7, 3}}, SignUps: [][]int64{}, Bytes: 100, Files: 4, Quota: 200,
		Kinds:        []core.StoredKind{{Extension: "pdf", Files: 4, Bytes: 100}},
		WaitingUsers: 2, OldestUser: 5_000,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statistics (-want +got):\n%s", diff)
	}
	for _, days := range []int{0, -1, wire.StatisticsDays + 1} {
		if _, err := a.Statistics(days); failure(t, err).Code != string(wire.BadRequest) {
			t.Errorf("%d days: %v", days, err)
		}
	}
	if calls := s.asked(); slices.ContainsFunc(calls, func(c string) bool { return c == "GET /api/admin/statistics?days=0" }) {
		t.Errorf("asked %v", calls)
	}
}
