package api

import (
	"context"
	"mime"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"himsg/server/internal/errs"
	"himsg/server/internal/hook"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	integrationsPath = "/api/admin/integrations"
	integrationPath  = integrationsPath + "/{integration_uuid}"
	botPath          = "/api/bot"
	tokenScheme      = "token"
	hooksPerAddr     = 3_000 // calls a minute of incoming hooks and with tokens; an office's programs may share one address
)

// hookRoutes are those of integrations: for administrators, for callers of incoming hooks, and for the holders of tokens. A token is
// good for nothing else, and a person's session for none of these.
func (a *API) hookRoutes(doc huma.API) {
	signedIn(a, doc, op("GET "+integrationsPath, "Webhooks and tokens (administrators, auditors)"), a.integrations)
	signedIn(a, doc, op("POST "+integrationsPath, "Make a webhook or a token; its secret is told once (administrators)").created(), a.addIntegration)
	signedIn(a, doc, op("POST "+integrationPath+"/rotate", "Give it another secret, told once (administrators)"), a.rotateIntegration)
	signedIn(a, doc, op("POST "+integrationPath+"/disable", "Stop it (administrators)"), a.disableIntegration)
	signedIn(a, doc, op("POST "+integrationPath+"/enable", "Let it go on (administrators)"), a.enableIntegration)
	signedIn(a, doc, op("DELETE "+integrationPath, "End it for good (administrators)"), a.removeIntegration)

	open(a, doc, op("POST /api/hooks/{secret}", "Post into the room of a webhook").atMost(hooksPerAddr), a.postHook)
	open(a, doc, op("POST /api/hooks/{secret}/slack", "Post what was made for Slack").atMost(hooksPerAddr), a.postSlack)

	byToken(a, doc, op("GET "+botPath+"/me", "What my token is for").atMost(hooksPerAddr), "", a.botMe)
	byToken(a, doc, op("GET "+botPath+"/people", "Who works here (people:read)").atMost(hooksPerAddr), wire.ScopePeopleRead, a.botPeople)
	byToken(a, doc, op("GET "+botPath+"/rooms/{room_uuid}/messages", "What is written in a room (messages:read)").atMost(hooksPerAddr),
		wire.ScopeMessagesRead, a.botMessages)
	byToken(a, doc, op("POST "+botPath+"/messages", "Write into a room (messages:write)").created().atMost(hooksPerAddr),
		wire.ScopeMessagesWrite, a.botPost)
	byToken(a, doc, op("DELETE "+botPath+"/messages/{message_id}", "Delete what I wrote (messages:write)").atMost(hooksPerAddr),
		wire.ScopeMessagesWrite, a.botDelete)
}

// callerKey finds the caller of a token's operation in its context.
type callerKey struct{}

// byToken registers an operation for tokens that have a scope, or any if it is empty; fn gets whose it is.
func byToken[I, O any](
	a *API, doc huma.API, op operation, scope wire.Scope, fn func(ctx context.Context, caller hook.Caller, in *I) (*O, error),
) {
	described := a.describe(op)
	described.Security = []map[string][]string{{tokenScheme: {}}}
	limiter := a.newLimiter("bot "+described.OperationID, perUser)
	described.Middlewares = append(described.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		caller, err := a.o.Hooks.Token(r.Context(), bearer(r.Header.Get("Authorization")), scope, remoteHost(r))
		if err != nil {
			status := errs.Status(errs.As(err).Code)
			if status == http.StatusUnauthorized {
				ctx.SetHeader("WWW-Authenticate", "Bearer")
			}
			_ = huma.WriteErr(doc, ctx, status, "", err) // huma says itself when it can't write
			return
		}
		recordOf(r.Context()).actor = caller.Actor()
		if a.o.RateLimits && limiter.RespondOnLimit(w, r, caller.BotUUID) {
			return
		}
		next(huma.WithValue(ctx, callerKey{}, caller))
	})
	huma.Register(doc, described, func(ctx context.Context, in *I) (*O, error) {
		caller, _ := ctx.Value(callerKey{}).(hook.Caller)
		return fn(ctx, caller, in)
	})
}

func (a *API) integrations(ctx context.Context, actor model.Actor, in *beforeInput) (*output[wire.IntegrationList], error) {
	list, err := a.o.Hooks.List(ctx, actor, in.Before)
	if err != nil {
		return nil, err
	}
	return answer(list), nil
}

