package api_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"himsg/server/internal/api"
	"himsg/server/internal/ops"
)

// TestOnlyOurProxiesAreBelieved goes by the log, which names the address that limits and the audit go by.
func TestOnlyOurProxiesAreBelieved(t *testing.T) {
	for name, c := range map[string]struct{ from, says, want string }{
		"nobody":                 {"203.0.113.9:1", "10.9.9.9", "203.0.113.9"},
		"a proxy":                {"10.0.0.5:1", "203.0.113.7", "203.0.113.7"},
		"a proxy that says none": {"10.0.0.5:1", "", "10.0.0.5"},
		"what a client made up":  {"10.0.0.5:1", "1.1.1.1, 203.0.113.7", "203.0.113.7"},
		"two proxies":            {"10.0.0.5:1", "1.1.1.1, 203.0.113.7, 10.0.0.6", "203.0.113.7"},
		"only proxies":           {"10.0.0.5:1", "10.0.0.7, 10.0.0.6", "10.0.0.7"},
		"nonsense":               {"10.0.0.5:1", "203.0.113.7, x", "10.0.0.5"},
		"IPv6":                   {"[fd00::5]:1", "2001:db8::7", "2001:db8::7"},
		"an IPv4 proxy as IPv6":  {"[::ffff:10.0.0.5]:1", "203.0.113.7", "203.0.113.7"},
	} {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			h := api.New(api.Options{
				WebSocket: http.NotFoundHandler(), Metrics: ops.NewMetrics(), Now: time.Now,
				Logger:  slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
				Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/8")},
			})
			r := httptest.NewRequest(http.MethodGet, "/nowhere", http.NoBody)
			r.RemoteAddr = c.from
			if c.says != "" {
				r.Header.Set("X-Forwarded-For", c.says)
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			if !strings.Contains(log.String(), "="+c.want+" ") && !strings.Contains(log.String(), "="+c.want+"\n") && !strings.Contains(log.String(), `"`+c.want) {
				t.Errorf("want %s: %s", c.want, log.String())
			}
		})
	}
}
