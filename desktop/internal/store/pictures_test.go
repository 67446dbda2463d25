package store_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strconv"
	"testing"

	"himsg/desktop/internal/store"
)

func TestTheCacheOfPicturesKeepsWithinItsLimit(t *testing.T) {
	ctx := context.Background()
	s := fresh(t)
	const limit, size = 1 << 20, 100 << 10
	for i := range 30 {
		p := store.Picture{Type: "image/png", Content: bytes.Repeat([]byte{byte(i)}, size)}
		must(t, s.SavePicture(ctx, strconv.Itoa(i), p, limit))
		if held, err := s.PictureBytes(ctx); err != nil || held > limit || i > 10 && held < limit/2 {
			t.Fatalf("after %d: %d bytes, %v", i, held, err)
		}
	}
	if _, err := s.Picture(ctx, "0"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the oldest is still there: %v", err)
	}
	if _, err := s.Picture(ctx, "29"); err != nil {
		t.Errorf("the newest is gone: %v", err)
	}
	must(t, s.BoundPictures(ctx, 200<<10))
	if held, err := s.PictureBytes(ctx); err != nil || held > 200<<10 {
		t.Errorf("bounded: %d bytes, %v", held, err)
	}
	must(t, s.BoundPictures(ctx, 0))
	must(t, s.Shrink(ctx))
	if info, err := os.Stat(s.Path()); err != nil || info.Size() > 500<<10 {
		t.Errorf("an empty cache leaves %d bytes, %v", info.Size(), err)
	}
}
