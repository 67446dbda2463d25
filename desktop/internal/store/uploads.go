package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// UploadState is how far a file on its way out has come.
type UploadState string

// The states of an upload.
const (
	UploadHeld     UploadState = "held"     // in a composer
	UploadWaiting  UploadState = "waiting"  // its bytes are to be sent
	UploadChecking UploadState = "checking" // the server has all of them
	UploadReady    UploadState = "ready"    // it can be sent with its message
	UploadFailed   UploadState = "failed"   // Failure says why
)

// Upload is a file on its way out, from the composer on until the server's message is there.
type Upload struct {
	ID       string
	RoomUUID string
	ClientID string // of its message; empty in a composer
	Place    int64  // order in the composer and in the message
	Name     string
	Size     int64
	Type     string // MIME type by the name
	Width    int    // of a picture
	Height   int
	Path     string // empty: its bytes are in the store, see UploadContent
	Modified int64  // of the file, nanoseconds
	FileID   string // the server's name for it; empty until it was begun
	SHA256   string // hex; empty until it was read
	State    UploadState
	Failure  string // JSON
	Seal     []byte // key of its sealed file, see HoldSealed
}

// firstUploadColumns are those of a file that broke before its migration to 0005.
const firstUploadColumns = `upload_id, room_uuid, client_id, place, name, size, type, width, height, path, modified,
file_id, sha256, state, failure`

const uploadColumns = firstUploadColumns + ", seal"

// targets are where a row of uploadColumns goes.
func (u *Upload) targets() []any {
	return []any{
		&u.ID, &u.RoomUUID, &u.ClientID, &u.Place, &u.Name, &u.Size, &u.Type, &u.Width, &u.Height, &u.Path,
		&u.Modified, &u.FileID, &u.SHA256, &u.State, &u.Failure, &u.Seal,
	}
}

func scanUpload(rows *sql.Rows) (u Upload, err error) {
	err = rows.Scan(u.targets()...)
	return u, err
}

// Hold puts a file at the end of a room's composer, durably. content is nil for a file that has a path.
func (s *Store) Hold(ctx context.Context, u Upload, content []byte) error {
	u.Seal = nil
	return s.holdUpload(ctx, u, content)
}

func (s *Store) holdUpload(ctx context.Context, u Upload, content []byte) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		u.ClientID, u.State = "", UploadHeld
		err := tx.QueryRowContext(ctx, "select coalesce(max(place), 0) + 1 from uploads").Scan(&u.Place)
		if err != nil {
			return fmt.Errorf("place of a held file: %w", err)
		}
		if u.Seal != nil {
			s.sealed[u.ID] = true
		}
		return insertUpload(ctx, tx, u, content)
	})
}

func insertUpload(ctx context.Context, tx *sql.Tx, u Upload, content []byte) error {
	_, err := tx.ExecContext(ctx, `
insert into uploads (`+uploadColumns+`, content)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (upload_id) do nothing`,
		u.ID, u.RoomUUID, u.ClientID, u.Place, u.Name, u.Size, u.Type, u.Width, u.Height, u.Path, u.Modified,
		u.FileID, u.SHA256, u.State, u.Failure, u.Seal, content)
	if err != nil {
		return fmt.Errorf("insert upload: %w", err)
	}
	return nil
}

// HeldUploads lists what waits in a room's composer, in order. An empty room lists all rooms'.
func (s *Store) HeldUploads(ctx context.Context, roomUUID string) ([]Upload, error) {
	return s.uploads(ctx, "client_id = '' and ? in (room_uuid, '') order by place", roomUUID)
}

// UploadsToDo lists the files whose bytes the server has not all taken and checked, the oldest message's first. Those of a
// failed message wait for the user.
func (s *Store) UploadsToDo(ctx context.Context) ([]Upload, error) {
	return s.uploads(ctx, `state in ('waiting', 'checking') and client_id in (select client_id from outbox where failure = '')
order by (select position from outbox o where o.client_id = uploads.client_id), place`)
}

// Uploads lists the files of all messages of the outbox.
func (s *Store) Uploads(ctx context.Context) ([]Upload, error) {
	return s.uploads(ctx, "client_id <> '' order by place")
}

// Upload finds one by its ID, or returns ErrNotFound.
func (s *Store) Upload(ctx context.Context, id string) (Upload, error) {
	found, err := s.uploads(ctx, "upload_id = ?", id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Upload{}, err
	}
	return found[0], nil
}

func (s *Store) uploads(ctx context.Context, where string, args ...any) (out []Upload, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		out, err = readUploads(ctx, tx, where, args...)
		return err
	})
	return out, err
}

