package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// This file stores uploads and what became of them: files.Store. filesight.go says who may have a file, filewaste.go which
// ones go, filepolicy.go what is allowed and used, batchfiles.go hangs files on new messages.

var _ files.Store = (*DB)(nil)

var (
	textNoFile      = errs.Text{KO: "파일을 찾을 수 없습니다.", EN: "The file was not found."}
	textFileUsed    = errs.Text{KO: "이미 보낸 파일입니다.", EN: "This file was sent already."}
	textFileDecided = errs.Text{KO: "이미 확인이 끝난 파일입니다.", EN: "This file was checked already."}
)

// fileColumns are what scanFile reads, of a table f.
const fileColumns = `f.id, f.file_uuid, f.uploader_id, f.name, f.extension, f.size, f.received,
       f.state, f.blob_name, f.said_sha256, f.sha256, f.type, f.width, f.height, f.thumbnail, f.unscanned,
       f.refusal, f.created_at, f.updated_at, coalesce(f.sent_at, 0), coalesce(f.gone_at, 0)`

func scanFile(row scanner) (model.File, error) {
	var f model.File
	var refusal sql.NullString
	err := row.Scan(&f.ID, &f.UUID, &f.UploaderID, &f.Name, &f.Extension, &f.Size, &f.Received,
		&f.State, &f.Blob, &f.SaidSHA256, &f.SHA256, &f.Type, &f.Width, &f.Height, &f.Thumbnail, &f.Unscanned,
		&refusal, &f.CreatedAt, &f.UpdatedAt, &f.SentAt, &f.GoneAt)
	if err != nil || refusal.String == "" {
		return f, err
	}
	f.Refusal = &wire.Error{}
	if err := json.Unmarshal([]byte(refusal.String), f.Refusal); err != nil {
		return f, fmt.Errorf("refusal of file %d: %w", f.ID, err)
	}
	return f, nil
}

// AddFile implements files.Store. The rows of file_usage are locked until the commit: who comes second sees the first.
func (db *DB) AddFile(ctx context.Context, f model.File, policy wire.FilePolicy) (model.File, error) {
	f.State = wire.FileReceiving
	err := db.write(ctx, "add file", func(tx *sql.Tx) error {
		if err := db.addUsage(ctx, tx, f.UploaderID, f.Size, 1); err != nil {
			return err
		}
		if err := withinQuotas(ctx, tx, f.UploaderID, policy); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, insertInto("files", `file_uuid, uploader_id, name, name_key, extension, size, received,
       state, blob_name, said_sha256, created_at, updated_at`, 1),
			f.UUID, f.UploaderID, f.Name, search.Fold(f.Name), f.Extension, f.Size, f.Received,
			string(f.State), f.Blob, f.SaidSHA256, f.CreatedAt, f.UpdatedAt)
		if err != nil {
			return fmt.Errorf("insert file: %w", err)
		}
		f.ID, err = done.LastInsertId()
		return err
	})
	return f, err
}

// OwnFile implements files.Store.
func (db *DB) OwnFile(ctx context.Context, userID int64, fileUUID string) (f model.File, err error) {
	err = db.read(ctx, "own file", func(q querier) error {
		f, err = scanFile(q.QueryRowContext(ctx, "select "+fileColumns+`
  from files f
 where f.file_uuid = ?
   and f.uploader_id = ?`, fileUUID, userID))
		return noFile(err)
	})
	return f, err
}

// ClaimUpload implements files.Store.
func (db *DB) ClaimUpload(ctx context.Context, fileID int64, writer string, until, now int64) (mine bool, err error) {
	err = db.write(ctx, "claim upload", func(tx *sql.Tx) error {
		mine, err = changedOne(tx.ExecContext(ctx, `update files
   set writer = ?, writer_until = ?
 where id = ?
   and state = 'receiving'
   and (writer in ('', ?) or writer_until < ?)`, writer, until, fileID, writer, now))
		return err
	})
	return mine, err
}

// KeepUpload implements files.Store.
func (db *DB) KeepUpload(ctx context.Context, fileID int64, writer string, until int64) (mine bool, err error) {
	err = db.write(ctx, "keep upload", func(tx *sql.Tx) error {
		mine, err = changedOne(tx.ExecContext(ctx, `update files
   set writer_until = ?
 where id = ?
   and state = 'receiving'
   and writer = ?`, until, fileID, writer))
		return err
	})
	return mine, err
}

// FreeUpload implements files.Store.
func (db *DB) FreeUpload(ctx context.Context, fileID int64, writer string) error {
	return db.write(ctx, "free upload", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "update files set writer = '' where id = ? and writer = ?", fileID, writer)
		return err
	})
}

// Received implements files.Store.
func (db *DB) Received(ctx context.Context, fileID, received, now int64) error {
	return db.write(ctx, "file received", func(tx *sql.Tx) error {
		mine, err := changedOne(tx.ExecContext(ctx, `update files
   set received = ?, updated_at = ?
 where id = ?
   and state = 'receiving'`, received, now, fileID))
		if err == nil && !mine {
			err = unknownFile()
		}
		return err
	})
}

// changedOne reports whether a statement found its row.
func changedOne(done sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := done.RowsAffected()
	return n == 1, err
}

