package proxy

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
)

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func texts(ways core.Ways) []string {
	out := []string{}
	for _, way := range ways.List {
		if way == nil {
			out = append(out, "direct")
			continue
		}
		out = append(out, way.String())
	}
	return out
}

// desk is a desktop of a test's.
type desk func(target *url.URL) ([]string, error)

func (d desk) ask(_ context.Context, target *url.URL) (told, error) {
	ways, err := d(target)
	return told{ways: ways}, err
}
func (desk) environment(*url.URL) string                         { return "" }
func (desk) run(context.Context, string, *url.URL) (told, error) { return told{}, errForeign }

// clean takes the variables of this machine away.
func clean(t *testing.T) {
	t.Helper()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "auto_proxy", "AUTO_PROXY"} {
		t.Setenv(name, "")
	}
}

func TestEnvironment(t *testing.T) {
	clean(t)
	t.Setenv("https_proxy", "http://proxy.corp.local:3128")
	t.Setenv("NO_PROXY", ".intra.corp.local,10.0.0.0/8")
	s := New()
	s.desktop = desk(func(*url.URL) ([]string, error) { return nil, errors.New("asked although the environment says it") })
	for target, want := range map[string]string{
		"https://talk.corp.local:5050":       "http://proxy.corp.local:3128",
		"https://talk.intra.corp.local:5050": "direct",
		"https://10.1.2.3:5050":              "direct",
		"https://localhost:5050":             "direct",
		"http://talk.corp.local":             "direct", // https_proxy says nothing about it
	} {
		ways, err := s.Find(t.Context(), address(t, target))
		if err != nil || ways.Source != "environment" || !slices.Equal(texts(ways), []string{want}) {
			t.Errorf("%s: %v %v", target, texts(ways), err)
		}
	}
}

func TestDesktop(t *testing.T) {
	clean(t)
	s := New()
	cases := map[string]struct {
		says []string
		want []string
		err  error
	}{
		"direct":           {[]string{"direct://"}, []string{"direct"}, nil},
		"a list":           {[]string{"http://a:1", "http://b", "direct://"}, []string{"http://a:1", "http://b:80", "direct"}, nil},
		"with https":       {[]string{"https://a"}, []string{"https://a:443"}, nil},
		"socks first":      {[]string{"socks://a:1080", "http://b:2"}, []string{"http://b:2"}, nil},
		"socks only":       {[]string{"socks5://a:1080"}, []string{}, errForeign},
		"nonsense":         {[]string{"://", "", "http://"}, []string{}, errForeign},
		"a path is no use": {[]string{"http://a:1/x?y"}, []string{"http://a:1"}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s.desktop = desk(func(*url.URL) ([]string, error) { return c.says, nil })
			ways, err := s.Find(t.Context(), address(t, "https://talk.corp.local:5050"))
			if !errors.Is(err, c.err) || !slices.Equal(texts(ways), c.want) || ways.Source != "desktop" {
				t.Fatalf("%v %v", texts(ways), err)
			}
		})
	}
}

// A PAC file on a server that is away keeps nobody waiting.
func TestSlowDesktop(t *testing.T) {
	clean(t)
	s := New()
	release := make(chan struct{})
	s.desktop = desk(func(*url.URL) ([]string, error) {
		<-release
		return []string{"direct://"}, nil
	})
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		if _, err := s.Find(ctx, address(t, "https://a.b")); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		cancel()
	}
	close(release)
	if ways, err := s.Find(t.Context(), address(t, "https://a.b")); err != nil || len(ways.List) != 1 {
		t.Fatal(err)
	}
}

func TestWindowsLists(t *testing.T) {
	cases := map[string]struct{ target, list, bypass, want string }{
		"one for all":        {"https://talk.corp.local:5050", "proxy:8080", "", "http://proxy:8080"},
		"by scheme":          {"https://talk.corp.local", "http=a:1;https=b:2;ftp=c:3", "", "http://b:2"},
		"not for our scheme": {"https://talk.corp.local", "http=a:1", "", direct},
		"several":            {"http://talk.corp.local", "a:1;b:2", "", "http://a:1 http://b:2"},
		"with scheme":        {"http://talk.corp.local", "http://a:1", "", "http://a:1"},
		"none":               {"http://talk.corp.local", "", "", direct},
		"bypass by name":     {"https://talk.corp.local", "a:1", "x.y;*.CORP.local", direct},
		"bypass by address":  {"https://10.1.2.3:5050", "a:1", "10.*", direct},
		"bypass by port":     {"https://talk.corp.local:5050", "a:1", "talk.corp.local:5050", direct},
		"another port":       {"https://talk.corp.local:5051", "a:1", "talk.corp.local:5050", "http://a:1"},
		"local names":        {"https://talk:5050", "a:1", "<local>", direct},
		"no local name":      {"https://talk.corp.local", "a:1", "<local>", "http://a:1"},
		"bypass with scheme": {"https://talk.corp.local", "a:1", "https://talk.corp.local", direct},
		"bad pattern":        {"https://talk.corp.local", "a:1", "[", "http://a:1"},
		"this machine":       {"http://127.0.0.1:5050", "a:1", "", direct},
	}
	for name, c := range cases {
		if got := strings.Join(named(address(t, c.target), c.list, c.bypass), " "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
