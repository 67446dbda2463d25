package app

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"himsg/server/internal/admin"
	"himsg/server/internal/admin/archive"
	"himsg/server/internal/api"
	"himsg/server/internal/auth"
	"himsg/server/internal/bus"
	"himsg/server/internal/bus/natsbus"
	"himsg/server/internal/cert"
	"himsg/server/internal/chat"
	"himsg/server/internal/config"
	"himsg/server/internal/directory"
	"himsg/server/internal/directory/sheet"
	"himsg/server/internal/files"
	"himsg/server/internal/hook"
	"himsg/server/internal/hook/target"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/notice"
	"himsg/server/internal/ops"
	"himsg/server/internal/picture"
	"himsg/server/internal/presence"
	"himsg/server/internal/retention"
	"himsg/server/internal/shelf"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/ws"
	"himsg/shared/wire"
)

// Options is what a server is built of.
type Options struct {
	Config config.Serve
	Now    func() time.Time
	Logger *slog.Logger
	// HookRoots are the authorities that outgoing hooks trust; nil: the system's.
	HookRoots *x509.CertPool
}

// App is a server that is ready to run.
type App struct {
	o        Options
	data     Data
	epoch    int64 // of the database when the server started
	blobs    files.Blobs
	outside  outside
	files    *files.Service
	bus      line
	here     *bus.Local   // the bus of this node alone
	nats     *natsbus.Bus // nil when this node is alone
	auth     *auth.Service
	admins   *admin.Service
	chat     *chat.Service
	notices  *notice.Service
	retained *retention.Service
	releases *shelf.Shelf
	hooks    *hook.Service
	targets  *target.Client
	began    time.Time
	tally    *tally      // nil when this node is alone
	leading  atomic.Bool // this server does the company's jobs
	mirrored lastMirror
	people   *directory.Service
	presence *presence.Tracker
	hub      *hub.Hub
	ws       *ws.Handler
	indexer  *sqlstore.Indexer
	metrics  *ops.Metrics
	api      *api.API
	main     door
	side     *door // /metrics on an address of its own, if asked for
	proof    *door // where an ACME server looks for answers, if there is one
	kept     *cert.Keeper
	acme     *cert.ACME

	forget  func() // ends the subscription for revoked sessions and stored messages
	closing sync.Once
	closed  error
}

// New opens the listeners and the data and composes the services; nothing is answered before Run. The listeners come
// first: a second server that was started by mistake must not migrate the data of the first before it finds the port
// taken. What New could not do its error says in one sentence. A returned App must be closed, whether it ran or not.
func New(ctx context.Context, o Options) (*App, error) {
	a := &App{o: o, metrics: ops.NewMetrics(), began: o.Now(), releases: shelf.Open(o.Config.Data, o.Logger)}
	err := a.openDoors(ctx)
	if err == nil {
		a.data, err = OpenData(ctx, o.Config.Store, o.Logger)
	}
	if err != nil {
		return nil, errors.Join(err, a.closeDoors())
	}
	if err := refuseHalfImported(ctx, a.data); err != nil {
		return nil, errors.Join(err, a.closeDoors(), a.data.DB.Close())
	}
	if a.epoch, err = a.data.DB.Epoch(ctx); err != nil {
		return nil, errors.Join(err, a.closeDoors(), a.data.DB.Close())
	}
	if a.blobs, err = openBlobs(ctx, o.Config.Store); err != nil {
		return nil, errors.Join(err, a.closeDoors(), a.data.DB.Close())
	}
	if a.outside, err = openOutside(o); err != nil {
		return nil, errors.Join(err, a.closeDoors(), a.data.DB.Close())
	}
	if err := a.openBus(); err != nil {
		return nil, errors.Join(err, a.closeDoors(), a.data.DB.Close())
	}
	if err := a.meetNodes(ctx); err != nil {
		a.bus.Close()
		return nil, errors.Join(err, a.closeDoors(), a.data.DB.Close())
	}
	a.compose() //nolint:contextcheck // what it starts lives until Close, not as long as ctx
	a.main.server.Handler = a.api
	return a, nil
}

