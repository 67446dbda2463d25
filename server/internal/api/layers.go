package api

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"himsg/server/internal/errs"
)

// requestTime bounds one operation; what takes longer is answered with wire.Unavailable.
const requestTime = 15 * time.Second

// Limits of requests a minute. An office may share one address, so those by address are wide.
const (
	perAddress      = 30_000 // any request
	perUser         = 600    // any request of one person
	loginsPerAddr   = 120
	signUpsPerAddr  = 20
	lookUpsPerAddr  = 120 // calls without sign-in: sign-up status, departments
	refreshsPerAddr = 3000
)

// secured sets the headers that every answer carries. No CORS header is among them: pages of others may not call us.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(w, r)
	})
}

func timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// limit refuses more than n requests a minute for each key, or nothing when limits are off.
func (a *API) limit(n int, key httprate.KeyFunc) func(http.Handler) http.Handler {
	if !a.o.RateLimits {
		return func(next http.Handler) http.Handler { return next }
	}
	return httprate.LimitBy(n, time.Minute, key, httprate.WithLimitHandler(tooMany))
}

// byAddress is the key of limits by address. Of an IPv6 address the network counts: a host has billions of them.
// Headers that name another address are not believed: anybody can send them.
func byAddress(r *http.Request) (string, error) { return httprate.CanonicalizeIP(remoteHost(r)), nil }

// bearer returns the token of an Authorization header, or nothing.
func bearer(header string) string {
	scheme, token, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// localOnly lets only this machine in, and nobody who comes through a proxy on it.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ip := net.ParseIP(remoteHost(r))
		proxied := r.Header.Get("Forwarded") != "" || r.Header.Get("X-Forwarded-For") != ""
		if ip == nil || !ip.IsLoopback() || proxied {
			refuse(w, r, http.StatusNotFound, errs.NotFound(errs.Text{}))
			return
		}
		next.ServeHTTP(w, r)
	})
}
