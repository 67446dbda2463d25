package ws_test

import (
	"encoding/json"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// client is a device with a connection. Its frames are read by a goroutine that ends with the connection.
type client struct {
	t       *testing.T
	conn    *websocket.Conn
	token   string
	actor   model.Actor
	nextID  uint64
	writes  sync.Mutex
	reading sync.WaitGroup

	mu      sync.Mutex
	changed chan struct{} // closed and renewed when something came
	replies map[uint64]wire.Envelope
	events  []wire.Envelope
	err     error // how the connection ended
}

// listen begins to read, with buffers of the usual size.
func (c *client) listen() {
	if tcp, ok := c.conn.NetConn().(*net.TCPConn); ok {
		if err := tcp.SetReadBuffer(1 << 20); err != nil {
			c.t.Fatal(err)
		}
	}
	c.reading.Go(c.read)
}

func (c *client) read() {
	for {
		_, frame, err := c.conn.ReadMessage()
		var envelopes []wire.Envelope
		if err == nil {
			var broken error
			if envelopes, broken = wire.DecodeEnvelopes(frame); broken != nil {
				c.t.Errorf("frame of %d bytes: %v", len(frame), broken)
			}
		}
		c.mu.Lock()
		c.err = err
		for _, e := range envelopes {
			if e.Re != 0 {
				c.replies[e.Re] = e
			} else {
				c.events = append(c.events, e)
			}
		}
		close(c.changed)
		c.changed = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// until waits until ok, which is called with c.mu held, says so.
func (c *client) until(what string, ok func() bool) {
	c.t.Helper()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for {
		c.mu.Lock()
		done, changed := ok(), c.changed
		c.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-timeout.C:
			c.t.Fatalf("no %s within %s", what, deadline)
		}
	}
}

// await returns the first event, of all that came, which ok likes.
func (c *client) await(what string, ok func(wire.Envelope) bool) (found wire.Envelope) {
	c.t.Helper()
	next := 0
	c.until(what, func() bool {
		for ; next < len(c.events); next++ {
			if found = c.events[next]; ok(found) {
				return true
			}
		}
		return false
	})
	return found
}

// closed returns the code with which the server closed.
func (c *client) closed() int {
	c.t.Helper()
	code, _ := c.closedFor()
	return code
}

// closedFor is closed with the text of the close frame.
func (c *client) closedFor() (code int, text string) {
	c.t.Helper()
	c.until("close", func() bool {
		if e, ok := c.err.(*websocket.CloseError); ok { //nolint:errorlint // gorilla returns it bare
			code, text = e.Code, e.Text
		}
		return c.err != nil
	})
	return code, text
}

// seen returns the events of a kind that came, decoded.
func seen[T any](c *client, ev wire.Ev) (out []T) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.Ev == ev {
			out = append(out, decode[T](c.t, e.D))
		}
	}
	return out
}

func decode[T any](t *testing.T, data []byte) (v T) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatalf("decode %s: %v", data, err)
	}
	return v
}

// request sends a request and returns its id.
func (c *client) request(op wire.Op, d any) uint64 {
	c.t.Helper()
	data, err := json.Marshal(d)
	if err != nil {
		c.t.Fatal(err)
	}
	c.writes.Lock()
	defer c.writes.Unlock()
	c.nextID++
	frame, err := json.Marshal(wire.Request{ID: c.nextID, Op: op, D: data})
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.conn.WriteMessage(websocket.TextMessage, frame); err != nil {
		c.t.Logf("write: %v", err)
	}
	return c.nextID
}

func (c *client) reply(id uint64) (e wire.Envelope) {
	c.t.Helper()
	c.until(fmt.Sprintf("reply to %d", id), func() bool {
		var ok bool
		e, ok = c.replies[id]
		return ok
	})
	return e
}

// call returns the reply of an operation that must succeed.
func call[T any](c *client, op wire.Op, d any) T {
	c.t.Helper()
	e := c.reply(c.request(op, d))
	if e.Err != nil {
		c.t.Fatalf("%s: %v", op, e.Err)
	}
	return decode[T](c.t, e.D)
}

// refused returns the error of an operation that must not succeed.
func (c *client) refused(op wire.Op, d any) *wire.Error {
	c.t.Helper()
	e := c.reply(c.request(op, d))
	if e.Err == nil {
		c.t.Fatalf("%s %+v was not refused: %s", op, d, e.D)
	}
	return e.Err
}

func (c *client) send(room, text string) wire.SendReply {
	c.t.Helper()
	return call[wire.SendReply](c, wire.OpSend, message(room, text))
}

func message(room, text string) wire.SendRequest {
	return wire.SendRequest{RoomUUID: room, ClientID: uuid.NewString(), Text: text}
}

// messages awaits a message event of a room with this seq, and returns all of that room.
func (c *client) messages(room string, seq int64) (all []wire.Message) {
	c.t.Helper()
	c.await(fmt.Sprintf("message %d", seq), func(e wire.Envelope) bool {
		if e.Ev != wire.EvMessage {
			return false
		}
		m := decode[wire.Message](c.t, e.D)
		return m.RoomUUID == room && m.Seq >= seq
	})
	for _, m := range seen[wire.Message](c, wire.EvMessage) {
		if m.RoomUUID == room {
			all = append(all, m)
		}
	}
	return all
}
