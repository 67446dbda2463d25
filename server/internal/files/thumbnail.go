package files

import (
	"bytes"
	"context"
	"fmt"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// paint decodes a picture, which shows that it is one, and stores its thumbnails.
func (s *Service) paint(ctx context.Context, f model.File, b Blob) (model.File, error) {
	small, width, height, err := s.o.Painter.Fit(ctx, b, wire.SmallThumbnail, wire.LargeThumbnail)
	switch {
	case errs.Is(err, wire.TooLarge):
		return f, imageRefused(err)
	case errs.Is(err, wire.UnsupportedType):
		return f, contentRefused(err)
	case err != nil:
		return f, fmt.Errorf("make thumbnails: %w", err)
	}
	for i, part := range []string{partSmall, partLarge} {
		name := blobPart(f.Blob, part)
		if _, err := s.o.Blobs.Append(ctx, name, 0, bytes.NewReader(small[i])); err != nil {
			return f, fmt.Errorf("store a thumbnail: %w", err)
		}
		if err := s.o.Blobs.Finish(ctx, name); err != nil {
			return f, fmt.Errorf("finish a thumbnail: %w", err)
		}
	}
	f.Width, f.Height, f.Thumbnail = width, height, true
	return f, nil
}
