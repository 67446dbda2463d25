package app

import (
	"context"

	"github.com/go-chi/httprate"

	"himsg/server/internal/auth"
	"himsg/server/internal/bus"
	"himsg/server/internal/bus/natsbus"
	"himsg/server/internal/config"
	"himsg/server/internal/hook"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/ops"
	"himsg/server/internal/presence"
	"himsg/shared/wire"
)

// This file is about several servers on one database.

// line is the bus of this server.
type line interface {
	bus.Bus
	Close()
}

// openBus makes the bus: of this process alone, or of all nodes.
func (a *App) openBus() (err error) {
	c := a.o.Config.NATS
	if len(c.URLs) == 0 {
		local := bus.NewLocal(bus.LocalOptions{})
		a.bus, a.here = local, local
		return nil
	}
	o := natsOptions(c)
	o.Secret, o.Node, o.Clock, o.Logger = a.data.Secret.NodesKey(), a.node(), a.o.Now, a.o.Logger
	if a.nats, err = natsbus.Open(o); err != nil {
		return err
	}
	a.bus, a.here = a.nats, a.nats.Local()
	return nil
}

func natsOptions(c config.NATS) natsbus.Options {
	return natsbus.Options{URLs: c.URLs, Creds: c.Creds, CA: c.CA, Cert: c.Cert, Key: c.Key}
}

func (x examination) nats(context.Context) []ops.Finding {
	c := x.c.NATS
	if len(c.URLs) == 0 {
		return one(ops.OK("no --nats: this server is alone"))
	}
	server, secure, err := natsbus.Ping(natsOptions(c))
	switch {
	case err != nil:
		return one(ops.Bad("NATS: %v", err))
	case !secure:
		return one(ops.Warn("%s answers, but the line is not encrypted: others can see when something is said, though not what", server))
	}
	return one(ops.OK("%s answers", server))
}

// remote and peers keep nil what is nil: an interface around a nil pointer is not.
func (a *App) remote() hub.Remote {
	if a.nats == nil {
		return nil
	}
	return a.nats
}

func (a *App) peers() presence.Peers {
	if a.nats == nil {
		return nil
	}
	return a.nats
}

func (a *App) hookPeers() hook.Peers {
	if a.nats == nil {
		return nil
	}
	return a.nats
}

// tries counts wrong tries to sign in for all servers; one that is alone counts them by itself.
func (a *App) tries() auth.Tries {
	if a.nats == nil {
		return nil
	}
	return a.data.DB
}

// counter makes the counters of limits, for all servers together; nil for one that is alone.
func (a *App) counter() func(name string) httprate.LimitCounter {
	if a.nats == nil || !a.limited() {
		return nil
	}
	a.tally = newTally(a.nats, a.o.Logger)
	return a.tally.counter
}

// watchDirectory tells this server's sessions of changed people and departments whose event was lost, until ctx ends.
func (a *App) watchDirectory(ctx context.Context) {
	if a.nats == nil {
		return
	}
	a.people.Watch(ctx, a.here, func(changed []model.User) {
		admins := make(map[int64]bool, len(changed))
		for _, u := range changed {
			admins[u.ID] = model.Actor{Role: u.Role}.IsAdmin()
		}
		if sessions := a.hub.Mistaken(admins); len(sessions) > 0 {
			a.here.Publish(ctx, bus.Event{Reread: sessions})
		}
	})
}

// measureNodes adds the figures of the bus between nodes, if there is one.
func measureNodes(m *ops.Metrics, n *natsbus.Bus) {
	if n == nil {
		return
	}
	read := func(pick func(natsbus.Figures) uint64) func() float64 {
		return func() float64 { return float64(pick(n.Figures())) }
	}
	m.Gauge("nats_connected", "1 when there is a connection to NATS.", func() float64 {
		if n.Connected() {
			return 1
		}
		return 0
	})
	m.Gauge("nats_nodes", "Other servers that are heard over NATS.", func() float64 { return float64(n.Figures().Nodes) })
	m.Gauge("nats_rooms", "Rooms whose events this server asks NATS for.", func() float64 { return float64(n.Figures().Rooms) })
	m.Counter("nats_sent_total", "Events sent to other servers.", read(func(f natsbus.Figures) uint64 { return f.Sent }))
	m.Counter("nats_received_total", "Events received from other servers.", read(func(f natsbus.Figures) uint64 { return f.Received }))
	m.Counter("nats_unsent_total", "Events that could not be sent.", read(func(f natsbus.Figures) uint64 { return f.Unsent }))
	m.Counter("nats_missed_total", "Events that came faster than they were taken, and were dropped.", read(func(f natsbus.Figures) uint64 { return f.Missed }))
	m.Counter("nats_unreadable_total", "What came and was not sealed by a server of ours.", read(func(f natsbus.Figures) uint64 { return f.Unreadable }))
	m.Counter("nats_outages_total", "Times when events of other servers were lost.", read(func(f natsbus.Figures) uint64 { return f.Outages }))
}

// nodesHealth tells whether this server hears the others at once; without that it hears of them by the database.
func (a *App) nodesHealth() wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthNodes, State: wire.HealthOff, Cause: "alone"}
	if a.nats == nil {
		return line
	}
	line.State, line.Cause, line.Figures = wire.HealthOK, "", map[string]int64{"nodes": int64(a.Peers())}
	switch {
	case !a.nats.Connected():
		line.State, line.Cause = wire.HealthWarn, "away"
	case a.nats.State().Deaf:
		line.State, line.Cause = wire.HealthWarn, "silent"
	}
	return line
}

// Peers is how many other servers this one hears.
func (a *App) Peers() int {
	if a.nats == nil {
		return 0
	}
	return len(a.nats.Others())
}

// Leads reports whether this server does the company's jobs.
func (a *App) Leads() bool { return a.leading.Load() }
