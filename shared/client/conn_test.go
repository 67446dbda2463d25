package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"himsg/shared/client"
	"himsg/shared/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func fresh() time.Time { return time.Now().Add(time.Hour) }

func TestConnCallsAndEvents(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	p := s.accept()
	c.untilOnline(t, 1)

	sent := make(chan error, 1)
	go func() {
		out, err := c.Send(context.Background(), wire.SendRequest{RoomUUID: "r", ClientID: "c1", Text: "안녕"})
		if err == nil && out.Seq != 7 {
			err = fmt.Errorf("seq %d", out.Seq)
		}
		sent <- err
	}()
	request := p.requests()[0]
	if request.Op != wire.OpSend {
		t.Fatalf("op %s", request.Op)
	}
	// One frame with events, one of them of a later protocol version, and the reply between them.
	p.write(line(t,
		wire.Envelope{Ev: wire.EvMessage, D: marshal(t, wire.Message{Seq: 7, Rev: 9, Text: "안녕"})},
		wire.Envelope{Ev: "hologram", D: json.RawMessage(`{"x":1}`)},
		wire.Envelope{Re: request.ID, D: marshal(t, wire.SendReply{Seq: 7})},
		wire.Envelope{Ev: wire.EvResync, D: json.RawMessage(`{}`)},
	))
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	c.until(t, "events", func(_ []client.Link, events []client.Event) bool { return len(events) == 3 })
	want := []wire.Ev{wire.EvWelcome, wire.EvMessage, wire.EvResync}
	for i, event := range c.events {
		if event.Ev != want[i] {
			t.Errorf("event %d is %s, want %s", i, event.Ev, want[i])
		}
	}
	if m, ok := c.events[1].Data.(*wire.Message); !ok || m.Text != "안녕" {
		t.Errorf("message event carries %#v", c.events[1].Data)
	}
}

func TestConnSkipsWhatNobodyWants(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil), Skip: []wire.Ev{wire.EvPresence}})
	p := s.accept()
	c.untilOnline(t, 1)
	p.write(`{"ev":"presence","d":not even JSON}`) // it is not looked into
	p.write(line(t,
		wire.Envelope{Ev: wire.EvPresence, D: marshal(t, wire.Presence{Full: true})},
		wire.Envelope{Ev: wire.EvMessage, D: marshal(t, wire.Message{Seq: 1, Text: `{"ev":"presence"`})},
		wire.Envelope{Ev: wire.EvPresence, D: marshal(t, wire.Presence{})},
		wire.Envelope{Ev: wire.EvResync, D: json.RawMessage(`{}`)},
	))
	c.until(t, "events", func(_ []client.Link, events []client.Event) bool { return len(events) == 3 })
	for i, want := range []wire.Ev{wire.EvWelcome, wire.EvMessage, wire.EvResync} {
		if c.events[i].Ev != want {
			t.Errorf("event %d is %s, want %s", i, c.events[i].Ev, want)
		}
	}
}

