package app

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"

	"himsg/server/internal/config"
	"himsg/server/internal/files"
	"himsg/server/internal/files/clamd"
	"himsg/server/internal/files/disk"
	"himsg/server/internal/files/s3"
	"himsg/server/internal/model"
	"himsg/server/internal/ops"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// filesDir is where the bytes of files are that lie on this machine.
func filesDir(c config.Store) string {
	if c.Files != "" {
		return c.Files
	}
	return filepath.Join(c.Data, "files")
}

func inBucket(c config.Store) bool { return strings.HasPrefix(c.Files, s3.Scheme) }

func openBlobs(ctx context.Context, c config.Store) (files.Blobs, error) {
	if inBucket(c) {
		return s3.Open(ctx, c.Files)
	}
	return disk.Open(filesDir(c))
}

// storedFiles opens files for archives.
type storedFiles struct {
	db    *sqlstore.DB
	blobs files.Blobs
}

// OpenFile implements admin.Files.
func (s storedFiles) OpenFile(ctx context.Context, fileUUID string) (io.ReadCloser, model.File, error) {
	f, err := s.db.StoredFile(ctx, fileUUID)
	if err != nil {
		return nil, f, err
	}
	b, err := s.blobs.Open(ctx, f.Blob)
	return b, f, err
}

// scanner is the malware scanner, nil without an address.
func scanner(o Options) files.Scanner {
	if o.Config.Clamd == "" {
		return nil
	}
	return clamd.New(o.Config.Clamd, o.Now)
}

// ready tells what keeps the server from working.
func (a *App) ready(ctx context.Context) error {
	if err := a.data.DB.Ping(ctx); err != nil {
		return err
	}
	return a.files.Ping(ctx)
}

// limits are the settings that clients must know. While the database is away they hear of no files, and of a new try when
// they connect again.
func (a *App) limits(ctx context.Context) wire.Limits {
	l := wire.Limits{MaxText: wire.MaxTextRunes, FileTypes: []string{}}
	most, types, err := a.files.Limits(ctx)
	if err != nil {
		a.o.Logger.WarnContext(ctx, "a client was not told which files are taken", slog.Any("error", err))
		return l
	}
	l.MaxFileBytes, l.FileTypes = most, types
	return l
}

// measureFiles adds the figures of files to the metrics.
func measureFiles(m *ops.Metrics, s *files.Service) {
	read := func(pick func(files.Figures) int64) func() float64 {
		return func() float64 { return float64(pick(s.Figures())) }
	}
	m.Counter("uploads_total", "Uploads begun.", read(func(f files.Figures) int64 { return f.Uploads }))
	m.Counter("upload_bytes_total", "Bytes of files stored.", read(func(f files.Figures) int64 { return f.Bytes }))
	m.Counter("downloads_total", "Files handed out.", read(func(f files.Figures) int64 { return f.Downloads }))
	m.Counter("files_ready_total", "Files whose check found nothing wrong.", read(func(f files.Figures) int64 { return f.Ready }))
	m.Counter("files_collected_total", "Files removed since nobody needed them.", read(func(f files.Figures) int64 { return f.Collected }))
	m.Counter("file_orphans_total", "Bytes removed that belonged to no file.", read(func(f files.Figures) int64 { return f.Orphans }))
	m.Gauge("file_checks_waiting", "Files that wait for their check.", read(func(f files.Figures) int64 { return f.Waiting }))
	m.CounterBy("files_refused_total", "Files refused, by reason.", "reason", func() map[string]int64 { return s.Figures().Refused })
}
