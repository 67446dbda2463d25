package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"himsg/server/internal/auth"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

const (
	grace    = 30_000
	remember = 24 * 3600 * 1000
	lifetime = 30 * 24 * 3600 * 1000
)

func signIn(t testing.TB, db *sqlstore.DB, u model.User, tokenHash string) (sessionUUID string) {
	t.Helper()
	s := auth.NewSession{
		UUID: uuid.NewString(), UserID: u.ID, PasswordHash: u.PasswordHash, RemoteAddr: "10.0.0.7", TokenHash: tokenHash, Now: aTime,
		ExpiresAt: aTime + lifetime,
		Device:    model.Device{UUID: uuid.NewString(), Name: "노트북", Platform: "linux", AppVersion: "1"},
	}
	if err := db.StartSession(context.Background(), s); err != nil {
		t.Fatalf("start session: %v", err)
	}
	return s.UUID
}

func try(t testing.TB, db *sqlstore.DB, token, next string, now int64) auth.Refreshed {
	t.Helper()
	done, err := db.Refresh(context.Background(), auth.RefreshTry{
		TokenHash: token, NextHash: next, RemoteAddr: "10.0.0.8", Now: now, ExpiresAt: now + lifetime,
		Grace: grace, Remember: remember,
	})
	if err != nil {
		t.Fatalf("refresh %s: %v", token, err)
	}
	return done
}

func TestASessionLivesUntilItIsEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		u := create(t, db, someone("a", wire.UserActive), "")
		session := signIn(t, db, u, "t1")
		live, found, err := db.LiveSession(ctx, session)
		want := auth.Live{
			UserID: u.ID, UserUUID: u.UUID, Role: wire.RoleUser, State: wire.UserActive, ExpiresAt: aTime + lifetime,
		}
		if err != nil || !found || live != want {
			t.Errorf("live: %+v, %v, %v", live, found, err)
		}
		if ended, err := db.EndSession(ctx, session, "logout", aTime); err != nil || !ended {
			t.Errorf("end: %v, %v", ended, err)
		}
		if ended, err := db.EndSession(ctx, session, "logout", aTime); err != nil || ended {
			t.Errorf("end again: %v, %v", ended, err)
		}
		if live, _, _ = db.LiveSession(ctx, session); !live.Revoked {
			t.Error("an ended session lives")
		}
		if _, found, err = db.LiveSession(ctx, uuid.NewString()); found || err != nil {
			t.Errorf("unknown session: %v, %v", found, err)
		}
		if done := try(t, db, "t1", "t2", aTime+1); done.Outcome != auth.RefreshEnded {
			t.Errorf("refresh of an ended session: %v", done.Outcome)
		}
	})
}

func TestOnlyActivePeopleGetASession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		u := create(t, db, someone("a", wire.UserPending), "")
		err := db.StartSession(context.Background(), auth.NewSession{
			UUID: uuid.NewString(), UserID: u.ID, Device: model.Device{UUID: uuid.NewString()}, TokenHash: "t", Now: aTime, ExpiresAt: aTime + 1,
		})
		if !errs.Is(err, wire.Forbidden) {
			t.Errorf("got %v", err)
		}
	})
}

func TestADeviceIsKnownAfterItsFirstSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		u := create(t, db, someone("a", wire.UserActive), "")
		device := model.Device{UUID: uuid.NewString(), Name: "PC"}
		for i := range 2 { // the second time it is updated
			if known, err := db.KnownDevice(ctx, "USER.a", device.UUID); err != nil || known != (i > 0) {
				t.Errorf("round %d: %v, %v", i, known, err)
			}
			err := db.StartSession(ctx, auth.NewSession{
				UUID: uuid.NewString(), UserID: u.ID, PasswordHash: u.PasswordHash, Device: device, TokenHash: fmt.Sprint("t", i), Now: aTime, ExpiresAt: aTime + 1,
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if known, err := db.KnownDevice(ctx, "somebody", device.UUID); err != nil || known {
			t.Errorf("of another account: %v, %v", known, err)
		}
	})
}

