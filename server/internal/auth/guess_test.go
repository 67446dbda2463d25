package auth_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

func TestGuessingIsSlowAndLocksNobodyOut(t *testing.T) {
	w := newWorld(t)
	w.member("boss")
	ctx := context.Background()
	device := uuid.NewString()
	owner := func(from, device, password string) error {
		_, err := w.Login(ctx, wire.LoginRequest{Username: "boss", Password: password, DeviceUUID: device}, from)
		return err
	}
	if err := owner("10.0.0.1", device, goodPassword); err != nil {
		t.Fatal(err)
	}
	tried, refusedTries := 0, 0
	for range 10_000 { // one a second, for almost three hours
		err := owner("10.0.0.1", "", "Guess 12345 wrong")
		switch e := errs.As(err); e.Code {
		case wire.Unauthenticated:
			tried++
		case wire.RateLimited:
			refusedTries++
			if e.RetryAfter <= 0 {
				t.Fatal("no Retry-After")
			}
		default:
			t.Fatal(err)
		}
		w.pass(time.Second)
	}
	t.Logf("of 10,000 guesses in %v, %d were tried and %d refused", 10_000*time.Second, tried, refusedTries)
	if tried > 30 {
		t.Errorf("%d guesses were tried", tried)
	}
	if err := owner("10.0.0.1", "", "Guess 12345 wrong"); !errs.Is(err, wire.RateLimited) {
		t.Fatalf("the guesser is not waiting: %v", err)
	}
	if err := owner("10.0.0.1", device, goodPassword); err != nil {
		t.Errorf("the owner from his own device, at the guesser's address: %v", err)
	}
	if err := owner("10.0.0.2", "", goodPassword); err != nil {
		t.Errorf("the owner from elsewhere: %v", err)
	}
	known := 0
	for range 50 {
		if err := owner("10.0.0.1", device, "Guess 12345 wrong"); !errs.Is(err, wire.RateLimited) {
			known++
		}
	}
	if known > 6 {
		t.Errorf("a known device could guess %d times at once", known)
	}
}

func TestAGuesserGainsNothingByTheManyAddressesOfAnIPv6Host(t *testing.T) {
	w := newWorld(t)
	w.member("boss")
	tried := 0
	for i := range 100 {
		from := fmt.Sprintf("2001:db8:1:2::%x", i+1)
		_, err := w.Login(context.Background(), wire.LoginRequest{Username: "boss", Password: "Guess 12345 wrong"}, from)
		if errs.Is(err, wire.Unauthenticated) {
			tried++
		}
	}
	if tried > 6 {
		t.Errorf("%d guesses were tried", tried)
	}
	_, err := w.Login(context.Background(), wire.LoginRequest{Username: "boss", Password: goodPassword}, "2001:db8:1:3::1")
	if err != nil {
		t.Errorf("the owner from another network: %v", err)
	}
}

func TestAThousandGuessesAtOnceDoNotSlipThrough(t *testing.T) {
	w := newWorld(t)
	w.member("boss")
	var all sync.WaitGroup
	var mu sync.Mutex
	n := 0
	for range 1000 {
		all.Go(func() {
			_, err := w.Login(context.Background(), wire.LoginRequest{Username: "boss", Password: "wrong guess"}, "10.0.0.1")
			if !errs.Is(err, wire.RateLimited) {
				mu.Lock()
				n++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if n > 5 {
		t.Errorf("%d of 1000 were tried", n)
	}
}
