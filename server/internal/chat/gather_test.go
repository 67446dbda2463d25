package chat

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"himsg/shared/wire"
)

// TestReadsAreGathered: somebody reads every 10 ms for 10 seconds.
func TestReadsAreGathered(t *testing.T) {
	cases := map[string]struct {
		took  time.Duration // by each event
		least int
		most  int
	}{
		"quick":                    {took: 0, least: 39, most: 41},
		"slow enough to matter":    {took: 250 * time.Millisecond, least: 9, most: 11},
		"slower than time between": {took: time.Second, least: 3, most: 4},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				events, told := 0, int64(0)
				g := newReadGatherer(time.Now, func(_ context.Context, g gathered, _ int) (int, error) {
					time.Sleep(c.took)
					events++
					told = max(told, g.reads["reader"])
					return 200, nil
				})
				for seq := range int64(1000) {
					g.add(1, "room", wire.UserRead{UserUUID: "reader", Seq: seq + 1})
					time.Sleep(10 * time.Millisecond)
				}
				g.close()
				if events < c.least || events > c.most || told != 1000 {
					t.Errorf("%d events, the last of them told of %d", events, told)
				}
			})
		})
	}
}
