package client_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"himsg/shared/client"
	"himsg/shared/client/clienttest"
	"himsg/shared/wire"
)

// syncing is a Syncer over a real connection to a server of the test.
type syncing struct {
	*client.Syncer
	conn  *client.Conn
	heard *log
	ended chan error
}

func syncTo(t *testing.T, s *server, replica client.Replica) *syncing {
	t.Helper()
	conn := client.NewConn(client.ConnOptions{
		Session: s.session(fresh(), nil), BackoffMin: time.Millisecond, BackoffMax: 5 * time.Millisecond,
	})
	r := &syncing{conn: conn, heard: newLog(), ended: make(chan error, 1)}
	r.Syncer = client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: replica, Next: r.heard})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.ended <- r.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return r
}

// heldOnce is a replica with a room up to seq 3 of a server's history.
func heldOnce(t *testing.T, epoch int64) *client.Memory {
	t.Helper()
	s, m, memory := newServer(t), clienttest.NewModel(), client.NewMemoryOf(clienttest.Me)
	r := m.Create("r", clienttest.Me, clienttest.Other)
	for range 3 {
		m.Send(r, clienttest.Other, "before")
	}
	m.Events = nil
	syncer := syncTo(t, s, memory)
	p := s.acceptWith(wire.Welcome{Epoch: epoch})
	served := serveModel(p, m)
	synced(t, syncer.heard, 1)
	p.drop()
	<-served
	if held, err := memory.Held(t.Context()); err != nil || held.Epoch != epoch || len(held.Rooms) != 1 {
		t.Fatalf("held %+v, %v", held, err)
	}
	return memory
}

// TestAnotherHistoryIsNotApplied: what a restored server says is not put on what was held before, nobody gets to use the
// connection, and a syncer on an emptied replica holds the server's.
func TestAnotherHistoryIsNotApplied(t *testing.T) {
	for _, epochs := range [][2]int64{{0, 2}, {2, 3}, {2, 0}} {
		memory := heldOnce(t, epochs[0])
		s, m := newServer(t), clienttest.NewModel()
		m.Send(m.Create("r", clienttest.Me, clienttest.Other), clienttest.Other, "other")
		m.Events = nil

		syncer := syncTo(t, s, memory)
		p := s.acceptWith(wire.Welcome{Epoch: epochs[1]})
		served := serveModel(p, m)
		var other *client.EpochError
		if err := <-syncer.ended; !errors.As(err, &other) || !errors.Is(err, client.ErrEpoch) || other.Epoch != epochs[1] {
			t.Fatalf("run: %v", err)
		}
		p.drop()
		<-served
		for _, link := range syncer.heard.links {
			if link.State == client.LinkOnline {
				t.Error("the connection was told of as online")
			}
		}
		if err := syncer.conn.Call(t.Context(), wire.OpSync, wire.SyncRequest{}, nil); !errors.Is(err, client.ErrOffline) {
			t.Errorf("a call: %v", err)
		}
		if room, _ := memory.Room("r"); room.Held.LastSeq != 3 {
			t.Errorf("held %+v", room.Held)
		}

		if err := memory.StartAnew(t.Context(), other.Epoch); err != nil {
			t.Fatal(err)
		}
		again := syncTo(t, s, memory)
		p = s.acceptWith(wire.Welcome{Epoch: epochs[1]})
		served = serveModel(p, m)
		synced(t, again.heard, 1)
		if diff := m.Differences(t.Context(), inMemory{memory}); diff != "" {
			t.Errorf("differs:\n%s", diff)
		}
		p.drop()
		<-served
	}
}

// TestTheSameHistoryIsKept: with or without an epoch.
func TestTheSameHistoryIsKept(t *testing.T) {
	for _, epoch := range []int64{0, 2} {
		memory := heldOnce(t, epoch)
		s := newServer(t)
		syncer := syncTo(t, s, memory)
		p := s.acceptWith(wire.Welcome{Epoch: epoch})
		requests := p.requests()
		if len(requests) == 0 || requests[0].Op != wire.OpSync {
			t.Fatalf("asked %+v", requests)
		}
		if in := decode[wire.SyncRequest](t, requests[0].D); in.Rooms["r"][0] == 0 {
			t.Errorf("epoch %d: asked with %+v", epoch, in)
		}
		p.drop()
		syncer.heard.until(t, "offline", func(links []client.Link, _ []client.Event) bool {
			return links[len(links)-1].State != client.LinkOnline
		})
	}
}

// TestARefusedConnectionEndsRun: whoever does not admit a connection gets nothing of it.
func TestARefusedConnectionEndsRun(t *testing.T) {
	s, refusal := newServer(t), errors.New("not this one")
	conn, heard := client.NewConn(client.ConnOptions{Session: s.session(fresh(), nil)}), newLog()
	heard.refuses = refusal
	ended := make(chan error, 1)
	go func() { ended <- conn.Run(t.Context(), heard) }()
	p := s.accept()
	if err := <-ended; !errors.Is(err, refusal) {
		t.Errorf("run: %v", err)
	}
	p.drop()
	if len(heard.events) > 0 {
		t.Errorf("heard %+v", heard.events)
	}
}