func (a *API) addIntegration(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.NewIntegration },
) (*output[wire.IntegrationSecret], error) {
	made, err := a.o.Hooks.Add(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(made), nil
}

type integrationInput struct {
	IntegrationUUID string `path:"integration_uuid" maxLength:"64"`
}

func (a *API) rotateIntegration(ctx context.Context, actor model.Actor, in *integrationInput) (*output[wire.IntegrationSecret], error) {
	made, err := a.o.Hooks.Rotate(ctx, actor, in.IntegrationUUID)
	if err != nil {
		return nil, err
	}
	return answer(made), nil
}

func (a *API) disableIntegration(ctx context.Context, actor model.Actor, in *integrationInput) (*output[wire.Integration], error) {
	now, err := a.o.Hooks.Disable(ctx, actor, in.IntegrationUUID)
	if err != nil {
		return nil, err
	}
	return answer(now), nil
}

type enableInput struct {
	IntegrationUUID string `path:"integration_uuid" maxLength:"64"`
	Body            *wire.EnableIntegration
}

func (a *API) enableIntegration(ctx context.Context, actor model.Actor, in *enableInput) (*output[wire.Integration], error) {
	var how wire.EnableIntegration
	if in.Body != nil {
		how = *in.Body
	}
	now, err := a.o.Hooks.Enable(ctx, actor, in.IntegrationUUID, how)
	if err != nil {
		return nil, err
	}
	return answer(now), nil
}

func (a *API) removeIntegration(ctx context.Context, actor model.Actor, in *integrationInput) (*output[wire.MessageReply], error) {
	if err := a.o.Hooks.Remove(ctx, actor, in.IntegrationUUID); err != nil {
		return nil, err
	}
	return said(ctx, "연동을 삭제했습니다.", "The integration was removed."), nil
}

type hookInput struct {
	Secret string `path:"secret" maxLength:"200"`
	Key    string `header:"Idempotency-Key" maxLength:"200" doc:"A repeat with the same one writes nothing"`
	Body   wire.HookMessage
}

// caller is whose webhook is called; what he writes stands in the log under his bot's UUID.
func (a *API) caller(ctx context.Context, secret string) (hook.Caller, error) {
	caller, err := a.o.Hooks.Hook(ctx, secret, recordOf(ctx).remote)
	if err == nil {
		recordOf(ctx).actor = caller.Actor()
	}
	return caller, err
}

func (a *API) postHook(ctx context.Context, in *hookInput) (*output[wire.BotPosted], error) {
	caller, err := a.caller(ctx, in.Secret)
	if err != nil {
		return nil, err
	}
	if in.Key != "" {
		in.Body.IdempotencyKey = in.Key
	}
	posted, err := a.o.Hooks.PostHook(ctx, caller, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(posted), nil
}

type slackInput struct {
	Secret      string `path:"secret" maxLength:"200"`
	Key         string `header:"Idempotency-Key" maxLength:"200" doc:"A repeat with the same one writes nothing"`
	ContentType string `header:"Content-Type" maxLength:"200"`
	RawBody     []byte
}

// slackReply is what Slack answers.
type slackReply struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

var badSlack = errs.Text{KO: "JSON 또는 payload 양식으로 보내주세요.", EN: "Send JSON, or a form with a field payload."}

func (a *API) postSlack(ctx context.Context, in *slackInput) (*slackReply, error) {
	caller, err := a.caller(ctx, in.Secret)
	if err != nil {
		return nil, err
	}
	text, err := slackText(in)
	if err != nil {
		a.o.Hooks.Unread(ctx, caller)
		return nil, errs.E(wire.BadRequest, "", badSlack)
	}
	if _, err := a.o.Hooks.PostHook(ctx, caller, wire.HookMessage{Text: text, IdempotencyKey: in.Key}); err != nil {
		return nil, err
	}
	return &slackReply{ContentType: "text/plain; charset=utf-8", Body: []byte("ok")}, nil
}

// slackText reads what came: JSON, or a form whose field payload is that, as Slack takes both.
func slackText(in *slackInput) (string, error) {
	body := in.RawBody
	if kind, _, err := mime.ParseMediaType(in.ContentType); err == nil && kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return "", err
		}
		body = []byte(form.Get("payload"))
	}
	switch {
	case !utf8.Valid(body):
		return "", errNotUTF8
	case depth(body) > maxDepth:
		return "", errTooDeep
	}
	return hook.SlackText(body)
}

func (a *API) botMe(_ context.Context, caller hook.Caller, _ *empty) (*output[wire.BotMe], error) {
	return answer(a.o.Hooks.Me(caller)), nil
}

type botPeopleInput struct {
	After int64 `query:"after" minimum:"0" doc:"next of the page before"`
}

func (a *API) botPeople(ctx context.Context, _ hook.Caller, in *botPeopleInput) (*output[wire.BotPeople], error) {
	people, err := a.o.Hooks.People(ctx, in.After)
	if err != nil {
		return nil, err
	}
	return answer(people), nil
}

type botMessagesInput struct {
	RoomUUID string `path:"room_uuid" maxLength:"64"`
	AfterSeq int64  `query:"after_seq" minimum:"0" doc:"after_seq of the page before"`
	Limit    int    `query:"limit" minimum:"0" maximum:"100" doc:"Most messages of the page; 0 means 100"`
}

func (a *API) botMessages(ctx context.Context, caller hook.Caller, in *botMessagesInput) (*output[wire.BotMessages], error) {
	page, err := a.o.Hooks.Messages(ctx, caller, in.RoomUUID, in.AfterSeq, in.Limit)
	if err != nil {
		return nil, err
	}
	return answer(page), nil
}

type botPostInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"A repeat with the same one writes nothing"`
	Body wire.BotMessage
}

func (a *API) botPost(ctx context.Context, caller hook.Caller, in *botPostInput) (*output[wire.BotPosted], error) {
	if in.Key != "" {
		in.Body.IdempotencyKey = in.Key
	}
	posted, err := a.o.Hooks.Post(ctx, caller, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(posted), nil
}

type botDeleteInput struct {
	MessageID int64 `path:"message_id" minimum:"1"`
}

func (a *API) botDelete(ctx context.Context, caller hook.Caller, in *botDeleteInput) (*output[wire.MessageReply], error) {
	if err := a.o.Hooks.Delete(ctx, caller, in.MessageID); err != nil {
		return nil, err
	}
	return said(ctx, "메시지를 삭제했습니다.", "The message was deleted."), nil
}
