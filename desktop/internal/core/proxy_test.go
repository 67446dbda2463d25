package core_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/client/proxytest"
)

// system is what the desktop says about proxies.
type system struct {
	mu    sync.Mutex
	ways  core.Ways
	err   error
	asked int
}

func (s *system) Find(context.Context, *url.URL) (core.Ways, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return s.ways, s.err
}

func (s *system) says(ways core.Ways) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ways = ways
}

func (s *system) times() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func waysBy(t *testing.T, address string) core.Ways {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return core.Ways{List: []*url.URL{u}, Source: "desktop"}
}

// behind is a name that only the proxy knows.
const behind = "http://talk.himsg.test:5050"

func TestServerBehindAProxy(t *testing.T) {
	s, proxy := newServer(t), proxytest.New(t)
	proxy.Host(strings.TrimPrefix(behind, "http://"), strings.TrimPrefix(s.address(), "http://"))
	says := &system{ways: waysBy(t, "http://"+proxytest.ClosedPort(t))}
	a := startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) { o.Proxies = says })

	check, err := a.CheckServer(behind)
	if err != nil || check.Problem == nil || check.Problem.Code != "proxy" || check.Problem.Reason != "proxy_down" {
		t.Fatalf("a proxy that is down: %+v %v", check.Problem, err)
	}
	choose := func(p core.Proxy) {
		settings := a.Settings()
		settings.Proxy = p
		a.ok(a.SaveSettings(settings))
	}
	choose(core.Proxy{Mode: core.ProxyManual, Address: " " + strings.ToUpper(proxy.URL()) + "/"})
	proxy.Answer(407)
	if f := failure(t, a.UseServer(behind, "")); f.Code != "proxy" || f.Reason != "proxy_auth" || f.Message != proxy.Address {
		t.Fatalf("407: %+v", f)
	}
	proxy.Answer(200)
	a.ok(a.UseServer(behind, ""))
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online by the proxy", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == 2 })

	choose(core.Proxy{Mode: core.ProxySystem})
	says.says(waysBy(t, proxy.URL()))
	before := proxy.Tunnels()
	s.gate.set(false)
	a.until(t, "offline", func() bool { return a.state.Link != core.LinkOnline })
	s.gate.set(true)
	a.until(t, "online as the system says", func() bool { return a.state.Link == core.LinkOnline })
	if proxy.Tunnels() == before || says.times() < 2 {
		t.Error("the system's proxy was not used")
	}
}

func TestThisMachineNeedsNoProxy(t *testing.T) {
	s := newServer(t)
	says := &system{ways: waysBy(t, "http://"+proxytest.ClosedPort(t))}
	a := startAs(t, s, t.TempDir(), newKeyring(), func(o *core.Options) { o.Proxies = says })
	a.ok(a.SignIn("minji", "right password", true))
	if says.times() != 0 {
		t.Error("asked for a proxy to 127.0.0.1")
	}
}

func TestUnknownProxyLeavesTheDirectWay(t *testing.T) {
	says := &system{err: errors.New("the PAC file is away")}
	a := startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) { o.Proxies = says })
	check, err := a.CheckServer("http://himsg.invalid:5050")
	if err != nil || check.Problem == nil || check.Problem.Code != "offline" || says.times() == 0 {
		t.Fatalf("%+v %v", check.Problem, err)
	}
}
