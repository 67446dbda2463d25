package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	checkers      = 2 // files that are looked at at the same time
	checkTime     = 15 * time.Minute
	checkQueue    = 4096
	unfinishedAt  = 100
	againEvery    = 5 * time.Second
	othersCheck   = 2 * checkTime   // a check of another node that takes longer was left behind
	scannerMayBe  = 5 * time.Minute // away, before what waits for it is refused
	maxAfterError = 4096
)

// job is a file to look at.
type job struct {
	file model.File
	sum  []byte // counted while the bytes came; nil: the file must be read
}

// checks is the queue of files to look at, and who waits for them.
type checks struct {
	queue chan job

	mu      sync.Mutex
	pending map[int64]bool // in the queue or being looked at
	again   map[int64]bool // could not be looked at; to be tried again soon
	waiting map[int64]chan struct{}
}

func newChecks() *checks {
	return &checks{
		queue: make(chan job, checkQueue), pending: map[int64]bool{}, again: map[int64]bool{},
		waiting: map[int64]chan struct{}{},
	}
}

// add puts a file into the queue, once. If the queue is full the file is found again later by its state.
func (c *checks) add(j job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending[j.file.ID] {
		return
	}
	select {
	case c.queue <- j:
		c.pending[j.file.ID] = true
		delete(c.again, j.file.ID)
	default:
		c.again[j.file.ID] = true
	}
}

// looked notes that a file was looked at; failed: in vain.
func (c *checks) looked(id int64, failed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.pending, id)
	if failed && len(c.again) < maxAfterError {
		c.again[id] = true
	}
	if ch := c.waiting[id]; ch != nil {
		close(ch)
		delete(c.waiting, id)
	}
}

// next is closed when a file was looked at the next time.
func (c *checks) next(id int64) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := c.waiting[id]
	if ch == nil {
		ch = make(chan struct{})
		c.waiting[id] = ch
	}
	return ch
}

func (c *checks) isAgain(id int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.again[id]
}

func (c *checks) anyAgain() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.again) > 0
}

// findUnfinished queues what a restart left unchecked, what could not be checked a moment ago, and, now and then, what
// another node left behind.
func (s *Service) findUnfinished(ctx context.Context) {
	tick := time.NewTicker(againEvery)
	defer tick.Stop()
	const others = 60 // ticks between looks for what others left
	for n := 0; ; n++ {
		if n%others == 0 || s.checks.anyAgain() {
			s.queueUnfinished(ctx, n == 0)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Service) queueUnfinished(ctx context.Context, all bool) {
	files, err := s.o.Store.Unfinished(ctx, unfinishedAt)
	if err != nil {
		if ctx.Err() == nil {
			s.o.Logger.WarnContext(ctx, "unchecked files were not found", slog.Any("error", err))
			s.checks.looked(0, true) // try again soon
		}
		return
	}
	s.checks.looked(0, false)
	for _, f := range files {
		if all || s.checks.isAgain(f.ID) || s.now()-f.UpdatedAt > othersCheck.Milliseconds() {
			s.checks.add(job{file: f})
		}
	}
}

// checkAll looks at files until ctx ends.
func (s *Service) checkAll(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-s.checks.queue:
			err := s.checkOne(ctx, j)
			if err != nil && ctx.Err() == nil {
				s.o.Logger.WarnContext(ctx, "a file could not be checked, it will be tried again",
					slog.Int64("file_id", j.file.ID), slog.Any("error", err))
			}
			s.checks.looked(j.file.ID, err != nil)
		}
	}
}

