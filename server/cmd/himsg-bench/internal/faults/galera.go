package faults

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// This file has three servers on three MariaDB that are one, each server with a member of its own to begin with.

// galeraKilled: kill -9 of one member after the other under load. Its server goes on with another one; the member comes back.
func galeraKilled() fault {
	l := &lateness{}
	return fault{
		name: "galera-node-killed", kinds: []rig.Kind{rig.Galera}, bound: 8 * time.Minute, nodes: true, crowd: l.options(),
		disturb: func(ctx context.Context, s *scene) error {
			return s.withoutOne(ctx, l, (*rig.Member).Kill, func(ctx context.Context, m *rig.Member) error { return m.Start(ctx) })
		},
	}
}

// galeraCutOff: the network parts one member from the others, after the other. Servers reach it all the while: it must refuse to work, and
// what it was at when it was cut off must not be believed.
func galeraCutOff() fault {
	l := &lateness{}
	return fault{
		name: "galera-node-cut-off", kinds: []rig.Kind{rig.Galera}, bound: 8 * time.Minute, nodes: true, crowd: l.options(),
		network: true, root: true, needs: []string{"nft", "ip"},
		disturb: func(ctx context.Context, s *scene) error {
			heal := func(ctx context.Context, m *rig.Member) error {
				if err := command(ctx, "nft", "delete table inet himsg"); err != nil {
					return err
				}
				return m.Synced(ctx)
			}
			return s.withoutOne(ctx, l, func(m *rig.Member) error { return cutOff(ctx, m, s.data.Members()) }, heal)
		},
	}
}

// cutOff drops what a member and the others say to each other; its clients have another address.
func cutOff(ctx context.Context, m *rig.Member, all []*rig.Member) error {
	var others []string
	for _, other := range all {
		if other != m {
			others = append(others, other.Address)
		}
	}
	set := "{ " + strings.Join(others, ", ") + " }"
	rules := "add table inet himsg; add chain inet himsg in { type filter hook input priority 0; }; " +
		"add rule inet himsg in ip saddr " + m.Address + " ip daddr " + set + " drop; " +
		"add rule inet himsg in ip saddr " + set + " ip daddr " + m.Address + " drop"
	if err := command(ctx, "nft", rules); err != nil {
		return fmt.Errorf("%w: %w", errImpossible, err)
	}
	return nil
}

// withoutOne takes each member away for a while, and brings it back.
func (s *scene) withoutOne(
	ctx context.Context, l *lateness, away func(*rig.Member) error, back func(context.Context, *rig.Member) error,
) error {
	if err := s.working(ctx, 500); err != nil {
		return err
	}
	l.tell(s, "sent→heard before", 5000)
	l.reset()
	var returning []time.Duration
	for range s.times(2, 1) {
		for _, m := range slices.Clone(s.data.Members()) {
			if err := away(m); err != nil {
				return err
			}
			if !rig.Sleep(ctx, s.between(6*time.Second, 9*time.Second)) {
				return ctx.Err()
			}
			if err := s.working(ctx, 100); err != nil {
				return fmt.Errorf("without one member: %w", err)
			}
			began := rig.Now()
			if err := back(ctx, m); err != nil {
				return err
			}
			returning = append(returning, rig.Now().Sub(began))
			if !rig.Sleep(ctx, s.between(time.Second, 2*time.Second)) {
				return ctx.Err()
			}
		}
	}
	l.tellPause(s, 15_000)
	l.tell(s, "sent→heard", 20_000)
	s.note("back after p95", p95(returning).Seconds(), "s")
	s.onlyUnavailable()
	return nil
}
