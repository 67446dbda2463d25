package rig

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// dialNode bounds how long a balancer waits for a server before it asks the next one.
const dialNode = 500 * time.Millisecond

// Balancer spreads connections over servers, one after the other and without memory: whoever comes back may reach another one.
type Balancer struct {
	listener net.Listener
	nodes    func() []*Server
	wg       sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
	next   int
}

// NewBalancer starts one; nodes are the servers at any time, those that are down among them. Close ends it.
func NewBalancer(ctx context.Context, nodes func() []*Server) (*Balancer, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("make a balancer: %w", err)
	}
	b := &Balancer{listener: listener, nodes: nodes, conns: map[net.Conn]struct{}{}}
	b.wg.Go(b.accept)
	return b, nil
}

// URL is what clients take for the server's address.
func (b *Balancer) URL() string { return "http://" + b.listener.Addr().String() }

// Close ends it with all its connections.
func (b *Balancer) Close() error {
	b.mu.Lock()
	b.closed = true
	for c := range b.conns {
		_ = c.Close() // that is the purpose
	}
	b.mu.Unlock()
	err := b.listener.Close()
	b.wg.Wait()
	if err != nil {
		return fmt.Errorf("close balancer: %w", err)
	}
	return nil
}

func (b *Balancer) accept() {
	for {
		c, err := b.listener.Accept()
		if err != nil {
			return // closed
		}
		b.wg.Go(func() { b.carry(c) })
	}
}

func (b *Balancer) carry(client net.Conn) {
	defer client.Close()
	server := b.reach()
	if server == nil {
		return // as a balancer without a server: the line is closed
	}
	defer server.Close()
	if !b.keep(client, server) {
		return
	}
	defer b.drop(client, server)
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{client, server}, {server, client}} {
		both.Go(func() {
			_, _ = io.Copy(way[0], way[1]) // how a line ends tells nothing
			_ = way[0].Close()
			_ = way[1].Close()
		})
	}
	both.Wait()
}

// reach connects to the next server that answers.
func (b *Balancer) reach() net.Conn {
	nodes := b.nodes()
	b.mu.Lock()
	b.next++
	first := b.next
	b.mu.Unlock()
	for i := range nodes {
		dialer := net.Dialer{Timeout: dialNode}
		c, err := dialer.Dial("tcp", nodes[(first+i)%len(nodes)].address)
		if err == nil {
			return c
		}
	}
	return nil
}

func (b *Balancer) keep(conns ...net.Conn) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range conns {
		b.conns[c] = struct{}{}
	}
	return !b.closed
}

func (b *Balancer) drop(conns ...net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range conns {
		delete(b.conns, c)
	}
}
