package core

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/google/uuid"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// maxStarts is how often a download begins anew because what arrived was not what was sent.
const maxStarts = 3

// downloads saves files on this device, and knows which it saved. Bytes gather beside the target and get its name when they
// are complete and what they should be.
type downloads struct {
	s    *session
	kick chan struct{}
	wg   sync.WaitGroup

	mu      sync.Mutex
	all     map[string]store.Download // those that are not done
	order   []string
	saved   map[string]string // file_id → path
	running map[string]context.CancelFunc
}

func newDownloads(s *session) *downloads {
	return &downloads{
		s: s, kick: make(chan struct{}, 1), all: map[string]store.Download{}, saved: map[string]string{},
		running: map[string]context.CancelFunc{},
	}
}

// Kick says that there may be something to do.
func (d *downloads) Kick() {
	select {
	case d.kick <- struct{}{}:
	default: // told already
	}
}

func (d *downloads) run(ctx context.Context) {
	defer d.wg.Wait()
	for ctx.Err() == nil {
		linked := d.s.linked.Next()
		if d.s.online() {
			d.startSome(ctx)
		}
		select {
		case <-d.kick:
		case <-linked:
		case <-ctx.Done():
		}
	}
}

// restore takes up what the store knows, before anything is shown.
func (d *downloads) restore(ctx context.Context) error {
	list, err := d.s.store.Downloads(ctx)
	for _, one := range list {
		if one.State == store.DownloadDone {
			d.saved[one.File.FileID] = one.Path
			continue
		}
		d.all[one.ID] = one
		d.order = append(d.order, one.ID)
		d.s.transfers.Set(viewDownload(one))
	}
	return err
}

// Saved reports whether a file was saved here and is still there.
func (d *downloads) Saved(fileID string) bool {
	path := d.path(fileID)
	if path == "" {
		return false
	}
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

func (d *downloads) path(fileID string) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.saved[fileID]
}

// Add begins to save a file: at a path that the user chose, or in a folder under a free name.
func (d *downloads) Add(ctx context.Context, file wire.File, roomUUID, path string, chosen bool) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	one := store.Download{
		ID: id.String(), File: file, RoomUUID: roomUUID, Path: path, Chosen: chosen, State: store.DownloadWaiting,
	}
	folder := path
	if chosen {
		folder = filepath.Dir(path)
	}
	one.Part = filepath.Join(folder, ".himsg-"+one.ID+".part")
	if err := d.s.store.SaveDownload(ctx, one); err != nil {
		return d.s.storeFailed(err)
	}
	d.mu.Lock()
	d.all[one.ID] = one
	d.order = append(d.order, one.ID)
	d.mu.Unlock()
	d.s.transfers.Set(viewDownload(one))
	d.Kick()
	return nil
}

func (d *downloads) startSome(ctx context.Context) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range d.order {
		one, ok := d.all[id]
		if !ok || one.State != store.DownloadWaiting || d.running[id] != nil || len(d.running) >= maxTransfers {
			continue
		}
		work, cancel := context.WithCancel(ctx)
		d.running[id] = cancel
		d.wg.Go(func() {
			d.work(work, one)
			cancel()
			d.mu.Lock()
			delete(d.running, id)
			_, wanted := d.all[id]
			d.mu.Unlock()
			if !wanted {
				removePart(one.Part) // canceled meanwhile; what was saved has its name, and no part is left
			}
			d.Kick()
		})
	}
}

// work saves one file, or leaves it waiting when the connection is gone.
func (d *downloads) work(ctx context.Context, one store.Download) {
	wait, starts := d.s.o.Pace.RetryFirst, 0
	for ctx.Err() == nil {
		d.s.transfers.Change(one.ID, func(t *Transfer) { t.State = TransferRunning })
		err := d.try(ctx, &one)
		if errors.Is(err, client.ErrChecksum) {
			starts++
		}
		switch {
		case err == nil:
			d.done(ctx, one)
			return
		case ctx.Err() != nil:
		case client.IsSink(err):
			d.failed(ctx, one, targetFailure(err))
			return
		case starts >= maxStarts:
			d.failed(ctx, one, refuse(wire.Conflict, wire.ReasonFileChecksum, "what arrived is not what was sent"))
			return
		case permanentForFile(err):
			d.failed(ctx, one, toFailure(err))
			return
		}
		d.s.transfers.Change(one.ID, func(t *Transfer) { t.State, t.Speed = TransferWaiting, 0 })
		if ctx.Err() != nil || !d.s.online() || !pause(ctx, max(wait, client.RetryAfter(err))) {
			return
		}
		wait = min(2*wait, d.s.o.Pace.RetryMost)
	}
}

