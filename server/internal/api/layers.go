package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
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
func (a *API) limit(name string, n int, key httprate.KeyFunc) func(http.Handler) http.Handler {
	if !a.o.RateLimits {
		return func(next http.Handler) http.Handler { return next }
	}
	return httprate.LimitBy(n, time.Minute, key, a.limitOptions(name)...)
}

// maxForwarded bounds the hops that a request may say it came by.
const maxForwarded = 32

// forwarded believes a load balancer that says for whom it asks: of the addresses in X-Forwarded-For, to which each hop adds the
// one that it was asked by, the last one that is not a proxy of ours. From anybody else the header means nothing.
func (a *API) forwarded(next http.Handler) http.Handler {
	if len(a.o.Proxies) == 0 {
		return next
	}
	ours := func(ip netip.Addr) bool {
		return slices.ContainsFunc(a.o.Proxies, func(p netip.Prefix) bool { return p.Contains(ip.Unmap()) })
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, err := netip.ParseAddr(remoteHost(r))
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		for i := len(hops) - 1; err == nil && ours(at) && i >= 0 && len(hops)-i <= maxForwarded; i-- {
			hop, bad := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if bad != nil {
				break
			}
			at = hop.WithZone("")
		}
		if err == nil {
			r.RemoteAddr = net.JoinHostPort(at.Unmap().String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// byAddress is the key of limits by address. Of an IPv6 address the network counts: a host has billions of them.
// Headers that name another address are believed of our own proxies only: anybody can send them.
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
