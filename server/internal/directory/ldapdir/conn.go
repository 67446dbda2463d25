package ldapdir

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	dialTime = 5 * time.Second
	// stepTime is how long one answer may take: a page of people, a bind.
	stepTime = 15 * time.Second
	// maxBytes is the most that one connection may bring. A person is less than 4 KiB; the library holds a page at a time.
	maxBytes = 512 << 20
)

// errTooMuch says that the server went on sending.
var errTooMuch = errors.New("the LDAP server sends more than is taken")

// bounded is a connection that ends after maxBytes. The library believes any length up to 2 GiB.
type bounded struct {
	net.Conn
	left atomic.Int64
}

// Read implements net.Conn.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left.Load() <= 0 {
		return 0, errTooMuch
	}
	n, err := b.Conn.Read(p)
	b.left.Add(-int64(n))
	return n, err //nolint:wrapcheck // io.EOF and time-outs must stay what they are
}

// open connects, encrypts and says who reads. The connection closes when ctx ends: a server that hangs holds nobody up.
func (d *Dir) open(ctx context.Context) (*ldap.Conn, func(), error) {
	dialer := net.Dialer{Timeout: dialTime}
	raw, err := dialer.DialContext(ctx, "tcp", d.p.host)
	if err != nil {
		return nil, nil, fmt.Errorf("reach the LDAP server: %w", err)
	}
	limited := &bounded{Conn: raw}
	limited.left.Store(maxBytes)
	// The raw connection is closed, not the library's: that one would wait for a lock that a hanging request holds.
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	c, err := d.secured(ctx, limited)
	if err != nil {
		stop()
		_ = raw.Close()
		return nil, nil, err
	}
	done := func() {
		stop()
		_ = raw.Close()
		_ = c.Close()
	}
	c.SetTimeout(stepTime)
	if d.p.BindDN != "" {
		if err := c.Bind(d.p.BindDN, d.p.BindPassword); err != nil {
			done()
			return nil, nil, fmt.Errorf("sign in at the LDAP server: %w", err)
		}
	}
	return c, done, nil
}

// secured encrypts, within stepTime.

func (d *Dir) secured(ctx context.Context, conn net.Conn) (*ldap.Conn, error) {
	if d.p.secure == nil {
		c := ldap.NewConn(conn, false)
		c.Start()
		return c, nil
	}
	within, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	if !d.p.StartTLS {
		t := tls.Client(conn, d.p.secure)
		if err := t.HandshakeContext(within); err != nil {
			return nil, fmt.Errorf("encrypt the way to the LDAP server: %w", err)
		}
		c := ldap.NewConn(t, true)
		c.Start()
		return c, nil
	}
	// The library's handshake knows no deadline.
	defer context.AfterFunc(within, func() { _ = conn.Close() })()
	c := ldap.NewConn(conn, false)
	c.Start()
	c.SetTimeout(stepTime)
	if err := c.StartTLS(d.p.secure); err != nil {
		return nil, fmt.Errorf("encrypt the way to the LDAP server: %w", err)
	}
	return c, nil
}
