package client_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// pipes is a network inside a bubble, whose clock the test turns: each dial is a pipe to the server.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestConnGivesUpOnSilence: a line that went dead without a word is noticed after wire.SilenceLimit, and pings keep it.
func TestConnGivesUpOnSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		const pings = 4
		done := make(chan struct{})
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			upgrader := websocket.Upgrader{Subprotocols: []string{wire.Subprotocol}}
			ws, err := upgrader.Upgrade(w, r, nil)
			if err != nil {
				return
			}
			defer func() { _ = ws.Close() }()
			go func() { _, _, _ = ws.ReadMessage() }() // takes the pongs
			_ = ws.WriteMessage(websocket.TextMessage, []byte(`{"ev":"welcome","d":{}}`))
			for range pings {
				time.Sleep(wire.PingEvery)
				_ = ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
			}
			<-done // and then nothing any more
		})}
		served := make(chan error, 1)
		go func() { served <- server.Serve(network) }()

		h, err := client.NewHTTP(client.Options{Address: "http://server", DialContext: network.dial})
		if err != nil {
			t.Fatal(err)
		}
		session := client.NewSession(h, client.Tokens{Access: "a", AccessExpires: time.Now().Add(time.Hour)}, nil)
		conn := client.NewConn(client.ConnOptions{Session: session, BackoffMin: time.Hour, BackoffMax: time.Hour})
		ctx, cancel := context.WithCancel(context.Background())
		heard, ended := newLog(), make(chan error, 1)
		go func() { ended <- conn.Run(ctx, heard) }()

		time.Sleep(pings*wire.PingEvery + wire.SilenceLimit - time.Second)
		synctest.Wait()
		if last := heard.last(); last.State != client.LinkOnline {
			t.Errorf("a second before the limit: %+v", last)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if last := heard.last(); last.State != client.LinkOffline || !errors.Is(last.Cause, client.ErrTimeout) {
			t.Errorf("a second after the limit: %+v", last)
		}
		cancel()
		close(done)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		session.Close()
		h.Close()
		_ = server.Close()
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
}

// TestConnBacksOff: tries against a server that is away come ever slower, and never stop.
func TestConnBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []time.Time
		h, err := client.NewHTTP(client.Options{
			Address: "http://server",
			DialContext: func(context.Context, string, string) (net.Conn, error) {
				tries = append(tries, time.Now())
				return nil, errors.New("connection refused")
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		session := client.NewSession(h, client.Tokens{Access: "a", AccessExpires: time.Now().Add(24 * time.Hour)}, nil)
		conn := client.NewConn(client.ConnOptions{Session: session})
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		if err := conn.Run(ctx, newLog()); err != nil {
			t.Error(err)
		}
		session.Close()
		h.Close()
		bound := 250 * time.Millisecond
		for i, at := range tries[1:] {
			if pause := at.Sub(tries[i]); pause > bound {
				t.Errorf("pause %d is %v, bound %v", i, pause, bound)
			}
			bound = min(2*bound, 30*time.Second)
		}
		// An hour of pauses of 15 s on average is about 240 tries.
		if n := len(tries); n < 150 || n > 400 {
			t.Errorf("%d tries in an hour", n)
		}
	})
}

func (l *log) last() client.Link {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.links[len(l.links)-1]
}
