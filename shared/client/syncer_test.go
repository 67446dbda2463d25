package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"himsg/shared/client"
	"himsg/shared/client/clienttest"
	"himsg/shared/wire"
)

const me = clienttest.Me

// TestSyncerOverWebSocket: what a client misses while it is away is there after it came back, over the real connection.
func TestSyncerOverWebSocket(t *testing.T) {
	s := newServer(t)
	m := clienttest.NewModel()
	r := m.Create("r", clienttest.Me, clienttest.Other)
	for range 3 {
		m.Send(r, clienttest.Other, "before")
	}
	m.Events = nil
	conn := client.NewConn(client.ConnOptions{
		Session: s.session(fresh(), nil), BackoffMin: time.Millisecond, BackoffMax: 5 * time.Millisecond,
	})
	memory, heard := client.NewMemoryOf(clienttest.Me), newLog()
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: memory, Next: heard})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	ended := make(chan error, 1)
	go func() { ended <- syncer.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run: %v", err)
		}
	}()

	p := s.accept()
	served := serveModel(p, m)
	synced(t, heard, 1)
	if err := syncer.Latest(ctx, "r", 2); err != nil {
		t.Fatal(err)
	}
	if held, _ := memory.HeldOf("r"); held.Lo != 2 || held.Hi != 3 {
		t.Errorf("held %+v after the newest two", held)
	}
	if more, err := syncer.Older(ctx, "r", 2); more || err != nil {
		t.Errorf("older: %v, %v", more, err)
	}
	p.drop()
	<-served

	m.Delete(r, 1)
	m.Send(r, clienttest.Other, "missed")
	m.Events = nil
	p = s.accept()
	served = serveModel(p, m)
	synced(t, heard, 2)
	if diff := m.Differences(ctx, inMemory{memory}); diff != "" {
		t.Errorf("after the reconnect:\n%s", diff)
	}
	if room, _ := memory.Room("r"); room.Messages[1].DeletedAt == nil || room.Messages[4].Text != "missed" {
		t.Errorf("messages %+v", room.Messages)
	}
	p.drop()
	<-served
}

func synced(t *testing.T, heard *log, times int) {
	t.Helper()
	heard.until(t, "synced", func(links []client.Link, _ []client.Event) bool {
		n := 0
		for _, link := range links {
			if link.Synced {
				n++
			}
		}
		return n >= times
	})
}

// serveModel answers requests until the connection ends.
func serveModel(p *peer, m *clienttest.Model) (done chan struct{}) {
	done = make(chan struct{})
	go func() {
		defer close(done)
		for {
			_, frame, err := p.ws.ReadMessage()
			if err != nil {
				return
			}
			requests, err := wire.DecodeRequests(frame)
			if err != nil {
				p.t.Error(err)
				return
			}
			for _, request := range requests {
				p.write(line(p.t, answer(p.t, m, request)))
			}
		}
	}()
	return done
}

func answer(t *testing.T, m *clienttest.Model, request wire.Request) wire.Envelope {
	var in any
	switch request.Op {
	case wire.OpSync:
		in = decode[wire.SyncRequest](t, request.D)
	case wire.OpChanges:
		in = decode[wire.ChangesRequest](t, request.D)
	case wire.OpHistory:
		in = decode[wire.HistoryRequest](t, request.D)
	}
	reply, err := m.Answer(in)
	var refusal *wire.Error
	if errors.As(err, &refusal) {
		return wire.Envelope{Re: request.ID, Err: refusal}
	}
	return wire.Envelope{Re: request.ID, D: marshal(t, reply)}
}

func decode[T any](t *testing.T, data json.RawMessage) (v T) {
	if err := json.Unmarshal(data, &v); err != nil {
		t.Error(err)
	}
	return v
}

// broken is a replica whose disk is full.
type broken struct{ *client.Memory }

var errDisk = errors.New("disk full")

func (broken) ApplyRooms(context.Context, []client.RoomChange, []string) error { return errDisk }

func TestSyncerStopsWhenTheReplicaFails(t *testing.T) {
	s := newServer(t)
	m := clienttest.NewModel()
	m.Create("r", clienttest.Me)
	conn := client.NewConn(client.ConnOptions{Session: s.session(fresh(), nil)})
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: broken{client.NewMemoryOf(clienttest.Me)}})
	ended := make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	go func() { ended <- syncer.Run(ctx) }()
	p := s.accept()
	served := serveModel(p, m)
	if err := <-ended; !errors.Is(err, errDisk) {
		t.Errorf("run: %v", err)
	}
	p.drop()
	<-served
}

func TestSyncerUnknownRoom(t *testing.T) {
	s := newServer(t)
	conn := client.NewConn(client.ConnOptions{Session: s.session(fresh(), nil)})
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: client.NewMemoryOf(clienttest.Me)})
	if err := syncer.Latest(context.Background(), "r", 0); client.CodeOf(err) != wire.NotFound {
		t.Errorf("latest: %v", err)
	}
	if _, err := syncer.Older(context.Background(), "r", 0); client.CodeOf(err) != wire.NotFound {
		t.Errorf("older: %v", err)
	}
}

// TestSyncNamesTheBusiestRooms: more rooms than a request may name.
func TestSyncNamesTheBusiestRooms(t *testing.T) {
	memory := client.NewMemoryOf(clienttest.Me)
	const rooms = wire.MaxSyncRooms + 500
	m := clienttest.NewModel()
	for i := range rooms {
		m.Send(m.Create(roomName(i), clienttest.Me), clienttest.Other, "hello")
	}
	m.Events = nil
	for _, r := range m.Rooms() {
		summary := r.Summary()
		change := client.RoomChange{Summary: summary, Held: client.Held{
			Rev: summary.Rev, MyRev: 1, LastSeq: 1, Activity: summary.LastMessage.Timestamp.UnixMilli(),
		}}
		if err := memory.ApplyRooms(context.Background(), []client.RoomChange{change}, nil); err != nil {
			t.Fatal(err)
		}
	}
	m.Rooms()[roomName(0)].Drop()       // not named: too quiet
	m.Rooms()[roomName(rooms-1)].Drop() // named
	m.Rename(m.Rooms()[roomName(1)], "renamed")
	m.Events = nil

	s := newServer(t)
	conn := client.NewConn(client.ConnOptions{Session: s.session(fresh(), nil)})
	heard := newLog()
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: memory, Next: heard})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	ended := make(chan error, 1)
	go func() { ended <- syncer.Run(ctx) }()
	p := s.accept()
	served := serveModel(p, m)
	synced(t, heard, 1)
	if diff := m.Differences(ctx, inMemory{memory}); diff != "" {
		t.Errorf("differs:\n%.1000s", diff)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	p.drop()
	<-served
}

func roomName(i int) string {
	return "00000000-0000-7000-8000-" + string([]byte{
		'0', '0', '0', '0', '0', '0', '0', '0', byte('0' + i/1000), byte('0' + i/100%10), byte('0' + i/10%10), byte('0' + i%10),
	})
}
