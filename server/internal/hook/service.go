package hook

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Options is what a Service needs; all fields but Changed, Peers and Limits are required.
type Options struct {
	Store     Store
	Rooms     Rooms
	Directory Directory
	Target    Target
	Key       []byte // signing keys of outgoing hooks are derived from it
	Company   string
	Worker    string // names this node, the same after a restart
	// Changed is told when an outgoing hook was given up, or is so no more. nil: nobody wants to know.
	Changed func(context.Context)
	Peers   Peers // other servers; nil: this one is alone
	Limits  bool  // how much an integration may write is limited
	Now     func() time.Time
	Logger  *slog.Logger
}

// Service keeps integrations and answers their callers. It is safe for use by several goroutines.
type Service struct {
	o    Options
	pace *pace
	wake chan struct{} // of the courier
	seen watched
}

// New makes a Service. It hands messages over while Run is called.
func New(o Options) *Service {
	if o.Changed == nil {
		o.Changed = func(context.Context) {}
	}
	return &Service{o: o, pace: newPace(o.Now, o.Peers), wake: make(chan struct{}, 1)}
}

var (
	adminsOnly   = errs.Text{KO: "관리자만 바꿀 수 있습니다.", EN: "Only administrators may change this."}
	readersOnly  = errs.Text{KO: "관리자와 감사자만 볼 수 있습니다.", EN: "Only administrators and auditors may see this."}
	badKind      = errs.Text{KO: "알 수 없는 연동 종류입니다.", EN: "This is not a kind of integration."}
	badIcon      = errs.Text{KO: "이모지 하나를 골라주세요.", EN: "Choose one emoji."}
	oneRoom      = errs.Text{KO: "대화방 하나를 골라주세요.", EN: "Choose one conversation."}
	someRooms    = errs.Text{KO: "대화방을 1개 이상 50개 이하로 골라주세요.", EN: "Choose 1 to 50 conversations."}
	noRooms      = errs.Text{KO: "이 권한에는 대화방이 필요하지 않습니다.", EN: "These permissions need no conversation."}
	badRoom      = errs.Text{KO: "대화방이 올바르지 않거나 두 번 있습니다.", EN: "A conversation is not valid or there twice."}
	badScopes    = errs.Text{KO: "권한을 하나 이상 골라주세요.", EN: "Choose at least one permission."}
	badDays      = errs.Text{KO: "1일에서 730일까지 정할 수 있습니다.", EN: "From 1 to 730 days can be set."}
	notOfKind    = errs.Text{KO: "이 종류의 연동에는 없는 항목입니다.", EN: "This kind of integration does not have this."}
	manyRequests = errs.Text{KO: "메시지를 너무 자주 보냈습니다.", EN: "Too many messages."}
)

func mayRead(actor model.Actor) error {
	if actor.IsAdmin() || actor.IsAuditor() {
		return nil
	}
	return errs.E(wire.Forbidden, "", readersOnly)
}

func mayChange(actor model.Actor) error {
	if actor.IsAdmin() {
		return nil
	}
	return errs.E(wire.Forbidden, "", adminsOnly)
}

// entry says what was done; what more there is to say never holds a secret, and of an address the host only.
func (s *Service) entry(actor model.Actor, action model.AuditAction, said map[string]any) model.AuditEntry {
	detail, err := json.Marshal(said)
	if err != nil { // of words and numbers
		detail = []byte("{}")
	}
	return model.AuditEntry{
		At: s.o.Now().UnixMilli(), ActorID: actor.UserID, Action: action, Detail: string(detail), RemoteAddr: actor.RemoteAddr,
	}
}

// List returns a page of the integrations, for administrators and auditors. before is the Next of the page before, 0 at first.
func (s *Service) List(ctx context.Context, actor model.Actor, before int64) (out wire.IntegrationList, err error) {
	if err := mayRead(actor); err != nil {
		return out, err
	}
	list, next, err := s.o.Store.IntegrationList(ctx, before, wire.MaxIntegrationsPage)
	if err != nil {
		return out, fmt.Errorf("read integrations: %w", err)
	}
	out.Integrations, out.Next = make([]wire.Integration, len(list)), next
	for i, one := range list {
		out.Integrations[i] = s.wire(one)
	}
	return out, nil
}

func (s *Service) wire(i model.Integration) wire.Integration {
	return i.At(s.o.Now().UnixMilli()).Wire()
}

// Add makes an integration, for administrators, and returns its secret, which nobody is told again. wire.BadRequest for what does not
// fit together, wire.NotFound for a room in which the actor is not, wire.Conflict when there are wire.MaxIntegrations.
func (s *Service) Add(ctx context.Context, actor model.Actor, in wire.NewIntegration) (out wire.IntegrationSecret, err error) {
	if err := mayChange(actor); err != nil {
		return out, err
	}
	n, err := s.checked(in)
	if err != nil {
		return out, err
	}
	n.UUID, n.BotUUID = uuid.NewString(), uuid.NewString()
	secret := s.secretOf(n.Kind, n.UUID, 1)
	n.Hash = hashOf(n.Kind, secret)
	change, err := s.o.Store.AddIntegration(ctx, actor, n, s.entry(actor, model.AuditIntegrationCreated, said(n)))
	if err != nil {
		return out, fmt.Errorf("add an integration: %w", err)
	}
	s.o.Directory.UserChanged(ctx, change.Bot)
	s.announce(ctx, change)
	return s.told(change.Integration, secret), nil
}

