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
	LiveSession(ctx context.Context, sessionUUID string) (l Live, found bool, err error)
	// EndExpired ends at most limit sessions that were not refreshed in their time, and returns which.
	EndExpired(ctx context.Context, now int64, limit int) (ended []string, err error)
	// PurgeSessions and PurgeDevices remove at most limit rows that ended, or were used last, before a time.
	PurgeSessions(ctx context.Context, before int64, limit int) (n int, err error)
	PurgeDevices(ctx context.Context, before int64, limit int) (n int, err error)
}

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

// RefreshTry is an attempt to spend a refresh token.
type RefreshTry struct {
	TokenHash  string
	NextHash   string // of the follower
	RemoteAddr string
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
}

// Live is what stands behind an access token at this moment.
type Live struct {
	UserID    int64
	UserUUID  string
	Role      wire.UserRole
	State     wire.UserState
	ExpiresAt int64
	Revoked   bool
}
