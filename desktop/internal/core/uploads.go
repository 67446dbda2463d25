package core

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// maxTransfers is how many files go up at a time, and how many come down.
const maxTransfers = 3

// uploads brings the files of the outbox to the server, the oldest message's first. The rows are in the store; here is only
// who works on them. A message is sent when its last file is ready.
type uploads struct {
	s    *session
	kick chan struct{}
	wg   sync.WaitGroup

	mu      sync.Mutex
	running map[string]context.CancelFunc // by upload
}

func newUploads(s *session) *uploads {
	return &uploads{s: s, kick: make(chan struct{}, 1), running: map[string]context.CancelFunc{}}
}

// Kick says that there may be something to do.
func (q *uploads) Kick() {
	select {
	case q.kick <- struct{}{}:
	default: // told already
	}
}

// run starts what is to be done, until ctx ends; then it waits for what it started.
func (q *uploads) run(ctx context.Context) {
	defer q.wg.Wait()
	q.restore(ctx)
	for ctx.Err() == nil {
		linked := q.s.linked.Next()
		if q.s.online() {
			q.startSome(ctx)
		}
		select {
		case <-q.kick:
		case <-linked:
		case <-ctx.Done():
		}
	}
}

// restore shows what was on its way when the app ended.
func (q *uploads) restore(ctx context.Context) {
	all, err := q.s.store.Uploads(ctx)
	if err != nil {
		q.s.log.ErrorContext(ctx, "read uploads", slog.Any("error", q.s.storeFailed(err)))
	}
	for _, u := range all {
		if u.State != store.UploadReady {
			q.s.transfers.Set(viewUpload(u))
		}
	}
}

func (q *uploads) startSome(ctx context.Context) {
	todo, err := q.s.store.UploadsToDo(ctx)
	if err != nil {
		if ctx.Err() == nil {
			q.s.log.ErrorContext(ctx, "read uploads", slog.Any("error", q.s.storeFailed(err)))
		}
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, u := range todo {
		if q.running[u.ID] != nil || len(q.running) >= maxTransfers {
			continue
		}
		one, cancel := context.WithCancel(ctx)
		q.running[u.ID] = cancel
		q.wg.Go(func() {
			q.work(one, u)
			cancel()
			q.mu.Lock()
			delete(q.running, u.ID)
			q.mu.Unlock()
			q.Kick()
		})
	}
}

// work sends one file until the server has it and has looked at it, or the connection is gone. A temporary refusal is tried
// again, later each time.
func (q *uploads) work(ctx context.Context, u store.Upload) {
	wait := q.s.o.Pace.RetryFirst
	for ctx.Err() == nil {
		before := u.FileID
		err := q.try(ctx, &u)
		switch {
		case err == nil, errors.Is(err, store.ErrNotFound) && client.CodeOf(err) == "":
			return // done, or dropped meanwhile
		case ctx.Err() != nil:
		case permanentForFile(err):
			q.failed(ctx, u, toFailure(err))
			return
		}
		q.s.transfers.Change(u.ID, func(t *Transfer) { t.State, t.Speed = TransferWaiting, 0 })
		if ctx.Err() != nil || !q.s.online() {
			return
		}
		q.s.log.InfoContext(ctx, "file not sent yet", slog.String("upload", u.ID), slog.Any("error", err))
		if u.FileID != before {
			wait = q.s.o.Pace.RetryFirst
		}
		if !pause(ctx, max(wait, client.RetryAfter(err))) {
			return
		}
		wait = min(2*wait, q.s.o.Pace.RetryMost)
	}
}

// permanentForFile reports whether trying again is of no use.
func permanentForFile(err error) bool {
	return toOwn(err) || errors.Is(err, client.ErrSource) || permanent(err)
}

// try brings a file one or more steps further.
func (q *uploads) try(ctx context.Context, u *store.Upload) error {
	if u.State == store.UploadWaiting {
		if err := q.send(ctx, u); err != nil {
			return err
		}
		u.State = store.UploadChecking
		if err := q.s.store.SetUpload(ctx, *u); err != nil {
			return q.s.storeFailed(err)
		}
	}
	q.s.transfers.Change(u.ID, func(t *Transfer) { t.State, t.Done, t.Speed = TransferChecking, t.Size, 0 })
	status, err := q.await(ctx, u.FileID)
	switch {
	case client.CodeOf(err) == wire.NotFound, err == nil && status.State == wire.FileReceiving:
		u.State = store.UploadWaiting // the server lost it: from where it is, or from the beginning
		return errors.Join(&client.Error{HTTPError: wire.HTTPError{Code: wire.Unavailable}}, q.s.store.SetUpload(ctx, *u))
	case err != nil:
		return err
	case status.State == wire.FileRefused:
		return refusedFile(status)
	}
	u.State = store.UploadReady
	if err := q.s.store.SetUpload(ctx, *u); err != nil {
		return q.s.storeFailed(err)
	}
	q.s.transfers.Change(u.ID, func(t *Transfer) { t.State = TransferDone })
	q.s.showOutgoing(u.RoomUUID, u.ClientID)
	q.s.outbox.Kick(u.RoomUUID)
	return nil
}

func refusedFile(status wire.FileStatus) *Failure {
	if status.Refusal == nil {
		return refuse(wire.UnsupportedType, wire.ReasonFileContent, "the server refused the file")
	}
	return refuse(status.Refusal.Code, status.Refusal.Reason, status.Refusal.Message)
}

// send sends the bytes that the server does not have.
func (q *uploads) send(ctx context.Context, u *store.Upload) error {
	from, err := q.open(ctx, *u)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }() // it was read only
	if u.SHA256 == "" {
		if u.SHA256, err = checksum(ctx, from, u.Size); err != nil {
			return err
		}
		if err := q.s.store.SetUpload(ctx, *u); err != nil {
			return q.s.storeFailed(err)
		}
	}
	q.s.transfers.Change(u.ID, func(t *Transfer) { t.State = TransferRunning })
	err = q.s.auth.Upload(ctx, client.Upload{
		FileID: u.FileID, RoomUUID: u.RoomUUID, Name: u.Name, Size: u.Size, SHA256: u.SHA256, Content: from,
		Begun: func(fileID string) error {
			u.FileID = fileID
			err := q.s.store.SetUpload(ctx, *u)
			if err != nil {
				q.forget(fileID)
			}
			return q.s.storeFailed(err)
		},
		Progress: func(done int64) { q.s.transfers.Moved(u.ID, done) },
	})
	if f, ok := from.(*os.File); ok && (err == nil || permanentForFile(err)) {
		if changed := unchanged(f, *u); changed != nil {
			return changed // that is why it was refused
		}
	}
	return err
}