func (s *Service) announce(ctx context.Context, c Change) {
	for _, r := range c.Rooms {
		s.o.Rooms.Announce(ctx, r)
	}
	if c.Integration.Kind == wire.IntegrationOutgoing {
		s.seen.forget()
	}
}

// said is what the audit says of a new integration.
func said(n Addition) map[string]any {
	detail := map[string]any{"kind": n.Kind, "name": n.Name}
	if len(n.Rooms) > 0 {
		detail["rooms"] = n.Rooms
	}
	if len(n.Scopes) > 0 {
		detail["scopes"] = n.Scopes
	}
	if n.ExpiresAt != 0 {
		detail["expires_at"] = wire.TimeOfMilli(n.ExpiresAt)
	}
	if u, err := url.Parse(n.URL); err == nil && u.Host != "" {
		detail["host"] = u.Host
	}
	return detail
}

func (s *Service) told(i model.Integration, secret string) wire.IntegrationSecret {
	out := wire.IntegrationSecret{Integration: s.wire(i), Secret: secret}
	if i.Kind == wire.IntegrationIncoming {
		out.Path = "/api/hooks/" + secret
	}
	return out
}

func (s *Service) checked(in wire.NewIntegration) (n Addition, err error) {
	n = Addition{Kind: in.Kind, Rooms: in.RoomUUIDs}
	if n.Name, err = model.Line("name", in.Name, wire.MaxBotNameRunes, true); err != nil {
		return n, err
	}
	if n.Icon = in.Icon; n.Icon != "" && !wire.KnownEmoji(n.Icon) {
		return n, errs.BadField("icon", badIcon)
	}
	for i, room := range in.RoomUUIDs {
		if len(room) != 36 || uuid.Validate(room) != nil || slices.Contains(in.RoomUUIDs[:i], room) {
			return n, errs.BadField("room_uuids", badRoom)
		}
		if i == wire.MaxIntegrationRooms {
			return n, errs.BadField("room_uuids", someRooms)
		}
	}
	switch in.Kind {
	case wire.IntegrationIncoming:
		err = s.checkIncoming(in, &n)
	case wire.IntegrationOutgoing:
		err = s.checkOutgoing(in, &n)
	case wire.IntegrationToken:
		err = s.checkToken(in, &n)
	default:
		err = errs.BadField("kind", badKind)
	}
	return n, err
}

func (s *Service) checkIncoming(in wire.NewIntegration, n *Addition) error {
	switch {
	case len(in.RoomUUIDs) != 1:
		return errs.BadField("room_uuids", oneRoom)
	case len(in.Scopes) > 0 || in.URL != "" || in.ExpiresDays != 0:
		return errs.E(wire.BadRequest, "", notOfKind)
	}
	n.Line = wire.SystemBotWrites
	return nil
}

func (s *Service) checkOutgoing(in wire.NewIntegration, n *Addition) error {
	switch {
	case len(in.RoomUUIDs) == 0:
		return errs.BadField("room_uuids", someRooms)
	case len(in.Scopes) > 0 || in.ExpiresDays != 0:
		return errs.E(wire.BadRequest, "", notOfKind)
	}
	n.URL, n.Line = in.URL, wire.SystemBotReads
	return s.o.Target.Check(in.URL)
}

func (s *Service) checkToken(in wire.NewIntegration, n *Addition) error {
	if in.URL != "" {
		return errs.E(wire.BadRequest, "", notOfKind)
	}
	n.Scopes = slices.DeleteFunc(slices.Clone(wire.Scopes), func(s wire.Scope) bool { return !slices.Contains(in.Scopes, s) })
	if len(n.Scopes) == 0 || len(n.Scopes) != len(in.Scopes) {
		return errs.BadField("scopes", badScopes)
	}
	reads, writes := slices.Contains(n.Scopes, wire.ScopeMessagesRead), slices.Contains(n.Scopes, wire.ScopeMessagesWrite)
	switch {
	case (reads || writes) && len(in.RoomUUIDs) == 0:
		return errs.BadField("room_uuids", someRooms)
	case !reads && !writes && len(in.RoomUUIDs) > 0:
		return errs.BadField("room_uuids", noRooms)
	case in.ExpiresDays < 1 || in.ExpiresDays > wire.MaxTokenDays:
		return errs.BadField("expires_days", badDays)
	}
	n.ExpiresAt = s.o.Now().Add(time.Duration(in.ExpiresDays) * 24 * time.Hour).UnixMilli()
	n.Line = lineOf(reads, writes)
	return nil
}

// lineOf is what the rooms of a token are told.
func lineOf(reads, writes bool) wire.SystemAction {
	switch {
	case reads && writes:
		return wire.SystemBotBoth
	case reads:
		return wire.SystemBotReads
	}
	return wire.SystemBotWrites
}

