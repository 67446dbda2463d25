package client_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"testing"

	"himsg/shared/client"
	"himsg/shared/client/proxytest"
)

func by(addresses ...string) client.ProxyFunc {
	return func(context.Context, *url.URL) ([]*url.URL, error) {
		var out []*url.URL
		for _, a := range addresses {
			if a == "" {
				out = append(out, nil)
				continue
			}
			u, err := url.Parse(a)
			if err != nil {
				return nil, err
			}
			out = append(out, u)
		}
		return out, nil
	}
}

func TestProxyCarriesHTTPWithAndWithoutTLS(t *testing.T) {
	proxy := proxytest.New(t)
	plain, secure := newServer(t), encrypted(t)
	for name, o := range map[string]client.Options{
		"plain": {Address: plain.URL},
		"tls":   {Address: secure.URL, Fingerprint: client.Fingerprint(secure.Certificate())},
	} {
		t.Run(name, func(t *testing.T) {
			before := proxy.Tunnels()
			o.Proxy = by("http://me:s3cret@" + proxy.Address)
			if _, err := check(t, o); err != nil {
				t.Fatal(err)
			}
			if proxy.Tunnels() != before+1 {
				t.Error("it did not go by the proxy")
			}
			want := "Basic " + base64.StdEncoding.EncodeToString([]byte("me:s3cret"))
			if got := proxy.Authorization(); got != want {
				t.Errorf("authorization %q", got)
			}
		})
	}
}

func TestProxyInTheWay(t *testing.T) {
	s, proxy := newServer(t), proxytest.New(t)
	dead := proxytest.ClosedPort(t)
	cases := map[string]struct {
		ways   []string
		answer int
		status int
		named  string
	}{
		"down":            {[]string{"http://" + dead}, 200, 0, dead},
		"wants a name":    {[]string{"http://u:s3cret@" + proxy.Address}, 407, 407, proxy.Address},
		"forbids":         {[]string{"http://" + proxy.Address}, 403, 403, proxy.Address},
		"is no proxy":     {[]string{"http://" + proxy.Address}, 404, 404, proxy.Address},
		"speaks no TLS":   {[]string{"https://" + proxy.Address}, 200, 0, proxy.Address},
		"two, both wrong": {[]string{"http://" + dead, "http://" + proxy.Address}, 403, 0, dead},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			proxy.Answer(c.answer)
			_, err := check(t, client.Options{Address: s.URL, Proxy: by(c.ways...)})
			var e *client.ProxyError
			if !errors.As(err, &e) || e.Status != c.status || e.Address != c.named || !client.Temporary(err) {
				t.Fatalf("got %v", err)
			}
			if !errors.Is(err, client.ErrProxy) || !errors.Is(err, client.ErrOffline) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v", err)
			}
		})
	}
	proxy.Answer(200)
	for name, ways := range map[string][]string{
		"the second proxy": {"http://" + dead, "http://" + proxy.Address},
		"directly":         {"http://" + dead, ""},
		"none":             nil,
	} {
		if _, err := check(t, client.Options{Address: s.URL, Proxy: by(ways...)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The WebSocket goes by the proxy, to a name that only the proxy knows, and comes back after it was away.
func TestProxyCarriesTheWebSocket(t *testing.T) {
	s, proxy := newServer(t), proxytest.New(t)
	proxy.Host("talk.himsg.test:5050", strings.TrimPrefix(s.URL, "http://"))
	h, err := client.NewHTTP(client.Options{Address: "http://talk.himsg.test:5050", Proxy: by(proxy.URL())})
	if err != nil {
		t.Fatal(err)
	}
	session := client.NewSession(h, client.Tokens{Access: "access0", Refresh: "refresh0", AccessExpires: fresh()}, nil)
	t.Cleanup(func() { session.Close(); h.Close() })
	proxy.Answer(407)
	c := run(t, client.ConnOptions{Session: session})
	c.until(t, "the proxy named", func(links []client.Link, _ []client.Event) bool {
		var e *client.ProxyError
		return len(links) > 0 && errors.As(links[len(links)-1].Cause, &e) && e.Status == 407 && e.Address == proxy.Address
	})
	proxy.Answer(200)
	s.accept()
	c.untilOnline(t, 1)
}
