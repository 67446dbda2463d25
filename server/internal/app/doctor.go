package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"himsg/server/internal/auth"
	"himsg/server/internal/config"
	"himsg/server/internal/ops"
	"himsg/server/internal/sqlstore"
)

const (
	littleDisk = 1 << 30 // below this doctor warns
	noDisk     = 64 << 20
	slowSync   = 50 * time.Millisecond
)

// released is when this release was written: a clock before that is wrong.
var released = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// Checks are what doctor looks at. They change nothing but a temporary file; a server may be running meanwhile.
func Checks(c config.Doctor, log *slog.Logger) []ops.Check {
	x := examination{c: c, log: log}
	return []ops.Check{
		{Name: "data", Run: x.data},
		{Name: "disk", Run: x.disk},
		{Name: "secret", Run: x.secret},
		{Name: "database", Run: x.database},
		{Name: "files", Run: x.files},
		{Name: "nats", Run: x.nats},
		{Name: "scanner", Run: x.scanner},
		{Name: "directory", Run: x.directory},
		{Name: "sign-in", Run: x.signIn},
		{Name: "clock", Run: x.clock},
		{Name: "listen", Run: x.listen},
		{Name: "tls", Run: x.tls},
		{Name: "acme", Run: x.acmeServer},
		{Name: "limits", Run: x.limits},
		{Name: "backup", Run: x.backup},
		{Name: "releases", Run: x.releases},
	}
}

type examination struct {
	c   config.Doctor
	log *slog.Logger
}

func one(f ops.Finding) []ops.Finding { return []ops.Finding{f} }

func (x examination) data(context.Context) []ops.Finding {
	info, err := os.Stat(x.c.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return one(ops.Warn("%s does not exist yet; the first start makes it", x.c.Data))
	case err != nil:
		return one(ops.Bad("%v", err))
	case !info.IsDir():
		return one(ops.Bad("%s is not a directory", x.c.Data))
	}
	took, err := ops.Fsync(x.c.Data, SystemClock)
	if err != nil {
		return one(ops.Bad("%s can't be written: %v", x.c.Data, err))
	}
	found := []ops.Finding{ops.OK("%s is writable, a sync takes %v", x.c.Data, took.Round(time.Microsecond))}
	if took > slowSync {
		found[0] = ops.Warn("%s is writable, but a sync takes %v: each commit waits for one; a faster disk (SSD) helps", x.c.Data, took)
	}
	switch kind, err := ops.NetworkFS(x.c.Data); {
	case err != nil:
		found = append(found, ops.Warn("%v", err))
	case kind != "" && x.c.Database == "":
		found = append(found, ops.Bad("%s is on a network file system (%s), whose locks and syncs SQLite can't trust: "+
			"move it to a local disk, or use --database", x.c.Data, kind))
	case kind != "":
		found = append(found, ops.Warn("%s is on a network file system (%s): the search index is slow there", x.c.Data, kind))
	}
	if forOthers(info) {
		found = append(found, ops.Warn("others on this machine may look into %s (mode %v); 0700 is enough",
			x.c.Data, info.Mode().Perm()))
	}
	return found
}

// forOthers says whether others on this machine have a right to a file or folder. Windows has lists of rights instead, of which
// the mode says nothing: it would be open to everybody there, always.
func forOthers(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

func (x examination) disk(context.Context) []ops.Finding {
	dir := x.c.Data
	for { // of a directory that is not there yet, where it will be
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	free, total, err := ops.FreeDisk(dir)
	switch mib := free >> 20; {
	case err != nil:
		return one(ops.Warn("%v", err))
	case free < noDisk:
		return one(ops.Bad("only %d MiB are free of %d: make room at once, messages can't be stored soon", mib, total>>20))
	case free < littleDisk:
		return one(ops.Warn("only %d MiB are free of %d: make room, or keep things shorter", mib, total>>20))
	default:
		return one(ops.OK("%d MiB are free of %d", mib, total>>20))
	}
}

func (x examination) secret(context.Context) []ops.Finding {
	path := SecretPath(x.c.Store)
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return one(ops.Warn("%s does not exist yet; the first start makes it", path))
	case err != nil:
		return one(ops.Bad("%v", err))
	}
	if _, err := auth.LoadSecret(path); err != nil {
		return one(ops.Bad("%v", err))
	}
	if forOthers(info) {
		return one(ops.Warn("others on this machine may read %s (mode %v); make it 0600", path, info.Mode().Perm()))
	}
	if runtime.GOOS == "windows" {
		return one(ops.OK("%s is there", path)) // whose it is nobody looked
	}
	return one(ops.OK("%s is there and only ours", path))
}

func (x examination) database(ctx context.Context) []ops.Finding {
	if x.c.Database == "" {
		if _, err := os.Stat(filepath.Join(x.c.Data, "himsg.db")); errors.Is(err, fs.ErrNotExist) {
			return one(ops.Warn("SQLite, no database yet; the first start makes it"))
		}
	}
	var key []byte
	if _, err := os.Stat(SecretPath(x.c.Store)); err == nil {
		secret, err := auth.LoadSecret(SecretPath(x.c.Store))
		if err != nil {
			return one(ops.Bad("without the master secret the audit chain can't be checked"))
		}
		key = secret.AuditKey()
	}
	var auditKey []byte
	if _, err := os.Stat(AuditKeyPath(x.c.Store)); err == nil {
		secret, err := auth.LoadSecret(AuditKeyPath(x.c.Store))
		if err != nil {
			return one(ops.Bad("without its key the audit chain can't be checked"))
		}
		auditKey = secret.AuditKey()
	}
	db, err := sqlstore.Open(ctx, sqlstore.Options{
		URL: x.c.Database, Dir: x.c.Data, Logger: slog.New(slog.DiscardHandler), AuditKey: key, AuditKey2: auditKey, Connect: -1,
	})
	if err != nil {
		return one(ops.Bad("%v", err))
	}
	defer db.Close()
	var found []ops.Finding
	about, err := db.About(ctx)
	if err != nil {
		return append(found, ops.Bad("%v", err))
	}
	current, newest, err := db.Version(ctx)
	switch {
	case err != nil:
		return append(found, ops.Bad("%v", err))
	case current > newest:
		return append(found, ops.Bad("%s, schema %d is newer than this program's %d", about, current, newest))
	case current < newest:
		return append(found, ops.Warn("%s, schema %d; the next start brings it to %d", about, current, newest))
	}
	found = append(found, ops.OK("%s answers, schema %d", about, current))
	found = append(append(found, settingsOf(ctx, db)...), clocksDiffer(ctx, db)...)
	if key == nil {
		return found
	}
	report, err := db.CheckAudit(ctx)
	switch {
	case err != nil:
		return append(found, ops.Bad("audit: %v", err))
	case !report.Whole():
		return append(found, ops.Bad("audit chain: %s", report.Fault))
	}
	return append(found, ops.OK("audit chain of %d entries is whole", report.Entries))
}

// settingsOf judges the database's settings.
func settingsOf(ctx context.Context, db *sqlstore.DB) []ops.Finding {
	remarks, err := db.Examine(ctx)
	if err != nil {
		return one(ops.Bad("%v", err))
	}
	level := map[sqlstore.Grade]ops.Level{sqlstore.Good: ops.LevelOK, sqlstore.Doubtful: ops.LevelWarn, sqlstore.Wrong: ops.LevelError}
	found := make([]ops.Finding, len(remarks))
	for i, r := range remarks {
		found[i] = ops.Finding{Level: level[r.Grade], Text: r.Text}
	}
	return found
}
