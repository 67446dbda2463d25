package client_test

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// encrypted serves the API over TLS with a certificate that nobody trusts.
func encrypted(t *testing.T) *httptest.Server {
	t.Helper()
	plain := newServer(t)
	s := httptest.NewUnstartedServer(plain.Config.Handler)
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // handshakes fail here on purpose
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func check(t *testing.T, o client.Options) (client.CheckResult, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return client.Check(ctx, o)
}

func TestCheckPlain(t *testing.T) {
	s := newServer(t)
	got, err := check(t, client.Options{Address: strings.TrimPrefix(s.URL, "http://")})
	if err != nil || got.Address != s.URL || got.Encrypted || got.Info.Name != "하이메시" {
		t.Errorf("%+v, %v", got, err)
	}
	if off := got.ClockOffset; off < 59*time.Minute || off > 61*time.Minute {
		t.Errorf("clock offset %v, the server is an hour ahead", off)
	}
}

func TestCheckUntrustedCertificate(t *testing.T) {
	s := encrypted(t)
	got, err := check(t, client.Options{Address: s.URL})
	if !errors.Is(err, client.ErrTLS) || got.Certificate == nil || !client.Temporary(err) {
		t.Fatalf("%+v, %v", got, err)
	}
	accepted := got.Certificate.Fingerprint
	if accepted != client.Fingerprint(s.Certificate()) || got.Certificate.Issuer == "" {
		t.Errorf("certificate %+v", got.Certificate)
	}
	if got, err = check(t, client.Options{Address: s.URL, Fingerprint: accepted}); err != nil || !got.Encrypted {
		t.Errorf("accepted fingerprint: %+v, %v", got, err)
	}
	shouting := strings.ToUpper(accepted[:2]) + ":" + accepted[2:]
	if _, err = check(t, client.Options{Address: s.URL, Fingerprint: shouting}); err != nil {
		t.Errorf("fingerprint as people copy it: %v", err)
	}
	// Another certificate in the middle is refused, although one was accepted before.
	other := strings.Repeat("ab", 32)
	if got, err = check(t, client.Options{Address: s.URL, Fingerprint: other}); got.Certificate == nil {
		t.Errorf("another certificate: %+v, %v", got, err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	for _, fingerprint := range []string{"", other} {
		if _, err = check(t, client.Options{Address: s.URL, RootCAs: roots, Fingerprint: fingerprint}); err != nil {
			t.Errorf("trusted certificate, fingerprint %q: %v", fingerprint, err)
		}
	}
	late := func() time.Time { return time.Now().AddDate(100, 0, 0) }
	for _, fingerprint := range []string{"", other} {
		_, err = check(t, client.Options{Address: s.URL, RootCAs: roots, Now: late, Fingerprint: fingerprint})
		if !errors.Is(err, client.ErrClock) {
			t.Errorf("a hundred years later: %v", err)
		}
	}
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	serve := func(handler http.HandlerFunc) string {
		s := httptest.NewServer(handler)
		t.Cleanup(s.Close)
		return s.URL
	}
	plain, secure := newServer(t).URL, encrypted(t).URL
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := closed.Addr().String()
	_ = closed.Close()
	html := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			_, _ = w.Write([]byte("<html>"))
		}
	}
	for name, c := range map[string]struct {
		address string
		want    error
	}{
		"nonsense":               {"a b c", client.ErrAddress},
		"nobody listens":         {nobody, client.ErrOffline},
		"unknown name":           {"http://no-such-host.invalid", client.ErrOffline},
		"https to a plain port":  {"https" + strings.TrimPrefix(plain, "http"), client.ErrPlainHTTP},
		"http to a secure port":  {"http" + strings.TrimPrefix(secure, "https"), client.ErrPlainHTTP},
		"bare, to a secure port": {strings.TrimPrefix(secure, "https://"), client.ErrTLS},
		"a web site":             {serve(html(200)), client.ErrNotHimsg},
		"a web site without it":  {serve(html(404)), client.ErrNotHimsg},
		"a redirect": {serve(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, plain+r.URL.Path, http.StatusFound)
		}), client.ErrNotHimsg},
		"another JSON API": {serve(func(w http.ResponseWriter, _ *http.Request) {
			reply(w, 200, map[string]string{"protocol": "other"})
		}), client.ErrNotHimsg},
		"another JSON API's 404": {serve(func(w http.ResponseWriter, _ *http.Request) {
			reply(w, 404, wire.HTTPError{Code: wire.NotFound})
		}), client.ErrNotHimsg},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := check(t, client.Options{Address: c.address})
			if !errors.Is(err, c.want) {
				t.Errorf("%+v, %v; want %v", got, err, c.want)
			}
		})
	}
	t.Run("silence", func(t *testing.T) {
		address := serve(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		if _, err := client.Check(ctx, client.Options{Address: address}); !errors.Is(err, client.ErrTimeout) {
			t.Errorf("%v", err)
		}
	})
	t.Run("a proxy whose server is away", func(t *testing.T) {
		_, err := check(t, client.Options{Address: serve(html(502))})
		if client.CodeOf(err) != wire.Unavailable || !client.Temporary(err) {
			t.Errorf("%v", err)
		}
	})
}
