package target

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"himsg/server/internal/hook"
	"himsg/shared/wire"
)

func TestAddressesThatAreRefused(t *testing.T) {
	open, listed := New(Options{}), New(Options{Hosts: []string{"ci.example", "*.corp.example", "127.0.0.1"}})
	for address, want := range map[string][2]bool{ // allowed without and with a list
		"https://ci.example/hook?x=1":            {true, true},
		"https://CI.example./":                   {true, true},
		"https://a.b.corp.example:8443/":         {true, true},
		"https://corp.example/":                  {true, false},
		"https://evilcorp.example/":              {true, false},
		"https://10.1.2.3/":                      {true, false},
		"https://[fd00::1]/":                     {true, false},
		"http://ci.example/":                     {false, true},
		"https://127.0.0.1/":                     {false, true},
		"http://127.0.0.1:8080/":                 {false, true},
		"https://127.1.2.3/":                     {false, false},
		"https://localhost/":                     {false, false},
		"https://a.LOCALHOST./":                  {false, false},
		"https://[::1]/":                         {false, false},
		"https://[::ffff:127.0.0.1]/":            {false, false},
		"https://[::127.0.0.1]/":                 {false, false},
		"https://[64:ff9b::7f00:1]/":             {false, false},
		"https://[2002:7f00:1::]/":               {false, false},
		"https://[fe80::1]/":                     {false, false},
		"https://169.254.169.254/":               {false, false},
		"https://0.0.0.0/":                       {false, false},
		"https://0.1.2.3/":                       {false, false},
		"https://224.0.0.1/":                     {false, false},
		"https://255.255.255.255/":               {false, false},
		"https://user:pass@ci.example/":          {false, false},
		"https://ci.example/#x":                  {false, false},
		"ftp://ci.example/":                      {false, false},
		"file:///etc/passwd":                     {false, false},
		"https://":                               {false, false},
		"//ci.example/":                          {false, false},
		"ci.example":                             {false, false},
		"":                                       {false, false},
		"https://ci.example/\x00":                {false, false},
		"https://x/" + strings.Repeat("a", 2000): {false, false},
	} {
		for i, c := range []*Client{open, listed} {
			if err := c.Check(address); (err == nil) != want[i] {
				t.Errorf("%q with list %d: %v", address, i, err)
			}
		}
	}
}

// post posts once and returns why it went wrong.
func post(t *testing.T, c *Client, address string) hook.PostError {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err := c.Post(ctx, address, map[string]string{"X-A": "b"}, []byte(`{"a":1}`))
	if err == nil {
		return hook.PostError{}
	}
	why, ok := errors.AsType[*hook.PostError](err)
	if !ok {
		t.Fatal(err)
	}
	return *why
}

func trusting(server *httptest.Server, hosts ...string) *Client {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return New(Options{Hosts: hosts, Roots: roots})
}

func TestTargetsThatMisbehave(t *testing.T) {
	inner := atomic.Int64{}
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { inner.Add(1) }))
	defer secret.Close()
	release := make(chan struct{})
	target := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hangs":
			select {
			case <-release:
			case <-r.Context().Done():
			}
		case "/500":
			w.WriteHeader(http.StatusInternalServerError)
		case "/redirect":
			http.Redirect(w, r, secret.URL, http.StatusTemporaryRedirect)
		case "/endless":
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
					return
				}
			}
		case "/drips":
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, "x") // a broken line ends the request
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond) // a slow body is what this is about
			}
		case "/headers":
			for n := range 400 {
				w.Header().Set("X-"+strings.Repeat("a", n%90+1), strings.Repeat("b", 200))
			}
		default:
			if body, err := io.ReadAll(r.Body); err != nil || string(body) != `{"a":1}` || r.Header.Get("X-A") != "b" {
				w.WriteHeader(http.StatusTeapot)
			}
		}
	}))
	defer target.Close()
	defer close(release)
	c := trusting(target, "127.0.0.1")
	defer c.Close()
	t.Run("answers", func(t *testing.T) { answers(t, c, target.URL) })
	t.Run("others", func(t *testing.T) {
		if got := post(t, New(Options{Hosts: []string{"127.0.0.1"}}), target.URL); got.Cause != wire.FailureTLS {
			t.Errorf("an unknown authority: %+v", got)
		}
		if got := post(t, trusting(target), target.URL); got.Cause != wire.FailureAddress {
			t.Errorf("this machine: %+v", got)
		}
		if got := post(t, c, "https://127.0.0.1:1/"); got.Cause != wire.FailureConnect {
			t.Errorf("nobody there: %+v", got)
		}
	})
	if n := inner.Load(); n != 0 {
		t.Errorf("the redirect was followed %d times", n)
	}
}

// answers posts to each place of a target, all at once.
func answers(t *testing.T, c *Client, address string) {
	for path, want := range map[string]hook.PostError{
		"/":         {},
		"/hangs":    {Cause: wire.FailureTimeout},
		"/500":      {Cause: wire.FailureStatus, Status: 500},
		"/redirect": {Cause: wire.FailureRedirect, Status: 307},
		"/endless":  {},
		"/drips":    {},
		"/headers":  {Cause: wire.FailureConnect},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			if got := post(t, c, address+path); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

// TestANameThatMeansThisMachineIsRefusedWhenItIsDialled: what a name means is looked at when the connection is made.
func TestANameThatMeansThisMachineIsRefusedWhenItIsDialled(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c := New(Options{})
	dialer := &net.Dialer{ControlContext: c.control}
	for _, host := range []string{"127.0.0.1", "localhost"} {
		_, port, _ := net.SplitHostPort(l.Addr().String())
		conn, err := c.dial(t.Context(), dialer, "tcp4", net.JoinHostPort(host, port))
		if err == nil {
			_ = conn.Close()
		}
		if !errors.Is(err, errForbidden) || causeOf(err) != wire.FailureAddress {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"https://ci.example/", "https://[::ffff:7f00:1]/", "https://0x7f.1/", "https://127.1/", "http:\\\\a"} {
		f.Add(seed)
	}
	c := New(Options{})
	f.Fuzz(func(t *testing.T, address string) {
		if c.Check(address) != nil {
			return
		}
		if !strings.HasPrefix(strings.ToLower(address), "https://") || strings.Contains(strings.ToLower(address), "//localhost") {
			t.Errorf("%q is allowed", address)
		}
	})
}

func TestForbidden(t *testing.T) {
	for ip, want := range map[string]bool{"8.8.8.8": false, "192.168.0.1": false, "2001:db8::1": false, "127.0.0.1": true, "fe80::1%eth0": true, "ff02::1": true, "::": true} {
		if got := forbidden(netip.MustParseAddr(ip)); got != want {
			t.Errorf("%s: %v", ip, got)
		}
	}
}
