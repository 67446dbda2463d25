package shell

import (
	"context"
	"errors"
	"html"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"himsg/desktop/internal/core"
)

// launchWait bounds how long the page waits for the store to be opened. With a keyring that is locked nobody signs in soon,
// and without a picture the page comes up as it did before there were any.
const launchWait = 400 * time.Millisecond

// launcher is what the page is served with.
type launcher interface {
	Launch(ctx context.Context) (core.Launch, bool)
}

// errPage says that the built page is not the one that this file was written for.
var errPage = errors.New("the page has no place for a launch picture")

// launchPage is the built page, cut where a launch picture goes in.
type launchPage struct {
	beforeLanguage, beforeScript, beforeStyle, beforeMarkup, rest string
	script                                                        string // the path of its code
}

const (
	pageLanguage = `<html lang="ko">`
	pageScript   = `<script type="module" crossorigin src="`
	pageMarkup   = `<div id="root"></div>`
)

func cutPage(text string) (launchPage, error) {
	var p launchPage
	var ok [4]bool
	p.beforeLanguage, text, ok[0] = strings.Cut(text, pageLanguage)
	p.beforeScript, text, ok[1] = strings.Cut(text, pageScript)
	p.script, text, ok[2] = strings.Cut(text, `"></script>`)
	p.beforeStyle, text, _ = strings.Cut(text, `</head>`)
	p.beforeMarkup, p.rest, ok[3] = strings.Cut(text, pageMarkup)
	if ok != [4]bool{true, true, true, true} {
		return p, errPage
	}
	return p, nil
}

// with is the page that shows a picture first. Its code is fetched meanwhile and runs once the picture was painted:
// launch.js sees to it.
func (p launchPage) with(l core.Launch) string {
	var b strings.Builder
	b.Grow(len(l.Style) + len(l.Markup) + 4096)
	b.WriteString(p.beforeLanguage)
	b.WriteString(`<html lang="` + l.Language + `" data-mantine-color-scheme="` + l.Scheme + `" style="font-size: ` + strconv.Itoa(l.Zoom) + `%">`)
	b.WriteString(p.beforeScript)
	b.WriteString(`<link rel="modulepreload" crossorigin href="` + p.script + `">`)
	b.WriteString(p.beforeStyle)
	b.WriteString(`<style id="launch-style">` + l.Style + `</style></head>`)
	b.WriteString(p.beforeMarkup)
	b.WriteString(pageMarkup + `<div id="launch"`)
	if l.OtherDay {
		b.WriteString(` data-other-day`)
	}
	b.WriteString(`>` + l.Markup + `</div><script src="/launch.js" data-code="` + html.EscapeString(p.script) + `"></script>`)
	b.WriteString(p.rest)
	return b.String()
}

// launchHandler serves the page with the launch picture, and hands everything else on. A picture of another version of the
// page, or in the colours of another theme than the present one, is not shown. dark: the present one is.
func (s *Shell) launchHandler(assets fs.FS, dark bool) func(http.Handler) http.Handler {
	text, err := fs.ReadFile(assets, "index.html")
	page, cutErr := cutPage(string(text))
	if err := errors.Join(err, cutErr); err != nil {
		s.opts.Logger.Error("start without launch pictures", "error", err)
		return func(next http.Handler) http.Handler { return next }
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if path := r.URL.EscapedPath(); r.Method != http.MethodGet || path != "/" && path != "/index.html" && path != "" {
				next.ServeHTTP(w, r)
				return
			}
			ctx, cancel := context.WithTimeout(r.Context(), launchWait)
			defer cancel()
			picture, ok := s.app.Launch(ctx)
			if !ok || picture.Page != page.script || (picture.Scheme == "dark") != dark {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Cache-Control", "no-store")
			_, _ = w.Write([]byte(page.with(picture))) // the page went away: nobody is left to be told
		})
	}
}