// compose makes the services. Who tells whom: services publish on the bus; the hub and the cache of sessions listen.
func (a *App) compose() {
	db, log := a.data.DB, a.o.Logger
	counts, painter := &hubCounts{}, picture.NewPainter()
	a.chat = chat.New(chat.Options{
		Messages: db, Rooms: db, Membership: db, Cursors: db, Search: db, Seating: db, Settings: db, Receipts: db,
		Painter: painter, People: db, Directory: db, Publisher: a.bus, Clock: a.o.Now, Logger: log,
		Deleted: func() { a.files.Wake() },
	})
	revoke := func(ctx context.Context, ended []string, why wire.Reason) { a.auth.Revoke(ctx, ended, why) }
	a.people = directory.New(directory.Options{
		Store: db, Publisher: a.bus, Rooms: a.chat, Painter: painter, Revoke: revoke, Sheets: sheet.Files{},
		Codes: codes(func() *auth.Service { return a.auth }), Dir: a.o.Config.Data, Now: a.o.Now, Logger: log,
		Worker: a.node(), Alone: a.o.Config.Database == "", // a database in a file has one server
	})
	a.admins = admin.New(admin.Options{
		Store: db, People: db, Audit: db, Backups: db, Access: db, Rooms: a.chat, Files: storedFiles{db, a.blobs}, Figures: db,
		Online:  online(func() *presence.Tracker { return a.presence }),
		Vitals:  a.vitals,
		Removed: func() { a.files.Wake() }, ArchiveDir: archiveDir(a.o.Config.Store), Archives: archive.Sealer{KeyFile: ArchiveKeyPath(a.o.Config.Store)},
		Publisher: a.bus, Directory: a.people, Now: a.o.Now, Logger: log,
		Revoke: revoke,
		SignOut: func(ctx context.Context, actor model.Actor, userUUID, reason string) (int, error) {
			return a.auth.RemoveDevices(ctx, actor, userUUID, "", reason)
		},
	})
	a.composeHooks()
	a.notices = notice.New(notice.Options{Store: db, Publisher: a.bus, Now: a.o.Now, Logger: log})
	a.auth = auth.New(auth.Options{
		Accounts: db, Passwords: db, Sessions: db, Resets: db, Publisher: a.bus, Now: a.o.Now, Logger: log,
		Hasher: auth.NewHasher(runtime.GOMAXPROCS(0) - 1), Secret: a.data.Secret,
		SlowGuessing: a.limited(), Tries: a.tries(), WaitingChanged: a.admins.PendingChanged,
		Outside: a.outside.passwords(), Browser: a.outside.browser(), Arrivals: a.arrive,
	})
	a.indexer = sqlstore.StartIndexer(db)
	a.forget = a.bus.Subscribe(func(e bus.Event) {
		if e.Ev == wire.EvMessage {
			a.indexer.Wake()
			a.hooks.Heard(e.RoomID)
		}
		a.people.Heard(e)
		a.auth.Heard(e)
	})
	a.files = files.New(files.Options{
		Store: db, Blobs: a.blobs, Painter: painter, Scanner: scanner(a.o), Sender: a.chat, Clock: a.o.Now, Logger: log,
		Alone: a.o.Config.Database == "", // a database in a file has one server
	})
	a.retained = retention.New(retention.Options{
		Store: db, Rooms: a.chat, Bytes: a.files, Worker: a.node(), Alone: a.o.Config.Database == "", Now: a.o.Now, Logger: log,
	})
	a.presence = presence.New(presence.Options{Publisher: a.here, Peers: a.peers(), Node: a.node(), Logger: log})
	a.hub = hub.New(hub.Options{
		Bus: a.bus, Remote: a.remote(), Members: db, Repair: a.chat, Clock: a.o.Now, Logger: log, Metrics: counts,
	})
	a.ws = ws.New(ws.Options{
		Auth: a.auth, Chat: a.chat, Hub: a.hub, Presence: a.presence, Profiles: a.people, RateLimits: a.limited(),
		Limits: a.limits, Version: ops.Version(), Epoch: a.epoch, Clock: a.o.Now, Logger: log,
	})
	a.measureAll(counts)
	a.composeAPI()
}

