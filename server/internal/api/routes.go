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
	// maxPeopleBody is enough for wire.MaxRoomMembers UUIDs, and for one who sends too many to hear so.
	maxPeopleBody = 256 << 10
)

// operation describes one path: what huma needs to know of it and the limit of calls a minute and address, if any.
type operation struct {
	method, path string
	summary      string
	status       int // of success
	perAddress   int
	body         int64 // most bytes of the body, 0 for maxBody
}

// op begins the description of an operation, as in op("GET /api/users", "…").
func op(route, summary string) operation {
	method, path, _ := strings.Cut(route, " ")
	return operation{method: method, path: path, summary: summary, status: http.StatusOK}
}

// created says that success is a 201.
func (o operation) created() operation {
	o.status = http.StatusCreated
	return o
}

// atMost limits the calls a minute from one address.
func (o operation) atMost(n int) operation {
	o.perAddress = n
	return o
}

// upTo says how many bytes a body may have, when maxBody is too few.
func (o operation) upTo(n int64) operation {
	o.body = n
	return o
}

// routes lists every operation. Those of the first block need no sign-in; all others need the access token of a live
// session of an active user. What a user may do beyond that, the services decide.
func (a *API) routes(doc huma.API) {
	open(a, doc, op("GET /api/server", "Who the server is").atMost(lookUpsPerAddr), a.serverInfo)
	open(a, doc, op("GET /api/departments", "Departments for the sign-up form").atMost(lookUpsPerAddr), a.departments)
	open(a, doc, op("POST /api/register", "Sign up").created().atMost(signUpsPerAddr), a.register)
	open(a, doc, op("POST /api/register/status", "Where a sign-up stands").atMost(lookUpsPerAddr), a.registerStatus)
	open(a, doc, op("POST /api/login", "Sign in").atMost(loginsPerAddr), a.login)
	open(a, doc, op("POST /api/sign-in/begin", "Begin to sign in by the browser").atMost(loginsPerAddr), a.beginBrowser)
	open(a, doc, op("POST /api/sign-in/finish", "Sign in with what the browser brought back").atMost(loginsPerAddr), a.finishBrowser)
	open(a, doc, op("POST /api/token/refresh", "Spend a refresh token").atMost(refreshsPerAddr), a.refresh)

	a.updateRoutes(doc)
	a.resetRoutes(doc)
	a.sessionRoutes(doc)
	a.accountRoutes(doc)
	a.auditRoutes(doc)
	a.backupRoutes(doc)
	a.accessRoutes(doc)
	a.statisticsRoutes(doc)
	a.noticeRoutes(doc)
	a.retentionRoutes(doc)
	a.hookRoutes(doc)

	signedIn(a, doc, op("POST /api/logout", "End this session"), a.logout)
	signedIn(a, doc, op("GET /api/users", "Everyone who may sign in"), a.users)
	signedIn(a, doc, op("GET /api/users/me", "Me"), a.me)
	signedIn(a, doc, op("PUT /api/users/me/password", "Change my password; my other sessions end"), a.changePassword)
	signedIn(a, doc, op("GET /api/directory", "People and departments changed after a revision"), a.directory)

	signedIn(a, doc, op("GET /api/messages/{other_uuid}", "A page of a conversation"), a.directMessages)
	signedIn(a, doc, op("POST /api/messages", "Send a message").created(), a.postMessage)
	signedIn(a, doc, op("DELETE /api/messages/{message_id}", "Delete my message for everyone"), a.deleteMessage)
	signedIn(a, doc, op("DELETE /api/delete-message/{message_id}", "Delete my message for everyone"), a.deleteMessage)

	signedIn(a, doc, op("GET /api/chat-rooms", "My rooms, the newest message first"), a.chatRooms)
	signedIn(a, doc, op("POST /api/create-chat-room", "Make a group").created().upTo(maxPeopleBody), a.createRoom)
	signedIn(a, doc, op("POST /api/direct-rooms", "The conversation with a person; makes it"), a.openDirect)
	signedIn(a, doc, op("GET /api/chat-rooms/{room_uuid}", "A room's members and a page; marks it read"), a.roomDetail)
	signedIn(a, doc, op("POST /api/chat-rooms/{room_uuid}/mark-read", "Mark a room read"), a.markRead)
	signedIn(a, doc, op("DELETE /api/delete-chat-room/{id}", "Leave, hide, or close my group for all"), a.leaveRoom)

	a.roomRoutes(doc)
	a.fileOperations(doc)
	a.peopleRoutes(doc)

	signedIn(a, doc, op("GET /api/pending-users", "Sign-ups that wait (administrators)"), a.pendingUsers)
	signedIn(a, doc, op("PUT /api/approve-user/{id}", "Let a person in (administrators)"), a.approveUser)
	signedIn(a, doc, op("PUT /api/reject-user/{id}", "Turn a sign-up down (administrators)"), a.rejectUser)
}

