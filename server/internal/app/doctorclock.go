package app

import (
	"context"
	"time"

	"himsg/server/internal/ops"
	"himsg/server/internal/sqlstore"
)

// muchOff is by how much clocks may differ: tokens and orders of events stand more, people wonder at it.
const muchOff = 2 * time.Second

func (x examination) clock(context.Context) []ops.Finding {
	now := SystemClock()
	if now.Before(released) {
		return one(ops.Bad("it is %s here, before this program was written: tokens would be wrong; turn on time synchronisation (NTP)",
			now.UTC().Format(time.RFC3339)))
	}
	found := one(ops.OK("%s", now.UTC().Format(time.RFC3339)))
	if x.c.NTP == "" {
		return found
	}
	off, err := ops.NTPOffset(x.c.NTP)
	switch {
	case err != nil:
		return append(found, ops.Warn("%s does not tell the time: %v", x.c.NTP, err))
	case off.Abs() > muchOff:
		return append(found, ops.Warn("this clock is %v off from %s: turn on time synchronisation (chrony, systemd-timesyncd, w32time)",
			off.Round(time.Millisecond), x.c.NTP))
	}
	return append(found, ops.OK("%v off from %s", off.Round(time.Millisecond), x.c.NTP))
}

// clocksDiffer compares with the database server's clock.
func clocksDiffer(ctx context.Context, db *sqlstore.DB) []ops.Finding {
	before := SystemClock()
	theirs, same, err := db.Clock(ctx)
	after := SystemClock()
	switch {
	case err != nil:
		return one(ops.Warn("%v", err))
	case same:
		return nil
	}
	off := theirs.Sub(before.Add(after.Sub(before) / 2))
	if off.Abs() > muchOff {
		return one(ops.Warn("the database server's clock is %v off from ours: turn on time synchronisation on both", off.Round(time.Millisecond)))
	}
	return one(ops.OK("its clock is %v off from ours", off.Round(time.Millisecond)))
}
