package core_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// srvBrowser is the test's server at a sign-in by the browser.
type srvBrowser struct {
	begin  wire.BrowserBeginRequest
	finish wire.BrowserFinishRequest
	as     string // who comes back, if it is not me
	link   string // in place of the company's page
}

func (s *server) browserRoutes(mux *http.ServeMux, pair func() wire.LoginReply) {
	mux.HandleFunc("POST /api/sign-in/begin", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		_ = json.NewDecoder(r.Body).Decode(&s.browser.begin)
		reply := wire.BrowserBeginReply{AuthorizationURL: "https://login.example/auth", State: "the state", Attempt: "sealed"}
		if s.browser.link != "" {
			reply.AuthorizationURL = s.browser.link
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(reply)
	})
	mux.HandleFunc("POST /api/sign-in/finish", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		_ = json.NewDecoder(r.Body).Decode(&s.browser.finish)
		w.Header().Set("Content-Type", "application/json")
		sum := sha256.Sum256([]byte(s.browser.finish.CodeVerifier))
		if s.browser.finish.Code != "the code" || s.browser.begin.CodeChallenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
			w.WriteHeader(http.StatusUnauthorized)
			_ = json.NewEncoder(w).Encode(wire.HTTPError{Error: "no", Code: wire.Unauthenticated, Reason: wire.ReasonBadCredentials})
			return
		}
		reply := pair()
		if s.browser.as != "" {
			reply.User.UUID = s.browser.as
		}
		_ = json.NewEncoder(w).Encode(reply)
	})
}

// browse is what the browser asks for at this machine; host replaces the address that it names.
func browse(t *testing.T, method, address, host string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// back is where the browser comes back to.
func (a *app) back(query url.Values) string {
	var out string
	a.server.with(func() { out = a.server.browser.begin.RedirectURI })
	return out + "?" + query.Encode()
}

var rightBack = url.Values{"state": {"the state"}, "code": {"the code"}}

func (a *app) atTheBrowser() {
	a.t.Helper()
	a.until(a.t, "the browser", func() bool { return a.state.Browser && len(a.opened) > 0 })
}

func TestSignInByBrowser(t *testing.T) {
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	a.until(t, "the way in", func() bool { return a.state.SignIn.Browser && a.state.SignIn.BrowserName == "사내 로그인" })
	a.ok(a.SignInByBrowser(true))
	a.atTheBrowser()
	if opened := a.now().opened; opened[0] != "https://login.example/auth" {
		t.Errorf("opened %q", opened)
	}
	right := a.back(rightBack)
	if !strings.HasPrefix(right, "http://127.0.0.1:") {
		t.Errorf("back to %s", right)
	}
	for name, row := range map[string]struct {
		method, address, host string
		status                int
	}{
		"wrong state":     {"GET", a.back(url.Values{"state": {"another"}, "code": {"the code"}}), "", 400},
		"no state":        {"GET", a.back(url.Values{"code": {"the code"}}), "", 400},
		"another path":    {"GET", strings.Replace(right, "/callback", "/", 1), "", 404},
		"a turned name":   {"GET", right, "evil.example", 404},
		"another machine": {"GET", right, "localhost", 404},
		"a form":          {"POST", right, "", 405},
	} {
		if status, body := browse(t, row.method, row.address, row.host); status != row.status {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if !a.now().state.Browser {
		t.Fatal("somebody else's knock ended the sign-in")
	}
	status, body := browse(t, "GET", right, "")
	if status != 200 || !strings.Contains(body, "이 창을 닫고") || !strings.Contains(body, "close this window") {
		t.Errorf("the page: %d %s", status, body)
	}
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && !a.state.Browser })
	if status, _ := browse(t, "GET", right, ""); status != 0 && status != http.StatusGone {
		t.Errorf("second use: %d", status)
	}
	a = a.restart() // kept as any sign-in
	a.until(t, "signed in again", func() bool { return a.state.Phase == core.PhaseSignedIn })
}

func TestBrowserSignInThatFails(t *testing.T) {
	for name, row := range map[string]struct {
		back   url.Values
		reason string
	}{
		"refused at the page":   {url.Values{"state": {"the state"}, "error": {"access_denied"}}, "browser_refused"},
		"refused by the server": {url.Values{"state": {"the state"}, "code": {"another code"}}, "bad_credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, newServer(t), t.TempDir(), newKeyring())
			a.ok(a.SignInByBrowser(true))
			a.atTheBrowser()
			browse(t, "GET", a.back(row.back), "")
			a.until(t, "told so", func() bool { return !a.state.Browser && a.state.Notice != nil && a.state.Notice.Reason == row.reason })
		})
	}
	for name, link := range map[string]string{"a file": "file:///etc/passwd", "a program": "calc:", "nothing": "//"} {
		t.Run("the server names "+name, func(t *testing.T) {
			a := start(t, newServer(t), t.TempDir(), newKeyring())
			a.server.with(func() { a.server.browser.link = link })
			if f := failure(t, a.SignInByBrowser(true)); f.Code != "bad_request" || len(a.now().opened) != 0 {
				t.Errorf("%+v, opened %q", f, a.now().opened)
			}
		})
	}
}

