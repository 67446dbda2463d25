package cluster

import (
	"context"
	"fmt"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// part is something that runs and may be killed.
type part struct {
	name string
	rig.Running
	reap  func() error // after somebody else ended it
	start func(context.Context) error
}

func (c *company) parts() (all []part) {
	for i, n := range c.nodes {
		all = append(all, part{fmt.Sprintf("himsg-server %d", i+1), n, n.Kill, n.Start})
	}
	for i, m := range c.data.Members() {
		all = append(all, part{fmt.Sprintf("MariaDB %d", i+1), m, m.Kill, m.Start})
	}
	for i, n := range c.nats {
		all = append(all, part{fmt.Sprintf("nats-server %d", i+1), n, n.Kill, n.Start})
	}
	return append(all, part{"HAProxy", c.front, c.front.Kill, c.front.Start})
}

// watch starts again what somebody killed, until ctx ends.
func (c *company) watch(ctx context.Context, say func(format string, args ...any)) {
	type ended struct {
		part
		at time.Time
	}
	var away []ended
	all := c.parts()
	for rig.Sleep(ctx, 300*time.Millisecond) {
		var up []part
		for _, p := range all {
			if !rig.Ended(p) {
				up = append(up, p)
				continue
			}
			_ = p.reap() // it is dead
			say("%s has ended", p.name)
			away = append(away, ended{p, rig.Now()})
		}
		var still []ended
		for _, e := range away {
			if rig.Now().Sub(e.at) < comeBack {
				still = append(still, e)
				continue
			}
			if err := e.start(ctx); err != nil {
				if ctx.Err() == nil {
					say("%s does not start: %v", e.name, err)
				}
				continue
			}
			say("%s is back: kill -9 %d", e.name, e.Process().Pid)
			up = append(up, e.part)
		}
		all, away = up, still
	}
}
