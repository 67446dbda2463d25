package backend

import (
	"context"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Proxy is the network between an app and the server. It can be cut: open connections break, new ones are refused, as
// with a cable pulled out of a switch.
type Proxy struct {
	Address string // for the app

	tb testing.TB

	mu       sync.Mutex
	target   string
	listener net.Listener
	conns    map[net.Conn]struct{}
	wg       sync.WaitGroup

	pace atomic.Int64 // bytes a second that come from the app; 0: as they come
	sent atomic.Int64 // bytes that came from the app
}

// NewProxy starts a network to target. It ends with the test.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	p := &Proxy{tb: tb, target: target, Address: "127.0.0.1:0", conns: map[net.Conn]struct{}{}}
	p.Mend()
	tb.Cleanup(func() {
		p.Cut()
		p.wg.Wait()
	})
	return p
}

// URL is the address that the app is given.
func (p *Proxy) URL() string { return "http://" + p.Address }

// Cut breaks all connections and refuses new ones.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != nil {
		p.listener.Close()
		p.listener = nil
	}
	for conn := range p.conns {
		conn.Close()
	}
	clear(p.conns)
}

// Mend brings the network back, at the same address.
func (p *Proxy) Mend() {
	listener := listen(p.tb, p.Address)
	p.mu.Lock()
	p.listener, p.Address = listener, listener.Addr().String()
	p.mu.Unlock()
	p.wg.Go(func() { p.accept(listener) })
}

// Narrow lets so many bytes a second through from the app to the server; 0: as they come.
func (p *Proxy) Narrow(bytesPerSecond int64) { p.pace.Store(bytesPerSecond) }

// Sent is how many bytes have come from the app.
func (p *Proxy) Sent() int64 { return p.sent.Load() }

// upward is what comes from the app, at the proxy's pace.
type upward struct {
	io.Reader
	proxy *Proxy
}

// Read implements io.Reader.
func (u upward) Read(b []byte) (int, error) {
	n, err := u.Reader.Read(b)
	u.proxy.sent.Add(int64(n))
	if pace := u.proxy.pace.Load(); pace > 0 {
		time.Sleep(time.Duration(n) * time.Second / time.Duration(pace)) // that is what a narrow line does
	}
	return n, err
}

// Redirect makes new connections go elsewhere: somebody in the middle.
func (p *Proxy) Redirect(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
}

func (p *Proxy) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return // cut
		}
		p.wg.Go(func() { p.carry(listener, conn) })
	}
}

// carry copies both ways until one end closes.
func (p *Proxy) carry(listener net.Listener, app net.Conn) {
	defer app.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	p.mu.Lock()
	target := p.target
	p.mu.Unlock()
	server, err := (&net.Dialer{}).DialContext(ctx, "tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.keep(listener, app, server) {
		return
	}
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(server, upward{app, p}); done <- struct{}{} }() // ends when either side is closed, below
	go func() { _, _ = io.Copy(app, server); done <- struct{}{} }()
	<-done
	app.Close()
	server.Close()
	<-done
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, app)
	delete(p.conns, server)
}

// keep remembers a pair of connections for Cut, unless that has come in between.
func (p *Proxy) keep(listener net.Listener, app, server net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listener != listener {
		return false
	}
	p.conns[app], p.conns[server] = struct{}{}, struct{}{}
	return true
}