// Rotate gives an integration another secret, for administrators; the old one holds no more. wire.NotFound for an unknown one.
func (s *Service) Rotate(ctx context.Context, actor model.Actor, integrationUUID string) (out wire.IntegrationSecret, err error) {
	if err := mayChange(actor); err != nil {
		return out, err
	}
	i, err := s.known(ctx, integrationUUID)
	if err != nil {
		return out, err
	}
	secret, hash := "", ""
	if i.Kind != wire.IntegrationOutgoing {
		secret = s.secretOf(i.Kind, i.UUID, 0)
		hash = hashOf(i.Kind, secret)
	}
	i, err = s.o.Store.RotateIntegration(ctx, integrationUUID, hash, s.entry(actor, model.AuditIntegrationRotated, named(i)))
	if err != nil {
		return out, fmt.Errorf("rotate an integration: %w", err)
	}
	if secret == "" {
		secret = s.secretOf(i.Kind, i.UUID, i.Generation)
	}
	return s.told(i, secret), nil
}

func named(i model.Integration) map[string]any { return map[string]any{"kind": i.Kind, "name": i.Name} }

// known finds an integration for its name and kind, which never change.
func (s *Service) known(ctx context.Context, integrationUUID string) (model.Integration, error) {
	i, err := s.o.Store.IntegrationByUUID(ctx, integrationUUID)
	if err != nil {
		return i, fmt.Errorf("read an integration: %w", err)
	}
	return i, nil
}

// Disable keeps an integration from doing anything until it is enabled. A repeat is harmless.
func (s *Service) Disable(ctx context.Context, actor model.Actor, integrationUUID string) (wire.Integration, error) {
	return s.change(ctx, actor, Switch{UUID: integrationUUID, State: wire.IntegrationDisabled}, model.AuditIntegrationDisabled)
}

// Enable lets an integration go on. An outgoing hook goes on where it stopped, or with FromNow with what comes. A repeat is harmless.
func (s *Service) Enable(
	ctx context.Context, actor model.Actor, integrationUUID string, in wire.EnableIntegration,
) (wire.Integration, error) {
	return s.change(ctx, actor, Switch{UUID: integrationUUID, State: wire.IntegrationActive, FromNow: in.FromNow}, model.AuditIntegrationEnabled)
}

func (s *Service) change(
	ctx context.Context, actor model.Actor, to Switch, action model.AuditAction,
) (out wire.Integration, err error) {
	if err := mayChange(actor); err != nil {
		return out, err
	}
	i, err := s.known(ctx, to.UUID)
	if err != nil {
		return out, err
	}
	detail := named(i)
	if to.FromNow {
		detail["from_now"] = true
	}
	if i, err = s.o.Store.SwitchIntegration(ctx, to, s.entry(actor, action, detail)); err != nil {
		return out, fmt.Errorf("switch an integration: %w", err)
	}
	s.turned(ctx, i)
	return s.wire(i), nil
}

// turned tells those who count outgoing hooks, or look at their rooms, that one is another.
func (s *Service) turned(ctx context.Context, i model.Integration) {
	if i.Kind == wire.IntegrationOutgoing {
		s.seen.forget()
		s.o.Changed(ctx)
		s.Wake()
	}
}

// Remove ends an integration for good, for administrators. What its bot wrote stays.
func (s *Service) Remove(ctx context.Context, actor model.Actor, integrationUUID string) error {
	if err := mayChange(actor); err != nil {
		return err
	}
	i, err := s.known(ctx, integrationUUID)
	if err != nil {
		return err
	}
	change, err := s.o.Store.RemoveIntegration(ctx, actor, integrationUUID, s.entry(actor, model.AuditIntegrationRemoved, named(i)))
	if err != nil {
		return fmt.Errorf("remove an integration: %w", err)
	}
	s.announce(ctx, change)
	s.turned(ctx, change.Integration)
	return nil
}

// secretOf makes a secret. That of an outgoing hook, which the server needs again and again, follows from the server's key and is
// stored nowhere; the others are random.
func (s *Service) secretOf(kind wire.IntegrationKind, integrationUUID string, generation int64) string {
	secret := make([]byte, wire.IntegrationSecretSize)
	_, _ = rand.Read(secret) // it never fails
	prefix := wire.TokenSecretPrefix
	switch kind {
	case wire.IntegrationIncoming:
		prefix = wire.IncomingSecretPrefix
	case wire.IntegrationOutgoing:
		prefix = wire.OutgoingSecretPrefix
		mac := hmac.New(sha256.New, s.o.Key)
		mac.Write([]byte(integrationUUID + "\n" + strconv.FormatInt(generation, 10)))
		secret = mac.Sum(nil)
	}
	return prefix + base64.RawURLEncoding.EncodeToString(secret)
}

// hashOf is what is stored of a secret that callers show: it is random and long, so a plain hash says nothing of it.
func hashOf(kind wire.IntegrationKind, secret string) string {
	if kind == wire.IntegrationOutgoing {
		return ""
	}
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