// lockFile locks and reads a file; not_found if there is none.
func (db *DB) lockFile(ctx context.Context, tx *sql.Tx, where string, args ...any) (model.File, error) {
	f, err := scanFile(tx.QueryRowContext(ctx, "select "+fileColumns+" from files f where "+where+db.d.forUpdate, args...))
	return f, noFile(err)
}

// Checking implements files.Store.
func (db *DB) Checking(ctx context.Context, fileID, size, now int64) (mine bool, err error) {
	err = db.write(ctx, "check file", func(tx *sql.Tx) error {
		mine = false
		f, err := db.lockFile(ctx, tx, "f.id = ?", fileID)
		if errs.Is(err, wire.NotFound) || err == nil && f.State != wire.FileReceiving {
			return nil
		}
		if err != nil {
			return err
		}
		if size != f.Size {
			if err := db.addUsage(ctx, tx, f.UploaderID, size-f.Size, 0); err != nil {
				return err
			}
		}
		mine = true
		_, err = tx.ExecContext(ctx, "update files set state = ?, size = ?, received = ?, updated_at = ? where id = ?",
			string(wire.FileChecking), size, size, now, fileID)
		return err
	})
	return mine, err
}

// Ready implements files.Store.
func (db *DB) Ready(ctx context.Context, f model.File, now int64) error {
	return db.write(ctx, "file ready", func(tx *sql.Tx) error {
		held, err := db.lockFile(ctx, tx, "f.id = ?", f.ID)
		switch {
		case err != nil:
			return err
		case held.State == wire.FileReady:
			return nil
		case held.State != wire.FileChecking:
			return errs.E(wire.Conflict, "", textFileDecided)
		}
		_, err = tx.ExecContext(ctx, `update files
   set state = ?, type = ?, sha256 = ?, width = ?, height = ?, thumbnail = ?, unscanned = ?, updated_at = ?
 where id = ?`, string(wire.FileReady), f.Type, f.SHA256, f.Width, f.Height, f.Thumbnail, f.Unscanned, now, f.ID)
		if err != nil || !f.Unscanned {
			return err
		}
		return db.appendAudit(ctx, tx, model.AuditEntry{
			At: now, ActorID: held.UploaderID, Action: model.AuditFileUnscanned, Subject: held.UUID, Detail: "{}",
		})
	})
}

// Refuse implements files.Store. What it took is free again.
func (db *DB) Refuse(ctx context.Context, fileID int64, refusal wire.Error, now int64) error {
	reason, err := json.Marshal(refusal)
	if err != nil {
		return fmt.Errorf("encode refusal: %w", err)
	}
	return db.write(ctx, "refuse file", func(tx *sql.Tx) error {
		f, err := db.lockFile(ctx, tx, "f.id = ?", fileID)
		switch {
		case err != nil:
			return err
		case f.State == wire.FileRefused:
			return nil
		case f.State == wire.FileReady:
			return errs.E(wire.Conflict, "", textFileDecided)
		}
		if err := db.addUsage(ctx, tx, f.UploaderID, -f.Size, -1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "update files set state = ?, refusal = ?, updated_at = ? where id = ?",
			string(wire.FileRefused), string(reason), now, fileID)
		return err
	})
}

// Drop implements files.Store.
func (db *DB) Drop(ctx context.Context, userID int64, fileUUID string) (f model.File, err error) {
	err = db.write(ctx, "drop file", func(tx *sql.Tx) error {
		f, err = db.lockFile(ctx, tx, "f.file_uuid = ? and f.uploader_id = ?", fileUUID, userID)
		if err != nil {
			return err
		}
		if f.SentAt != 0 {
			return errs.E(wire.Conflict, wire.ReasonFileUsed, textFileUsed)
		}
		return db.removeFile(ctx, tx, f)
	})
	return f, err
}

// removeFile removes a file's row, and what it took from the usage.
func (db *DB) removeFile(ctx context.Context, tx *sql.Tx, f model.File) error {
	if f.State != wire.FileRefused && f.GoneAt == 0 {
		if err := db.addUsage(ctx, tx, f.UploaderID, -f.Size, -1); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "delete from files where id = ?", f.ID)
	return err
}

// Unfinished implements files.Store.
func (db *DB) Unfinished(ctx context.Context, limit int) (found []model.File, err error) {
	err = db.read(ctx, "unfinished files", func(q querier) error {
		found, err = collect(ctx, q, scanFile, "select "+fileColumns+`
  from files f
 where f.state = 'checking'
 order by f.id
 limit ?`, limit)
		return err
	})
	return found, err
}

// Blobs implements files.Store. A refused file keeps no bytes, nor does one that retention took.
func (db *DB) Blobs(ctx context.Context, names []string) (known []string, err error) {
	err = db.read(ctx, "known blobs", func(q querier) error {
		known = nil
		for start := 0; start < len(names); start += maxIn {
			part := names[start:min(start+maxIn, len(names))]
			found, err := collect(ctx, q, scanText, `select blob_name
  from files
 where blob_name in (`+holes(len(part))+`)
   and state <> 'refused'
   and gone_at is null`, anys(part)...)
			if err != nil {
				return err
			}
			known = append(known, found...)
		}
		return nil
	})
	return known, err
}

// noFile turns the absence of a row into not_found (file_unknown).
func noFile(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return unknownFile()
	}
	return err
}

func unknownFile() *errs.Error { return errs.E(wire.NotFound, wire.ReasonFileUnknown, textNoFile) }

func scanText(row scanner) (s string, err error) {
	err = row.Scan(&s)
	return s, err
}
