package hook

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// This file answers the callers of incoming hooks and the holders of tokens.

var (
	hookUnknown  = errs.E(wire.NotFound, "", errs.Text{KO: "웹훅 주소가 올바르지 않거나 더 이상 쓸 수 없습니다.", EN: "This webhook is not known, or no more."})
	tokenInvalid = errs.E(wire.Unauthenticated, wire.ReasonTokenInvalid, errs.Text{KO: "토큰이 올바르지 않거나 더 이상 쓸 수 없습니다.", EN: "This token is not valid, or no more."})
	scopeMissing = errs.E(wire.Forbidden, "", errs.Text{KO: "이 토큰에는 그 권한이 없습니다.", EN: "This token may not do that."})
	roomUnknown  = errs.E(wire.NotFound, "", errs.Text{KO: "대화방을 찾을 수 없습니다.", EN: "There is no such conversation."})
	keyTooLong   = errs.Text{KO: "너무 깁니다.", EN: "This is too long."}
)

// noteEvery is how often it is stored that an integration is used, or refused.
const noteEvery = time.Minute

// Caller is who showed a good secret.
type Caller struct {
	model.Integration
	remoteAddr string
}

// Actor is who writes for the caller.
func (c Caller) Actor() model.Actor { return c.Integration.Actor(c.remoteAddr) }

// Hook finds the incoming hook of a secret. wire.NotFound for one that is not known, was changed, or whose hook is off: they look
// alike.
func (s *Service) Hook(ctx context.Context, secret, remoteAddr string) (Caller, error) {
	hash := hashOf(wire.IntegrationIncoming, secret)
	if wait := s.pace.wait(hash); wait > 0 && s.o.Limits { // who floods does not reach the database
		return Caller{}, &errs.Error{Code: wire.RateLimited, Text: manyRequests, RetryAfter: wait}
	}
	c, err := s.caller(ctx, wire.IncomingSecretPrefix, secret, remoteAddr)
	if err == nil && (c.Kind != wire.IntegrationIncoming || c.State != wire.IntegrationActive || len(c.Rooms) != 1) {
		err = hookUnknown
	}
	if errs.Is(err, wire.NotFound) {
		err = hookUnknown
	}
	if err == nil {
		s.pace.knows(hash, c.ID)
	}
	return c, err
}

// Token finds the token of a secret, which must have a scope, if one is asked for. wire.Unauthenticated for one that is not known,
// off or over, wire.Forbidden without the scope.
func (s *Service) Token(ctx context.Context, secret string, scope wire.Scope, remoteAddr string) (Caller, error) {
	c, err := s.caller(ctx, wire.TokenSecretPrefix, secret, remoteAddr)
	switch {
	case errs.Is(err, wire.NotFound):
		return c, tokenInvalid
	case err != nil:
		return c, err
	case c.Kind == wire.IntegrationToken && c.State == wire.IntegrationExpired:
		s.refused(ctx, c, wire.FailureExpired)
		return c, tokenInvalid
	case c.Kind != wire.IntegrationToken || c.State != wire.IntegrationActive:
		return c, tokenInvalid
	case scope != "" && !c.May(scope):
		return c, scopeMissing
	}
	s.used(ctx, c)
	return c, nil
}

// caller looks a secret up, each time: one that was changed or taken back holds no more at once, on every node.
func (s *Service) caller(ctx context.Context, prefix, secret, remoteAddr string) (Caller, error) {
	if len(secret) > 200 || !strings.HasPrefix(secret, prefix) {
		return Caller{}, hookUnknown
	}
	i, err := s.o.Store.IntegrationBySecret(ctx, hashOf("", secret))
	if err != nil {
		return Caller{}, fmt.Errorf("look a secret up: %w", err)
	}
	return Caller{i.At(s.o.Now().UnixMilli()), remoteAddr}, nil
}

// used stores when an integration was used, once a minute.
func (s *Service) used(ctx context.Context, c Caller) {
	now := s.o.Now()
	if now.Sub(time.UnixMilli(c.LastUsedAt)) < noteEvery || !s.pace.note(c.ID, "") {
		return
	}
	s.note(ctx, c, "", now)
}

// refused stores why an integration was refused, once a minute.
func (s *Service) refused(ctx context.Context, c Caller, why wire.HookFailure) {
	now := s.o.Now()
	same := c.LastFailure == why && now.Sub(time.UnixMilli(c.LastFailedAt)) < noteEvery
	if same || !s.pace.note(c.ID, why) {
		return
	}
	s.note(ctx, c, why, now)
}

func (s *Service) note(ctx context.Context, c Caller, why wire.HookFailure, now time.Time) {
	if err := s.o.Store.NoteCall(ctx, c.ID, why, now.UnixMilli()); err != nil && ctx.Err() == nil {
		s.o.Logger.WarnContext(ctx, "the use of an integration was not noted",
			slog.String("integration_uuid", c.UUID), slog.Any("error", err))
	}
}

// PostHook writes what came to an incoming hook. wire.RateLimited beyond wire.HookPostsAMinute, wire.BadRequest for a text that is no
// message, wire.NotFound or wire.Forbidden when its room is closed or nobody writes there any more.
func (s *Service) PostHook(ctx context.Context, c Caller, m wire.HookMessage) (wire.BotPosted, error) {
	return s.post(ctx, c, c.Rooms[0], m.Text, m.IdempotencyKey, 0)
}

