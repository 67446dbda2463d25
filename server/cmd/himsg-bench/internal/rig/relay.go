package rig

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
)

// relayBuffer bounds what a relay's sockets hold, so that little is on its way when it breaks.
const relayBuffer = 256 << 10

// Relay is the network between a client and the server. It counts what comes, and can be cut, or swallow all that it is given.
type Relay struct {
	listener net.Listener
	target   string
	wg       sync.WaitGroup

	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
	cut    bool
	silent chan struct{} // nil: it carries; otherwise closed when it carries again
	up     int64         // bytes that clients sent
	down   int64         // bytes that the server sent
	marks  []mark
}

// mark is somebody who waits until so many bytes went by.
type mark struct {
	of      *int64
	at      int64
	reached chan struct{}
}

// NewRelay starts a network to a server's address. Close ends it.
func NewRelay(ctx context.Context, url string) (*Relay, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("make a relay: %w", err)
	}
	r := &Relay{listener: listener, target: strings.TrimPrefix(url, "http://"), conns: map[net.Conn]struct{}{}}
	r.wg.Go(r.accept)
	return r, nil
}

// URL is what clients take for the server's address.
func (r *Relay) URL() string { return "http://" + r.listener.Addr().String() }

// Carried is how many bytes clients and the server have sent through it.
func (r *Relay) Carried() (up, down int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.up, r.down
}

// AwaitUp waits until clients have sent so many bytes, AwaitDown until the server has, counted from the relay's beginning.
func (r *Relay) AwaitUp(ctx context.Context, n int64) error { return r.await(ctx, &r.up, n) }

// AwaitDown is AwaitUp for the other direction.
func (r *Relay) AwaitDown(ctx context.Context, n int64) error { return r.await(ctx, &r.down, n) }

func (r *Relay) await(ctx context.Context, of *int64, n int64) error {
	r.mu.Lock()
	m := mark{of: of, at: n, reached: make(chan struct{})}
	if *of >= n {
		close(m.reached)
	} else {
		r.marks = append(r.marks, m)
	}
	r.mu.Unlock()
	select {
	case <-m.reached:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for %d bytes: %w", n, ctx.Err())
	}
}

func (r *Relay) count(of *int64, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*of += int64(n)
	rest := r.marks[:0]
	for _, m := range r.marks {
		if *m.of >= m.at {
			close(m.reached)
		} else {
			rest = append(rest, m)
		}
	}
	r.marks = rest
}

// Cut breaks all connections and refuses new ones, until Mend.
func (r *Relay) Cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	for c := range r.conns {
		_ = c.Close() // that is the purpose
	}
}

// Swallow takes what comes and hands nothing on, until Mend: nobody is told.
func (r *Relay) Swallow() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.silent == nil {
		r.silent = make(chan struct{})
	}
}

// Mend makes it carry again.
func (r *Relay) Mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = false
	if r.silent != nil {
		close(r.silent)
		r.silent = nil
	}
}

// Close ends it with all its connections.
func (r *Relay) Close() error {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	err := r.listener.Close()
	r.Mend()
	r.Cut()
	r.wg.Wait()
	if err != nil {
		return fmt.Errorf("close relay: %w", err)
	}
	return nil
}

func (r *Relay) accept() {
	for {
		c, err := r.listener.Accept()
		if err != nil {
			return // closed
		}
		r.wg.Go(func() { r.carry(c) })
	}
}

// carry copies both ways until one end closes.
func (r *Relay) carry(from net.Conn) {
	defer r.drop(from)
	if !r.keep(from) {
		return
	}
	r.wait()
	to, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", r.target)
	if err != nil {
		return // the server is away
	}
	defer r.drop(to)
	if !r.keep(to) {
		return
	}
	var both sync.WaitGroup
	both.Go(func() { r.pump(to, from, &r.up) })
	both.Go(func() { r.pump(from, to, &r.down) })
	both.Wait()
}

// keep remembers a connection for Cut, unless that has come in between.
func (r *Relay) keep(c net.Conn) bool {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(relayBuffer) // without it more is on its way, and the figures say so
		_ = tcp.SetWriteBuffer(relayBuffer)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cut || r.closed {
		return false
	}
	r.conns[c] = struct{}{}
	return true
}

func (r *Relay) drop(c net.Conn) {
	_ = c.Close() // it may be closed already
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.conns, c)
}

// wait stands still while the network is silent.
func (r *Relay) wait() {
	r.mu.Lock()
	silent := r.silent
	r.mu.Unlock()
	if silent != nil {
		<-silent
	}
}

// pump carries one direction. When it ends both ends close, so that the other ends too.
func (r *Relay) pump(to io.WriteCloser, from io.ReadCloser, count *int64) {
	defer func() {
		_ = to.Close()
		_ = from.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			r.count(count, n)
			r.wait()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
