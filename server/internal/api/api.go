package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/netip"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httprate"

	"himsg/server/internal/admin"
	"himsg/server/internal/auth"
	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/hook"
	"himsg/server/internal/notice"
	"himsg/server/internal/retention"
	"himsg/shared/wire"
)

// Options is what the HTTP door needs. All fields are required but RateLimits, Counter and Proxies.
type Options struct {
	Auth      *auth.Service
	Directory *directory.Service
	Admin     *admin.Service
	Notices   *notice.Service
	Retention *retention.Service
	Hooks     *hook.Service
	Chat      Chat
	Files     Files
	WebSocket http.Handler // GET /ws
	Metrics   Metrics
	Releases  Releases // of the app
	// Ready returns what keeps the server from working, or nil.
	Ready       func(ctx context.Context) error
	Now         func() time.Time
	Logger      *slog.Logger
	CompanyName string
	SignIn      wire.SignInWays // besides with this server's own passwords
	Version     string
	RateLimits  bool
	// Counter makes what counts the requests of a limit, by its name, for several servers; nil: each counts its own.
	Counter func(name string) httprate.LimitCounter
	// Proxies are the load balancers in front of this server, which are believed when they say for whom they ask.
	Proxies []netip.Prefix
}

// API is the HTTP handler of the whole server.
type API struct {
	o        Options
	router   *chi.Mux
	document func() []byte // OpenAPI, written when somebody asks for it: it was a fifth of the server's start
}

// New builds the router.
func New(o Options) *API {
	installProblems()
	a := &API{o: o, router: chi.NewMux()}
	a.router.Use(a.forwarded, a.recorded, secured, a.recent)
	a.router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, http.StatusNotFound, errs.NotFound(errs.Text{}))
	})
	a.router.MethodNotAllowed(a.methodNotAllowed)

	a.router.Get("/healthz", a.healthz)
	a.router.Get("/readyz", a.readyz)
	a.router.With(localOnly).Method(http.MethodGet, "/metrics", o.Metrics.Handler())
	a.router.With(a.limit("ws", perAddress, byAddress)).Method(http.MethodGet, "/ws", o.WebSocket)
	a.router.Get("/api/openapi.json", a.openapi)
	a.releaseRoutes()

	a.router.Group(func(r chi.Router) {
		r.Use(timed, a.limit("api", perAddress, byAddress))
		doc := humachi.New(r, humaConfig(o.Version))
		a.routes(doc)
		a.fileRoutes(doc)
		a.document = sync.OnceValue(func() []byte { return document(doc) })
	})
	return a
}

func document(doc huma.API) []byte {
	text, err := json.MarshalIndent(doc.OpenAPI(), "", "  ")
	if err != nil {
		panic(err) // it was made of our own types a moment ago
	}
	return append(text, '\n')
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.router.ServeHTTP(w, r) }

// Routes lists every method and path that is served, for the test that knows who may call each.
func (a *API) Routes() chi.Routes { return a.router }

// Document is the OpenAPI 3.1 document of all operations, generated from their types.
func (a *API) Document() []byte { return a.document() }

func humaConfig(version string) huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[wire.Time](), reflect.TypeFor[time.Time]())
	registry.RegisterTypeAlias(reflect.TypeFor[problem](), reflect.TypeFor[wire.HTTPError]())
	c := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Hi_Msg", Version: version,
				Description: "The HTTP interface of Hi_Msg. Live events come by WebSocket at /ws. " +
					"Times are RFC 3339 in UTC with milliseconds. Texts are Korean, or English by Accept-Language.",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearerScheme: {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
					tokenScheme:  {Type: "http", Scheme: "bearer", BearerFormat: wire.TokenSecretPrefix + "…"},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": strictJSON, "json": strictJSON},
		DefaultFormat: "application/json",
	}
	c.AllowAdditionalPropertiesByDefault = true // a newer client may send more than we know
	return c
}

func (a *API) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{\"status\":\"ok\"}\n")) // nobody is left to tell
}

// readyTime bounds how long readiness may take to tell.
const readyTime = 3 * time.Second

func (a *API) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := a.o.Ready(ctx); err != nil {
		refuse(w, r, http.StatusServiceUnavailable, errs.Unavailable(time.Second, err))
		return
	}
	a.healthz(w, r)
}

func (a *API) openapi(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.document()) // nobody is left to tell
}

func (a *API) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodHead} {
		if a.router.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
		}
	}
	refuse(w, r, http.StatusMethodNotAllowed, errs.E(wire.BadRequest, "", errs.Text{
		KO: "지원하지 않는 요청 방식입니다.", EN: "This method is not supported here.",
	}))
}
