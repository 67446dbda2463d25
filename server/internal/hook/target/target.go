package target

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/hook"
	"himsg/shared/wire"
)

const (
	postTime    = 10 * time.Second // for one try, from the name's look-up to the end of the answer
	dialTime    = 5 * time.Second
	answerBytes = 4 << 10 // of an answer's body; it says nothing to us, but its end lets the connection be used again
	headerBytes = 16 << 10
	perHost     = 4
	idleTime    = 30 * time.Second
)

// Options says whom a Client may reach.
type Options struct {
	// Hosts are those that may be reached, as "ci.example.com" or "*.example.com", each of them by http:// too and wherever its address
	// lies. Empty: every host by https:// whose address is neither of this machine nor link-local.
	Hosts []string
	// Roots are the authorities that are trusted; nil: the system's.
	Roots *x509.CertPool
}

// Client posts. It is safe for use by several goroutines.
type Client struct {
	o    Options
	http *http.Client
}

var _ hook.Target = (*Client)(nil)

// New makes a Client; Close lets its connections go.
func New(o Options) *Client {
	c := &Client{o: o}
	dialer := &net.Dialer{Timeout: dialTime, ControlContext: c.control}
	c.http = &http.Client{
		Timeout:       postTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				return c.dial(ctx, dialer, network, addr)
			},
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots}, TLSHandshakeTimeout: dialTime,
			ResponseHeaderTimeout: postTime, MaxResponseHeaderBytes: headerBytes, DisableCompression: true,
			MaxConnsPerHost: perHost, MaxIdleConnsPerHost: 1, MaxIdleConns: 100, IdleConnTimeout: idleTime, ForceAttemptHTTP2: true,
		},
	}
	return c
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.CloseIdleConnections() }

var (
	badURL = errs.Text{
		KO: "https://로 시작하는 주소를 입력해주세요.", EN: "Enter an address that begins with https://.",
	}
	badHost = errs.Text{
		KO: "이 서버의 설정이 허용하지 않는 주소입니다.", EN: "The settings of this server do not allow this address.",
	}
)

// Check implements hook.Target.
func (c *Client) Check(address string) error {
	u, err := url.Parse(address)
	if err != nil || len(address) > wire.MaxHookURLBytes || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return errs.BadField("url", badURL)
	}
	listed := c.listed(u.Hostname())
	switch {
	case u.Scheme != "https" && (u.Scheme != "http" || !listed):
		return errs.BadField("url", badURL)
	case !listed && (len(c.o.Hosts) > 0 || ofThisMachine(u.Hostname())):
		return errs.BadField("url", badHost)
	}
	return nil
}

// ofThisMachine reports whether a host, as it is written, can only be this machine or its link.
func ofThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && forbidden(ip) || local(host)
}

// local reports whether a name means this machine wherever it is asked for (RFC 6761).
func local(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// listed reports whether the operator named a host.
func (c *Client) listed(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return slices.ContainsFunc(c.o.Hosts, func(pattern string) bool {
		pattern = strings.ToLower(pattern)
		if parent, ok := strings.CutPrefix(pattern, "*."); ok {
			return strings.HasSuffix(host, "."+parent)
		}
		return host == pattern
	})
}

// forbidden reports whether an address is one that only this machine, or only its link, has. A company's own networks (RFC 1918) are
// where its programs are, so they are not.
func forbidden(ip netip.Addr) bool {
	ip = ip.Unmap()
	if ip.Is6() {
		if v4, ok := embedded(ip); ok {
			return forbidden(v4)
		}
	}
	return !ip.IsValid() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() ||
		ip.Is4() && (ip.As4()[0] == 0 || ip == netip.AddrFrom4([4]byte{255, 255, 255, 255}))
}

var (
	nat64  = netip.MustParsePrefix("64:ff9b::/96")
	sixTo4 = netip.MustParsePrefix("2002::/16")
	compat = netip.MustParsePrefix("::/96")
)

// embedded is the IPv4 address that an IPv6 address leads to, if it is of a kind that does.
func embedded(ip netip.Addr) (netip.Addr, bool) {
	b := ip.As16()
	switch {
	case nat64.Contains(ip), compat.Contains(ip) && !ip.IsLoopback() && !ip.IsUnspecified():
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case sixTo4.Contains(ip):
		return netip.AddrFrom4([4]byte(b[2:6])), true
	}
	return netip.Addr{}, false
}

type listedKey struct{}

// errForbidden says that the address is not to be connected to.
var errForbidden = errors.New("the address is not allowed")

func (c *Client) dial(ctx context.Context, dialer *net.Dialer, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	listed := c.listed(host)
	if len(c.o.Hosts) > 0 && !listed {
		return nil, errForbidden
	}
	return dialer.DialContext(context.WithValue(ctx, listedKey{}, listed), network, addr)
}

// control looks at the address just before the connection: what the name means now, and not what it meant when somebody asked before.
func (c *Client) control(ctx context.Context, network, address string, _ syscall.RawConn) error {
	if listed, _ := ctx.Value(listedKey{}).(bool); listed {
		return nil
	}
	to, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") || forbidden(to.Addr()) {
		return errForbidden
	}
	return nil
}

// Post implements hook.Target.
func (c *Client) Post(ctx context.Context, address string, header map[string]string, body []byte) error {
	if c.Check(address) != nil { // the settings may be others than when it was made
		return &hook.PostError{Cause: wire.FailureAddress}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &hook.PostError{Cause: wire.FailureAddress}
	}
	req.Header.Set("User-Agent", "Hi_Msg")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return &hook.PostError{Cause: causeOf(err)}
	}
	// An answer without an end is cut: what counts is its status.
	_, readErr := io.CopyN(io.Discard, res.Body, answerBytes)
	if err := res.Body.Close(); err != nil && readErr == nil {
		return fmt.Errorf("close the answer: %w", err)
	}
	switch {
	case res.StatusCode >= 200 && res.StatusCode < 300:
		return nil
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return &hook.PostError{Cause: wire.FailureRedirect, Status: res.StatusCode}
	}
	return &hook.PostError{Cause: wire.FailureStatus, Status: res.StatusCode}
}

func causeOf(err error) wire.HookFailure {
	var byName *net.DNSError
	var timeout net.Error
	var unknown x509.UnknownAuthorityError
	var wrongHost x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errForbidden):
		return wire.FailureAddress
	case errors.As(err, &byName) && !byName.IsTimeout:
		return wire.FailureName
	case errors.As(err, &unknown), errors.As(err, &wrongHost), errors.As(err, &invalid), errors.As(err, &verification):
		return wire.FailureTLS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return wire.FailureTimeout
	}
	return wire.FailureConnect
}
