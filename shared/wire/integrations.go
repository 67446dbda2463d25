package wire

// This file holds what integrations say and hear: webhooks into a room, tokens of programs, and events that the server posts to
// others. An integration speaks as a bot: a profile with Bot set, that can't sign in and is in no list of people.

// Limits of integrations.
const (
	MaxIntegrations       = 500 // that are not removed
	MaxIntegrationsPage   = 100
	MaxIntegrationRooms   = 50
	MaxBotNameRunes       = 60
	MaxHookURLBytes       = 2_000
	MaxIdempotencyBytes   = 200
	MaxTokenDays          = 730
	MaxBotPage            = 100   // messages or people of a page for a token
	HookPostsAMinute      = 60    // messages of one integration
	HookPostsBurst        = 30    // of these at once
	MaxHookBacklog        = 1_000 // messages of a room that wait for an outgoing hook; older ones are passed over
	HookTimestampHeader   = "X-HiMsg-Timestamp"
	HookSignatureHeader   = "X-HiMsg-Signature"
	HookDeliveryHeader    = "X-HiMsg-Delivery"
	IdempotencyKeyHeader  = "Idempotency-Key"
	HookSignaturePrefix   = "v1="
	IncomingSecretPrefix  = "himsg_hook_"
	TokenSecretPrefix     = "himsg_token_"
	OutgoingSecretPrefix  = "himsg_sign_"
	HookEventMessage      = "message"
	IntegrationSecretSize = 32 // random bytes of a secret
)

// IntegrationKind is what an integration does.
type IntegrationKind string

// The kinds of integrations.
const (
	IntegrationIncoming IntegrationKind = "incoming" // who knows its address posts into one room
	IntegrationOutgoing IntegrationKind = "outgoing" // new messages of its rooms are posted to an address
	IntegrationToken    IntegrationKind = "token"    // a program acts with a token, within its scopes and rooms
)

// IntegrationState is where an integration stands.
type IntegrationState string

// The states of an integration.
const (
	IntegrationActive   IntegrationState = "active"
	IntegrationDisabled IntegrationState = "disabled" // by an administrator
	IntegrationFailed   IntegrationState = "failed"   // by the server: its target has failed for long
	IntegrationExpired  IntegrationState = "expired"  // never stored: an active token whose time is over
)

// Scope is something that a token may do.
type Scope string

// The scopes of a token.
const (
	ScopePeopleRead    Scope = "people:read"    // who works here, without what only administrators see
	ScopeMessagesWrite Scope = "messages:write" // write into its rooms, and delete what it wrote
	ScopeMessagesRead  Scope = "messages:read"  // what is written in its rooms after it was let in
)

// Scopes are all of them.
var Scopes = []Scope{ScopePeopleRead, ScopeMessagesRead, ScopeMessagesWrite}

// HookFailure is why a call of an integration went wrong.
type HookFailure string

// The failures. The first four are callers', the others targets'.
const (
	FailureRate     HookFailure = "rate"     // more than HookPostsAMinute
	FailureBody     HookFailure = "body"     // what came is no message
	FailureRoomGone HookFailure = "room"     // the room was closed, or nobody writes there any more
	FailureExpired  HookFailure = "expired"  // the token's time is over
	FailureStatus   HookFailure = "status"   // the target answered with LastStatus
	FailureRedirect HookFailure = "redirect" // the target wants to be asked elsewhere
	FailureTimeout  HookFailure = "timeout"
	FailureAddress  HookFailure = "address" // the target's address is not allowed
	FailureName     HookFailure = "name"    // the target's name is not known
	FailureTLS      HookFailure = "tls"     // its certificate is not trusted
	FailureConnect  HookFailure = "connect" // it can't be reached
)

// Integration is a webhook or a token, for administrators and auditors. It never holds its secret.
type Integration struct {
	IntegrationUUID string            `json:"integration_uuid"`
	Kind            IntegrationKind   `json:"kind"`
	State           IntegrationState  `json:"state"`
	BotUUID         string            `json:"bot_uuid"` // user_uuid of its profile
	Name            string            `json:"name"`
	Icon            string            `json:"icon"` // an emoji, or empty
	Rooms           []IntegrationRoom `json:"rooms"`
	Scopes          []Scope           `json:"scopes"`        // of a token
	URL             string            `json:"url,omitempty"` // of an outgoing hook
	CreatedBy       string            `json:"created_by"`    // user_uuid
	CreatedAt       Time              `json:"created_at"`
	ExpiresAt       *Time             `json:"expires_at,omitempty"`
	LastUsedAt      *Time             `json:"last_used_at,omitempty"` // to the minute
	LastFailure     HookFailure       `json:"last_failure,omitempty"`
	LastStatus      int               `json:"last_status,omitempty"` // HTTP status, with FailureStatus
	LastFailedAt    *Time             `json:"last_failed_at,omitempty"`
	Failures        int               `json:"failures"` // of an outgoing hook, in a row
	NextTryAt       *Time             `json:"next_try_at,omitempty"`
	Waiting         int64             `json:"waiting"` // messages that an outgoing hook has not handed over
	Skipped         int64             `json:"skipped"` // messages that it passed over, since too many waited
}

