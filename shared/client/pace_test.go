package client

import (
	"errors"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

func TestPace(t *testing.T) {
	p := newPace(250*time.Millisecond, 30*time.Second)
	p.random = func() float64 { return 0.5 }
	lost := ending{err: ErrOffline}
	for i, want := range []time.Duration{125, 250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000} {
		if got := p.after(lost); got.length != want*time.Millisecond || got.ordered {
			t.Errorf("pause %d: %+v, want %v", i, got, want*time.Millisecond)
		}
	}
	short := ending{err: ErrOffline, lived: time.Second}
	if got := p.after(short); got.length != 15*time.Second {
		t.Errorf("after a short life: %v", got.length)
	}
	long := ending{err: ErrOffline, lived: steadyAfter}
	if got := p.after(long); got.length != 125*time.Millisecond {
		t.Errorf("after a long life: %v", got.length)
	}
	for name, c := range map[string]struct {
		e       ending
		atLeast time.Duration
	}{
		"policy":      {ending{err: closing(&websocket.CloseError{Code: wire.ClosePolicy})}, 15 * time.Second},
		"protocol":    {ending{err: closing(&websocket.CloseError{Code: wire.CloseProtocol})}, 15 * time.Second},
		"told to":     {ending{err: &Error{Status: 503, RetryAfter: 7 * time.Second}}, 7 * time.Second},
		"going away":  {ending{err: ErrOffline, goingAway: &wire.GoingAway{ReconnectAfterMS: 900}}, 900 * time.Millisecond},
		"too long on": {ending{err: &Error{Status: 503, RetryAfter: time.Hour}}, 30 * time.Second},
	} {
		got := p.after(c.e)
		if !got.ordered || got.length < c.atLeast || got.length > 2*p.max {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestPaceStaysInBounds(t *testing.T) {
	p := newPace(time.Second, time.Minute)
	for range 1000 {
		if got := p.after(ending{err: errors.New("x")}); got.length < 0 || got.length > time.Minute {
			t.Fatalf("pause %v", got.length)
		}
	}
}
