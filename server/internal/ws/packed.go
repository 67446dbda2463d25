package ws

import (
	"sync"

	"github.com/gorilla/websocket"
)

const (
	// packFrom is the size from which an event is packed, once for all who get it. Only who is there is ever so large: 10,000
	// people are 700 KB, a quarter of that when packed, and after a restart all of them are told at once. Messages are small,
	// and replies are each for one client: packing those costs more than it saves.
	packFrom = 4 << 10
	packKept = 32 // events
)

// packed keeps the last large events as they are written. The zero value is ready.
type packed struct {
	mu   sync.Mutex
	kept map[*byte]*websocket.PreparedMessage // by the event's first byte, which many sessions share
	ring [packKept]*byte
	next int
}

func (p *packed) get(data []byte) (*websocket.PreparedMessage, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if m := p.kept[&data[0]]; m != nil {
		return m, nil
	}
	m, err := websocket.NewPreparedMessage(websocket.TextMessage, data)
	if err != nil {
		return nil, err
	}
	if p.kept == nil {
		p.kept = make(map[*byte]*websocket.PreparedMessage, packKept)
	}
	delete(p.kept, p.ring[p.next])
	p.kept[&data[0]], p.ring[p.next] = m, &data[0]
	p.next = (p.next + 1) % packKept
	return m, nil
}
