package auth_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"himsg/server/internal/auth"
	"himsg/server/internal/bus"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

const goodPassword = "길고 좋은 비밀번호 42"

// world is the service on a real database, with a clock that the test turns.
type world struct {
	*auth.Service
	t       testing.TB
	db      *sqlstore.DB
	hasher  *auth.Hasher
	secret  auth.Secret
	mu      sync.Mutex
	now     time.Time
	revoked []string // what was published
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return worldOn(t, storetest.SQLite(t))
}

func worldOn(t testing.TB, db *sqlstore.DB) *world {
	t.Helper()
	secret, err := auth.LoadSecret(filepath.Join(t.TempDir(), "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, secret: secret, hasher: auth.NewHasher(2), now: time.UnixMilli(1_790_000_000_000)}
	w.restart()
	return w
}

// restart makes a new service on the same database, as another node or a new start would be.
func (w *world) restart() { w.restartOn(w.db) }

// restartOn does so with the sessions stored by something that watches.
func (w *world) restartOn(sessions auth.Sessions) {
	w.Service = auth.New(auth.Options{
		Accounts: w.db, Passwords: w.db, Resets: w.db, Sessions: sessions, Hasher: w.hasher, Secret: w.secret, Publisher: w,
		Now: w.clock, Logger: slog.New(slog.DiscardHandler), SlowGuessing: true,
	})
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// Publish implements auth.Publisher.
func (w *world) Publish(_ context.Context, e bus.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.revoked = append(w.revoked, e.Revoked...)
}

func form(tag string) wire.RegisterRequest {
	return wire.RegisterRequest{
		Name: "김" + tag, EmployeeID: "E" + tag, BirthDate: "1990-02-28", Position: "팀장", Grade: "과장",
		Department: "개발1팀", Email: tag + "@example.com", Username: tag, Password: goodPassword,
	}
}

func (w *world) register(tag string) (registerToken string) {
	w.t.Helper()
	token, err := w.Register(context.Background(), form(tag), "10.0.0.1")
	if err != nil {
		w.t.Fatalf("register: %v", err)
	}
	return token
}

// member registers somebody who is let in.
func (w *world) member(tag string) model.User {
	w.t.Helper()
	w.register(tag)
	u, err := w.db.AccountByUsername(context.Background(), tag)
	if err == nil {
		u, _, err = w.db.Approve(context.Background(), u.ID, model.AuditEntry{At: 1, Action: model.AuditUserApproved})
	}
	if err != nil {
		w.t.Fatalf("approve: %v", err)
	}
	return u
}

func (w *world) login(tag string) auth.SignedIn {
	w.t.Helper()
	in, err := w.Login(context.Background(), wire.LoginRequest{Username: tag, Password: goodPassword}, "10.0.0.1")
	if err != nil {
		w.t.Fatalf("login: %v", err)
	}
	return in
}

func (w *world) actor(access string) model.Actor {
	w.t.Helper()
	actor, err := w.Authenticate(context.Background(), access)
	if err != nil {
		w.t.Fatalf("authenticate: %v", err)
	}
	return actor
}

// refused checks a refusal's code and reason.
func refused(t testing.TB, err error, code wire.Code, reason wire.Reason) {
	t.Helper()
	if err == nil {
		t.Fatalf("not refused; want %s (%s)", code, reason)
	}
	if e := errs.As(err); e.Code != code || e.Reason != reason {
		t.Fatalf("refused with %v, want %s (%s)", err, code, reason)
	}
}

func numbered(i int) string { return fmt.Sprintf("user%03d", i) }
