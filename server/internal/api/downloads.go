package api

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
)

// sandboxed is for who opens a file in a browser: nothing in it runs, and it loads nothing.
const sandboxed = "sandbox; default-src 'none'; frame-ancestors 'none'"

// download hands out a file's bytes, or a range of them, as of RFC 9110.
func (a *API) download(w http.ResponseWriter, r *http.Request) {
	f, b, err := a.o.Files.Open(r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "id"))
	if err != nil {
		fail(w, r, err)
		return
	}
	defer b.Close()
	a.serveFile(w, r, f, b)
}

func (a *API) serveFile(w http.ResponseWriter, r *http.Request, f model.File, b files.Blob) {
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", disposition(f.Type, f.Name))
	a.serve(w, r, b, f.SHA256)
}

func (a *API) thumbnail(w http.ResponseWriter, r *http.Request) {
	size, err := strconv.Atoi(r.URL.Query().Get("size"))
	if err != nil {
		fail(w, r, errs.BadField("size", fieldWrong))
		return
	}
	f, b, err := a.o.Files.Thumbnail(r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "file_id"), size)
	if err != nil {
		fail(w, r, err)
		return
	}
	defer b.Close()
	contentType, err := pictureType(b)
	if err != nil {
		fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", "inline")
	a.serve(w, r, b, f.SHA256+"-"+strconv.Itoa(size))
}

// pictureType: the server's own encodings are one of two.
func pictureType(b files.Blob) (string, error) {
	mark := make([]byte, 1)
	if _, err := b.ReadAt(mark, 0); err != nil {
		return "", errs.Unavailable(time.Second, err)
	}
	if mark[0] == 0x89 {
		return "image/png", nil
	}
	return "image/jpeg", nil
}

// serve answers with bytes that never change under their tag. Who may have them is asked each time.
func (a *API) serve(w http.ResponseWriter, r *http.Request, b files.Blob, tag string) {
	h := w.Header()
	h.Set("ETag", `"`+tag+`"`)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Security-Policy", sandboxed)
	var content io.ReadSeeker = b
	if on, ok := b.(interface{ OSFile() *os.File }); ok {
		content = on.OSFile()
	}
	http.ServeContent(&pacedWriter{w, a.pace(w)}, r, "", time.Time{}, content)
}

// inlineTypes are pictures that were decoded when they were checked.
var inlineTypes = []string{"image/png", "image/jpeg", "image/gif"}

// disposition is Content-Disposition as of RFC 6266, with the name in UTF-8 (RFC 8187) and, for what is very old, in ASCII.
func disposition(contentType, name string) string {
	kind := "attachment"
	if slices.Contains(inlineTypes, contentType) {
		kind = "inline"
	}
	plain := strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	// PathEscape leaves some characters that RFC 8187 doesn't allow.
	encoded := strings.NewReplacer("(", "%28", ")", "%29", "'", "%27", "*", "%2A", "@", "%40", ":", "%3A", "=", "%3D",
		",", "%2C", ";", "%3B", "!", "%21").Replace(url.PathEscape(name))
	return kind + `; filename="` + plain + `"; filename*=UTF-8''` + encoded
}
