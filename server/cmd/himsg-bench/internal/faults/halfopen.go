package faults

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/crowd"
	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

// halfOpen: the network takes packets and delivers none, so that both sides believe in a connection that is not there. Both
// must notice: a ping goes unanswered, so does the next, and with wire.SilenceLimit the line is given up. When the network
// heals nothing is missing. In a network of its own a filter that drops what comes to the loopback device does what a
// filter on a cable would do.
func halfOpen() fault {
	return fault{
		name: "half-open", kinds: []rig.Kind{rig.SQLite}, bound: 3 * time.Minute, network: true,
		root: true, needs: []string{"nft", "ip"},
		place: loopbackUp,
		equip: func(s *scene) { s.server.Flags = []string{"--metrics-listen", sideDoor} },
		disturb: func(ctx context.Context, s *scene) error {
			if err := s.working(ctx, 100); err != nil {
				return err
			}
			heal, err := dropAll(ctx, s.server.URL())
			if err != nil {
				return err
			}
			server, clients, err := s.noticed(ctx)
			if err != nil {
				return err
			}
			healed := rig.Now()
			if err := heal(); err != nil {
				return err
			}
			back, err := s.crowd.Await(ctx, func(w crowd.Watch) bool { return w.Synced == usualCrowd })
			if err != nil {
				return fmt.Errorf("wait for everybody: %w", err)
			}
			s.goal("server noticed after", server.Seconds(), "s", wire.SilenceLimit.Seconds()+1)
			s.goal("clients after", clients.Seconds(), "s", wire.SilenceLimit.Seconds()+1)
			s.goal("healed→all synced", back.Sub(healed).Seconds(), "s", 15)
			return s.working(ctx, 100)
		},
	}
}

// loopbackUp makes a new network work.
func loopbackUp(ctx context.Context, _ *scene) error {
	return command(ctx, "ip", "link", "set", "lo", "up")
}

// sideDoor is where the server's metrics are; the network is nobody else's, so the port is free.
const sideDoor = "127.0.0.1:9187"

// dropAll drops every packet from and to the server, until heal.
func dropAll(ctx context.Context, url string) (heal func() error, err error) {
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		return nil, fmt.Errorf("find the server's port: %w", err)
	}
	rules := "add table inet himsg; add chain inet himsg in { type filter hook input priority 0; }; " +
		"add rule inet himsg in tcp dport " + port + " drop; add rule inet himsg in tcp sport " + port + " drop"
	if err := command(ctx, "nft", rules); err != nil {
		return nil, fmt.Errorf("%w: %w", errImpossible, err)
	}
	return func() error { return command(context.WithoutCancel(ctx), "nft", "delete table inet himsg") }, nil
}

// noticed waits until the server has closed every session and every client knows that it is offline, and says after how long.
func (s *scene) noticed(ctx context.Context) (server, clients time.Duration, err error) {
	cut := rig.Now()
	byClients := make(chan error, 1)
	var offline time.Time
	go func() {
		var err error
		offline, err = s.crowd.Await(ctx, func(w crowd.Watch) bool { return w.Online == 0 })
		byClients <- err
	}()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for sessions := 1.0; sessions > 0; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return 0, 0, fmt.Errorf("the server still holds %.0f sessions: %w", sessions, ctx.Err())
		}
		if sessions, err = rig.Metric(ctx, "http://"+sideDoor, "himsg_ws_sessions"); err != nil {
			return 0, 0, err
		}
	}
	server = rig.Now().Sub(cut)
	if err := <-byClients; err != nil {
		return 0, 0, fmt.Errorf("clients still believe in their connections: %w", err)
	}
	return server, offline.Sub(cut), nil
}
