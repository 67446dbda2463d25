// Package proxytest is a real HTTP proxy for tests: it opens tunnels by CONNECT, and can be told to misbehave. Tests of
// shared/client and of the desktop import it.
package proxytest

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Proxy listens on a port of this machine until its test ends.
type Proxy struct {
	Address string // host:port

	mu      sync.Mutex
	hosts   map[string]string // who stands behind a name
	status  int
	mangle  bool
	tunnels int
	auth    string
}

// New starts a proxy that lets everything through.
func New(tb testing.TB) *Proxy {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	p := &Proxy{Address: listener.Addr().String(), status: http.StatusOK, hosts: map[string]string{}}
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			running.Go(func() { p.serve(ctx, conn) })
		}
	})
	tb.Cleanup(func() {
		_ = listener.Close()
		end()
		running.Wait()
	})
	return p
}

// ClosedPort is an address at which nobody listens.
func ClosedPort(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// URL is the address for settings.
func (p *Proxy) URL() string { return "http://" + p.Address }

// Answer sets the status of its answers to CONNECT.
func (p *Proxy) Answer(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.status = status
}

// Host says that address stands behind a host:port that only the proxy knows.
func (p *Proxy) Host(name, address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hosts[name] = address
}

// DropUpgrades makes it take the word Upgrade out of what goes through without encryption, as proxies do that look inside.
func (p *Proxy) DropUpgrades() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mangle = true
}

// Tunnels is how many tunnels it has opened.
func (p *Proxy) Tunnels() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tunnels
}

// Authorization is what the last client said of itself.
func (p *Proxy) Authorization() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.auth
}

func (p *Proxy) serve(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	p.mu.Lock()
	p.auth = req.Header.Get("Proxy-Authorization")
	status, mangle, target := p.status, p.mangle, p.hosts[req.Host]
	p.mu.Unlock()
	if status != http.StatusOK || req.Method != http.MethodConnect {
		_ = (&http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1}).Write(conn)
		return
	}
	if target == "" {
		target = req.Host
	}
	far, err := new(net.Dialer).DialContext(ctx, "tcp", target)
	if err != nil {
		_ = (&http.Response{StatusCode: http.StatusBadGateway, ProtoMajor: 1, ProtoMinor: 1}).Write(conn)
		return
	}
	defer func() { _ = far.Close() }()
	defer context.AfterFunc(ctx, func() { _ = far.Close() })()
	p.mu.Lock()
	p.tunnels++
	p.mu.Unlock()
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var up sync.WaitGroup
	defer up.Wait()
	up.Go(func() {
		defer func() { _ = far.Close() }()
		if mangle {
			withoutUpgrades(far, conn)
			return
		}
		_, _ = io.Copy(far, conn) // it ends when one of them hangs up
	})
	_, _ = io.Copy(conn, far) // as above
	_ = conn.Close()
}

// withoutUpgrades hands requests on, one by one.
func withoutUpgrades(far io.Writer, conn io.Reader) {
	reader := bufio.NewReader(conn)
	for {
		req, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		req.Header.Del("Upgrade")
		req.Header.Del("Connection")
		if req.Write(far) != nil {
			return
		}
	}
}
