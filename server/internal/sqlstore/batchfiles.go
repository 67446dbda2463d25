package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

var textFileNotReady = errs.Text{KO: "아직 보낼 수 없는 파일입니다.", EN: "This file can't be sent yet."}

// heldFiles are the files that a batch's drafts name, locked.
type heldFiles struct {
	named  map[string]*model.File  // by file_uuid
	passed map[int64][]*model.File // of messages that are forwarded, by message_id
}

// lockFiles locks and reads the files that drafts name or pass on. The usual draft has none and costs nothing. A source's
// files are locked as a delete of it locks them: either it comes first and the draft finds none, or they hang here too.
func (b *batch) lockFiles(ctx context.Context, tx *sql.Tx) (held heldFiles, err error) {
	var uuids []string
	var sources []int64
	for _, e := range b.entries {
		uuids = append(uuids, e.draft.FileIDs...)
		if e.draft.ForwardedFiles > 0 {
			sources = append(sources, e.draft.ForwardedFrom)
		}
	}
	if len(uuids) > 0 {
		if held.named, err = b.namedFiles(ctx, tx, uuids); err != nil {
			return held, fmt.Errorf("named files: %w", err)
		}
	}
	if len(sources) > 0 {
		if held.passed, err = b.passedFiles(ctx, tx, sources); err != nil {
			return held, fmt.Errorf("files to pass on: %w", err)
		}
	}
	return held, nil
}

func (b *batch) namedFiles(ctx context.Context, tx *sql.Tx, uuids []string) (map[string]*model.File, error) {
	named := make(map[string]*model.File, len(uuids))
	slices.Sort(uuids)
	for part := range slices.Chunk(slices.Compact(uuids), maxIn) {
		found, err := collect(ctx, tx, scanFile, "select "+fileColumns+`
  from files f
 where f.file_uuid in (`+holes(len(part))+`)
 order by f.id`+b.db.d.forUpdate, anys(part)...)
		if err != nil {
			return nil, err
		}
		for i := range found {
			named[found[i].UUID] = &found[i]
		}
	}
	return named, nil
}

func (b *batch) passedFiles(ctx context.Context, tx *sql.Tx, sources []int64) (map[int64][]*model.File, error) {
	passed := make(map[int64][]*model.File, len(sources))
	return passed, each(ctx, tx, func(row scanner) error {
		var source int64
		f, err := scanFile(also{row, []any{&source}})
		passed[source] = append(passed[source], &f)
		return err
	}, "select "+fileColumns+`, x.message_id
  from message_files x
  join files f on f.id = x.file_id
 where x.message_id in (`+holes(len(sources))+`)
 order by x.message_id, x.position`+b.db.d.forUpdate, anys(sources)...)
}

// maySend says why a draft can't have its files; nil if it can.
func (h heldFiles) maySend(d *draft) error {
	if d.ForwardedFiles > 0 {
		if len(h.passed[d.ForwardedFrom]) < d.ForwardedFiles {
			return errs.E(wire.NotFound, wire.ReasonSourceGone, textNoSource)
		}
		return nil
	}
	for _, uuid := range d.FileIDs {
		f, ok := h.named[uuid]
		if !ok || f.UploaderID != d.Sender.UserID {
			return unknownFile()
		}
		if err := sendable(f); err != nil {
			return err
		}
	}
	return nil
}

// take gives a draft its files: for later drafts of the batch the named ones are used.
func (h heldFiles) take(d *draft) ([]*model.File, error) {
	if err := h.maySend(d); err != nil {
		return nil, err
	}
	if d.ForwardedFiles > 0 {
		return h.passed[d.ForwardedFrom], nil
	}
	taken := make([]*model.File, 0, len(d.FileIDs))
	for _, uuid := range d.FileIDs {
		f := h.named[uuid]
		f.SentAt = d.Now
		taken = append(taken, f)
	}
	return taken, nil
}

// sendable refuses a file that is not ready, or was sent.
func sendable(f *model.File) error {
	switch {
	case f.SentAt != 0:
		return errs.E(wire.Conflict, wire.ReasonFileUsed, textFileUsed)
	case f.State == wire.FileRefused && f.Refusal != nil:
		return errs.E(f.Refusal.Code, f.Refusal.Reason, errs.Text{})
	case f.State != wire.FileReady:
		return errs.E(wire.Conflict, wire.ReasonFileNotReady, textFileNotReady)
	}
	return nil
}

// insertFiles hangs the files on the new messages.
func (b *batch) insertFiles(ctx context.Context, tx *sql.Tx, fresh []*entry) error {
	var rows, firsts, again []any
	for _, e := range fresh {
		m := &e.out.Message
		for position, f := range e.files {
			rows = append(rows, m.ID, position, f.ID, m.RoomID, m.Seq)
			m.Files = append(m.Files, f.Wire())
			if e.draft.ForwardedFiles == 0 {
				firsts = append(firsts, f.ID)
			} else {
				again = append(again, f.ID)
			}
		}
	}
	const columns = 5
	for part := range slices.Chunk(rows, maxIn*columns) {
		query := insertInto("message_files", "message_id, position, file_id, room_id, seq", len(part)/columns)
		if _, err := tx.ExecContext(ctx, query, part...); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(firsts, maxIn) {
		_, err := tx.ExecContext(ctx, "update files set sent_at = ? where id in ("+holes(len(part))+")",
			append([]any{b.now}, part...)...)
		if err != nil {
			return err
		}
	}
	// Whoever takes the last message of a file away at this moment on another member of a cluster must meet this one.
	for part := range slices.Chunk(again, maxIn) {
		_, err := tx.ExecContext(ctx, "update files set updated_at = updated_at + 1 where id in ("+holes(len(part))+")", part...)
		if err != nil {
			return err
		}
	}
	return nil
}

// attachFiles puts the files into messages that are read.
func attachFiles(ctx context.Context, q querier, index map[int64]*model.Message, ids []any) error {
	return each(ctx, q, func(row scanner) error {
		var id int64
		f, err := scanFile(also{row, []any{&id}})
		if err != nil {
			return err
		}
		index[id].Files = append(index[id].Files, f.Wire())
		return nil
	}, "select "+fileColumns+`, x.message_id
  from message_files x
  join files f on f.id = x.file_id
 where x.message_id in (`+holes(len(ids))+`)
 order by x.message_id, x.position`, ids...)
}
