package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/httprate"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	bearerScheme = "bearer"
	maxBody      = 64 << 10
)

// operation describes one path: what huma needs to know of it and the limit of calls a minute and address, if any.
type operation struct {
	method, path string
	summary      string
	status       int // of success; 0 means 200
	perAddress   int
}

// routes lists every operation. Those of the first block need no sign-in; all others need the access token of a live
// session of an active user. What a user may do beyond that, the services decide.
func (a *API) routes(doc huma.API) {
	open(a, doc, operation{"GET", "/api/server", "Who the server is", 0, lookUpsPerAddr}, a.serverInfo)
	open(a, doc, operation{"GET", "/api/departments", "Names of departments, for the sign-up form", 0, lookUpsPerAddr}, a.departments)
	open(a, doc, operation{"POST", "/api/register", "Sign up", 201, signUpsPerAddr}, a.register)
	open(a, doc, operation{"POST", "/api/register/status", "Where a sign-up stands", 0, lookUpsPerAddr}, a.registerStatus)
	open(a, doc, operation{"POST", "/api/login", "Sign in", 0, loginsPerAddr}, a.login)
	open(a, doc, operation{"POST", "/api/token/refresh", "Spend a refresh token for the next pair", 0, refreshsPerAddr}, a.refresh)

	signedIn(a, doc, operation{"POST", "/api/logout", "End this session", 0, 0}, a.logout)
	signedIn(a, doc, operation{"GET", "/api/users", "Everyone who may sign in", 0, 0}, a.users)
	signedIn(a, doc, operation{"GET", "/api/users/me", "Me", 0, 0}, a.me)
	signedIn(a, doc, operation{"PUT", "/api/users/me/password", "Change my password; my other sessions end", 0, 0}, a.changePassword)
	signedIn(a, doc, operation{"GET", "/api/directory", "People and departments that changed after a revision", 0, 0}, a.directory)

	signedIn(a, doc, operation{"GET", "/api/messages/{other_uuid}", "A conversation with a person, the newest page first", 0, 0}, a.directMessages)
	signedIn(a, doc, operation{"POST", "/api/messages", "Send a message", 201, 0}, a.postMessage)
	signedIn(a, doc, operation{"DELETE", "/api/messages/{message_id}", "Delete my message for everyone", 0, 0}, a.deleteMessage)
	signedIn(a, doc, operation{"DELETE", "/api/delete-message/{message_id}", "Delete my message for everyone", 0, 0}, a.deleteMessage)

	signedIn(a, doc, operation{"GET", "/api/chat-rooms", "My rooms, the newest message first", 0, 0}, a.chatRooms)
	signedIn(a, doc, operation{"POST", "/api/create-chat-room", "Make a group", 201, 0}, a.createRoom)
	signedIn(a, doc, operation{"POST", "/api/direct-rooms", "The conversation with a person, made if there is none", 0, 0}, a.openDirect)
	signedIn(a, doc, operation{"GET", "/api/chat-rooms/{room_uuid}", "A room's members and newest page; marks it read", 0, 0}, a.roomDetail)
	signedIn(a, doc, operation{"POST", "/api/chat-rooms/{room_uuid}/mark-read", "Mark a room read", 0, 0}, a.markRead)
	signedIn(a, doc, operation{"DELETE", "/api/delete-chat-room/{id}", "Leave a group, hide a conversation, or close my group for all", 0, 0}, a.leaveRoom)

	signedIn(a, doc, operation{"GET", "/api/pending-users", "Sign-ups that wait (administrators)", 0, 0}, a.pendingUsers)
	signedIn(a, doc, operation{"PUT", "/api/approve-user/{id}", "Let a person in (administrators)", 0, 0}, a.approveUser)
	signedIn(a, doc, operation{"PUT", "/api/reject-user/{id}", "Turn a sign-up down (administrators)", 0, 0}, a.rejectUser)
}

// open registers an operation that needs no sign-in.
func open[I, O any](a *API, doc huma.API, op operation, fn func(context.Context, *I) (*O, error)) {
	huma.Register(doc, a.describe(op), fn)
}

// signedIn registers an operation for active users; fn gets who acts.
func signedIn[I, O any](
	a *API, doc huma.API, op operation, fn func(ctx context.Context, actor model.Actor, in *I) (*O, error),
) {
	described := a.describe(op)
	described.Security = []map[string][]string{{bearerScheme: {}}}
	described.Middlewares = append(described.Middlewares, a.authenticated(doc))
	huma.Register(doc, described, func(ctx context.Context, in *I) (*O, error) {
		return fn(ctx, recordOf(ctx).actor, in)
	})
}

func (a *API) describe(op operation) huma.Operation {
	described := huma.Operation{
		Method: op.method, Path: op.path, Summary: op.summary, OperationID: operationID(op), DefaultStatus: op.status,
		MaxBodyBytes: maxBody + 1, // huma refuses a body of exactly this many bytes
	}
	if op.perAddress > 0 && a.o.RateLimits {
		described.Middlewares = huma.Middlewares{limited(op.perAddress)}
	}
	return described
}

// operationID names an operation for generators of clients: "delete-message-by-message_id" would do, stable is enough.
func operationID(op operation) string {
	path := strings.TrimPrefix(op.path, "/api/")
	path = strings.NewReplacer("/", "-", "{", "by-", "}", "").Replace(path)
	return strings.ToLower(op.method) + "-" + path
}

// authenticated lets only live sessions of active users through, each at most perUser times a minute.
func (a *API) authenticated(doc huma.API) func(huma.Context, func(huma.Context)) {
	limiter := newLimiter(perUser)
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		actor, err := a.authenticate(r)
		if err != nil {
			ctx.SetHeader("WWW-Authenticate", "Bearer")
			_ = huma.WriteErr(doc, ctx, http.StatusUnauthorized, "", err) // huma says itself when it can't write
			return
		}
		recordOf(r.Context()).actor = actor
		if a.o.RateLimits && limiter.RespondOnLimit(w, r, actor.UserUUID) {
			return
		}
		next(ctx)
	}
}

func (a *API) authenticate(r *http.Request) (model.Actor, error) {
	token := bearer(r.Header.Get("Authorization"))
	if token == "" {
		return model.Actor{}, errs.E(wire.Unauthenticated, "", errs.Text{})
	}
	actor, err := a.o.Auth.Authenticate(r.Context(), token)
	actor.RemoteAddr = remoteHost(r)
	return actor, err
}

// limited refuses more than n calls a minute from one address.
func limited(n int) func(huma.Context, func(huma.Context)) {
	limiter := newLimiter(n)
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		key, err := byAddress(r)
		if err != nil {
			key = r.RemoteAddr
		}
		if !limiter.RespondOnLimit(w, r, key) {
			next(ctx)
		}
	}
}

func newLimiter(n int) *httprate.RateLimiter {
	return httprate.NewRateLimiter(n, time.Minute, httprate.WithLimitHandler(tooMany))
}

func tooMany(w http.ResponseWriter, r *http.Request) {
	// httprate has set Retry-After to the length of its window already.
	refuse(w, r, http.StatusTooManyRequests, errs.E(wire.RateLimited, "", errs.Text{}))
}

// output is an answer with nothing but a body.
type output[T any] struct{ Body T }

func answer[T any](body T) *output[T] { return &output[T]{body} }

// said answers with a text for people, as the original did.
func said(ctx context.Context, ko, en string) *output[wire.MessageReply] {
	return answer(wire.MessageReply{Message: errs.Text{KO: ko, EN: en}.In(recordOf(ctx).lang)})
}

// empty is the input of an operation without any.
type empty struct{}