func TestRefreshTokens(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		u := create(t, db, someone("a", wire.UserActive), "")
		start := func(t *testing.T) string {
			t.Helper()
			first := uuid.NewString()
			signIn(t, db, u, first)
			return first
		}
		outcome := func(t *testing.T, token, next string, now int64, want auth.RefreshOutcome) {
			t.Helper()
			if done := try(t, db, token, next, now); done.Outcome != want {
				t.Fatalf("outcome %v, want %v", done.Outcome, want)
			}
		}
		t.Run("each is spent for the next", func(t *testing.T) {
			a := start(t)
			done := try(t, db, a, a+"2", aTime+10)
			if done.Outcome != auth.RefreshDone || done.User.UUID != u.UUID || done.SessionUUID == "" {
				t.Fatalf("%+v", done)
			}
			live, _, _ := db.LiveSession(context.Background(), done.SessionUUID)
			if live.ExpiresAt != aTime+10+lifetime {
				t.Errorf("the session was not prolonged: %d", live.ExpiresAt-aTime)
			}
			outcome(t, a+"2", a+"3", aTime+20, auth.RefreshDone)
		})
		t.Run("a lost reply is given again", func(t *testing.T) {
			a := start(t)
			outcome(t, a, a+"2", aTime+10, auth.RefreshDone)
			outcome(t, a, a+"2", aTime+10+grace, auth.RefreshDone)
			outcome(t, a+"2", a+"3", aTime+grace+20, auth.RefreshDone)
		})
		t.Run("a replay after the grace ends the family", func(t *testing.T) {
			a := start(t)
			outcome(t, a, a+"2", aTime+10, auth.RefreshDone)
			outcome(t, a, a+"2", aTime+11+grace, auth.RefreshReused)
			outcome(t, a+"2", a+"3", aTime+grace+20, auth.RefreshEnded)
		})
		t.Run("a replay after the next was used ends the family", func(t *testing.T) {
			a := start(t)
			outcome(t, a, a+"2", aTime+10, auth.RefreshDone)
			outcome(t, a+"2", a+"3", aTime+11, auth.RefreshDone)
			outcome(t, a, a+"2", aTime+12, auth.RefreshReused)
			outcome(t, a+"3", a+"4", aTime+13, auth.RefreshEnded)
		})
		t.Run("an old one is forgotten after a day", func(t *testing.T) {
			a := start(t)
			outcome(t, a, a+"2", aTime, auth.RefreshDone)
			outcome(t, a+"2", a+"3", aTime+remember+1, auth.RefreshDone)
			outcome(t, a, a+"2", aTime+remember+2, auth.RefreshUnknown)
		})
		t.Run("it expires", func(t *testing.T) {
			outcome(t, start(t), "x1", aTime+lifetime, auth.RefreshEnded)
		})
		t.Run("one that was never ours", func(t *testing.T) {
			outcome(t, "forged", "x2", aTime, auth.RefreshUnknown)
		})
		t.Run("twenty at once get the same next one", func(t *testing.T) {
			a := start(t)
			outcomes := make([]auth.RefreshOutcome, 20)
			var all sync.WaitGroup
			for i := range outcomes {
				all.Go(func() { outcomes[i] = try(t, db, a, a+"2", aTime+5).Outcome })
			}
			all.Wait()
			for _, got := range outcomes {
				if got != auth.RefreshDone {
					t.Errorf("got %v", got)
				}
			}
			outcome(t, a+"2", a+"3", aTime+6, auth.RefreshDone)
		})
	})
}

func TestAPasswordChangeEndsTheOtherSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		u, other := create(t, db, someone("a", wire.UserActive), ""), create(t, db, someone("b", wire.UserActive), "")
		keep, end1, end2, foreign := signIn(t, db, u, "1"), signIn(t, db, u, "2"), signIn(t, db, u, "3"), signIn(t, db, other, "4")
		ended, err := db.ChangePassword(ctx, u.ID, "new hash", keep, entry(model.AuditPasswordChanged, u.ID))
		slices.Sort(ended)
		want := []string{end1, end2}
		slices.Sort(want)
		if err != nil || !slices.Equal(ended, want) {
			t.Fatalf("ended %v, %v; want %v", ended, err, want)
		}
		for session, revoked := range map[string]bool{keep: false, end1: true, end2: true, foreign: false} {
			if live, _, err := db.LiveSession(ctx, session); err != nil || live.Revoked != revoked {
				t.Errorf("revoked %v, %v; want %v", live.Revoked, err, revoked)
			}
		}
		if got, _ := db.Account(ctx, u.ID); got.PasswordHash != "new hash" {
			t.Error("the hash was not stored")
		}
	})
}

// TestWhatSignInsLeaveBehindIsPurged follows three sessions: one ended long ago, one not refreshed in its time, one alive.
func TestWhatSignInsLeaveBehindIsPurged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db, ctx := open(t), context.Background()
		u := create(t, db, someone("a", wire.UserActive), "")
		old, late, alive := signIn(t, db, u, "old"), signIn(t, db, u, "late"), signIn(t, db, u, "alive")
		if _, err := db.EndSession(ctx, old, "logout", aTime); err != nil {
			t.Fatal(err)
		}
		try(t, db, "alive", "alive2", aTime+lifetime-1)
		now := int64(aTime + lifetime)

		ended, err := db.EndExpired(ctx, now, 10)
		if err != nil || !slices.Equal(ended, []string{late}) {
			t.Errorf("ended %v, %v; want %s", ended, err, late)
		}
		if live, found, _ := db.LiveSession(ctx, late); !found || !live.Revoked {
			t.Errorf("not refreshed in time: %+v, %v", live, found)
		}
		if n, err := db.PurgeSessions(ctx, now, 10); n != 1 || err != nil {
			t.Errorf("purged %d sessions, %v", n, err)
		}
		if n, err := db.PurgeDevices(ctx, now, 10); n != 1 || err != nil {
			t.Errorf("purged %d devices, %v", n, err)
		}
		if _, found, _ := db.LiveSession(ctx, old); found {
			t.Error("a session that ended long ago is still there")
		}
		if done := try(t, db, "old", "x", now); done.Outcome != auth.RefreshUnknown {
			t.Errorf("its token: %v", done.Outcome)
		}
		if live, found, _ := db.LiveSession(ctx, alive); !found || live.Revoked {
			t.Errorf("a living session: %+v, %v", live, found)
		}
		if done := try(t, db, "alive2", "alive3", now); done.Outcome != auth.RefreshDone {
			t.Errorf("its token: %v", done.Outcome)
		}
	})
}
