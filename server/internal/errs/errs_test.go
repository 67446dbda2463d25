package errs_test

import (
	"testing"
	"time"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

func TestAShortWaitIsNotNone(t *testing.T) {
	for wait, want := range map[time.Duration]int64{
		0: 0, time.Nanosecond: 1, 999 * time.Microsecond: 1, time.Millisecond: 1, 1001 * time.Microsecond: 2, time.Minute: 60_000,
	} {
		e := &errs.Error{Code: wire.RateLimited, RetryAfter: wait}
		if got := e.Wire("ko", "r").RetryAfterMS; got != want {
			t.Errorf("%v: %d ms, want %d", wait, got, want)
		}
	}
}