func readUploads(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]Upload, error) {
	rows, err := tx.QueryContext(ctx, "select "+uploadColumns+" from uploads where "+where, args...)
	out, err := collect(rows, err, scanUpload)
	if err != nil {
		return nil, fmt.Errorf("read uploads: %w", err)
	}
	return out, nil
}

// UploadContent returns the bytes of one that has no path.
func (s *Store) UploadContent(ctx context.Context, id string) (content []byte, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "select content from uploads where upload_id = ?", id).Scan(&content)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read pasted file: %w", err)
	}
	return content, nil
}

// DropHeldUploads takes files out of a room's composer. A repeat is harmless.
func (s *Store) DropHeldUploads(ctx context.Context, roomUUID string, ids []string) error {
	list, err := encode(ids)
	if err != nil {
		return fmt.Errorf("encode handles: %w", err)
	}
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
delete from uploads
where room_uuid = ? and client_id = '' and upload_id in (select value from json_each(?))`, roomUUID, list)
		if err != nil {
			return fmt.Errorf("drop held files: %w", err)
		}
		return nil
	})
}

// EnqueueWithFiles puts a message at the end of the outbox, with files out of its room's composer in that order: all,
// durably, or nothing. It returns ErrNotFound when one of them is not there.
func (s *Store) EnqueueWithFiles(ctx context.Context, o Outgoing, ids []string) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		if err := enqueue(ctx, tx, o); err != nil {
			return err
		}
		for place, id := range ids {
			err := changeOne(ctx, tx, `
update uploads
set client_id = ?, place = ?, state = 'waiting'
where upload_id = ? and room_uuid = ? and client_id = ''`, o.ClientID, place, id, o.RoomUUID)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// SetUpload keeps how far one has come: FileID, SHA256 and State. It returns ErrNotFound when it was dropped meanwhile.
func (s *Store) SetUpload(ctx context.Context, u Upload) error {
	return s.changeUnsent(ctx, "update uploads set file_id = ?, sha256 = ?, state = ? where upload_id = ? and client_id <> ''",
		u.FileID, u.SHA256, u.State, u.ID)
}

// FailUpload notes why a file can't be sent, and its message with it. It returns ErrNotFound when it was dropped meanwhile.
func (s *Store) FailUpload(ctx context.Context, u Upload, failure string) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		err := changeOne(ctx, tx, "update uploads set state = 'failed', failure = ?, file_id = '' where upload_id = ?", failure, u.ID)
		if err != nil {
			return err
		}
		return changeOne(ctx, tx, "update outbox set failure = ? where client_id = ? and sent_seq = 0", failure, u.ClientID)
	})
}

// DropUpload takes a file out of its message, which goes too when nothing is left of it: gone. A message that only waited
// for this file is to be tried again.
func (s *Store) DropUpload(ctx context.Context, u Upload) (gone bool, err error) {
	err = s.update(ctx, durable, func(tx *sql.Tx) error {
		err := changeOne(ctx, tx, `
delete from uploads
where upload_id = ? and client_id in (select client_id from outbox where sent_seq = 0)`, u.ID)
		if err != nil {
			return err
		}
		var left, failed int
		var text string
		err = tx.QueryRowContext(ctx, `
select o.text, count(u.upload_id), count(case when u.state = 'failed' then 1 end)
from outbox o
left join uploads u on u.client_id = o.client_id
where o.client_id = ?
group by o.client_id`, u.ClientID).Scan(&text, &left, &failed)
		if err != nil {
			return fmt.Errorf("what is left of a message: %w", err)
		}
		gone = left == 0 && text == ""
		if gone {
			return changeOne(ctx, tx, "delete from outbox where client_id = ?", u.ClientID)
		}
		if failed > 0 || u.State != UploadFailed {
			return nil
		}
		return changeOne(ctx, tx, "update outbox set failure = '' where client_id = ?", u.ClientID)
	})
	return gone, err
}

// retryUploads makes the failed files of a message ones that are to be sent.
func retryUploads(ctx context.Context, tx *sql.Tx, clientID string) error {
	_, err := tx.ExecContext(ctx, `
update uploads
set state = 'waiting', failure = ''
where client_id = ? and state = 'failed'`, clientID)
	if err != nil {
		return fmt.Errorf("retry uploads: %w", err)
	}
	return nil
}

// withUploads adds their files to outgoing messages.
func withUploads(ctx context.Context, tx *sql.Tx, list []Outgoing) error {
	for i := range list {
		var err error
		if list[i].Files, err = readUploads(ctx, tx, "client_id = ? order by place", list[i].ClientID); err != nil {
			return err
		}
	}
	return nil
}

// changeOne runs a statement that changes one row, or returns ErrNotFound.
func changeOne(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("change a row: %w", err)
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return err
}