// IntegrationRoom is a room that an integration was let into.
type IntegrationRoom struct {
	RoomUUID string `json:"room_uuid"`
	Name     string `json:"name"`
	Closed   bool   `json:"closed,omitempty"`
}

// IntegrationList is a page of GET /api/admin/integrations, the newest first. Next is the before of the next page, 0: there is none.
type IntegrationList struct {
	Integrations []Integration `json:"integrations"`
	Next         int64         `json:"next,omitempty"`
}

// NewIntegration is POST /api/admin/integrations. Its maker must be in each of the rooms, which must be groups: an incoming hook has
// exactly one, an outgoing one at least one, a token as many as its scopes need.
type NewIntegration struct {
	Kind        IntegrationKind `json:"kind"`
	Name        string          `json:"name"`
	Icon        string          `json:"icon,omitempty"` // one emoji of the set
	RoomUUIDs   []string        `json:"room_uuids,omitempty"`
	Scopes      []Scope         `json:"scopes,omitempty"`
	URL         string          `json:"url,omitempty"`
	ExpiresDays int             `json:"expires_days,omitempty"` // of a token: 1 to MaxTokenDays
}

// IntegrationSecret is the answer to making one and to changing its secret: the only time that the secret is told.
type IntegrationSecret struct {
	Integration Integration `json:"integration"`
	Secret      string      `json:"secret"`
	Path        string      `json:"path,omitempty"` // of an incoming hook: what follows the server's address
}

// EnableIntegration is POST /api/admin/integrations/{integration_uuid}/enable. An outgoing hook goes on where it stopped, or with
// FromNow passes over what was written meanwhile.
type EnableIntegration struct {
	FromNow bool `json:"from_now,omitempty"`
}

// HookMessage is POST /api/hooks/{secret}. What else is in it is ignored: a name or icon of the caller's choice could look like a
// person.
type HookMessage struct {
	Text           string `json:"text"`
	IdempotencyKey string `json:"idempotency_key,omitempty"` // a repeat with the same one writes nothing; so does the header Idempotency-Key
}

// BotMessage is POST /api/bot/messages.
type BotMessage struct {
	RoomUUID       string `json:"room_uuid"`
	Text           string `json:"text"`
	ReplyToSeq     int64  `json:"reply_to_seq,omitempty"`
	IdempotencyKey string `json:"idempotency_key,omitempty"`
}

// BotPosted is the answer to HookMessage and BotMessage.
type BotPosted struct {
	MessageID int64 `json:"message_id"`
	Seq       int64 `json:"seq"`
	Timestamp Time  `json:"timestamp"`
	Duplicate bool  `json:"duplicate"` // it was written before, with the same idempotency key
}

// BotMe is GET /api/bot/me: what a token is for.
type BotMe struct {
	BotUUID   string            `json:"bot_uuid"`
	Name      string            `json:"name"`
	Scopes    []Scope           `json:"scopes"`
	Rooms     []IntegrationRoom `json:"rooms"`
	ExpiresAt *Time             `json:"expires_at,omitempty"`
}

// BotPerson is a person as a token with people:read sees him.
type BotPerson struct {
	UserUUID   string `json:"user_uuid"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	EmployeeID string `json:"employee_id"`
	Department string `json:"department"`
	Position   string `json:"position"`
	Grade      string `json:"grade"`
	Email      string `json:"email"`
}

// BotPeople is a page of GET /api/bot/people: who may sign in. Next is the after of the next page, 0: there is none.
type BotPeople struct {
	People []BotPerson `json:"people"`
	Next   int64       `json:"next,omitempty"`
}

// BotRead is a message as a token with messages:read or an outgoing hook gets it.
type BotRead struct {
	MessageID  int64  `json:"message_id"`
	RoomUUID   string `json:"room_uuid"`
	Seq        int64  `json:"seq"`
	SenderUUID string `json:"sender_uuid"`
	SenderName string `json:"sender_name"`
	Bot        bool   `json:"bot,omitempty"` // no person wrote it
	Text       string `json:"text"`
	Timestamp  Time   `json:"timestamp"`
	EditedAt   *Time  `json:"edited_at,omitempty"`
	ReplyToSeq int64  `json:"reply_to_seq,omitempty"`
	Files      []File `json:"files,omitempty"` // what they are called; a token fetches no bytes
}

// BotMessages is a page of GET /api/bot/rooms/{room_uuid}/messages, by seq: what people and bots wrote and did not delete. AfterSeq is
// where the next page begins; More: there is one.
type BotMessages struct {
	Messages []BotRead `json:"messages"`
	AfterSeq int64     `json:"after_seq"`
	More     bool      `json:"more"`
}

// HookEvent is the body that an outgoing hook posts. HookTimestampHeader has the seconds since 1970 at which it was signed,
// HookSignatureHeader "v1=" and in hexadecimal the HMAC-SHA256, keyed with the secret, of these seconds, a dot and the body.
// HookDeliveryHeader has DeliveryID, which is the same in each try.
type HookEvent struct {
	DeliveryID string  `json:"delivery_id"`
	Event      string  `json:"event"` // HookEventMessage
	Company    string  `json:"company"`
	RoomUUID   string  `json:"room_uuid"`
	RoomName   string  `json:"room_name"`
	Message    BotRead `json:"message"`
}