func TestConnCallFails(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil), CallTimeout: 50 * time.Millisecond})
	ctx := context.Background()
	if err := c.Call(ctx, wire.OpSync, wire.SyncRequest{}, nil); !errors.Is(err, client.ErrOffline) {
		t.Errorf("before the connection: %v", err)
	}
	p := s.accept()
	c.untilOnline(t, 1)

	err := c.Call(ctx, wire.OpSync, wire.SyncRequest{}, nil)
	if !errors.Is(err, client.ErrTimeout) || !client.Temporary(err) {
		t.Errorf("no answer: %v", err)
	}
	ignored := p.requests()[0]

	go func() {
		p.write(line(t, wire.Envelope{Re: ignored.ID, D: json.RawMessage(`{}`)})) // late: nobody waits for it
		request := p.requests()[0]
		p.write(line(t, wire.Envelope{Re: request.ID, Err: &wire.Error{
			Code: wire.RateLimited, Reason: wire.ReasonBusy, RetryAfterMS: 1500,
		}}))
	}()
	long, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = c.Call(long, wire.OpSync, wire.SyncRequest{}, nil)
	if client.CodeOf(err) != wire.RateLimited || client.ReasonOf(err) != wire.ReasonBusy ||
		client.RetryAfter(err) != 1500*time.Millisecond || !client.Temporary(err) {
		t.Errorf("refusal: %v", err)
	}

	err = c.Call(long, wire.OpSend, wire.SendRequest{Text: strings.Repeat("가", wire.MaxFrameBytes)}, nil)
	if client.CodeOf(err) != wire.TooLarge || client.Temporary(err) {
		t.Errorf("oversized request: %v", err)
	}

	cut := make(chan error, 1)
	go func() { cut <- c.Call(long, wire.OpSync, wire.SyncRequest{}, nil) }()
	p.requests()
	p.drop()
	if err := <-cut; !errors.Is(err, client.ErrOffline) {
		t.Errorf("cut off in flight: %v", err)
	}
}

func TestConnManyCallsShareFrames(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil), InFlight: 8})
	p := s.accept()
	c.untilOnline(t, 1)
	const calls = 500
	served := make(chan int, 1)
	go func() {
		open := 0
		for n := 0; n < calls; {
			requests := p.requests()
			if len(requests) > 8 {
				t.Errorf("%d requests at a time, bound is 8", len(requests))
			}
			for _, r := range requests {
				n++
				p.write(line(t, wire.Envelope{Re: r.ID, D: r.D}))
			}
		}
		served <- open
	}()
	var all sync.WaitGroup
	for i := range calls {
		all.Go(func() {
			var out wire.ReadRequest
			err := c.Call(context.Background(), wire.OpRead, wire.ReadRequest{Seq: int64(i)}, &out)
			if err != nil || out.Seq != int64(i) {
				t.Errorf("call %d: got %d, %v", i, out.Seq, err)
			}
		})
	}
	all.Wait()
	<-served
}

func TestConnComesBack(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	for i := 1; i <= 3; i++ {
		p := s.accept()
		c.untilOnline(t, i)
		p.drop()
	}
	s.accept()
	c.untilOnline(t, 4)
}

func TestConnHonoursGoingAway(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	p := s.accept()
	c.untilOnline(t, 1)
	p.event(wire.EvGoingAway, wire.GoingAway{ReconnectAfterMS: 300})
	p.closeWith(wire.CloseRestart, "restart")
	began := time.Now()
	c.until(t, "offline", func(links []client.Link, _ []client.Event) bool {
		return links[len(links)-1].State == client.LinkOffline
	})
	c.Wake() // does not cut an ordered pause short
	s.accept()
	if waited := time.Since(began); waited < 250*time.Millisecond {
		t.Errorf("came back after %v, was told 300 ms", waited)
	}
}

func TestConnWakeEndsThePause(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil), BackoffMin: time.Hour, BackoffMax: 2 * time.Hour})
	p := s.accept()
	c.untilOnline(t, 1)
	p.drop()
	c.until(t, "offline", func(links []client.Link, _ []client.Event) bool {
		last := links[len(links)-1]
		return last.State == client.LinkOffline && errors.Is(last.Cause, client.ErrOffline) && !last.RetryAt.IsZero()
	})
	c.Wake()
	s.accept()
	c.untilOnline(t, 2)
}

func TestConnWakeProbesAConnection(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	p := s.accept()
	c.untilOnline(t, 1)
	pinged := make(chan struct{})
	p.ws.SetPingHandler(func(string) error { close(pinged); return nil })
	go func() { _, _, _ = p.ws.ReadMessage() }() // until the server closes
	c.Wake()
	select {
	case <-pinged:
	case <-time.After(patience):
		t.Fatal("no probe")
	}
}

