package sqlstore

import (
	"slices"
	"strconv"
	"testing"
)

// What is kept is of one meta rev, and bounded.
func TestRostersAreOfOneRevAndBounded(t *testing.T) {
	var kept rosters
	of := func(rev int64, members ...string) *roster {
		return &roster{metaRev: rev, count: len(members), members: members}
	}
	kept.put(1, of(3, "a", "b"))
	if kept.get(1, 2) != nil || kept.get(1, 4) != nil || kept.get(2, 3) != nil {
		t.Error("another rev or room is taken for it")
	}
	if got := kept.get(1, 3); got == nil || !slices.Equal(got.members, []string{"a", "b"}) {
		t.Errorf("%+v", got)
	}
	kept.put(1, of(4, "a"))
	if kept.get(1, 3) != nil || kept.get(1, 4) == nil || kept.size != 2 {
		t.Errorf("the newer one has not taken its place: %d", kept.size)
	}
	hundred := make([]string, 100)
	for i := range hundred {
		hundred[i] = strconv.Itoa(i)
	}
	for room := range int64(3 * maxRosters / 100) {
		kept.put(room, of(1, hundred...))
	}
	size := 0
	for _, r := range kept.of {
		size += r.size()
	}
	if size != kept.size || size > maxRosters || size < maxRosters-200 {
		t.Errorf("%d are kept, counted as %d", size, kept.size)
	}
}
