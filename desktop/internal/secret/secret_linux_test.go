package secret_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"himsg/desktop/e2e/desk"
	"himsg/desktop/internal/core"
	"himsg/desktop/internal/secret"
)

// The keyring library keeps one connection per process, so this is one test on one bus: first with gnome-keyring on it,
// then with one that hangs, as behind a prompt that nobody answers.
func TestKeyring(t *testing.T) {
	bus := desk.StartBus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus)
	daemon := desk.StartKeyring(t, bus)
	for name, test := range map[string]func(*testing.T){
		"keeps and forgets":   keepsAndForgets,
		"profiles are apart":  profilesAreApart,
		"as large as core is": largeValue,
	} {
		t.Run(name, test)
	}
	daemon.Kill()
	t.Run("hangs", func(t *testing.T) { hangs(t, bus) })
}

func keepsAndForgets(t *testing.T) {
	k := open(t, "Hi_Msg test")
	ctx := deadline(t, 20*time.Second)
	if _, err := k.Get(ctx, "token"); !errors.Is(err, core.ErrNoSecret) {
		t.Fatalf("nothing is kept yet: %v", err)
	}
	for _, value := range []string{"first", "두 번째", ""} {
		if err := k.Set(ctx, "token", value); err != nil {
			t.Fatal(err)
		}
		if got, err := k.Get(ctx, "token"); err != nil || got != value {
			t.Fatalf("got %q, %v; want %q", got, err, value)
		}
	}
	for range 2 { // the second time nothing is there
		if err := k.Delete(ctx, "token"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := k.Get(ctx, "token"); !errors.Is(err, core.ErrNoSecret) {
		t.Fatalf("deleted: %v", err)
	}
}

func profilesAreApart(t *testing.T) {
	one, two := open(t, secret.ServiceName("/home/a")), open(t, secret.ServiceName("/home/b"))
	ctx := deadline(t, 20*time.Second)
	if err := one.Set(ctx, "key", "of a"); err != nil {
		t.Fatal(err)
	}
	if got, err := two.Get(ctx, "key"); !errors.Is(err, core.ErrNoSecret) {
		t.Fatalf("the other profile reads %q, %v", got, err)
	}
}

func largeValue(t *testing.T) {
	k := open(t, "Hi_Msg test")
	ctx := deadline(t, 20*time.Second)
	value := strings.Repeat("x", 2_500)
	if err := k.Set(ctx, "large", value); err != nil {
		t.Fatal(err)
	}
	if got, err := k.Get(ctx, "large"); err != nil || got != value {
		t.Fatalf("got %d bytes, %v", len(got), err)
	}
}

func hangs(t *testing.T, bus string) {
	service := startStuckService(t, bus)
	k := secret.New("Hi_Msg test")
	defer func() {
		service.answer()
		if err := k.Close(deadline(t, 10*time.Second)); err != nil {
			t.Error(err)
		}
		if err := k.Set(t.Context(), "token", "x"); !errors.Is(err, secret.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}()

	began := time.Now()
	if _, err := k.Get(deadline(t, 200*time.Millisecond), "token"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("want the deadline, got %v", err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("a stuck keyring held its caller for %s", took)
	}
	// Those behind it wait no longer than they want either, and only so many of them.
	busy := false
	for range 200 {
		if err := k.Set(deadline(t, time.Millisecond), "token", "x"); errors.Is(err, secret.ErrBusy) {
			busy = true
			break
		}
	}
	if !busy {
		t.Error("the queue has no bound")
	}
	if err := k.Close(deadline(t, 50*time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Close waits for what hangs, but not for ever: %v", err)
	}
}

func open(t *testing.T, service string) *secret.Keyring {
	t.Helper()
	k := secret.New(service)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := k.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return k
}

func deadline(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// stuckService takes calls and does not answer until told.
type stuckService struct {
	gate chan struct{}
	once sync.Once
}

func startStuckService(t *testing.T, bus string) *stuckService {
	t.Helper()
	conn, err := dbus.Connect(bus)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &stuckService{gate: make(chan struct{})}
	calls := map[string]any{
		"Unlock": func([]dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
			<-s.gate
			return nil, "/", dbus.MakeFailedError(errors.New("dismissed"))
		},
		"OpenSession": func(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
			<-s.gate
			return dbus.MakeVariant(""), "/", dbus.MakeFailedError(errors.New("dismissed"))
		},
	}
	if err := conn.ExportMethodTable(calls, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service"); err != nil {
		t.Fatal(err)
	}
	var reply dbus.RequestNameReply
	desk.Wait(t, 10*time.Second, "the keyring's name", func() bool {
		reply, err = conn.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue)
		return err == nil && reply == dbus.RequestNameReplyPrimaryOwner
	})
	return s
}

func (s *stuckService) answer() { s.once.Do(func() { close(s.gate) }) }
