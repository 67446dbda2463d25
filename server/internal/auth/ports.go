package auth

import (
	"context"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Every method of Accounts and Sessions is one transaction; refusals come back as *errs.Error, a database that is
// away as wire.Unavailable. Times are UTC milliseconds.

// Accounts stores who may sign in.
type Accounts interface {
	// CreateAccount stores an account; tokenHash belongs to the secret that watches a sign-up. Taken names are
	// refused, but for those of rejected sign-ups.
	CreateAccount(ctx context.Context, u model.User, tokenHash string, entry model.AuditEntry) (model.User, error)
	// AccountByUsername returns the account behind a name, in any state but deleted; not_found otherwise.
	AccountByUsername(ctx context.Context, username string) (model.User, error)
	AccountByRegisterToken(ctx context.Context, tokenHash string) (model.User, error)
	Account(ctx context.Context, id int64) (model.User, error)
}

// Passwords stores passwords' hashes.
type Passwords interface {
	// ReplacePasswordHash stores a stronger hash of the same password, unless it was changed meanwhile.
	ReplacePasswordHash(ctx context.Context, userID int64, old, fresh string) error
	// ChangePassword stores a new password, ends all sessions but keep, and returns the session_uuids that it ended.
	ChangePassword(
		ctx context.Context, userID int64, hash, keep string, entry model.AuditEntry,
	) (ended []string, err error)
}

// Sessions stores signed-in devices.
type Sessions interface {
	KnownDevice(ctx context.Context, username, deviceUUID string) (bool, error)
	// StartSession refuses with forbidden if the user is not active any more, and with conflict if his password is not
	// the one that was checked.
	StartSession(ctx context.Context, s NewSession) error
	// Refresh spends a refresh token. A token that was spent before ends its session (RefreshReused), unless its
	// follower is unused and r.Grace is not over: then the reply was lost and the same follower holds (RefreshDone).
	Refresh(ctx context.Context, r RefreshTry) (Refreshed, error)
	EndSession(ctx context.Context, sessionUUID, reason string, now int64) (ended bool, err error)
	// SessionsOf returns the live sessions of a person, the last seen first; not_found for an unknown one.
	SessionsOf(ctx context.Context, userUUID string, now int64) ([]model.DeviceSession, error)
	// AllSessions returns a page of everybody's live sessions, the latest sign-in first.
	AllSessions(ctx context.Context, q SessionQuery) ([]model.PersonSession, error)
	// EndSessionsOf ends sessions of a person and returns which; see EndSessions.
	EndSessionsOf(ctx context.Context, e EndSessions) (ended []string, err error)
	LiveSession(ctx context.Context, sessionUUID string) (l Live, found bool, err error)
	// EndExpired ends at most limit sessions that were not refreshed in their time, and returns which.
	EndExpired(ctx context.Context, now int64, limit int) (ended []string, err error)
	// PurgeSessions and PurgeDevices remove at most limit rows that ended, or were used last, before a time.
	PurgeSessions(ctx context.Context, before int64, limit int) (n int, err error)
	PurgeDevices(ctx context.Context, before int64, limit int) (n int, err error)
}

// Resets stores requests for new passwords and one-time codes.
type Resets interface {
	// AddReset stores a request, also one that matches nobody, and returns its id. Who matches must be active, and may have
	// r.MaxPending requests waiting; what comes beyond is stored as matching nobody.
	AddReset(ctx context.Context, r NewReset) (id int64, err error)
	ResetBySecret(ctx context.Context, secretHash string) (model.Reset, error)
	// PendingResets returns requests of somebody that wait and have not expired, newest first.
	PendingResets(ctx context.Context, now int64) ([]model.Reset, error)
	// DecideReset approves or rejects. not_found for an unknown id, bad_request for one that was decided or expired,
	// forbidden if the actor may not administer the person or is he.
	DecideReset(ctx context.Context, d ResetDecision) error
	// CompleteReset spends an approved request: it stores the password, ends all sessions and returns which. conflict if
	// it does not hold (any more).
	CompleteReset(ctx context.Context, secretHash, passwordHash string, entry model.AuditEntry) (ended []string, err error)
	// StoreCodeFor stores a code for an active person and replaces the one of that purpose; refusals as DecideReset's.
	StoreCodeFor(
		ctx context.Context, actor model.Actor, userUUID string, code model.OneTimeCode, entry model.AuditEntry,
	) error
	// RedeemCode spends a code like CompleteReset, or counts a wrong try against all codes of the person.
	RedeemCode(ctx context.Context, t CodeTry) (Redeemed, error)
	// PurgeResets removes at most limit requests from before a time, and codes that expired.
	PurgeResets(ctx context.Context, before, now int64, limit int) (n int, err error)
}

// NewReset is a request for a new password.
type NewReset struct {
	Username    string
	EmployeeID  string
	Department  string
	SecretHash  string
	CompareCode string
	RemoteAddr  string
	MaxPending  int
	Now         int64
	ExpiresAt   int64
}

// ResetDecision is what an administrator decided about a request.
type ResetDecision struct {
	ID     int64
	Actor  model.Actor
	State  model.ResetState // approved or rejected
	Reason string
	Until  int64 // how long an approval holds
	Entry  model.AuditEntry
}

// CodeTry is an attempt to set a password with a one-time code.
type CodeTry struct {
	Username     string
	CodeHash     string
	PasswordHash string
	MaxTries     int
	Entry        model.AuditEntry // who and on whom are filled in
}

// Redeemed is what became of a CodeTry, and the sessions that it ended.
type Redeemed struct {
	OK    bool
	Ended []string
}

// Outside is the company's own directory, which knows passwords that this server does not.
type Outside interface {
	// Verify asks whether a password is right and returns whose it is. wire.Unauthenticated (ReasonBadCredentials) for an
	// unknown name and a wrong password alike; wire.Unavailable when the directory can't be asked.
	Verify(ctx context.Context, username, password string) (model.OutsidePerson, error)
}

// Browser is the company's own sign-in server, OpenID Connect.
type Browser interface {
	// Address returns what the person's browser opens.
	Address(ctx context.Context, t model.BrowserTry) (string, error)
	// Person trades what came back for a person. wire.Unauthenticated when it is not believed, wire.Forbidden for who may
	// not use this messenger, wire.Unavailable when the sign-in server can't be asked.
	Person(ctx context.Context, c model.BrowserCode) (model.OutsidePerson, error)
}

// Arrivals brings the account of somebody who was let in outside in step with what is known of him there, makes it if it is
// new, and returns it, in whatever state. wire.Conflict when one of his names is another's here.
type Arrivals func(ctx context.Context, source string, p model.OutsidePerson) (model.User, error)

// Publisher tells the hubs, here and on other nodes.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}

// NewSession is a session to start.
type NewSession struct {
	UUID         string
	UserID       int64
	PasswordHash string // that was checked
	Device       model.Device
	RemoteAddr   string
	TokenHash    string // of its first refresh token
	Now          int64
	ExpiresAt    int64
}

// EndSessions says which sessions to end: those of a person, of which One if it is not empty, and never Keep. An actor who is
// not the person must be allowed to administer him, or it is forbidden.
type EndSessions struct {
	Actor    model.Actor
	UserUUID string
	One      string // session_uuid
	Keep     string // session_uuid
	Entry    model.AuditEntry
}

// SessionQuery asks for sessions. Text and Platform narrow it unless they are empty; Before is the ID of the last one of the
// page before, 0 at first.
type SessionQuery struct {
	Text     string
	Platform string
	Before   int64
	Limit    int
	Now      int64
}

// RefreshTry is an attempt to spend a refresh token.
type RefreshTry struct {
	TokenHash  string
	NextHash   string // of the follower
	RemoteAddr string
	AppVersion string // of the device that spends it; empty: it does not say
	Now        int64
	ExpiresAt  int64 // of the follower and the session
	Grace      int64 // how long a lost reply is believed, in milliseconds
	Remember   int64 // how long spent tokens are kept to recognise a replay
}

// RefreshOutcome is what became of a RefreshTry.
type RefreshOutcome int

// The outcomes.
const (
	RefreshUnknown RefreshOutcome = iota // never ours, or forgotten
	RefreshDone                          // the follower holds
	RefreshEnded                         // the session ended or the account is not active
	RefreshReused                        // spent before: the session was ended now
)

// Refreshed is the result of a RefreshTry. All but Outcome is empty when the token is unknown.
type Refreshed struct {
	Outcome     RefreshOutcome
	SessionUUID string
	User        model.User
	Why         string // why the session ended, as it was stored
}

// Live is what stands behind an access token at this moment.
type Live struct {
	UserID    int64
	UserUUID  string
	Role      wire.UserRole
	State     wire.UserState
	ExpiresAt int64
	Revoked   bool
	Why       string // why it was revoked, as it was stored; empty: not known
}

// Tries counts wrong tries to sign in for all servers of a database. A key is 64 characters; times are milliseconds.
type Tries interface {
	// BeginTry counts a try as wrong before it is made, and returns 0; or for how long it has to wait, and then it does not count.
	// delay is how long a guesser waits after so many wrong tries.
	BeginTry(ctx context.Context, key string, now int64, delay func(failed int64) int64) (wait int64, err error)
	// TryWaits reports whether BeginTry would refuse.
	TryWaits(ctx context.Context, key string, now int64) (bool, error)
	// EndTries forgets what was counted: the try was right.
	EndTries(ctx context.Context, key string) error
	// PurgeTries forgets what was counted before a time, at most limit keys, and returns how many.
	PurgeTries(ctx context.Context, before int64, limit int) (int, error)
}