// composeAPI makes the door to the services.
func (a *App) composeAPI() {
	a.api = api.New(api.Options{
		Auth: a.auth, Directory: a.people, Admin: a.admins, Notices: a.notices, Retention: a.retained, Hooks: a.hooks,
		Chat: a.chat, Files: a.files, WebSocket: a.ws, Metrics: a.metrics, Releases: a.releases,
		Ready: a.ready, Now: a.o.Now, Logger: a.o.Logger, CompanyName: a.o.Config.CompanyName, Version: ops.Version(),
		RateLimits: a.limited(), SignIn: a.outside.ways(a.o.Config), Counter: a.counter(), Proxies: a.o.Config.TrustedProxies,
	})
}

// composeHooks makes what programs talk to, of services that are there.
func (a *App) composeHooks() {
	a.targets = target.New(target.Options{Hosts: a.o.Config.HookHosts, Roots: a.o.HookRoots})
	a.hooks = hook.New(hook.Options{
		Store: a.data.DB, Rooms: a.chat, Directory: a.people, Target: a.targets, Key: a.data.Secret.HookKey(),
		Company: a.o.Config.CompanyName, Worker: a.node(), Peers: a.hookPeers(), Changed: a.admins.PendingChanged, Limits: a.limited(),
		Now: a.o.Now, Logger: a.o.Logger,
	})
}

func (a *App) limited() bool { return a.o.Config.RateLimits != "off" }

// Addr is where the server listens: the actual port for one that was asked to be free.
func (a *App) Addr() string { return a.main.listener.Addr().String() }

// Handler is everything that the server answers; tests walk its routes.
func (a *App) Handler() *api.API { return a.api }

const (
	drainTime    = 5 * time.Second // for sessions to be told and closed
	shutdownTime = 3 * time.Second // for requests under way to be answered
)

// Run answers until ctx ends or the database breaks (ErrDatabase), and then drains: sessions hear when to come back, requests under way are finished.
func (a *App) Run(ctx context.Context) error {
	// Before anybody can begin another one. A database in a file has one server.
	a.recoverBackups(ctx, a.o.Config.Database == "")
	failed := make(chan error, len(a.doors()))
	var serving sync.WaitGroup
	for _, d := range a.doors() {
		serving.Go(func() {
			if err := d.serve(); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve %s: %w", d.listener.Addr(), err)
			}
		})
	}
	a.o.Logger.InfoContext(ctx, "listening", slog.String("addr", a.Addr()), slog.Bool("tls", a.main.secure),
		slog.String("version", ops.Version()))
	housekeeping, stop := context.WithCancel(ctx)
	serving.Go(func() { a.keepCertificate(housekeeping) })
	serving.Go(func() { a.getCertificate(housekeeping) })
	serving.Go(func() { a.keepNode(housekeeping) })
	serving.Go(func() { a.watchDirectory(housekeeping) })
	if a.tally != nil {
		serving.Go(func() { a.tally.run(housekeeping) })
	}
	serving.Go(func() { a.lead(housekeeping, a.doJobs) })
	serving.Go(func() { a.keepHead(housekeeping) })
	serving.Go(func() { a.keepFigures(housekeeping) })
	serving.Go(func() { a.notices.Watch(housekeeping) })
	serving.Go(func() { a.retained.Run(housekeeping) })
	serving.Go(func() { a.hooks.Run(housekeeping) })
	serving.Go(func() { giveBack(housekeeping) })
	defer collectSeldom()()
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	case <-a.data.DB.Broken():
		err = fmt.Errorf("%w: %w", ErrDatabase, a.data.DB.Cause())
		a.o.Logger.ErrorContext(ctx, "the disk failed, stopping", slog.Any("error", err))
	}
	stop()
	err = errors.Join(err, a.drain(ctx))
	serving.Wait()
	return err
}

// houseEvery is how often what sign-ins left behind is looked for. It is little: minutes would do as well as hours.
const houseEvery = time.Hour

// recoverEvery is how often a deletion or an import is looked for that another server left when it stopped.
const recoverEvery = time.Minute

// doJobs does what one server does for all, until ctx ends.
func (a *App) doJobs(ctx context.Context, lease model.Lease) {
	var working sync.WaitGroup
	working.Go(func() { a.keepHouse(ctx) })
	working.Go(func() { a.files.KeepOrphans(ctx) })
	working.Go(func() { a.mirror(ctx, lease) })
	working.Wait()
}

