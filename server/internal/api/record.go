package api

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"
	"golang.org/x/text/language"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	langKO = "ko"
	langEN = "en"
)

// record is what is known of a request while it is answered; the access log is written from it.
type record struct {
	id     string // request id
	lang   string // "ko" or "en"
	remote string // address of the caller, without port
	app    string // version of the app that asks; empty: another program
	actor  model.Actor
	err    *errs.Error
}

type recordKey struct{}

func recordOf(ctx context.Context) *record {
	rec, _ := ctx.Value(recordKey{}).(*record)
	return rec
}

// languages: the first is the one for who asks for neither.
var languages = language.NewMatcher([]language.Tag{language.Korean, language.English})

const maxAcceptLanguage = 200 // parsing a longer one would only cost time

func langOf(r *http.Request) string {
	accept := r.Header.Get("Accept-Language")
	if accept == "" || len(accept) > maxAcceptLanguage {
		return langKO
	}
	if _, i := language.MatchStrings(languages, accept); i == 1 {
		return langEN
	}
	return langKO
}

// recorded gives each request an id, answers panics, counts it and writes one line of the access log: ids and the
// route's pattern, never a body, a token, a query or a path that a client made up.
func (a *API) recorded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &record{id: uuid.NewString(), lang: langOf(r), remote: remoteHost(r), app: appVersion(r)}
		start := a.o.Now()
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		w.Header().Set("X-Request-ID", rec.id)
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			if cause := recover(); cause != nil {
				a.panicked(ww, r, cause)
			}
			a.logged(r, ww.Status(), a.o.Now().Sub(start))
		}()
		next.ServeHTTP(ww, r)
	})
}

func (a *API) panicked(w middleware.WrapResponseWriter, r *http.Request, cause any) {
	if cause == http.ErrAbortHandler { //nolint:errorlint // it is panicked with as it is
		panic(cause)
	}
	rec := recordOf(r.Context())
	a.o.Logger.ErrorContext(r.Context(), "request panicked", slog.String("request_id", rec.id),
		slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
	if w.Status() == 0 {
		refuse(w, r, http.StatusInternalServerError, errs.E(wire.Internal, "", errs.Text{}))
	}
}

func (a *API) logged(r *http.Request, status int, took time.Duration) {
	route := chi.RouteContext(r.Context()).RoutePattern()
	if route == "" {
		route = "none"
	}
	if status == 0 { // nobody wrote one: the connection was handed over to WebSocket
		status = http.StatusSwitchingProtocols
	}
	a.o.Metrics.Request(methodOf(r), route, status, took)
	if quietRoutes[route] && status < http.StatusInternalServerError {
		return
	}
	rec := recordOf(r.Context())
	attrs := []slog.Attr{
		slog.String("method", methodOf(r)), slog.String("route", route), slog.Int("status", status),
		slog.Duration("took", took.Round(time.Microsecond)), slog.String("request_id", rec.id),
		slog.String("remote", rec.remote),
	}
	if rec.actor.UserUUID != "" {
		attrs = append(attrs, slog.String("user_uuid", rec.actor.UserUUID))
	}
	level := slog.LevelInfo
	if rec.err != nil {
		attrs = append(attrs, slog.String("code", string(rec.err.Code)), slog.String("reason", string(rec.err.Reason)))
		if rec.err.Err != nil {
			attrs = append(attrs, slog.String("error", rec.err.Err.Error()))
		}
		switch rec.err.Code {
		case wire.Internal:
			level = slog.LevelError
		case wire.Unavailable:
			level = slog.LevelWarn
		}
	}
	a.o.Logger.LogAttrs(r.Context(), level, "request", attrs...)
}

// quietRoutes are asked so often by machines that their successes say nothing.
var quietRoutes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// methodOf keeps made-up methods out of log and metrics.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodHead, http.MethodOptions,
		http.MethodPatch:
		return r.Method
	}
	return "other"
}

// remoteHost is the address that the request came from, without port.
func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
