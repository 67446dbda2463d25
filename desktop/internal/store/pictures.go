package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Bounds of the cache of pictures. What came first goes first.
const (
	maxPictures     = 4000
	maxPictureBytes = 256 << 20 // of all together
)

// Picture is a room's picture, a thumbnail or a picture that was looked at. It never changes: a new one has another name.
type Picture struct {
	Type    string // its MIME type
	Content []byte
}

// Picture finds one in the cache, or returns ErrNotFound.
func (s *Store) Picture(ctx context.Context, pictureUUID string) (Picture, error) {
	var p Picture
	err := s.view(ctx, func(tx *sql.Tx) error {
		row := tx.QueryRowContext(ctx, "select type, content from pictures where picture_uuid = ?", pictureUUID)
		return row.Scan(&p.Type, &p.Content)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return p, ErrNotFound
	}
	if err != nil {
		return p, fmt.Errorf("read picture: %w", err)
	}
	return p, nil
}

// SavePicture puts one into the cache; the oldest make room for it. A repeat is harmless.
func (s *Store) SavePicture(ctx context.Context, pictureUUID string, p Picture) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
insert into pictures (picture_uuid, type, content)
values (?, ?, ?)
on conflict (picture_uuid) do nothing`, pictureUUID, p.Type, p.Content)
		if err != nil {
			return fmt.Errorf("save picture: %w", err)
		}
		_, err = tx.ExecContext(ctx, `
delete from pictures
where position in (
  select position
  from (
    select position,
           row_number() over latest as place,
           sum(length(content)) over latest as bytes
    from pictures
    window latest as (order by position desc)
  )
  where place > ? or bytes > ?)`, maxPictures, maxPictureBytes)
		if err != nil {
			return fmt.Errorf("bound the cache of pictures: %w", err)
		}
		return nil
	})
}