// keepHouse purges now and then every hour until ctx ends.
func (a *App) keepHouse(ctx context.Context) {
	again, soon := time.NewTicker(houseEvery), time.NewTicker(recoverEvery)
	defer again.Stop()
	defer soon.Stop()
	a.recoverImports(ctx)
	for {
		for _, work := range []struct {
			undone string
			do     func(context.Context) error
		}{
			{"old sessions were not removed", a.auth.Purge},
			{"old backups were not removed", a.admins.SweepBackups},
			{"old times of reading were not removed", a.chat.Purge},
			{"departments' rooms were not looked at", a.people.Follow},
			{"old imports of people were not forgotten", a.people.SweepImports},
		} {
			if err := work.do(ctx); err != nil && ctx.Err() == nil {
				a.o.Logger.WarnContext(ctx, "housekeeping failed", slog.String("undone", work.undone), slog.Any("error", err))
			}
		}
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				return
			case <-soon.C:
				a.recoverBackups(ctx, false)
				a.recoverImports(ctx)
			case <-again.C:
				waiting = false
			}
		}
	}
}

// recoverBackups gives people back whose deletion a stopped server left half-way.
func (a *App) recoverBackups(ctx context.Context, alone bool) {
	if err := a.admins.RecoverBackups(ctx, alone); err != nil && ctx.Err() == nil {
		a.o.Logger.WarnContext(ctx, "stopped deletions were not looked at", slog.Any("error", err))
	}
}

// recoverImports ends imports of people that a stopped server left half-way.
func (a *App) recoverImports(ctx context.Context) {
	if err := a.people.Recover(ctx); err != nil && ctx.Err() == nil {
		a.o.Logger.WarnContext(ctx, "imports of people were not looked at", slog.Any("error", err))
	}
}

// countEvery is how often messages and people are counted for statistics.
const countEvery = time.Minute

// keepFigures counts now and then every minute until ctx ends.
func (a *App) keepFigures(ctx context.Context) {
	again := time.NewTicker(countEvery)
	defer again.Stop()
	for {
		if err := a.admins.Count(ctx, a.node()); err != nil && ctx.Err() == nil {
			a.o.Logger.WarnContext(ctx, "messages and people were not counted", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}

// headEvery is how often the audit's head is written at most. It may lag: the chain shows what was changed before it.
const headEvery = time.Second

// keepHead signs the audit's head after it has grown, until ctx ends.
func (a *App) keepHead(ctx context.Context) {
	for {
		if err := a.data.DB.WriteAuditHead(ctx); err != nil && ctx.Err() == nil {
			a.o.Logger.ErrorContext(ctx, "the audit's head was not written: run himsg-server audit verify", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(headEvery):
		}
		select {
		case <-ctx.Done():
			return
		case <-a.data.DB.AuditGrown():
		}
	}
}

func (a *App) drain(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	a.o.Logger.InfoContext(ctx, "draining", slog.Int("sessions", a.hub.Sessions()))
	within, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	if err := a.hub.Drain(within); err != nil {
		a.o.Logger.WarnContext(ctx, "sessions were cut off", slog.Any("error", err))
	}
	within, cancel = context.WithTimeout(ctx, shutdownTime)
	defer cancel()
	for _, d := range a.doors() {
		if err := d.server.Shutdown(within); err != nil {
			a.o.Logger.WarnContext(ctx, "requests were cut off", slog.Any("error", err))
			if err := d.server.Close(); err != nil {
				return fmt.Errorf("close server: %w", err)
			}
		}
	}
	a.o.Logger.InfoContext(ctx, "stopped")
	return nil
}

func (a *App) doors() []*door {
	all := []*door{&a.main}
	for _, d := range []*door{a.side, a.proof} {
		if d != nil {
			all = append(all, d)
		}
	}
	return all
}

// Close ends what New started, in the opposite order, and waits for it. Repeating is harmless.
func (a *App) Close() error {
	a.closing.Do(func() {
		a.closed = a.closeDoors()
		a.ws.Close()
		a.hub.Close()
		a.presence.Close()
		a.targets.Close()
		a.admins.Close()
		a.people.Close()
		a.files.Close()
		a.chat.Close()
		a.forget()
		a.bus.Close()
		a.indexer.Close()
		a.closed = errors.Join(a.closed, a.data.DB.Close())
	})
	return a.closed
}