// checkOne looks at a file and makes it ready or refused. An error means that it could not be looked at.
func (s *Service) checkOne(ctx context.Context, j job) (err error) {
	defer func() {
		if cause := recover(); cause != nil { // a decoder that a hostile file brings down brings down its own file only
			s.o.Logger.ErrorContext(ctx, "a check panicked", slog.Int64("file_id", j.file.ID), slog.Any("cause", cause))
			err = s.refuse(ctx, j.file, contentRefused(fmt.Errorf("panic: %v", cause)))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	f, err := s.o.Store.OwnFile(ctx, j.file.UploaderID, j.file.UUID)
	switch {
	case errs.Is(err, wire.NotFound):
		return nil // its uploader took it back
	case err != nil:
		return fmt.Errorf("find the file: %w", err)
	case f.State != wire.FileChecking:
		return nil
	}
	checked, err := s.inspectFile(ctx, f, j.sum)
	if refusal := decided(err); refusal != nil {
		return s.refuse(ctx, f, refusal)
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		within, cancel := after(ctx)
		defer cancel()
		return s.refuse(within, f, archiveRefused(err)) // only something made to take so long takes so long
	}
	if err != nil {
		return err
	}
	if err := s.o.Store.Ready(ctx, checked, s.now()); err != nil {
		return fmt.Errorf("make the file ready: %w", err)
	}
	s.counts.ready.Add(1)
	return nil
}

// decided is the refusal in an error that stays, whatever is tried again; nil for what may pass.
func decided(err error) *errs.Error {
	refusal, ok := errors.AsType[*errs.Error](err)
	if !ok || refusal.Code == wire.Internal || refusal.Code == wire.Unavailable && refusal.Reason != wire.ReasonFileUnscanned {
		return nil
	}
	return refusal
}

func (s *Service) refuse(ctx context.Context, f model.File, refusal *errs.Error) error {
	s.o.Logger.InfoContext(ctx, "a file was refused", slog.Int64("file_id", f.ID),
		slog.String("extension", f.Extension), slog.String("reason", string(refusal.Reason)), slog.Any("cause", refusal.Err))
	if err := s.o.Store.Refuse(ctx, f.ID, *refusal.Wire("ko", ""), s.now()); err != nil {
		return fmt.Errorf("refuse the file: %w", err)
	}
	s.counts.refuse(refusal)
	s.RemoveBytes(ctx, f)
	return nil
}

// inspectFile finds out what a file is. Refusals are *errs.Error.
func (s *Service) inspectFile(ctx context.Context, f model.File, sum []byte) (model.File, error) {
	b, err := s.o.Blobs.Open(ctx, f.Blob)
	if err != nil {
		return f, fmt.Errorf("open the bytes: %w", err)
	}
	defer b.Close()
	if b.Size() != f.Size {
		return f, errs.E(wire.Conflict, wire.ReasonFileChecksum, textChecksum)
	}
	if sum == nil {
		if sum, err = sumOf(ctx, b); err != nil {
			return f, err
		}
	}
	if f.SHA256 = hex.EncodeToString(sum); f.SaidSHA256 != "" && f.SaidSHA256 != f.SHA256 {
		return f, errs.E(wire.Conflict, wire.ReasonFileChecksum, textChecksum)
	}
	k, ok := kindOf(f.Extension)
	if !ok {
		return f, contentRefused(errors.New("an unknown kind"))
	}
	f.Type = k.mime
	if err := k.check(ctx, b); err != nil {
		return f, err
	}
	if err := s.refuseLocked(ctx, k, b); err != nil {
		return f, err
	}
	if f.Unscanned, err = s.scan(ctx, f, b); err != nil {
		return f, err
	}
	if k.picture {
		if f, err = s.paint(ctx, f, b); err != nil {
			return f, err
		}
	}
	if err := s.o.Blobs.Finish(ctx, f.Blob); err != nil {
		return f, fmt.Errorf("finish the bytes: %w", err)
	}
	return f, nil
}

// refuseLocked refuses what has a password, if the policy says so.
func (s *Service) refuseLocked(ctx context.Context, k kind, b Blob) error {
	policy, err := s.o.Store.FilePolicy(ctx)
	if err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	if policy.EncryptedArchives != wire.EncryptedRefuse {
		return nil
	}
	has, err := locked(ctx, k, b)
	if err == nil && has {
		err = errs.E(wire.UnsupportedType, wire.ReasonFileEncrypted, textEncrypted)
	}
	return err
}

func sumOf(ctx context.Context, b Blob) ([]byte, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, patient{ctx, io.NewSectionReader(b, 0, b.Size())}); err != nil {
		return nil, fmt.Errorf("read the bytes again: %w", err)
	}
	return sum.Sum(nil), nil
}

// patient is a reader that ends with its context.
type patient struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// scan asks the malware scanner, if there is one.
func (s *Service) scan(ctx context.Context, f model.File, b Blob) (unscanned bool, err error) {
	if s.o.Scanner == nil {
		return false, nil
	}
	found, err := s.o.Scanner.Scan(ctx, io.NewSectionReader(b, 0, b.Size()))
	if err == nil && found == "" {
		return false, nil
	}
	if err == nil {
		return false, &errs.Error{
			Code: wire.UnsupportedType, Reason: wire.ReasonFileInfected, Text: textInfected, Err: errors.New(found),
		}
	}
	policy, failed := s.o.Store.FilePolicy(ctx)
	switch {
	case failed != nil:
		return false, fmt.Errorf("read the policy: %w", failed)
	case policy.Unscanned == wire.UnscannedAllow:
		s.o.Logger.WarnContext(ctx, "the malware scanner is away, a file goes through as the policy says",
			slog.Int64("file_id", f.ID), slog.Any("error", err))
		return true, nil
	case s.now()-f.UpdatedAt > scannerMayBe.Milliseconds():
		return false, &errs.Error{Code: wire.Unavailable, Reason: wire.ReasonFileUnscanned, Text: textUnscanned, Err: err}
	}
	return false, fmt.Errorf("scan for malware: %w", err)
}
