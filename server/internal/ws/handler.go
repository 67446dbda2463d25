package ws

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/internal/errs"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/presence"
	"himsg/shared/wire"
)

const (
	handshakeLimit = 10 * time.Second
	readBuffer     = 512 // requests are small, and every idle connection holds one
)

// nativeOrigins are those of the desktop app's own page, for each system's WebView.
var nativeOrigins = []string{"wails://wails", "wails://wails.localhost", "http://wails.localhost", "https://wails.localhost"}

var (
	textOrigin      = errs.Text{KO: "허용되지 않은 출처입니다.", EN: "This origin is not allowed."}
	textSubprotocol = errs.Text{
		KO: "서버가 지원하지 않는 프로토콜입니다. 앱을 업데이트해주세요.",
		EN: "The server doesn't speak this protocol. Please update the app.",
	}
)

// Options sets up a Handler.
type Options struct {
	Auth     Authenticator
	Chat     Chat
	Hub      *hub.Hub
	Presence *presence.Tracker
	Profiles Profiles
	// Limits are the settings that a client must know, as they are when it connects.
	Limits     func(ctx context.Context) wire.Limits
	Origins    []string // pages that may connect besides the desktop app's own: scheme://host[:port]
	RateLimits bool
	Version    string
	Epoch      int64 // see wire.Welcome
	Clock      func() time.Time
	Logger     *slog.Logger
}

// Handler upgrades GET /ws and serves the connections until Close.
type Handler struct {
	Options
	upgrader   websocket.Upgrader
	operations map[wire.Op]operation
	frames     sync.Pool                   // *frame
	snapshots  [2]atomic.Pointer[snapshot] // by presence.Form
	packed     packed
	door       *door

	ctx     context.Context // the life of all connections, which outlive their requests
	stop    context.CancelFunc
	running sync.WaitGroup
}

// New makes a Handler.
func New(o Options) *Handler {
	ctx, stop := context.WithCancel(context.Background())
	return &Handler{
		Options: o,
		upgrader: websocket.Upgrader{
			HandshakeTimeout: handshakeLimit,
			ReadBufferSize:   readBuffer,
			WriteBufferPool:  &sync.Pool{},
			Subprotocols:     []string{wire.Subprotocol},
			// For large events only, and for clients that ask for it (packed.go).
			EnableCompression: true,
			CheckOrigin:       func(*http.Request) bool { return true }, // checked before, for an answer of our form
		},
		operations: operations(),
		frames:     sync.Pool{New: func() any { return new(frame) }},
		door:       newDoor(doorPlaces),
		ctx:        ctx, stop: stop,
	}
}

// Close ends all connections as for a restart and waits for their goroutines.
func (h *Handler) Close() {
	h.stop()
	h.running.Wait()
}

// ServeHTTP implements http.Handler. It answers 403 for a foreign Origin, 400 without the subprotocol, 401 without a good
// token, 429 for too many sockets of one person, 503 while the server drains or too many come at once.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lang := language(r.Header.Get("Accept-Language"))
	ctx, cancel := context.WithTimeout(r.Context(), handshakeLimit)
	defer cancel()
	token, err := h.look(r)
	if err != nil {
		h.refuse(w, r, lang, err)
		return
	}
	leave, err := h.door.enter(ctx)
	if err != nil {
		h.refuse(w, r, lang, err)
		return
	}
	stays := false
	defer func() {
		if !stays {
			leave()
		}
	}()
	actor, profile, err := h.admit(ctx, token)
	if err != nil {
		h.refuse(w, r, lang, err)
		return
	}
	socket, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered: it wasn't a WebSocket handshake
	}
	socket.EnableWriteCompression(false)
	stays = h.serve(ctx, socket, greeting{actor: actor, profile: profile, lang: lang, form: formOf(r)}, leave)
}

// look checks what the request itself says, and returns its token.
func (h *Handler) look(r *http.Request) (token string, err error) {
	if !h.allowed(r.Header.Values("Origin")) {
		return "", errs.E(wire.Forbidden, "", textOrigin)
	}
	if !slices.Contains(websocket.Subprotocols(r), wire.Subprotocol) {
		return "", errs.E(wire.BadRequest, "", textSubprotocol)
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errs.E(wire.Unauthenticated, wire.ReasonTokenInvalid, errs.Text{})
	}
	return token, nil
}

// formOf is how the client wants to be told who is there.
func formOf(r *http.Request) presence.Form {
	if r.Header.Get(wire.PresenceHeader) == wire.PresenceNumbers {
		return presence.ByNumber
	}
	return presence.ByName
}

// admit checks who it is, all that can be checked before the upgrade.
func (h *Handler) admit(ctx context.Context, token string) (actor model.Actor, p wire.Profile, err error) {
	if actor, err = h.Auth.Authenticate(ctx, token); err != nil {
		return actor, p, err
	}
	if err = h.Hub.Admit(who(actor)); err != nil {
		return actor, p, err
	}
	p, err = h.Profiles.Profile(ctx, actor)
	return actor, p, err
}

// allowed reports whether a page of this origin may connect. Programs send none.
func (h *Handler) allowed(origins []string) bool {
	switch len(origins) {
	case 0:
		return true
	case 1:
		origin := strings.ToLower(origins[0])
		return slices.Contains(nativeOrigins, origin) || slices.Contains(h.Origins, origin)
	}
	return false
}

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, lang string, err error) {
	refusal := refusalOf(err)
	if refusal.Code == wire.Internal {
		h.Logger.ErrorContext(r.Context(), "connect", slog.Any("error", err))
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if refusal.RetryAfter > 0 {
		w.Header().Set("Retry-After", retryAfter(refusal.RetryAfter))
	}
	w.WriteHeader(errs.Status(refusal.Code))
	body := refusal.HTTP(lang, w.Header().Get("X-Request-ID"))
	if err := json.NewEncoder(w).Encode(body); err != nil {
		h.Logger.DebugContext(r.Context(), "refuse connection", slog.Any("error", err))
	}
}

func who(actor model.Actor) hub.Who {
	return hub.Who{
		UserID: actor.UserID, UserUUID: actor.UserUUID, SessionUUID: actor.SessionUUID, Admin: actor.IsAdmin(),
	}
}
