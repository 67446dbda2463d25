package app_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/shelf"
	"himsg/shared/release"
	"himsg/shared/wire"
)

// release hands out an app, once, and returns the name of an installer.
func (m *matrix) release() string {
	if m.handed == "" {
		publish(m.s.t, m.s.c.Data, "1.0.0", nil)
		m.handed = "himsg-1.0.0-linux-amd64.tar.gz"
	}
	return m.handed
}

// publish signs two installers and puts them onto a server's shelf, as `himsg-server release` does beside it.
func publish(t testing.TB, data, version string, change func(*shelf.Draft, *shelf.New)) ed25519.PublicKey {
	t.Helper()
	dir := t.TempDir()
	draft := shelf.Draft{Sequence: 1, Days: 30, Now: time.Now()}
	for _, name := range []string{"himsg-" + version + "-linux-amd64.tar.gz", "himsg-" + version + "-windows-amd64-setup.exe"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Repeat(name, 100)), 0o600); err != nil {
			t.Fatal(err)
		}
		draft.Paths = append(draft.Paths, path)
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	n := shelf.New{Paths: []string{dir}, Keys: []ed25519.PublicKey{public}, Now: time.Now()}
	if change != nil {
		change(&draft, &n)
	}
	_, text, err := shelf.Sign(draft, private)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "himsg-"+version+shelf.ManifestSuffix), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := shelf.Open(data, slog.New(slog.DiscardHandler)).Add(context.Background(), n); err != nil {
		t.Fatal(err)
	}
	return public
}

func TestDownloadPage(t *testing.T) {
	c := settings(t, "")
	c.CompanyName = `한빛 <b>"상사"</b>`
	s := start(t, c)
	page := func(header http.Header) answer {
		return s.must(200, request{method: "GET", path: "/download", header: header})
	}
	if text := string(page(nil).body); !strings.Contains(text, "아직 올라온 설치 파일이 없습니다") {
		t.Errorf("nothing is handed out: %s", text)
	}
	publish(t, c.Data, "1.0.0", nil)
	windows := "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"
	linux := "Mozilla/5.0 (X11; Linux x86_64; rv:52.0) Gecko/20100101 Firefox/52.0"
	for name, c := range map[string]struct {
		agent, language string
		want            *regexp.Regexp
	}{
		"windows":          {windows, "ko-KR", regexp.MustCompile(`(?s)이 PC에 맞는.*setup\.exe.*다른 설치 파일.*tar\.gz`)},
		"linux, english":   {linux, "en-US,en;q=0.9", regexp.MustCompile(`(?s)<html lang="en">.*For this PC.*tar\.gz.*Other installers.*setup\.exe`)},
		"a phone":          {"Mozilla/5.0 (Linux; Android 14)", "ko", regexp.MustCompile(`(?s)<main>(?:[^맞]*)다른 설치 파일.*setup\.exe.*tar\.gz`)},
		"the company":      {windows, "ko", regexp.MustCompile(`한빛 &lt;b&gt;&#34;상사&#34;&lt;/b&gt;`)},
		"no language":      {windows, "", regexp.MustCompile(`<html lang="ko">`)},
		"another language": {windows, "fr", regexp.MustCompile(`<html lang="ko">`)},
	} {
		t.Run(name, func(t *testing.T) {
			a := page(http.Header{"User-Agent": {c.agent}, "Accept-Language": {c.language}})
			if !c.want.Match(a.body) {
				t.Errorf("%s is not in %s", c.want, a.body)
			}
		})
	}
	a := page(nil)
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindSubmatch(a.body)
	sum := sha256.Sum256(style[1])
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") || strings.Contains(policy, "unsafe") ||
		!strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("the policy lets something else than the page's own style through: %s", policy)
	}
	if strings.Contains(string(a.body), "<script") {
		t.Error("the page has a script")
	}
}

