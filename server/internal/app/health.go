package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"himsg/server/internal/directory"
	"himsg/server/internal/ops"
	"himsg/shared/wire"
)

const (
	slowDatabase = 50 * time.Millisecond
	longQueue    = 1000
	manyRooms    = 200 // that wait for the search index; the most that it tells
)

// lastMirror is how the last look at the company's own directory ended.
type lastMirror struct {
	mu   sync.Mutex
	at   time.Time
	done directory.Mirrored
	err  error
}

func (m *lastMirror) note(at time.Time, done directory.Mirrored, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.done, m.err = at, done, err
}

// vitals looks at everything that administrators are told of.
func (a *App) vitals(ctx context.Context) wire.Health {
	return wire.Health{
		At: wire.TimeOf(a.o.Now()), StartedAt: wire.TimeOf(a.began), Version: ops.Version(), CompanyName: a.o.Config.CompanyName,
		Lines: []wire.HealthLine{
			a.databaseHealth(ctx), diskHealth(wire.HealthDisk, a.o.Config.Data), a.filesHealth(), a.socketsHealth(), a.queuesHealth(),
			a.certificateHealth(), a.clockHealth(), a.scannerHealth(ctx), a.directoryHealth(), a.appsHealth(ctx),
			a.nodesHealth(), a.backupHealth(ctx),
		},
	}
}

func (a *App) databaseHealth(ctx context.Context) wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthDatabase, State: wire.HealthOK}
	f, err := a.data.DB.Facts(ctx)
	switch {
	case err != nil:
		line.State, line.Cause = wire.HealthBad, "away"
		return line
	case f.Latency > slowDatabase:
		line.State, line.Cause = wire.HealthWarn, "slow"
	}
	line.Text = f.Name
	line.Figures = map[string]int64{"latency_us": f.Latency.Microseconds(), "bytes": f.Bytes}
	return line
}

func diskHealth(name, dir string) wire.HealthLine {
	line := wire.HealthLine{Name: name, State: wire.HealthOK}
	free, total, err := ops.FreeDisk(dir)
	switch {
	case err != nil:
		line.State, line.Cause = wire.HealthWarn, "unknown"
		return line
	case free < noDisk:
		line.State, line.Cause = wire.HealthBad, "full"
	case free < littleDisk:
		line.State, line.Cause = wire.HealthWarn, "little"
	}
	line.Figures = map[string]int64{"free": int64(free), "total": int64(total)}
	return line
}

func (a *App) filesHealth() wire.HealthLine {
	switch {
	case inBucket(a.o.Config.Store):
		return wire.HealthLine{Name: wire.HealthFiles, State: wire.HealthOff, Cause: "bucket"}
	case a.o.Config.Files == "":
		return wire.HealthLine{Name: wire.HealthFiles, State: wire.HealthOff, Cause: "same_disk"}
	}
	return diskHealth(wire.HealthFiles, filesDir(a.o.Config.Store))
}

func (a *App) socketsHealth() wire.HealthLine {
	people := 0
	for _, n := range a.presence.Counts() {
		people += n
	}
	return wire.HealthLine{Name: wire.HealthSockets, State: wire.HealthOK, Figures: map[string]int64{
		"sockets": int64(a.hub.Sessions()), "people": int64(people),
	}}
}

func (a *App) queuesHealth() wire.HealthLine {
	s := a.data.DB.Stats()
	line := wire.HealthLine{Name: wire.HealthQueues, State: wire.HealthOK, Figures: map[string]int64{
		"messages": int64(s.AppendQueue), "reads": int64(s.MarkQueue), "rooms": int64(s.RoomsBehind),
	}}
	switch {
	case s.AppendQueue+s.MarkQueue > longQueue:
		line.State, line.Cause = wire.HealthWarn, "long"
	case s.RoomsBehind >= manyRooms:
		line.State, line.Cause = wire.HealthWarn, "indexing"
	}
	return line
}

// backupHealth goes by the audit: a backup may be made by another server, to where this one can't look.
func (a *App) backupHealth(ctx context.Context) wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthBackup, State: wire.HealthOff, Cause: "unknown"}
	at, err := a.data.DB.LastBackup(ctx)
	if err != nil || at.IsZero() {
		return line
	}
	line.State, line.Cause, line.Figures = wire.HealthOK, "", map[string]int64{"at": at.UnixMilli()}
	if a.o.Now().Sub(at) > backupIsOld {
		line.State, line.Cause = wire.HealthWarn, "old"
	}
	return line
}

func (a *App) clockHealth() wire.HealthLine {
	if a.o.Now().Before(released) {
		return wire.HealthLine{Name: wire.HealthClock, State: wire.HealthBad, Cause: "past"}
	}
	return wire.HealthLine{Name: wire.HealthClock, State: wire.HealthOK}
}

func (a *App) scannerHealth(ctx context.Context) wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthScanner, State: wire.HealthOK}
	switch a.files.ScannerState(ctx) {
	case "off":
		line.State, line.Cause = wire.HealthOff, "none"
	case "down":
		line.State, line.Cause = wire.HealthBad, "down"
	}
	return line
}

func (a *App) directoryHealth() wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthDirectory, State: wire.HealthOff, Cause: "none"}
	if a.outside.ldap == nil {
		return line
	}
	m := &a.mirrored
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at.IsZero() {
		line.Cause = "not_yet"
		return line
	}
	line.Figures = map[string]int64{
		"at": m.at.UnixMilli(), "people": int64(m.done.People), "changed": int64(m.done.Changed), "left": int64(m.done.Left),
		"problems": int64(len(m.done.Problems)),
	}
	switch {
	case errors.Is(m.err, directory.ErrTooManyLeave):
		line.State, line.Cause = wire.HealthBad, "too_many_leave"
	case m.err != nil:
		line.State, line.Cause = wire.HealthBad, "failed"
	case len(m.done.Problems) > 0:
		line.State, line.Cause = wire.HealthWarn, "problems"
	default:
		line.State, line.Cause = wire.HealthOK, ""
	}
	return line
}

// appsHealth tells which versions of the app are in use, the most used ones by their names, and which is handed out.
func (a *App) appsHealth(ctx context.Context) wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthApps, State: wire.HealthOK}
	counts, err := a.data.DB.AppVersions(ctx, a.o.Now().UnixMilli(), wire.MaxAppVersions)
	if err != nil {
		line.State, line.Cause = wire.HealthWarn, "unknown"
		return line
	}
	line.Figures = counts
	newest, ok := a.releases.Newest("")
	if !ok {
		line.State, line.Cause = wire.HealthOff, "none"
		return line
	}
	line.Text = newest.Version
	if !a.o.Now().Before(newest.Expires) {
		line.State, line.Cause = wire.HealthWarn, "expired"
	}
	return line
}
