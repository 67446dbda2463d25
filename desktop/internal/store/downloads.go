package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"himsg/shared/wire"
)

// DownloadState is how far a file on its way in has come.
type DownloadState string

// The states of a download.
const (
	DownloadWaiting DownloadState = "waiting"
	DownloadFailed  DownloadState = "failed" // Failure says why
	DownloadDone    DownloadState = "done"   // it is at Path
)

// Download is a file on its way in, or one that was saved.
type Download struct {
	ID       string
	File     wire.File
	RoomUUID string
	Path     string // where it goes; of one that is not Chosen it is the folder, until it is done
	Part     string // where its bytes gather
	Chosen   bool   // by the user: what is there is replaced
	State    DownloadState
	Failure  string // JSON
}

const downloadColumns = "download_id, room_uuid, file, path, part, chosen, state, failure"

func scanDownload(rows *sql.Rows) (d Download, err error) {
	var file string
	err = rows.Scan(&d.ID, &d.RoomUUID, &file, &d.Path, &d.Part, &d.Chosen, &d.State, &d.Failure)
	if err == nil && json.Unmarshal([]byte(file), &d.File) != nil {
		err = fmt.Errorf("%w: a download", ErrDamaged)
	}
	return d, err
}

// SaveDownload keeps a download, or how far it has come, durably. A done one replaces what was saved of the file before.
func (s *Store) SaveDownload(ctx context.Context, d Download) error {
	file, err := json.Marshal(d.File)
	if err != nil {
		return fmt.Errorf("encode file: %w", err)
	}
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		if d.State == DownloadDone {
			_, err := tx.ExecContext(ctx, "delete from downloads where file_id = ? and state = 'done'", d.File.FileID)
			if err != nil {
				return fmt.Errorf("forget an older copy: %w", err)
			}
		}
		_, err := tx.ExecContext(ctx, `
insert into downloads (`+downloadColumns+`, file_id, place)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, (select coalesce(max(place), 0) + 1 from downloads))
on conflict (download_id) do update
set path = excluded.path, part = excluded.part, state = excluded.state, failure = excluded.failure`,
			d.ID, d.RoomUUID, string(file), d.Path, d.Part, d.Chosen, d.State, d.Failure, d.File.FileID)
		if err != nil {
			return fmt.Errorf("save download: %w", err)
		}
		return nil
	})
}

// DropDownload forgets one. A repeat is harmless.
func (s *Store) DropDownload(ctx context.Context, id string) error {
	return s.update(ctx, durable, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "delete from downloads where download_id = ?", id); err != nil {
			return fmt.Errorf("drop download: %w", err)
		}
		return nil
	})
}

// Downloads lists all, in the order in which they were asked for; done ones too.
func (s *Store) Downloads(ctx context.Context) (out []Download, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "select "+downloadColumns+" from downloads order by place")
		out, err = collect(rows, err, scanDownload)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read downloads: %w", err)
	}
	return out, nil
}
