package files

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// paint decodes a picture, which shows that it is one, and stores its thumbnails. Of an animated WebP that is the first frame;
// one that can't be decoded alone is sent without a preview.
func (s *Service) paint(ctx context.Context, f model.File, b Blob) (model.File, error) {
	picture := io.ReadSeeker(b)
	var m *movie
	if f.Type == "image/webp" {
		var err error
		if m, err = movieOf(ctx, b); err != nil {
			return f, err
		}
		if m != nil {
			picture = bytes.NewReader(m.first)
		}
	}
	small, width, height, err := s.o.Painter.Fit(ctx, picture, wire.SmallThumbnail, wire.LargeThumbnail)
	switch {
	case m != nil && errs.Is(err, wire.UnsupportedType):
		return f, nil
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
	if m != nil {
		width, height = m.width, m.height
	}
	f.Width, f.Height, f.Thumbnail = width, height, true
	return f, nil
}