// roomRoutes are those of a group's members, settings and picture.
func (a *API) roomRoutes(doc huma.API) {
	const room = "/api/chat-rooms/{room_uuid}"
	signedIn(a, doc, op("PUT "+room, "Change my group's name or what newcomers see (owners)"), a.updateRoom)
	signedIn(a, doc, op("GET "+room+"/members", "A page of a room's members, owners first"), a.membersPage)
	signedIn(a, doc, op("POST "+room+"/members", "Invite people into a group").upTo(maxPeopleBody), a.invite)
	signedIn(a, doc, op("PUT "+room+"/members/{user_uuid}", "Make a member an owner, or the reverse (owners)"), a.setRole)
	signedIn(a, doc, op("DELETE "+room+"/members/{user_uuid}", "Remove a member of a group (owners)"), a.removeMember)
	signedIn(a, doc, op("PUT "+room+"/picture", "Give a group a picture (owners)").upTo(wire.MaxPictureBytes), a.setPicture)
	signedIn(a, doc, op("DELETE "+room+"/picture", "Take a group's picture away (owners)"), a.removePicture)
	signedIn(a, doc, op("GET /api/pictures/{picture_uuid}", "A picture of a room that I am in, or of a person"), a.picture)
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
	described.Middlewares = append(described.Middlewares, a.authenticated(doc, described.OperationID))
	huma.Register(doc, described, func(ctx context.Context, in *I) (*O, error) {
		return fn(ctx, recordOf(ctx).actor, in)
	})
}

func (a *API) describe(op operation) huma.Operation {
	described := huma.Operation{
		Method: op.method, Path: op.path, Summary: op.summary, OperationID: operationID(op), DefaultStatus: op.status,
		MaxBodyBytes: max(op.body, maxBody) + 1, // huma refuses a body of exactly this many bytes
	}
	if op.perAddress > 0 && a.o.RateLimits {
		described.Middlewares = huma.Middlewares{a.limited("address "+described.OperationID, op.perAddress)}
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
func (a *API) authenticated(doc huma.API, operationID string) func(huma.Context, func(huma.Context)) {
	limiter := a.newLimiter("user "+operationID, perUser)
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
func (a *API) limited(name string, n int) func(huma.Context, func(huma.Context)) {
	limiter := a.newLimiter(name, n)
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		if !limiter.RespondOnLimit(w, r, httprate.CanonicalizeIP(remoteHost(r))) {
			next(ctx)
		}
	}
}

// newLimiter makes a limit of n requests a minute for each key. Servers that count together do so by its name.
func (a *API) newLimiter(name string, n int) *httprate.RateLimiter {
	return httprate.NewRateLimiter(n, time.Minute, a.limitOptions(name)...)
}

func (a *API) limitOptions(name string) []httprate.Option {
	options := []httprate.Option{httprate.WithLimitHandler(tooMany)}
	if a.o.Counter != nil && a.o.RateLimits {
		options = append(options, httprate.WithLimitCounter(a.o.Counter(name)))
	}
	return options
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
