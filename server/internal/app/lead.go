package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"himsg/server/internal/model"
	"himsg/server/internal/ops"
)

// This file has one of several servers do what is to be done once: it holds a lease in the database.

const (
	jobsLease = "jobs"
	leaseHold = 20 * time.Second // who stops without a word is followed after this
	leaseTry  = 5 * time.Second  // it is asked for, or renewed, so often
	leaseSure = 15 * time.Second // without having renewed it, its holder stops before another one begins
	leaseCall = 4 * time.Second
)

// lead runs work while this server is the one that does the company's jobs, until ctx ends. A database in a file has one server.
func (a *App) lead(ctx context.Context, work func(context.Context, model.Lease)) {
	if a.o.Config.Database == "" {
		work(ctx, model.Lease{})
		return
	}
	for ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, leaseCall)
		lease, ok, err := a.data.DB.TakeLease(asking, jobsLease, a.node(), leaseHold)
		cancel()
		switch {
		case err != nil && ctx.Err() == nil:
			a.o.Logger.WarnContext(ctx, "whether this server does the jobs is not known", slog.Any("error", err))
		case err == nil && ok:
			a.leadOnce(ctx, lease, work)
		}
		wait(ctx, leaseTry-leaseTry/10+rand.N(leaseTry/5)) //nolint:gosec // spreads load; nothing secret
	}
}

func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// leadOnce runs work until the lease is lost, and waits for it.
func (a *App) leadOnce(ctx context.Context, lease model.Lease, work func(context.Context, model.Lease)) {
	leading, stop := context.WithCancel(ctx)
	a.leading.Store(true)
	a.o.Logger.InfoContext(ctx, "this server does the jobs", slog.Int64("token", lease.Token))
	var working sync.WaitGroup
	working.Go(func() { work(leading, lease) })
	a.renew(leading, lease)
	a.leading.Store(false)
	stop()
	working.Wait()
	releasing, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseCall)
	defer cancel()
	if err := a.data.DB.ReleaseLease(releasing, lease); err != nil {
		a.o.Logger.WarnContext(ctx, "another server does the jobs a little later", slog.Any("error", err))
	}
}

// renew returns when the lease is lost, or may be, or ctx ends.
func (a *App) renew(ctx context.Context, lease model.Lease) {
	sure := a.o.Now()
	for {
		wait(ctx, leaseTry)
		if ctx.Err() != nil {
			return
		}
		began := a.o.Now()
		asking, cancel := context.WithTimeout(ctx, leaseCall)
		ok, err := a.data.DB.RenewLease(asking, lease, leaseHold)
		cancel()
		switch {
		case err == nil && ok:
			sure = began
		case err == nil, a.o.Now().Sub(sure) > leaseSure-leaseTry:
			if ctx.Err() == nil {
				a.o.Logger.WarnContext(ctx, "this server does the jobs no more", slog.Any("error", err))
			}
			return
		}
	}
}

const (
	nodeEvery  = 5 * time.Second
	nodeWithin = 20 * time.Second // a server that was seen is there
	nodeCall   = 4 * time.Second
)

// errOtherSecret refuses to start a server whose sessions and audit the others would not know.
var errOtherSecret = errors.New("has other keys than this one: copy secret.key and audit.key of the data directory from there, " +
	"or name them by --secret-file and --audit-key-file")

func (a *App) self() model.Node {
	return model.Node{Name: a.node(), Version: ops.Version(), SecretSum: a.data.Fingerprint, StartedAt: a.began.UnixMilli()}
}

// meetNodes says to the other servers that this one is there, before it does anything.
func (a *App) meetNodes(ctx context.Context) error {
	if a.nats == nil {
		return nil
	}
	others, err := a.data.DB.NoteNode(ctx, a.self(), nodeWithin)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDatabase, err)
	}
	for _, n := range others {
		if n.SecretSum != a.data.Fingerprint {
			return errors.Join(fmt.Errorf("the server %s on this database %w", n.Name, errOtherSecret), a.data.DB.ForgetNode(ctx, a.node()))
		}
		a.o.Logger.InfoContext(ctx, "another server is there", slog.String("node", n.Name), slog.String("node_version", n.Version))
	}
	a.nats.Expect(names(others))
	return nil
}

func names(nodes []model.Node) (list []string) {
	for _, n := range nodes {
		list = append(list, n.Name)
	}
	return list
}

// keepNode says so again and again until ctx ends, and then that it is no more. Who is there by the database, and is not heard, is
// cut off.
func (a *App) keepNode(ctx context.Context) {
	if a.nats == nil {
		return
	}
	for {
		wait(ctx, nodeEvery)
		calling, cancel := context.WithTimeout(context.WithoutCancel(ctx), nodeCall)
		if ctx.Err() != nil {
			err := a.data.DB.ForgetNode(calling, a.node())
			cancel()
			if err != nil {
				a.o.Logger.WarnContext(ctx, "others believe for some seconds that this server is there", slog.Any("error", err))
			}
			return
		}
		others, err := a.data.DB.NoteNode(calling, a.self(), nodeWithin)
		cancel()
		if err != nil {
			a.o.Logger.WarnContext(ctx, "which other servers there are is not known", slog.Any("error", err))
			continue
		}
		a.nats.Expect(names(others))
	}
}
