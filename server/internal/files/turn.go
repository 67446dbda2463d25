package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// How long a node may write to an upload without saying again that it does. One that died holds the upload for turnHolds; the
// nodes' clocks may differ by the rest of it.
const (
	turnHolds = 15 * time.Second
	turnAgain = 5 * time.Second
)

// turn is the right of this node to write to an upload, and the body that it writes: reading it renews the right, and ends when
// another node has it, before the bytes that were read are stored.
type turn struct {
	s     *Service
	ctx   context.Context // an io.Reader has no other way to be told
	id    int64
	taken time.Time
	body  io.Reader
}

// takeTurn refuses with wire.Conflict if another node writes to the upload. That this node has no second writer, writers sees to.
func (s *Service) takeTurn(ctx context.Context, f model.File, body io.Reader) (*turn, error) {
	now := s.o.Clock()
	t := &turn{s: s, ctx: ctx, id: f.ID, taken: now, body: body}
	if s.o.Alone {
		return t, nil
	}
	mine, err := s.o.Store.ClaimUpload(ctx, f.ID, s.name, now.Add(turnHolds).UnixMilli(), now.UnixMilli())
	switch {
	case err != nil:
		return nil, fmt.Errorf("claim an upload: %w", err)
	case !mine:
		return nil, errs.E(wire.Conflict, wire.ReasonBusy, textWriting)
	}
	return t, nil
}

var errTurnLost = errors.New("another node writes to the upload")

// Read implements io.Reader.
func (t *turn) Read(p []byte) (int, error) {
	n, err := t.body.Read(p)
	now := t.s.o.Clock()
	if n == 0 || t.s.o.Alone || now.Sub(t.taken) < turnAgain {
		return n, err
	}
	mine, failed := t.s.o.Store.KeepUpload(t.ctx, t.id, t.s.name, now.Add(turnHolds).UnixMilli())
	switch {
	case failed != nil:
		return 0, fmt.Errorf("keep an upload: %w", failed)
	case !mine:
		return 0, errTurnLost
	}
	t.taken = now
	return n, err
}

// end lets any node go on at once.
func (t *turn) end(ctx context.Context) {
	if t.s.o.Alone {
		return
	}
	ctx, cancel := after(ctx)
	defer cancel()
	if err := t.s.o.Store.FreeUpload(ctx, t.id, t.s.name); err != nil {
		t.s.o.Logger.WarnContext(ctx, "an upload is held for a while longer", slog.Int64("file_id", t.id), slog.Any("error", err))
	}
}
