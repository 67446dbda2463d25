package shell

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"himsg/desktop/internal/core"
)

// picturePath is where the page finds pictures of rooms: /picture/<picture_uuid>.
const picturePath = "/picture/"

// pictures is what the handler needs of the app.
type pictures interface {
	Picture(ctx context.Context, pictureUUID string) (core.Picture, error)
}

// pictureHandler answers what is not among the page's own files: pictures of rooms, and nothing else. Whatever it does not
// know is not found; it looks at the whole path as it was sent, so that no other spelling of one gets in.
func pictureHandler(from pictures) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, ok := strings.CutPrefix(r.URL.EscapedPath(), picturePath)
		if !ok || r.Method != http.MethodGet || r.URL.RawQuery != "" {
			http.NotFound(w, r)
			return
		}
		p, err := from.Picture(r.Context(), id)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", p.Type)
		h.Set("Content-Length", strconv.Itoa(len(p.Content)))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
		h.Set("Cache-Control", "private, max-age=31536000, immutable") // a new picture has another name
		_, _ = w.Write(p.Content)                                      // the page went away: nobody is left to be told
	})
}
