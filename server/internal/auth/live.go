package auth

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	recheckEvery   = 5 * time.Second // a session is read again at the latest; so long may a lost revocation last
	forgetIdle     = time.Minute     // what was not asked for
	loadTimeout    = 5 * time.Second
	pruneSessions  = time.Minute
	revokedForever = time.Hour // longer than any access token lives
)

// liveSessions knows which sessions live. It remembers what the database said for a few seconds, and hears of
// revocations at once; a revoked session never comes back.
type liveSessions struct {
	store   Sessions
	now     func() time.Time
	loading singleflight.Group

	mu      sync.Mutex // guards what follows
	entries map[string]liveEntry
	pruned  time.Time
	forgets int // calls of forget: what was being read meanwhile is not kept
}

type liveEntry struct {
	live   Live
	readAt time.Time
}

func newLiveSessions(store Sessions, now func() time.Time) *liveSessions {
	return &liveSessions{store: store, now: now, entries: map[string]liveEntry{}}
}

// get returns who is behind a session, or errRevoked.
func (l *liveSessions) get(ctx context.Context, sessionUUID string) (Live, error) {
	now := l.now()
	l.mu.Lock()
	e, known := l.entries[sessionUUID]
	l.mu.Unlock()
	age := now.Sub(e.readAt)
	if !known || !e.live.Revoked && (age < 0 || age >= recheckEvery) {
		var err error
		if e, err = l.load(ctx, sessionUUID); err != nil {
			return Live{}, err
		}
	}
	if e.live.Revoked || e.live.State != wire.UserActive || e.live.ExpiresAt <= now.UnixMilli() {
		return Live{}, whyEnded(e.live.Why, e.live.State)
	}
	return e.live, nil
}

// whyEnded is the refusal of a session that ended: why is what was stored with it, or the reason that the bus brought.
// Devices act on it: a copy is wiped from one that an administrator removed or whose account is disabled.
func whyEnded(why string, state wire.UserState) error {
	switch {
	case why == string(wire.ReasonDeviceRemoved):
		return errRemoved
	case why == string(wire.ReasonDisabled), why == string(model.AuditUserDisabled), why == string(model.AuditUserDeleted),
		state == wire.UserDisabled, state == wire.UserDeleted:
		return errDisabled
	case why == string(wire.ReasonPasswordReset):
		return errReset
	default:
		return errRevoked
	}
}

// load reads a session once for all who wait for it.
func (l *liveSessions) load(ctx context.Context, sessionUUID string) (liveEntry, error) {
	v, err, _ := l.loading.Do(sessionUUID, func() (any, error) {
		// The first caller may go away; the others still want the answer.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		now, forgets := l.now(), l.forgotten()
		live, found, err := l.store.LiveSession(ctx, sessionUUID)
		if err != nil {
			return liveEntry{}, err
		}
		if !found {
			// Not remembered: on a cluster the session may not have reached this database's node yet.
			return liveEntry{live: Live{Revoked: true}}, nil
		}
		return l.keep(sessionUUID, liveEntry{live: live, readAt: now}, forgets), nil
	})
	if err != nil {
		return liveEntry{}, err
	}
	return v.(liveEntry), nil
}

// keep remembers an entry, unless the session was revoked while it was being read.
func (l *liveSessions) keep(sessionUUID string, e liveEntry, forgets int) liveEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prune(e.readAt)
	if held := l.entries[sessionUUID]; held.live.Revoked {
		return held
	}
	if l.forgets == forgets {
		l.entries[sessionUUID] = e
	}
	return e
}

func (l *liveSessions) forgotten() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.forgets
}

// forget makes the next question about sessions read them anew. One that was revoked stays so.
func (l *liveSessions) forget(sessionUUIDs []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forgets += len(sessionUUIDs)
	for _, uuid := range sessionUUIDs {
		if !l.entries[uuid].live.Revoked {
			delete(l.entries, uuid)
		}
	}
}

// revoke takes sessions for ended from now on. Why one ended is what was heard first.
func (l *liveSessions) revoke(sessionUUIDs []string, why wire.Reason) {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.prune(now)
	for _, uuid := range sessionUUIDs {
		if held := l.entries[uuid]; held.live.Revoked && held.live.Why != "" {
			continue
		}
		l.entries[uuid] = liveEntry{live: Live{Revoked: true, Why: string(why)}, readAt: now}
	}
}

func (l *liveSessions) prune(now time.Time) {
	if now.Sub(l.pruned) < pruneSessions {
		return
	}
	l.pruned = now
	for uuid, e := range l.entries {
		age := now.Sub(e.readAt)
		if age > revokedForever || age > forgetIdle && !e.live.Revoked {
			delete(l.entries, uuid)
		}
	}
}
