package ws_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/gorilla/websocket"

	"himsg/server/internal/bus"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// counted counts what comes over a line.
type counted struct {
	net.Conn
	bytes *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func TestLargeEventsArePackedForThoseWhoTakeThemSo(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 2)
	n := startNode(t, db, nodeOptions{})
	var came [2]atomic.Int64
	var clients [2]*client
	for i := range clients {
		clients[i] = n.connect(websocket.Dialer{
			Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: deadline, EnableCompression: i == 1,
			NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				conn, err := new(net.Dialer).DialContext(ctx, network, addr)
				return counted{conn, &came[i]}, err
			},
		}, people[i], n.tokens.issue(people[i]))
		clients[i].listen()
		clients[i].await("welcome", func(e wire.Envelope) bool { return e.Ev == wire.EvWelcome })
	}
	var page bytes.Buffer
	page.WriteString(`{"users":[`)
	for i := range 1000 {
		if i > 0 {
			page.WriteString(",")
		}
		fmt.Fprintf(&page, `{"user_uuid":"0198c0de-%04x-7000-8000-%012x","state":"active"}`, i, i*i*7919)
	}
	page.WriteString(`]}`)
	before := [2]int64{came[0].Load(), came[1].Load()}
	n.bus.Publish(context.Background(), bus.Event{Ev: wire.EvPresence, Data: page.Bytes()})
	for _, c := range clients {
		got := c.await("the large event", func(e wire.Envelope) bool { return e.Ev == wire.EvPresence && len(e.D) > 10_000 })
		if !bytes.Equal(got.D, page.Bytes()) {
			t.Error("it came as another one")
		}
	}
	plain, packed := came[0].Load()-before[0], came[1].Load()-before[1]
	if plain < int64(page.Len()) || packed > plain/3 {
		t.Errorf("%d bytes plain, %d packed, of %d", plain, packed, page.Len())
	}
}

// A frame of some kilobytes may unpack to gigabytes: no more of it is looked at than of any other.
func TestAPackedFrameIsNoLargerThanOthers(t *testing.T) {
	db := storetest.SQLite(t)
	people := storetest.People(t, db, 1)
	n := startNode(t, db, nodeOptions{})
	c := n.connect(websocket.Dialer{
		Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: deadline, EnableCompression: true,
	}, people[0], n.tokens.issue(people[0]))
	c.listen()
	c.await("welcome", func(e wire.Envelope) bool { return e.Ev == wire.EvWelcome })
	_ = c.conn.WriteMessage(websocket.TextMessage, bytes.Repeat([]byte(" "), 10<<20)) // the server may hang up in the middle of it
	if code := c.closed(); code != wire.CloseProtocol {
		t.Errorf("closed with %d: %v", code, c.err)
	}
}