func TestBrowserSignInThatIsLeft(t *testing.T) {
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	a.ok(a.SignInByBrowser(true))
	a.atTheBrowser()
	first := a.back(rightBack)
	a.ok(a.SignInByBrowser(true)) // a second one ends the first
	if second := a.back(rightBack); second == first {
		t.Error("both wait at one place")
	}
	a.ok(a.CancelBrowser())
	a.ok(a.CancelBrowser())
	a.until(t, "no browser", func() bool { return !a.state.Browser && a.state.Notice == nil })
	a.ok(a.SignInByBrowser(true))
	a.atTheBrowser()
	a.ok(a.SignIn("minji", "right password", true)) // the other way in
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && !a.state.Browser })
	if f := failure(t, a.SignInByBrowser(true)); f.Code != "conflict" {
		t.Errorf("while signed in: %+v", f)
	}
	if f := failure(t, a.UnlockByBrowserLocked()); f.Code != "forbidden" {
		t.Errorf("an account with a password: %+v", f)
	}
}

// UnlockByBrowserLocked locks the app and tries.
func (a *app) UnlockByBrowserLocked() error {
	a.ok(a.Lock())
	return a.UnlockByBrowser()
}

func TestBrowserSignInIsLate(t *testing.T) {
	s := newServer(t)
	options := coreOptions(t.TempDir(), newKeyring(), newPage(), &clock{})
	options.ServerPreset, options.Pace.Browser = s.address(), 50*time.Millisecond
	a := startWith(t, options)
	a.ok(a.SignInByBrowser(true))
	a.until(t, "told so", func() bool {
		return a.state.Notice != nil && a.state.Notice.Reason == "browser_late" && !a.state.Browser
	})
}

func TestUnlockByBrowser(t *testing.T) {
	a := start(t, newServer(t), t.TempDir(), newKeyring())
	a.ok(a.SignInByBrowser(true))
	a.atTheBrowser()
	browse(t, "GET", a.back(rightBack), "")
	a.until(t, "signed in", func() bool { return a.state.Phase == core.PhaseSignedIn && !a.state.Browser })
	a.ok(a.Lock())
	a.until(t, "locked", func() bool { return a.state.Locked && a.state.UnlockBrowser })
	a.server.with(func() { a.server.browser.as = other })
	a.ok(a.UnlockByBrowser())
	a.until(t, "the browser", func() bool { return a.state.Browser })
	browse(t, "GET", a.back(rightBack), "")
	a.until(t, "somebody else is told so", func() bool {
		return a.state.Locked && a.state.Notice != nil && a.state.Notice.Reason == "browser_other"
	})
	a.server.with(func() { a.server.browser.as, a.server.revoked = "", "" })
	a.ok(a.UnlockByBrowser())
	a.until(t, "the browser again", func() bool { return a.state.Browser })
	browse(t, "GET", a.back(rightBack), "")
	a.until(t, "unlocked", func() bool { return !a.state.Locked && !a.state.Browser })
}

// startWith runs an app with options of its own.
func startWith(t *testing.T, options core.Options) *app {
	t.Helper()
	p, ok := options.Emitter.(*page)
	if !ok {
		t.Fatal("the emitter is no page")
	}
	c, err := core.New(options)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Run(context.Background()) }()
	t.Cleanup(func() {
		c.Close()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return &app{Core: c, page: p, t: t}
}