// Post writes with a token that has wire.ScopeMessagesWrite; refusals as PostHook's.
func (s *Service) Post(ctx context.Context, c Caller, m wire.BotMessage) (wire.BotPosted, error) {
	room, ok := c.Room(m.RoomUUID)
	if !ok {
		return wire.BotPosted{}, roomUnknown
	}
	return s.post(ctx, c, room, m.Text, m.IdempotencyKey, m.ReplyToSeq)
}

func (s *Service) post(
	ctx context.Context, c Caller, room model.IntegrationRoom, text, key string, replyTo int64,
) (out wire.BotPosted, err error) {
	if wait := s.pace.take(c.ID); wait > 0 && s.o.Limits {
		s.refused(ctx, c, wire.FailureRate)
		return out, &errs.Error{Code: wire.RateLimited, Text: manyRequests, RetryAfter: wait}
	}
	if len(key) > wire.MaxIdempotencyBytes {
		return out, errs.BadField("idempotency_key", keyTooLong)
	}
	reply, err := s.o.Rooms.Post(ctx, c.Actor(), room.ID, wire.SendRequest{Text: text, ClientID: clientID(c.UUID, key), ReplyToSeq: replyTo})
	switch {
	case errs.Is(err, wire.BadRequest):
		s.refused(ctx, c, wire.FailureBody)
	case errs.Is(err, wire.NotFound), errs.Is(err, wire.Forbidden):
		s.refused(ctx, c, wire.FailureRoomGone)
	}
	if err != nil {
		return out, fmt.Errorf("post for a bot: %w", err)
	}
	s.used(ctx, c)
	return wire.BotPosted{MessageID: reply.MessageID, Seq: reply.Seq, Timestamp: reply.Timestamp, Duplicate: reply.Duplicate}, nil
}

// Unread notes that what came to an incoming hook could not be understood.
func (s *Service) Unread(ctx context.Context, c Caller) { s.refused(ctx, c, wire.FailureBody) }

// clientID is the message's own: the same for the same key of an integration, so that a repeat is one by the unique key.
func clientID(integrationUUID, key string) string {
	if key == "" {
		if id, err := uuid.NewV7(); err == nil {
			return id.String()
		}
		return uuid.NewString()
	}
	space, err := uuid.Parse(integrationUUID)
	if err != nil { // it is stored so
		space = uuid.Nil
	}
	return uuid.NewSHA1(space, []byte(key)).String()
}

// Delete takes back what the token's bot wrote; wire.NotFound for anything else. A repeat is harmless.
func (s *Service) Delete(ctx context.Context, c Caller, messageID int64) error {
	if _, err := s.o.Rooms.Delete(ctx, c.Actor(), messageID); err != nil {
		return fmt.Errorf("delete for a bot: %w", err)
	}
	return nil
}

// Me is what a token is for.
func (s *Service) Me(c Caller) wire.BotMe {
	w := c.Wire()
	return wire.BotMe{BotUUID: w.BotUUID, Name: w.Name, Scopes: w.Scopes, Rooms: w.Rooms, ExpiresAt: w.ExpiresAt}
}

// Messages returns a page of what was written in one of the token's rooms behind a seq, but not before it was let in. wire.NotFound
// for another room.
func (s *Service) Messages(ctx context.Context, c Caller, roomUUID string, after int64, limit int) (out wire.BotMessages, err error) {
	room, ok := c.Room(roomUUID)
	if !ok {
		return out, roomUnknown
	}
	if limit <= 0 || limit > wire.MaxBotPage {
		limit = wire.MaxBotPage
	}
	list, upTo, more, err := s.o.Store.ReadRoom(ctx, room.ID, max(after, room.AfterSeq), limit)
	if err != nil {
		return out, fmt.Errorf("read for a bot: %w", err)
	}
	out.Messages, out.AfterSeq, out.More = make([]wire.BotRead, len(list)), upTo, more
	for i, w := range list {
		out.Messages[i] = readOf(w)
	}
	return out, nil
}

func readOf(w Written) wire.BotRead {
	m := w.Message.Wire()
	return wire.BotRead{
		MessageID: m.MessageID, RoomUUID: m.RoomUUID, Seq: m.Seq, SenderUUID: m.SenderUUID, SenderName: w.SenderName, Bot: w.Bot,
		Text: m.Text, Timestamp: m.Timestamp, EditedAt: m.EditedAt, ReplyToSeq: m.ReplyToSeq, Files: m.Files,
	}
}

// People returns a page of those who may sign in; after is the Next of the page before, 0 at first.
func (s *Service) People(ctx context.Context, after int64) (out wire.BotPeople, err error) {
	users, err := s.o.Store.PeopleAfter(ctx, max(after, 0), wire.MaxBotPage+1)
	if err != nil {
		return out, fmt.Errorf("read people for a bot: %w", err)
	}
	if len(users) > wire.MaxBotPage {
		users = users[:wire.MaxBotPage]
		out.Next = users[len(users)-1].ID
	}
	out.People = make([]wire.BotPerson, len(users))
	for i, u := range users {
		out.People[i] = wire.BotPerson{
			UserUUID: u.UUID, Name: u.Name, Username: u.Username, EmployeeID: u.EmployeeID, Department: u.Department,
			Position: u.Position, Grade: u.Grade, Email: u.Email,
		}
	}
	return out, nil
}
