package shell

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// Where the page finds pictures: /picture/<picture_uuid> of rooms and people, /thumbnail/<file_id>/240 and /960 and /image/<file_id> of
// files, /held/<handle> of what waits in a composer.
const (
	picturePath   = "/picture/"
	thumbnailPath = "/thumbnail/"
	imagePath     = "/image/"
	heldPath      = "/held/"
)

// pictures is what the handler needs of the app.
type pictures interface {
	Picture(ctx context.Context, pictureUUID string) (core.Picture, error)
	Thumbnail(ctx context.Context, fileID string, size int) (core.Picture, error)
	Image(ctx context.Context, fileID string) (core.Picture, error)
	HeldPicture(ctx context.Context, handle string) (core.Picture, error)
}

// finder finds the picture of one request; nil: there is no such place.
type finder func(ctx context.Context) (core.Picture, error)

// find reads a path. It looks at the whole of it as it was sent, so that no other spelling of one gets in.
func find(from pictures, path string) (find finder, keep bool) {
	if id, ok := strings.CutPrefix(path, picturePath); ok {
		return func(ctx context.Context) (core.Picture, error) { return from.Picture(ctx, id) }, true
	}
	if rest, ok := strings.CutPrefix(path, thumbnailPath); ok {
		for _, size := range []int{wire.SmallThumbnail, wire.LargeThumbnail} {
			if id, ok := strings.CutSuffix(rest, "/"+strconv.Itoa(size)); ok {
				return func(ctx context.Context) (core.Picture, error) { return from.Thumbnail(ctx, id, size) }, true
			}
		}
	}
	if id, ok := strings.CutPrefix(path, imagePath); ok {
		return func(ctx context.Context) (core.Picture, error) { return from.Image(ctx, id) }, false
	}
	if handle, ok := strings.CutPrefix(path, heldPath); ok {
		return func(ctx context.Context) (core.Picture, error) { return from.HeldPicture(ctx, handle) }, false
	}
	return nil, false
}

// pictureHandler answers what is not among the page's own files: pictures, and nothing else. Whatever it does not know is
// not found. The web view keeps none of a person's files beyond the encrypted store: only rooms' pictures and thumbnails are
// kept, in its memory.
func pictureHandler(from pictures) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		find, keep := find(from, r.URL.EscapedPath())
		if find == nil || r.Method != http.MethodGet || r.URL.RawQuery != "" {
			http.NotFound(w, r)
			return
		}
		p, err := find(r.Context())
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", p.Type)
		h.Set("Content-Length", strconv.Itoa(len(p.Content)))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		h.Set("Cache-Control", "no-store")
		if keep {
			h.Set("Cache-Control", "private, max-age=31536000, immutable") // a new picture has another name
		}
		_, _ = w.Write(p.Content) // the page went away: nobody is left to be told
	})
}