// try fetches what is missing, and puts the file in its place.
func (d *downloads) try(ctx context.Context, one *store.Download) error {
	part, err := openPart(ctx, one.Part, one.File.Size)
	if err != nil {
		return targetFailure(err)
	}
	defer part.Close()
	err = d.s.auth.Download(ctx, one.File, part, func(done int64) { d.s.transfers.Moved(one.ID, done) })
	if errors.Is(err, client.ErrChecksum) {
		if again := part.Restart(); again != nil {
			return targetFailure(again)
		}
	}
	if err != nil {
		return err
	}
	if err := part.Finish(); err != nil {
		return targetFailure(err)
	}
	if err := d.s.o.Desktop.Mark(one.Part); err != nil {
		d.s.log.WarnContext(ctx, "saved file not marked", slog.Any("error", err))
	}
	target, err := place(*one)
	if err != nil {
		return targetFailure(err)
	}
	one.Path = target
	return nil
}

// targetFailure says why a file can't be kept where it is to go.
func targetFailure(err error) *Failure {
	if DiskFull(err) {
		return refuse(wire.BadRequest, wire.ReasonDiskFull, err.Error())
	}
	return refuse(wire.BadRequest, reasonTarget, err.Error())
}

func (d *downloads) done(ctx context.Context, one store.Download) {
	one.State = store.DownloadDone
	if err := d.s.store.SaveDownload(context.WithoutCancel(ctx), one); err != nil { // the file is there, also if the app ends now
		d.s.log.ErrorContext(ctx, "note a saved file", slog.Any("error", d.s.storeFailed(err)))
	}
	d.mu.Lock()
	d.saved[one.File.FileID] = one.Path
	delete(d.all, one.ID)
	d.mu.Unlock()
	d.s.transfers.Change(one.ID, func(t *Transfer) { t.State, t.Done, t.Speed = TransferDone, t.Size, 0 })
	d.s.showFile(ctx, one.File.FileID)
}

func (d *downloads) failed(ctx context.Context, one store.Download, why *Failure) {
	d.s.log.WarnContext(ctx, "file not saved", slog.String("file_id", one.File.FileID), slog.String("code", why.Code),
		slog.String("reason", why.Reason))
	one.State, one.Failure = store.DownloadFailed, encodeFailure(why)
	d.keep(ctx, one)
	d.s.transfers.Change(one.ID, func(t *Transfer) { t.State, t.Speed, t.Failure = TransferFailed, 0, why })
}

func (d *downloads) keep(ctx context.Context, one store.Download) {
	d.mu.Lock()
	_, there := d.all[one.ID]
	if there {
		d.all[one.ID] = one
	}
	d.mu.Unlock()
	if !there {
		return // canceled
	}
	if err := d.s.store.SaveDownload(ctx, one); err != nil {
		d.s.log.ErrorContext(ctx, "note a download", slog.Any("error", d.s.storeFailed(err)))
	}
}

// Retry tries a failed one again. It reports whether there is one of that ID.
func (d *downloads) Retry(ctx context.Context, id string) bool {
	d.mu.Lock()
	one, ok := d.all[id]
	d.mu.Unlock()
	if !ok {
		return false
	}
	if one.State == store.DownloadFailed {
		one.State, one.Failure = store.DownloadWaiting, ""
		d.keep(ctx, one)
		d.s.transfers.Set(viewDownload(one))
	}
	d.Kick()
	return true
}

// Cancel ends one; what came of it goes: of one that runs as soon as it is closed, since Windows removes no open file. It
// reports whether there was one of that ID.
func (d *downloads) Cancel(ctx context.Context, id string) (bool, error) {
	d.mu.Lock()
	one, ok := d.all[id]
	cancel := d.running[id]
	delete(d.all, id)
	d.mu.Unlock()
	if !ok {
		return false, nil
	}
	if cancel != nil {
		cancel()
	} else {
		removePart(one.Part)
	}
	d.s.transfers.Change(id, func(t *Transfer) { t.State, t.Speed = TransferCanceled, 0 })
	return true, d.s.storeFailed(d.s.store.DropDownload(ctx, id))
}

// RemoveParts removes what came of downloads that are not done: they stand unencrypted in the user's folders. Nothing runs
// any more.
func (d *downloads) RemoveParts() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.all {
		removePart(one.Part)
	}
}

// showFile shows the messages again that a file hangs on.
func (s *session) showFile(ctx context.Context, fileID string) {
	list, err := s.store.MessagesWithFile(ctx, fileID)
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "find the messages of a file", slog.Any("error", s.storeFailed(err)))
	}
	for _, m := range list {
		if s.opened.Has(m.RoomUUID) {
			s.updates.Messages(m.RoomUUID, viewMessage(m, s.eyes()))
		}
	}
}

func viewDownload(d store.Download) Transfer {
	t := Transfer{
		ID: d.ID, RoomUUID: d.RoomUUID, FileID: d.File.FileID, Name: d.File.Name, Size: d.File.Size, State: TransferWaiting,
	}
	if d.State == store.DownloadFailed {
		t.State, t.Failure = TransferFailed, decodeFailure(d.Failure)
	}
	return t
}
