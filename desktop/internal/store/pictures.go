package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

// SavePicture puts one into the cache, which holds at most so many bytes; the oldest make room for it. A repeat is harmless.
func (s *Store) SavePicture(ctx context.Context, pictureUUID string, p Picture, most int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
insert into pictures (picture_uuid, type, content)
values (?, ?, ?)
on conflict (picture_uuid) do nothing`, pictureUUID, p.Type, p.Content)
		if err != nil {
			return fmt.Errorf("save picture: %w", err)
		}
		return s.boundPictures(ctx, tx, int64(len(p.Content)), most)
	})
}

// BoundPictures makes the cache hold at most so many bytes; 0 empties it.
func (s *Store) BoundPictures(ctx context.Context, most int64) error {
	return s.update(ctx, copied, func(tx *sql.Tx) error { return s.boundPictures(ctx, tx, 0, most) })
}

// boundPictures drops the oldest ones when there may be too many bytes: added came since it was last asked. writing is held.
// One look at all of them is dear, so it takes a tenth more than it has to.
func (s *Store) boundPictures(ctx context.Context, tx *sql.Tx, added, most int64) error {
	if s.pictureBytes >= 0 {
		s.pictureBytes += added
	}
	if s.pictureBytes >= 0 && s.pictureBytes <= most {
		return nil
	}
	s.pictureBytes = -1 // until it is known again
	var held int64
	if err := tx.QueryRowContext(ctx, sumOfPictures).Scan(&held); err != nil {
		return fmt.Errorf("size of the cache of pictures: %w", err)
	}
	if held > most {
		_, err := tx.ExecContext(ctx, `
delete from pictures
where position in (
  select position
  from (
    select position, sum(length(content)) over (order by position desc) as bytes
    from pictures
  )
  where bytes > ?)`, most-most/10)
		if err != nil {
			return fmt.Errorf("bound the cache of pictures: %w", err)
		}
		return nil
	}
	s.pictureBytes = held
	return nil
}

const sumOfPictures = "select coalesce(sum(length(content)), 0) from pictures"

// PictureBytes is how many bytes the cache of pictures holds.
func (s *Store) PictureBytes(ctx context.Context) (n int64, err error) {
	err = s.view(ctx, func(tx *sql.Tx) error { return tx.QueryRowContext(ctx, sumOfPictures).Scan(&n) })
	if err != nil {
		return 0, fmt.Errorf("size of the cache of pictures: %w", err)
	}
	return n, nil
}

// Shrink gives the disk what the file no longer needs. Others wait meanwhile.
func (s *Store) Shrink(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if _, err := s.write.ExecContext(ctx, "vacuum"); err != nil {
		return classify(fmt.Errorf("shrink the store: %w", err))
	}
	_, err := s.write.ExecContext(ctx, "pragma wal_checkpoint(truncate)")
	return classify(err)
}
