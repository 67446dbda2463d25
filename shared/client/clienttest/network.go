package clienttest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// network is a Remote between a Syncer and a model, in the hands of the test: it decides when a request is read, when its
// reply arrives, and what becomes of each event.
type network struct {
	up      chan bool // true: connect; false: disconnect
	epoch   func() int64
	deliver chan []client.Event

	mu    sync.Mutex
	calls []*pending
}

// pending is a request on its way. answer gets the reply when the server reads it; done lets it arrive.
type pending struct {
	op     wire.Op
	req    any
	after  int64 // of a directory page
	answer []byte
	err    error
	read   bool
	done   chan struct{}
}

func (n *network) Run(ctx context.Context, h client.Handler) error {
	for {
		h.Link(ctx, client.Link{State: client.LinkOffline})
		if again, err := n.online(ctx, h); !again {
			return err
		}
	}
}

func (n *network) online(ctx context.Context, h client.Handler) (again bool, err error) {
	for connected := false; !connected; {
		select {
		case connected = <-n.up:
		case <-n.deliver:
		case <-ctx.Done():
			return false, nil
		}
	}
	live, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := h.Admit(live, wire.Welcome{Epoch: n.epoch()}); err != nil {
		return false, err
	}
	h.Link(live, client.Link{State: client.LinkOnline})
	for {
		select {
		case events := <-n.deliver:
			h.Events(live, events)
		case <-n.up:
			return true, nil
		case <-ctx.Done():
			return false, nil
		}
	}
}

func (n *network) wait(ctx context.Context, p *pending) error {
	p.done = make(chan struct{})
	n.mu.Lock()
	n.calls = append(n.calls, p)
	n.mu.Unlock()
	defer n.remove(p)
	select {
	case <-p.done:
		return p.err
	case <-ctx.Done():
		return fmt.Errorf("%w: test", client.ErrOffline)
	}
}

func (n *network) remove(p *pending) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls = slices.DeleteFunc(n.calls, func(x *pending) bool { return x == p })
}

func (n *network) Call(ctx context.Context, op wire.Op, req, reply any) error {
	p := &pending{op: op, req: req}
	if err := n.wait(ctx, p); err != nil {
		return err
	}
	return json.Unmarshal(p.answer, reply)
}

func (n *network) Directory(ctx context.Context, afterRev int64, _ int) (wire.DirectoryPage, error) {
	p := &pending{op: "directory", after: afterRev}
	if err := n.wait(ctx, p); err != nil {
		return wire.DirectoryPage{}, err
	}
	var page wire.DirectoryPage
	err := json.Unmarshal(p.answer, &page)
	return page, err
}

func (n *network) open() []*pending {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.calls)
}

// readBy lets the model answer a request as things stand now.
func (p *pending) readBy(m *Model) {
	p.read = true
	var reply any = m.page(p.after)
	if p.req != nil {
		reply, p.err = m.Answer(p.req)
	}
	answer, err := json.Marshal(reply)
	if err != nil {
		panic(err)
	}
	p.answer = answer
}