// content is what an upload reads from.
type content interface {
	io.ReaderAt
	io.Closer
}

type pastedContent struct{ *bytes.Reader }

func (pastedContent) Close() error { return nil }

func (q *uploads) open(ctx context.Context, u store.Upload) (content, error) {
	switch {
	case u.Path != "":
		return openAgain(u)
	case u.Seal != nil:
		sealed, err := q.s.store.OpenSealed(u)
		if err != nil {
			return nil, refuse(wire.NotFound, reasonFileVanished, err.Error())
		}
		return sealed, nil
	}
	pasted, err := q.s.store.UploadContent(ctx, u.ID)
	return pastedContent{bytes.NewReader(pasted)}, q.s.storeFailed(err)
}

func checksum(ctx context.Context, from io.ReaderAt, size int64) (string, error) {
	hash := sha256.New()
	reader := io.NewSectionReader(from, 0, size)
	for {
		n, err := io.CopyN(hash, reader, 1<<20)
		switch {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case errors.Is(err, io.EOF):
			return hex.EncodeToString(hash.Sum(nil)), nil
		case err != nil:
			return "", fmt.Errorf("%w after %d bytes: %w", client.ErrSource, n, err)
		}
	}
}

// await asks what the server thinks of a file until it knows.
func (q *uploads) await(ctx context.Context, fileID string) (wire.FileStatus, error) {
	wait := q.s.o.Pace.FilePoll
	for {
		status, err := q.s.auth.FileStatus(ctx, fileID)
		if err != nil || status.State != wire.FileChecking {
			return status, err
		}
		if !pause(ctx, wait) {
			return status, ctx.Err()
		}
		wait = min(2*wait, 10*q.s.o.Pace.FilePoll)
	}
}

// failed says that a file can't be sent, and so that its message can't.
func (q *uploads) failed(ctx context.Context, u store.Upload, why *Failure) {
	q.s.log.WarnContext(ctx, "file refused", slog.String("upload", u.ID), slog.String("code", why.Code),
		slog.String("reason", why.Reason), slog.String("request_id", why.RequestID))
	if err := q.s.store.FailUpload(ctx, u, encodeFailure(why)); err != nil {
		if !errors.Is(err, store.ErrNotFound) {
			q.s.log.ErrorContext(ctx, "note a refused file", slog.Any("error", q.s.storeFailed(err)))
		}
		return
	}
	q.s.transfers.Change(u.ID, func(t *Transfer) { t.State, t.Speed, t.Failure = TransferFailed, 0, why })
	q.s.updates.Rooms(u.RoomUUID)
	q.s.showOutgoing(u.RoomUUID, u.ClientID)
}

// Retry looks at the files of a message that is to be tried again.
func (q *uploads) Retry(files []store.Upload) {
	for _, u := range files {
		q.s.transfers.Change(u.ID, func(t *Transfer) {
			if t.State == TransferFailed {
				t.State, t.Failure, t.Done = TransferWaiting, nil, 0
			}
		})
	}
	q.Kick()
}

// Canceled ends the work on a file that was dropped, here and on the server.
func (q *uploads) Canceled(u store.Upload) {
	q.mu.Lock()
	cancel := q.running[u.ID]
	q.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	q.s.transfers.Change(u.ID, func(t *Transfer) { t.State, t.Speed = TransferCanceled, 0 })
	q.forget(u.FileID)
}

// forget tells the server that a file is not wanted. If that fails it finds out by itself, after a day.
func (q *uploads) forget(fileID string) {
	if fileID == "" || q.s.life.Err() != nil {
		return
	}
	q.s.running.Go(func() {
		if err := q.s.auth.CancelUpload(q.s.life, fileID); err != nil {
			q.s.log.Info("upload not canceled on the server", slog.Any("error", err))
		}
	})
}

func viewUpload(u store.Upload) Transfer {
	t := Transfer{
		ID: u.ID, Upload: true, RoomUUID: u.RoomUUID, ClientID: u.ClientID, Name: u.Name, Size: u.Size, State: TransferWaiting,
	}
	switch u.State {
	case store.UploadChecking:
		t.State, t.Done = TransferChecking, u.Size
	case store.UploadReady:
		t.State, t.Done = TransferDone, u.Size
	case store.UploadFailed:
		t.State, t.Failure = TransferFailed, decodeFailure(u.Failure)
	}
	return t
}

// decodeFailure reads what encodeFailure wrote; a text that is not leaves the plain one.
func decodeFailure(text string) *Failure {
	f := &Failure{Code: string(wire.Internal)}
	_ = json.Unmarshal([]byte(text), f) // our own words
	return f
}
