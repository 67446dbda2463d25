package core

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strconv"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// What is shown of pictures.
const (
	maxShown       = 32 << 20 // bytes of a picture that the page is given
	maxCachedImage = 8 << 20  // and of one that is kept here
	maxCopied      = 64 << 20 // pixels of a picture that is copied
)

var errNoPicture = refuse(wire.NotFound, "", "no such picture")

// Thumbnail finds the small picture of a file for the shell, which serves it to the page: in the store, or on the server.
// Whatever the page can't see now is not found, and all while the app is locked. size is wire.SmallThumbnail or
// wire.LargeThumbnail.
func (c *Core) Thumbnail(ctx context.Context, fileID string, size int) (Picture, error) {
	return c.shown(ctx, func(ctx context.Context, s *session) (Picture, error) { return s.thumbnail(ctx, fileID, size) })
}

func (s *session) thumbnail(ctx context.Context, fileID string, size int) (Picture, error) {
	f, _, err := s.file(ctx, fileID)
	if err != nil || !f.Thumbnail || size != wire.SmallThumbnail && size != wire.LargeThumbnail {
		return Picture{}, errNoPicture
	}
	return s.cached(ctx, fileID+"/"+strconv.Itoa(size), maxCachedImage, func() ([]byte, error) {
		content, _, err := s.auth.Thumbnail(ctx, fileID, size)
		return content, err
	})
}

// Image finds a picture itself, as Thumbnail does, for the viewer.
func (c *Core) Image(ctx context.Context, fileID string) (Picture, error) {
	return c.shown(ctx, func(ctx context.Context, s *session) (Picture, error) { return s.image(ctx, fileID) })
}

func (s *session) image(ctx context.Context, fileID string) (Picture, error) {
	f, _, err := s.toSave(ctx, fileID)
	if err != nil || !f.Thumbnail || f.Size > maxShown {
		return Picture{}, errNoPicture
	}
	return s.cached(ctx, fileID+"/image", maxShown, func() ([]byte, error) {
		var content client.Buffer
		err := s.auth.Download(ctx, f, &content, nil)
		return content.Bytes(), err
	})
}

// cached takes a picture from the store, or fetches it; what is not too large is kept.
func (s *session) cached(ctx context.Context, name string, most int, fetch func() ([]byte, error)) (Picture, error) {
	defer s.fetching.enter(name)()
	held, err := s.store.Picture(ctx, name)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return Picture(held), s.storeFailed(err)
	}
	content, err := fetch()
	if err != nil {
		return Picture{}, err
	}
	p, err := checkPicture(content, most)
	if err == nil && len(content) <= maxCachedImage {
		err = s.storeFailed(s.store.SavePicture(ctx, name, store.Picture(p), s.cacheLimit()))
	}
	return p, err
}

// checkPicture lets through what is a png, a jpeg or a gif by its content.
func checkPicture(content []byte, most int) (Picture, error) {
	kind := http.DetectContentType(content)
	if len(content) > most || !slices.Contains(pictureKinds, kind) {
		return Picture{}, refuse(wire.UnsupportedType, wire.ReasonBadImage, "not a picture")
	}
	return Picture{Type: kind, Content: content}, nil
}

// HeldPicture finds the picture of a file in a composer.
func (c *Core) HeldPicture(ctx context.Context, handle string) (Picture, error) {
	return c.shown(ctx, func(ctx context.Context, s *session) (Picture, error) {
		if checkID(handle) != nil {
			return Picture{}, errNoPicture
		}
		u, err := s.store.Upload(ctx, handle)
		if err != nil || u.Width == 0 || u.Size > maxShown || max(u.Width, u.Height) > maxPreviewSide {
			return Picture{}, errNoPicture
		}
		from, err := s.uploads.open(ctx, u)
		if err != nil {
			return Picture{}, err
		}
		defer func() { _ = from.Close() }() // it was read only
		content, err := io.ReadAll(io.NewSectionReader(from, 0, u.Size))
		if err != nil {
			return Picture{}, errNoPicture
		}
		return checkPicture(content, maxShown)
	})
}

// shown runs a request of the page's for a picture; it ends with ctx, when the page does not want it any more.
func (c *Core) shown(ctx context.Context, find func(context.Context, *session) (Picture, error)) (Picture, error) {
	s, err := c.signedIn()
	if err != nil {
		return Picture{}, errNoPicture
	}
	call, cancel := s.call()
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	p, err := find(call, s) //nolint:contextcheck // it ends with ctx, see above
	if err == nil && s.lock.Locked() {
		return Picture{}, errNoPicture // meanwhile
	}
	return p, fail(err)
}

// CheckPicture says why a picture can't be shown, which an img does not: it is asked for once more, at a size of Thumbnail's
// or, with 0, itself. nil: now it can be shown.
func (c *Core) CheckPicture(fileID string, size int) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		if size == 0 {
			_, err := s.image(ctx, fileID)
			return err
		}
		_, err := s.thumbnail(ctx, fileID, size)
		return err
	})
}

// CopyPicture puts a picture on the clipboard.
func (c *Core) CopyPicture(fileID string) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		p, err := s.image(ctx, fileID)
		if err != nil {
			return err
		}
		content, err := asPNG(p)
		if err != nil {
			return err
		}
		err = c.o.Desktop.CopyImage(content)
		if errors.Is(err, ErrNoClipboard) {
			return refuse(wire.Unavailable, reasonNoClipboard, err.Error())
		}
		return err
	})
}

// asPNG is the form in which clipboards take pictures.
func asPNG(p Picture) ([]byte, error) {
	if p.Type == "image/png" {
		return p.Content, nil
	}
	bad := refuse(wire.UnsupportedType, wire.ReasonBadImage, "not a picture that can be read")
	size, _, err := image.DecodeConfig(bytes.NewReader(p.Content))
	if err != nil || size.Width > maxCopied || size.Height > maxCopied || size.Width*size.Height > maxCopied {
		return nil, bad
	}
	picture, _, err := image.Decode(bytes.NewReader(p.Content))
	if err != nil {
		return nil, bad
	}
	var out bytes.Buffer
	err = png.Encode(&out, picture)
	return out.Bytes(), err
}
