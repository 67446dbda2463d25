package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"himsg/server/internal/auth"
	"himsg/server/internal/config"
	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/legacy"
	"himsg/server/internal/legacy/original"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
)

// ErrHalfImported keeps a server from starting on a part of a company.
var ErrHalfImported = errors.New("an import of an original Hi_Msg was broken off: run himsg-server import-legacy again, with the same options")

func refuseHalfImported(ctx context.Context, data Data) error {
	unfinished, err := data.DB.LegacyUnfinished(ctx)
	if err == nil && unfinished {
		err = ErrHalfImported
	}
	return err
}

// ImportLegacy moves an original Hi_Msg into this server, or says what it would do. The report is there whenever the original could be
// read, also with an error.
func ImportLegacy(
	ctx context.Context, c config.Legacy, now time.Time, log *slog.Logger, progress func(string, int64),
) (report *legacy.Report, err error) {
	zone, err := legacy.LoadZone(c.Zone)
	if err != nil {
		return nil, err
	}
	source, err := original.Open(ctx, c.Original)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	var uploads legacy.Uploads
	if c.OriginalFiles != "" {
		folder, err := original.OpenFolder(c.OriginalFiles)
		if err != nil {
			return nil, err
		}
		defer folder.Close()
		uploads = folder
	}
	data, err := openForLegacy(ctx, c, log)
	if err != nil {
		return nil, err
	}
	if data.DB != nil {
		defer func() { err = errors.Join(err, data.DB.Close()) }()
	}
	plan, err := legacy.Read(ctx, source, uploads, legacyStore(data), legacy.Options{
		Zone: zone, Owner: c.Owner, Link: c.Existing == "link", UnreadDays: c.UnreadDays, DryRun: c.DryRun, Now: now, Progress: progress,
	})
	if err != nil {
		return nil, err
	}
	if c.DryRun {
		return plan.Report, plan.Examine(ctx, legacyFiles(c, data, nil, log))
	}
	return plan.Report, moveLegacy(ctx, c, plan, data, log)
}

func moveLegacy(ctx context.Context, c config.Legacy, plan *legacy.Plan, data Data, log *slog.Logger) error {
	blobs, err := openBlobs(ctx, c.Store)
	if err != nil {
		return err
	}
	err = plan.Move(ctx, legacy.Target{
		Store: data.DB, Hasher: auth.NewHasher(runtime.GOMAXPROCS(0)), Files: legacyFiles(c, data, blobs, log),
	})
	if err != nil {
		return err
	}
	if _, err := data.DB.CatchUp(ctx); err != nil {
		return fmt.Errorf("all was imported, but the search index is not up yet (the server will do it): %w", err)
	}
	return nil
}

// legacyFiles looks at the files that come, and keeps them in blobs. Without a server there are no rules for a scanner that is away.
func legacyFiles(c config.Legacy, data Data, blobs files.Blobs, log *slog.Logger) legacy.Files {
	o := files.Options{Store: data.DB, Blobs: blobs, Painter: picture.NewPainter(), Clock: SystemClock, Logger: log}
	if data.DB != nil {
		o.Scanner = scanner(Options{Config: config.Serve{Clamd: c.Clamd}, Now: SystemClock})
	}
	return importer{files.NewImporter(o)}
}

// openForLegacy opens the data. A dry run changes nothing: where there is no server yet, it compares with an empty one.
func openForLegacy(ctx context.Context, c config.Legacy, log *slog.Logger) (Data, error) {
	if !c.DryRun {
		return OpenData(ctx, c.Store, log)
	}
	_, keyless := os.Stat(SecretPath(c.Store))
	_, empty := os.Stat(filepath.Join(c.Data, "himsg.db"))
	if keyless != nil && (c.Database != "" || empty != nil) {
		return Data{}, nil
	}
	return openForBackup(ctx, c.Store, log)
}

// legacyStore is the database, or that of a server that is not there yet.
func legacyStore(data Data) legacy.Store {
	if data.DB == nil {
		return emptyServer{}
	}
	return data.DB
}

// emptyServer is what a dry run compares with where there is no server yet.
type emptyServer struct{ legacy.Store }

// LegacyAccounts implements legacy.Store.
func (emptyServer) LegacyAccounts(context.Context) ([]legacy.Account, error) { return nil, nil }

// LegacyImport implements legacy.Store.
func (emptyServer) LegacyImport(context.Context, string) (legacy.Import, error) {
	return legacy.Import{}, nil
}

// LegacyDirect implements legacy.Store.
func (emptyServer) LegacyDirect(context.Context, []string) (map[string]string, error) {
	return nil, nil
}

// importer is package files as an import wants it.
type importer struct{ *files.Importer }

// Examine implements legacy.Files.
func (i importer) Examine(ctx context.Context, name string, content legacy.Upload) (*errs.Error, error) {
	return refused(i.Importer.Examine(ctx, name, content))
}

// Bring implements legacy.Files.
func (i importer) Bring(ctx context.Context, in legacy.Incoming) (model.File, *errs.Error, error) {
	f, err := i.Importer.Bring(ctx, files.Foreign{
		UUID: in.UUID, UploaderID: in.UploaderID, Name: in.Name, At: in.At, Content: in.Content,
	})
	refusal, err := refused(err)
	return f, refusal, err
}

func refused(err error) (*errs.Error, error) {
	if refusal := files.Refusal(err); refusal != nil {
		return refusal, nil
	}
	return nil, err
}
