package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"himsg/server/internal/errs"
	"himsg/server/internal/shelf"
	"himsg/shared/release"
	"himsg/shared/wire"
)

// maxDownloads bounds how many installers are sent at once: an office that updates in the morning must not keep messages waiting.
// Who comes later is asked to wait, and an app does.
const maxDownloads = 64

// againAfter is when somebody whose download found no place may come again.
const againAfter = 30 * time.Second

// installersPerAddr limits what an address asks for in a minute without being anybody: an office may share one.
const installersPerAddr = 3000

// releaseRoutes are the page and the files that a browser asks for. Nobody needs to be signed in: who installs is nobody yet.
func (a *API) releaseRoutes() {
	places := make(chan struct{}, maxDownloads)
	few := a.router.With(a.limit("installers", installersPerAddr, byAddress))
	few.Get("/", a.downloadPage)
	few.Get("/download", a.downloadPage)
	few.Get("/download/{sequence}/{name}", func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
			a.installer(w, r)
		default:
			fail(w, r, errs.Unavailable(againAfter, nil))
		}
	})
}

func (a *API) updateRoutes(doc huma.API) {
	open(a, doc, op("GET /api/update", "The signed manifest of the newest app for a ring").atMost(refreshsPerAddr), a.update)
}

func (a *API) update(_ context.Context, in *struct {
	Ring string `query:"ring" maxLength:"32" doc:"The ring in the app's policy; empty: none"`
},
) (*output[release.Signed], error) {
	r, ok := a.o.Releases.Newest(in.Ring)
	if !ok {
		return nil, errs.NotFound(errs.Text{})
	}
	return answer(r.Signed), nil
}

// installer hands out a file of a release, or a range of it, as of RFC 9110.
func (a *API) installer(w http.ResponseWriter, r *http.Request) {
	sequence, err := strconv.ParseInt(chi.URLParam(r, "sequence"), 10, 64)
	if err != nil {
		fail(w, r, errs.NotFound(errs.Text{}))
		return
	}
	f, file, err := a.o.Releases.File(sequence, chi.URLParam(r, "name"))
	if errors.Is(err, shelf.ErrUnknown) {
		fail(w, r, errs.NotFound(errs.Text{}))
		return
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	defer func() { _ = f.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", installerType(file.Kind))
	h.Set("Content-Disposition", disposition("", file.Name))
	h.Set("ETag", `"`+file.SHA256+`"`)
	h.Set("Cache-Control", "public, no-cache")
	h.Set("Content-Security-Policy", sandboxed)
	http.ServeContent(&pacedWriter{w, a.pace(w)}, r, "", time.Time{}, f)
}

// installerType is the media type by which old browsers know what to do with a file.
func installerType(kind string) string {
	switch kind {
	case release.KindMSI:
		return "application/x-msi"
	case release.KindDeb:
		return "application/vnd.debian.binary-package"
	case release.KindRPM:
		return "application/x-rpm"
	case release.KindArchive:
		return "application/gzip"
	case release.KindZip:
		return "application/zip"
	}
	return "application/octet-stream"
}

// agent begins the User-Agent of the desktop app; its version follows.
const agent = "himsg-desktop/"

// appVersion is the version of the app that asks; empty for who is none.
func appVersion(r *http.Request) string {
	rest, ok := strings.CutPrefix(r.UserAgent(), agent)
	version, _, _ := strings.Cut(rest, " ")
	if !ok || !release.IsVersion(version) {
		return ""
	}
	return version
}

// recent turns an app away that is older than the newest release allows. What it needs to learn that and to update is left open.
// This is no guard: who wants to can say that he is another program.
func (a *API) recent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if version := recordOf(r.Context()).app; version != "" && needsRecent(r.URL.Path) {
			if oldest, old := a.o.Releases.TooOld(version); old {
				refuse(w, r, errs.Status(wire.TooOld), errs.E(wire.TooOld, "", errs.Text{
					KO: "이 앱(" + version + ")은 너무 오래된 버전입니다. " + oldest + " 이상을 설치해주세요.",
					EN: "This app (" + version + ") is too old. Please install " + oldest + " or newer.",
				}))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func needsRecent(path string) bool {
	return path == "/ws" || strings.HasPrefix(path, "/api/") && path != "/api/server" && path != "/api/update"
}