func TestInstallersAreHandedOut(t *testing.T) {
	s := start(t, settings(t, ""))
	publish(t, s.c.Data, "1.0.0", nil)
	const name = "himsg-1.0.0-linux-amd64.tar.gz"
	whole := s.must(200, request{method: "GET", path: "/download/1/" + name})
	if string(whole.body) != strings.Repeat(name, 100) || whole.header.Get("Content-Type") != "application/gzip" ||
		!strings.HasPrefix(whole.header.Get("Content-Disposition"), `attachment; filename="`+name+`"`) {
		t.Errorf("%d bytes, %v", len(whole.body), whole.header)
	}
	tag := whole.header.Get("ETag")
	rest := s.must(206, request{method: "GET", path: "/download/1/" + name, header: http.Header{"Range": {"bytes=100-"}, "If-Range": {tag}}})
	if string(whole.body[:100])+string(rest.body) != string(whole.body) {
		t.Errorf("the rest has %d bytes", len(rest.body))
	}
	other := s.must(200, request{method: "GET", path: "/download/1/" + name, header: http.Header{"Range": {"bytes=100-"}, "If-Range": {`"of another file"`}}})
	if len(other.body) != len(whole.body) {
		t.Errorf("the rest of another file: %d bytes", len(other.body))
	}
	for _, path := range []string{
		"/download/1/update.json", "/download/2/" + name, "/download/x/" + name, "/download/1/..%2Fupdate.json", "/download/-1/" + name,
		"/download/99999999999999999999/" + name,
	} {
		if a := s.do(request{method: "GET", path: path}); a.status != 404 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestManifestsByRing(t *testing.T) {
	s := start(t, settings(t, ""))
	if a := s.do(request{method: "GET", path: "/api/update"}); a.status != 404 {
		t.Errorf("nothing is handed out: %d", a.status)
	}
	key := publish(t, s.c.Data, "1.0.0", nil)
	pilot := publish(t, s.c.Data, "1.1.0", func(d *shelf.Draft, n *shelf.New) { d.Sequence, n.Ring = 2, "pilot" })
	early := publish(t, s.c.Data, "1.2.0", func(d *shelf.Draft, _ *shelf.New) { d.Sequence, d.Ring = 3, "early" })
	for ring, want := range map[string]struct {
		key     ed25519.PublicKey
		version string
	}{"": {key, "1.0.0"}, "?ring=pilot": {pilot, "1.1.0"}, "?ring=early": {early, "1.2.0"}, "?ring=others": {key, "1.0.0"}} {
		var signed release.Signed
		s.must(200, request{method: "GET", path: "/api/update" + ring}).decode(t, &signed)
		m, err := signed.Open([]ed25519.PublicKey{want.key})
		if err != nil || m.Version != want.version {
			t.Errorf("%q: %q, %v", ring, m.Version, err)
		}
	}
}

func TestAppsThatAreTooOldAreToldSo(t *testing.T) {
	s := start(t, settings(t, ""))
	s.owner("boss")
	boss := s.login("boss")
	publish(t, s.c.Data, "1.1.0", func(d *shelf.Draft, _ *shelf.New) { d.MinVersion = "1.0.0" })
	ask := func(method, path, agent string, body any) answer {
		header := http.Header{"User-Agent": {agent}, "Accept-Language": {"en"}}
		return s.do(request{method: method, path: path, token: boss.token, header: header, body: body})
	}
	login := wire.LoginRequest{Username: "boss", Password: password}
	for name, c := range map[string]struct {
		method, path, agent string
		body                any
		want                int
	}{
		"an old app":             {"GET", "/api/users/me", "himsg-desktop/0.9.9", nil, 426},
		"its sign-in":            {"POST", "/api/login", "himsg-desktop/0.9.9", login, 426},
		"its socket":             {"GET", "/ws", "himsg-desktop/0.9.9", nil, 426},
		"its look at the server": {"GET", "/api/server", "himsg-desktop/0.9.9", nil, 200},
		"its update":             {"GET", "/api/update", "himsg-desktop/0.9.9", nil, 200},
		"its installer":          {"GET", "/download/1/himsg-1.1.0-linux-amd64.tar.gz", "himsg-desktop/0.9.9", nil, 200},
		"the oldest that may":    {"GET", "/api/users/me", "himsg-desktop/1.0.0", nil, 200},
		"a newer one":            {"GET", "/api/users/me", "himsg-desktop/1.10.0", nil, 200},
		"another program":        {"GET", "/api/users/me", "curl/7.88.1", nil, 200},
		"no version":             {"GET", "/api/users/me", "himsg-desktop/dev", nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			a := ask(c.method, c.path, c.agent, c.body)
			if a.status != c.want {
				t.Fatalf("%d: %s", a.status, a.body)
			}
			if c.want == 426 && (a.refusal().Code != wire.TooOld || !strings.Contains(a.refusal().Error, "1.0.0 or newer")) {
				t.Errorf("%+v", a.refusal())
			}
		})
	}
}

// An app that was updated says so when it renews its token, and administrators see which versions there are.
func TestVersionsThatAreInUse(t *testing.T) {
	onBoth(t, func(t *testing.T, s *server) {
		s.owner("boss")
		boss := s.login("boss")
		versions := func() wire.HealthLine {
			var health wire.Health
			s.must(200, request{method: "GET", path: "/api/admin/health", token: boss.token}).decode(t, &health)
			for _, line := range health.Lines {
				if line.Name == wire.HealthApps {
					return line
				}
			}
			return wire.HealthLine{}
		}
		s.must(200, request{method: "POST", path: "/api/login", body: wire.LoginRequest{
			Username: "boss", Password: password, DeviceUUID: "7b0e6f7e-3b57-4bb5-9a3c-0f6a5c1d2e3f", AppVersion: "1.0.0",
		}}).decode(t, &boss.in)
		if line := versions(); line.Figures["1.0.0"] != 1 || line.State != wire.HealthOff || line.Cause != "none" {
			t.Errorf("%+v", line)
		}
		publish(t, s.c.Data, "1.1.0", nil)
		s.must(200, request{
			method: "POST", path: "/api/token/refresh", body: wire.RefreshRequest{RefreshToken: boss.in.RefreshToken},
			header: http.Header{"User-Agent": {"himsg-desktop/1.1.0"}},
		})
		line := versions()
		if text, err := json.Marshal(line); line.Figures["1.1.0"] != 1 || line.Figures["1.0.0"] != 0 || line.State != wire.HealthOK || line.Text != "1.1.0" {
			t.Errorf("%s, %v", text, err)
		}
	})
}
