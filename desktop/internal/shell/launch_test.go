package shell

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"himsg/desktop/internal/core"
)

// builtPage is as Vite writes it.
const builtPage = `<!doctype html>
<html lang="ko">
  <head>
    <script type="module" crossorigin src="/assets/index-1.js"></script>
    <link rel="stylesheet" crossorigin href="/assets/index-2.css">
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>`

// launching is an app with a picture.
type launching struct {
	fakeApp
	picture core.Launch
}

func (l launching) Launch(context.Context) (core.Launch, bool) {
	return l.picture, l.picture.Markup != ""
}

func served(t *testing.T, page string, picture core.Launch, method, path string) (body, kind string) {
	t.Helper()
	w := &world{}
	s := New(Options{ProfileDir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	s.Connect(fakeTray{w}, fakeTaskbar{w}, fakeNotifier{w}, launching{fakeApp{world: w}, picture})
	var assets fs.FS = fstest.MapFS{"index.html": {Data: []byte(page)}}
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("the page itself")) })
	out := httptest.NewRecorder()
	s.launchHandler(assets, false)(next).ServeHTTP(out, httptest.NewRequestWithContext(t.Context(), method, path, nil))
	return out.Body.String(), out.Header().Get("Content-Type")
}

func TestLaunchPictureStandsInThePage(t *testing.T) {
	picture := core.Launch{LaunchPicture: core.LaunchPicture{
		Page: "/assets/index-1.js", Language: "en", Scheme: "light", Zoom: 150, Style: ":root{}", Markup: "<p>Chats</p>",
	}, OtherDay: true}
	const plain = "the page itself"
	body, kind := served(t, builtPage, picture, "GET", "/")
	if kind != "text/html; charset=utf-8" {
		t.Errorf("type %q", kind)
	}
	for _, want := range []string{
		`<html lang="en" data-mantine-color-scheme="light" style="font-size: 150%">`,
		`<link rel="modulepreload" crossorigin href="/assets/index-1.js">`,
		`<link rel="stylesheet" crossorigin href="/assets/index-2.css">`,
		`<style id="launch-style">:root{}</style></head>`,
		`<div id="root"></div><div id="launch" data-other-day><p>Chats</p></div><script src="/launch.js" data-code="/assets/index-1.js"></script>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("without %s:\n%s", want, body)
		}
	}
	if strings.Contains(body, `<script type="module"`) {
		t.Error("the code does not wait for the picture")
	}
	for name, c := range map[string]struct {
		page, method, path string
		change             func(*core.Launch)
	}{
		"another file":          {builtPage, "GET", "/assets/index-1.js", func(*core.Launch) {}},
		"another method":        {builtPage, "POST", "/", func(*core.Launch) {}},
		"no picture":            {builtPage, "GET", "/", func(l *core.Launch) { *l = core.Launch{} }},
		"of another page":       {builtPage, "GET", "/", func(l *core.Launch) { l.Page = "/assets/index-0.js" }},
		"in other colours":      {builtPage, "GET", "/", func(l *core.Launch) { l.Scheme = "dark" }},
		"a page without places": {"<html></html>", "GET", "/", func(*core.Launch) {}},
	} {
		other := picture
		c.change(&other)
		if body, _ := served(t, c.page, other, c.method, c.path); body != plain {
			t.Errorf("%s: %s", name, body)
		}
	}
}
