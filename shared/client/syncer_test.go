package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// TestSyncerOverWebSocket: what a client misses while it is away is there after it came back, over the real connection.
func TestSyncerOverWebSocket(t *testing.T) {
	s := newServer(t)
	m := newModel()
	r := m.create("r", me, "other")
	for range 3 {
		m.send(r, "other", "before")
	}
	m.events = nil
	conn := client.NewConn(client.ConnOptions{
		Session: s.session(fresh(), nil), BackoffMin: time.Millisecond, BackoffMax: 5 * time.Millisecond,
	})
	memory, heard := client.NewMemory(), newLog()
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

	m.change(r, 1, tombstone)
	m.send(r, "other", "missed")
	m.events = nil
	p = s.accept()
	served = serveModel(p, m)
	synced(t, heard, 2)
	if diff := m.differences(memory); diff != "" {
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
func serveModel(p *peer, m *model) (done chan struct{}) {
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

func answer(t *testing.T, m *model, request wire.Request) wire.Envelope {
	var reply any
	var err error
	switch request.Op {
	case wire.OpSync:
		reply = m.sync(decode[wire.SyncRequest](t, request.D))
	case wire.OpChanges:
		reply, err = m.changes(decode[wire.ChangesRequest](t, request.D))
	case wire.OpHistory:
		reply, err = m.history(decode[wire.HistoryRequest](t, request.D))
	}
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
	m := newModel()
	m.create("r", me)
	conn := client.NewConn(client.ConnOptions{Session: s.session(fresh(), nil)})
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: broken{client.NewMemory()}})
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
	syncer := client.NewSyncer(client.SyncerOptions{Remote: conn, Replica: client.NewMemory()})
	if err := syncer.Latest(context.Background(), "r", 0); client.CodeOf(err) != wire.NotFound {
		t.Errorf("latest: %v", err)
	}
	if _, err := syncer.Older(context.Background(), "r", 0); client.CodeOf(err) != wire.NotFound {
		t.Errorf("older: %v", err)
	}
}

// TestSyncNamesTheBusiestRooms: more rooms than a request may name.
func TestSyncNamesTheBusiestRooms(t *testing.T) {
	memory := client.NewMemory()
	const rooms = wire.MaxSyncRooms + 500
	m := newModel()
	for i := range rooms {
		m.send(m.create(roomName(i), me), "other", "hello")
	}
	m.events = nil
	for _, r := range m.rooms {
		summary := r.summary()
		change := client.RoomChange{Summary: summary, Held: client.Held{
			Rev: summary.Rev, MyRev: 1, LastSeq: 1, Activity: summary.LastMessage.Timestamp.UnixMilli(),
		}}
		if err := memory.ApplyRooms(context.Background(), []client.RoomChange{change}, nil); err != nil {
			t.Fatal(err)
		}
	}
	delete(m.rooms[roomName(0)].members, me)       // not named: too quiet
	delete(m.rooms[roomName(rooms-1)].members, me) // named
	m.rename(m.rooms[roomName(1)], "renamed")
	m.events = nil

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
	if diff := m.differences(memory); diff != "" {
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