func TestConnEndsForGood(t *testing.T) {
	for _, reason := range []wire.Reason{
		wire.ReasonDisabled, wire.ReasonDeviceRemoved, wire.ReasonPasswordReset, wire.ReasonRefreshReused, wire.ReasonSessionRevoked,
	} {
		t.Run("revoked by close code: "+string(reason), func(t *testing.T) {
			s := newServer(t)
			c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
			p := s.accept()
			p.closeWith(wire.CloseRevoked, string(reason))
			err := c.end(t)
			if !errors.Is(err, client.ErrRevoked) || client.ReasonOf(err) != reason || client.Temporary(err) {
				t.Errorf("ended with %v", err)
			}
		})
	}
	t.Run("revoked by close code that says no reason: the server is asked", func(t *testing.T) {
		s := newServer(t)
		c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
		p := s.accept()
		s.setAccess("another")
		s.refuse(http.StatusUnauthorized, &wire.HTTPError{Code: wire.Unauthenticated, Reason: wire.ReasonDeviceRemoved})
		p.closeWith(wire.CloseRevoked, "")
		err := c.end(t)
		if !errors.Is(err, client.ErrRevoked) || client.ReasonOf(err) != wire.ReasonDeviceRemoved {
			t.Errorf("ended with %v", err)
		}
	})
	t.Run("refresh refused", func(t *testing.T) {
		s := newServer(t)
		s.setAccess("another")
		s.refuse(http.StatusUnauthorized, &wire.HTTPError{Code: wire.Unauthenticated, Reason: wire.ReasonSessionRevoked})
		c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
		err := c.end(t)
		if !errors.Is(err, client.ErrRevoked) || client.ReasonOf(err) != wire.ReasonSessionRevoked {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestConnRenewsAnOldToken(t *testing.T) {
	s := newServer(t)
	s.setAccess("another") // the first dial gets 401
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	s.accept()
	c.untilOnline(t, 1)
	if n := s.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
}

func TestConnKeepsTryingThroughRefreshTrouble(t *testing.T) {
	s := newServer(t)
	s.setAccess("another")
	s.refuse(http.StatusServiceUnavailable, &wire.HTTPError{Code: wire.Unavailable})
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	c.until(t, "offline", func(links []client.Link, _ []client.Event) bool {
		return client.CodeOf(links[len(links)-1].Cause) == wire.Unavailable
	})
	s.refuse(0, nil)
	s.accept()
	c.untilOnline(t, 1)
}

func TestConnRefusesStrangers(t *testing.T) {
	for name, speak := range map[string]func(p *peer){
		"no welcome":  func(p *peer) { p.write(`{"ev":"typing","d":{}}`) },
		"not JSON":    func(p *peer) { p.write("hello") },
		"wrong types": func(p *peer) { p.write(`{"ev":"welcome","d":{"session_uuid":7}}`) },
		"reply first": func(p *peer) { p.write(`{"re":1,"d":{}}` + "\n" + `{"ev":"resync"}`) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			c := run(t, client.ConnOptions{Session: s.session(fresh(), nil), BackoffMin: time.Hour, BackoffMax: time.Hour})
			p := <-s.peers
			speak(p)
			c.until(t, "offline", func(links []client.Link, _ []client.Event) bool {
				return errors.Is(links[len(links)-1].Cause, client.ErrNotHimsg)
			})
		})
	}
}

// TestConnAnswersPings: the server measures silence by them.
func TestConnAnswersPings(t *testing.T) {
	s := newServer(t)
	c := run(t, client.ConnOptions{Session: s.session(fresh(), nil)})
	p := s.accept()
	c.untilOnline(t, 1)
	answered := make(chan string, 1)
	p.ws.SetPongHandler(func(data string) error { answered <- data; return nil })
	go func() { _, _, _ = p.ws.ReadMessage() }() // until the server closes
	if err := p.ws.WriteControl(websocket.PingMessage, []byte("x"), time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	select {
	case data := <-answered:
		if data != "x" {
			t.Errorf("pong carries %q", data)
		}
	case <-time.After(patience):
		t.Fatal("no pong")
	}
}
