package shell

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

const pictureID = "00000000-0000-7000-8000-0000000000aa"

func TestPictures(t *testing.T) {
	handler := pictureHandler(fakeApp{world: &world{}})
	get := func(method, target string) *httptest.ResponseRecorder {
		t.Helper()
		address, err := url.Parse("wails://wails" + target)
		if err != nil {
			t.Fatal(err)
		}
		out := httptest.NewRecorder()
		handler.ServeHTTP(out, &http.Request{Method: method, URL: address, Header: http.Header{}})
		return out
	}
	out := get("GET", "/picture/"+pictureID)
	if out.Code != 200 || out.Body.String() != "png" {
		t.Fatalf("%d %q", out.Code, out.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Content-Length": "3",
		"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "private, max-age=31536000, immutable",
	} {
		if got := out.Header().Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, target := range []string{"/thumbnail/" + pictureID + "/240", "/image/" + pictureID, "/held/" + pictureID} {
		if out := get("GET", target); out.Code != 200 || out.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d, %v", target, out.Code, out.Header())
		}
	}
	if got := get("GET", "/image/"+pictureID).Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("the web view keeps a picture: %q", got)
	}
	for name, c := range map[string]struct{ method, target string }{
		"another size":    {"GET", "/thumbnail/" + pictureID + "/241"},
		"no size":         {"GET", "/thumbnail/" + pictureID},
		"size, encoded":   {"GET", "/thumbnail/" + pictureID + "/%3240"},
		"held, above":     {"GET", "/held/../" + pictureID},
		"image, a folder": {"GET", "/image/"},
		"unknown":         {"GET", "/picture/" + strings.Replace(pictureID, "aa", "bb", 1)},
		"none":            {"GET", "/picture/"},
		"a folder":        {"GET", "/picture"},
		"above":           {"GET", "/picture/../index.html"},
		"above, encoded":  {"GET", "/picture/%2e%2e%2fprofile.json"},
		"below":           {"GET", "/picture/" + pictureID + "/x"},
		"behind a slash":  {"GET", "//picture/" + pictureID},
		"id, encoded":     {"GET", "/picture/%30" + pictureID[1:]},
		"a zero byte":     {"GET", "/picture/" + pictureID + "%00"},
		"a query":         {"GET", "/picture/" + pictureID + "?x=1"},
		"another place":   {"GET", "/etc/passwd"},
		"post":            {"POST", "/picture/" + pictureID},
		"delete":          {"DELETE", "/picture/" + pictureID},
		"head, no method": {"", "/picture/" + pictureID},
	} {
		t.Run(name, func(t *testing.T) {
			if out := get(c.method, c.target); out.Code != http.StatusNotFound {
				t.Errorf("%d", out.Code)
			}
		})
	}
}
