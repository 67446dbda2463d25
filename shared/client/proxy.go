package client

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// ErrProxy says that the proxy on the way to the server is not there or does not let us through; see ProxyError.
var ErrProxy = errors.New("proxy in the way")

// ProxyError says which proxy, and what about it. It matches ErrProxy and ErrOffline.
type ProxyError struct {
	Address string // host:port
	Status  int    // what it answered to CONNECT; 0: it did not answer
	Err     error
}

// Error implements error. A password in the proxy's address is not in it.
func (e *ProxyError) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("%v: %s answers %d %s", ErrProxy, e.Address, e.Status, http.StatusText(e.Status))
	}
	return fmt.Sprintf("%v: %s: %v", ErrProxy, e.Address, e.Err)
}

// Unwrap makes errors.Is see ErrProxy, ErrOffline and the cause.
func (e *ProxyError) Unwrap() []error { return []error{ErrProxy, ErrOffline, e.Err} }

// ProxyFunc says by which proxies an address is reached, the best first; nil stands for the direct way, and so does an
// empty list. A proxy has scheme http or https and a host with a port; a user and password in it go to the proxy only.
type ProxyFunc func(ctx context.Context, target *url.URL) ([]*url.URL, error)

func environmentProxy(_ context.Context, target *url.URL) ([]*url.URL, error) {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: target})
	return []*url.URL{proxy}, err
}

// reply bounds: what a proxy may say before the tunnel stands.
const maxProxyReply = 16 << 10

var errRefused = errors.New("refused")

// dial connects to the server itself, or to the end of a proxy's tunnel. HTTP and WebSocket both go by it, so that one
// does not work where the other does not; without encryption, too.
func (h *HTTP) dial(ctx context.Context, network, address string) (net.Conn, error) {
	ways, err := h.options.Proxy(ctx, h.url)
	if err != nil {
		return nil, fmt.Errorf("find the proxy: %w", err)
	}
	if len(ways) == 0 {
		ways = []*url.URL{nil}
	}
	var first error
	for _, proxy := range ways {
		conn, err := h.dialBy(ctx, proxy, network, address)
		if err == nil {
			return conn, nil
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

func (h *HTTP) dialBy(ctx context.Context, proxy *url.URL, network, address string) (net.Conn, error) {
	if proxy == nil {
		return h.options.DialContext(ctx, network, address)
	}
	conn, err := h.options.DialContext(ctx, network, proxy.Host)
	if err != nil {
		return nil, &ProxyError{Address: proxy.Host, Err: err}
	}
	tunnel, err := h.tunnel(ctx, conn, proxy, address)
	if err != nil {
		_ = conn.Close() // nothing of ours went through it
		return nil, err
	}
	return tunnel, nil
}

// tunnel asks the proxy at the other end of conn for a way to address.
func (h *HTTP) tunnel(ctx context.Context, conn net.Conn, proxy *url.URL, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeTimeout)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // it ends what waits below
	failed := func(err error) error {
		return &ProxyError{Address: proxy.Host, Err: errors.Join(err, ctx.Err())}
	}
	if proxy.Scheme == "https" {
		encrypted := tls.Client(conn, &tls.Config{
			MinVersion: tls.VersionTLS12, RootCAs: h.options.RootCAs, ServerName: proxy.Hostname(), Time: h.options.Now,
		})
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return nil, failed(err)
		}
		conn = encrypted
	}
	if _, err := io.WriteString(conn, connectRequest(proxy, address, h.options.UserAgent)); err != nil {
		return nil, failed(err)
	}
	limited := &io.LimitedReader{R: conn, N: maxProxyReply}
	reader := bufio.NewReader(limited)
	reply, err := http.ReadResponse(reader, &http.Request{Method: http.MethodConnect})
	if err != nil {
		return nil, failed(err)
	}
	_ = reply.Body.Close() // what a refusing proxy has to say is for browsers
	if reply.StatusCode != http.StatusOK {
		return nil, &ProxyError{Address: proxy.Host, Status: reply.StatusCode, Err: errRefused}
	}
	if reader.Buffered() > 0 { // the server speaks second, in TLS as in HTTP
		return nil, failed(errors.New("data before the tunnel stands"))
	}
	if !stop() {
		return nil, failed(ctx.Err())
	}
	return conn, nil
}

func connectRequest(proxy *url.URL, address, agent string) string {
	text := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: " + agent + "\r\n"
	if user := proxy.User; user != nil {
		password, _ := user.Password()
		text += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	return text + "\r\n"
}
