package ws_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/internal/bus"
	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/presence"
	"himsg/server/internal/ws"
	"himsg/shared/wire"
)

const crowd = 1000

// payload is an event of the size of a usual message.
var payload = []byte(`{"message_id":1,"room_uuid":"01a20536-78ea-767d-800a-122d135436f2","seq":1,"rev":1,"kind":"user",` +
	`"sender_uuid":"cc5e5d49-0b0b-4200-991e-49db0756bb3d","client_id":"bba945e8-90bf-40a8-a361-a68ee400f625","text":"` +
	strings.Repeat("회의 자료 ", 8) + `","timestamp":"2026-11-22T05:41:07.123Z","mentions":[],"pinned":false,"files":[],"reactions":[]}`)

// listeners counts the envelopes that a crowd of clients receives.
type listeners struct {
	got   atomic.Int64
	conns []*websocket.Conn
	done  sync.WaitGroup
}

func (l *listeners) dial(b *testing.B, url string, header func(i int) http.Header) {
	b.Helper()
	for i := range crowd {
		dialer := websocket.Dialer{
			Subprotocols: []string{wire.Subprotocol}, ReadBufferSize: 4096, HandshakeTimeout: deadline,
		}
		conn, resp, err := dialer.Dial(url, header(i))
		if err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
		l.conns = append(l.conns, conn)
		l.done.Go(func() {
			for {
				_, frame, err := conn.ReadMessage()
				if err != nil {
					return
				}
				l.got.Add(int64(strings.Count(string(frame), `"ev":"message"`)))
			}
		})
	}
}

func (l *listeners) close() {
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.done.Wait()
}

// oneRoom is a database with one room in which everyone is.
type oneRoom struct{ rev atomic.Int64 }

func (r *oneRoom) RoomsOf(context.Context, int64) ([]hub.RoomRev, error) {
	return []hub.RoomRev{{RoomID: 1, RoomUUID: "r", Rev: r.rev.Load()}}, nil
}

func (r *oneRoom) ChangedRooms(context.Context, int64, int) ([]hub.RoomRev, error) { return nil, nil }

func (r *oneRoom) MembersOf(context.Context, int64) (users []int64, rev int64, err error) {
	for i := range int64(crowd) {
		users = append(users, i+1)
	}
	return users, r.rev.Load(), nil
}

func (r *oneRoom) RevokedSince(context.Context, int64, int) ([]string, error) { return nil, nil }

func (r *oneRoom) ReadsSince(context.Context, int64, int) ([]bus.Read, error) { return nil, nil }

func (r *oneRoom) ReadEvents(context.Context, []bus.Read) ([]bus.Event, error) { return nil, nil }

func (r *oneRoom) EventsSince(context.Context, int64, int64) ([]bus.Event, bool, error) {
	return nil, true, nil
}

// BenchmarkFanOut is one message to a room of 1,000 online members: hub and sockets, without the database. A window keeps
// the queues below their bound, as the senders' waiting for acks does.
func BenchmarkFanOut(b *testing.B) {
	log := slog.New(slog.DiscardHandler)
	local := bus.NewLocal(bus.LocalOptions{})
	defer local.Close()
	room := &oneRoom{}
	h := hub.New(hub.Options{Bus: local, Members: room, Repair: room, Clock: time.Now, Logger: log})
	defer h.Close()
	tracker := presence.New(presence.Options{Publisher: local, Logger: log})
	defer tracker.Close()
	keys := &tokens{actors: map[string]model.Actor{}}
	handler := ws.New(ws.Options{
		Auth: keys, Hub: h, Presence: tracker, Profiles: keys, Clock: time.Now, Logger: log,
	})
	defer handler.Close()
	server := httptest.NewServer(handler)
	defer server.Close()
	var l listeners
	defer l.close()
	l.dial(b, "ws"+strings.TrimPrefix(server.URL, "http"), func(i int) http.Header {
		token := keys.issue(model.Actor{UserID: int64(i + 1), UserUUID: fmt.Sprint(i)})
		return http.Header{"Authorization": {"Bearer " + token}}
	})
	b.ResetTimer()
	for b.Loop() {
		rev := room.rev.Add(1)
		local.Publish(b.Context(), bus.Event{Ev: wire.EvMessage, Data: payload, RoomID: 1, RoomUUID: "r", Rev: rev})
		for l.got.Load() < (rev-window)*crowd {
			time.Sleep(20 * time.Microsecond)
		}
	}
	sent := room.rev.Load()
	for l.got.Load() < sent*crowd {
		time.Sleep(20 * time.Microsecond)
	}
	b.ReportMetric(float64(sent*crowd)/b.Elapsed().Seconds(), "deliveries/s")
}

const window = 10

// BenchmarkBareFanOut is the limit: one goroutine per socket that writes what a channel brings, with bare gorilla.
func BenchmarkBareFanOut(b *testing.B) {
	var mu sync.Mutex
	var queues []chan []byte
	var writers sync.WaitGroup
	upgrader := websocket.Upgrader{ReadBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		queue := make(chan []byte, 256)
		mu.Lock()
		queues = append(queues, queue)
		mu.Unlock()
		writers.Go(func() {
			defer conn.Close()
			for data := range queue {
				if conn.WriteMessage(websocket.TextMessage, data) != nil {
					return
				}
			}
		})
	}))
	defer server.Close()
	var l listeners
	defer l.close()
	l.dial(b, "ws"+strings.TrimPrefix(server.URL, "http"), func(int) http.Header { return nil })
	for mu.Lock(); len(queues) < crowd; mu.Lock() {
		mu.Unlock()
	}
	mu.Unlock()
	envelope := hub.Envelope(wire.EvMessage, payload)
	sent := int64(0)
	b.ResetTimer()
	for b.Loop() {
		sent++
		for _, q := range queues {
			q <- envelope
		}
		for l.got.Load() < (sent-window)*crowd {
			time.Sleep(20 * time.Microsecond)
		}
	}
	for l.got.Load() < sent*crowd {
		time.Sleep(20 * time.Microsecond)
	}
	b.ReportMetric(float64(sent*crowd)/b.Elapsed().Seconds(), "deliveries/s")
	for _, q := range queues {
		close(q)
	}
	writers.Wait()
}
