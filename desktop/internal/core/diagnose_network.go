package core

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// This file holds the looks at the way to the server, in the order in which a connection meets what can go wrong.

// What is worth telling of a clock: tokens and certificates bear less than an hour.
const (
	clockAmiss = time.Minute
	clockWrong = 10 * time.Minute
	soonOver   = 21 * 24 * time.Hour // a certificate that ends within this time
)

// network looks at one thing after the other. Where one fails, those that rest on it are skipped.
func (x *examination) network(ctx context.Context) {
	c := x.c
	c.mu.Lock()
	address, fingerprint := c.cfg.Server, c.cfg.Fingerprint
	c.mu.Unlock()
	began := c.o.Clock.Now()
	if address == "" {
		x.rest("no_server", "proxy", began)
		return
	}
	target, err := url.Parse(address)
	if err != nil {
		x.rest("no_server", "proxy", began)
		return
	}
	http, err := client.NewHTTP(c.clientOptions(address, fingerprint))
	if err != nil {
		x.rest("no_server", "proxy", began)
		return
	}
	defer http.Close()
	byProxy := x.lookProxy(ctx, target)
	if !x.lookName(ctx, target.Hostname(), byProxy) {
		x.rest("after", "route", began)
		return
	}
	conn := x.lookRoute(ctx, http, target)
	if conn == nil {
		x.rest("after", "tls", began)
		return
	}
	if !x.lookServer(ctx, http, conn) {
		x.rest("after", "token", began)
		return
	}
	x.lookSession(ctx)
}

// rest skips a check and those after it.
func (x *examination) rest(code, from string, began time.Time) {
	after := false
	for _, name := range diagnoses {
		after = after || name == from
		if after && name != "store" && name != "keyring" {
			x.tell(name, skipped(code), began)
		}
	}
}

func (x *examination) lookProxy(ctx context.Context, target *url.URL) (byProxy bool) {
	began := x.c.o.Clock.Now()
	ctx, cancel := context.WithTimeout(ctx, x.c.o.Pace.Look)
	defer cancel()
	ways, err := x.c.findWays(ctx, target)
	source := ways.Source
	var named []string
	for _, way := range ways.List {
		if way != nil {
			named = append(named, way.Host)
			byProxy = true
		}
	}
	switch {
	case err != nil && ways.Script != "":
		x.tell("proxy", amiss("script", "source", source, "script", ways.Script, "detail", err.Error()), began)
	case err != nil:
		x.tell("proxy", amiss("unknown", "source", source, "detail", err.Error()), began)
	case byProxy && ways.Script != "":
		x.tell("proxy", good("by_script", "proxy", strings.Join(named, ", "), "source", source, "script", ways.Script), began)
	case ways.Script != "":
		x.tell("proxy", good("direct_by_script", "source", source, "script", ways.Script), began)
	case byProxy:
		x.tell("proxy", good("used", "proxy", strings.Join(named, ", "), "source", source), began)
	default:
		x.tell("proxy", good("direct", "source", source), began)
	}
	return byProxy
}

func (x *examination) lookName(ctx context.Context, host string, byProxy bool) bool {
	began := x.c.o.Clock.Now()
	switch {
	case byProxy:
		x.tell("name", skipped("by_proxy", "host", host), began)
		return true
	case net.ParseIP(host) != nil:
		x.tell("name", good("address", "host", host), began)
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, x.c.o.Pace.Look)
	defer cancel()
	found, err := net.DefaultResolver.LookupHost(ctx, host)
	var dns *net.DNSError
	switch {
	case err == nil:
		x.tell("name", good("found", "host", host, "addresses", strings.Join(found, ", ")), began)
	case errors.As(err, &dns) && dns.IsNotFound:
		x.tell("name", bad("not_found", "host", host), began)
	default:
		x.tell("name", bad("no_answer", "host", host, "detail", err.Error()), began)
	}
	return err == nil
}

func (x *examination) lookRoute(ctx context.Context, http *client.HTTP, target *url.URL) net.Conn {
	began := x.c.o.Clock.Now()
	ctx, cancel := context.WithTimeout(ctx, x.c.o.Pace.Look)
	defer cancel()
	conn, err := http.Dial(ctx)
	var proxy *client.ProxyError
	switch {
	case err == nil:
		x.tell("route", good("open", "address", conn.RemoteAddr().String()), began)
		return conn
	case errors.As(err, &proxy):
		x.tell("route", bad(proxyReason(proxy), "proxy", proxy.Address, "status", strconv.Itoa(proxy.Status)), began)
	case errors.Is(err, syscall.ECONNREFUSED) || isWindowsRefusal(err):
		x.tell("route", bad("refused", "address", target.Host), began)
	case errors.Is(err, client.ErrTimeout):
		x.tell("route", bad("timeout", "address", target.Host), began)
	default:
		x.tell("route", bad("unreachable", "address", target.Host, "detail", err.Error()), began)
	}
	return nil
}

// isWindowsRefusal knows WSAECONNREFUSED.
func isWindowsRefusal(err error) bool {
	var number syscall.Errno
	return errors.As(err, &number) && number == 10061
}

// lookServer tells of encryption, certificate, clock and server: one answer shows all four.
func (x *examination) lookServer(ctx context.Context, http *client.HTTP, conn net.Conn) bool {
	began := x.c.o.Clock.Now()
	ctx, cancel := context.WithTimeout(ctx, x.c.o.Pace.Look)
	defer cancel()
	seen, err := http.Inspect(ctx, conn)
	switch {
	case !seen.Encrypted:
		x.tell("tls", noted("not_encrypted"), began)
		x.tell("certificate", skipped("not_encrypted"), began)
	case seen.Certificate == nil:
		x.tell("tls", failedTLS(err), began)
		x.rest("after", "certificate", began)
		return false
	default:
		x.tell("tls", good("encrypted"), began)
		x.tell("certificate", x.judge(seen, http), began)
	}
	x.tell("clock", x.clock(seen), began)
	switch {
	case err != nil && !seen.Encrypted && errors.Is(err, client.ErrOffline):
		x.tell("server", bad("hangs_up", "detail", err.Error()), began)
	case err != nil:
		x.tell("server", bad("no_answer", "detail", err.Error()), began)
	case errors.Is(seen.Protocol, client.ErrPlainHTTP):
		x.tell("tls", bad("wants_encryption"), began)
		x.tell("server", skipped("after"), began)
	case seen.Protocol != nil && seen.Status >= 500:
		x.tell("server", bad("unavailable", "status", strconv.Itoa(seen.Status)), began)
	case seen.Protocol != nil:
		x.tell("server", bad("not_himsg", "status", strconv.Itoa(seen.Status)), began)
	case seen.Info.Protocol != wire.Subprotocol:
		x.tell("server", bad("other_version", "version", seen.Info.Version, "app", x.c.o.Version), began)
	default:
		x.tell("server", good("answers", "name", seen.Info.Name, "version", seen.Info.Version), began)
		return true
	}
	return false
}

func failedTLS(err error) Finding {
	switch {
	case errors.Is(err, client.ErrPlainHTTP):
		return bad("plain_http")
	case errors.Is(err, client.ErrTimeout):
		return bad("timeout")
	}
	return bad("failed", "detail", err.Error())
}

// judge says what is wrong with the server's certificate. If it is good at the server's time, the clock is to blame.
func (x *examination) judge(seen client.Inspection, http *client.HTTP) Finding {
	cert := seen.Certificate
	fields := []string{
		"subject", cert.Subject.CommonName, "issuer", cert.Issuer.CommonName, "until", cert.NotAfter.UTC().Format(time.DateOnly),
		"from", cert.NotBefore.UTC().Format(time.DateOnly), "names", strings.Join(cert.DNSNames, ", "),
		"fingerprint", client.Fingerprint(cert),
	}
	host := strings.TrimSuffix(strings.TrimPrefix(http.Address(), "https://"), "/")
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	fields = append(fields, "host", host)
	now := x.c.o.Clock.Now()
	var wrongName x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case seen.Trust == nil && seen.Accepted:
		return good("accepted", fields...)
	case seen.Trust == nil && cert.NotAfter.Sub(now) < soonOver:
		return amiss("soon", fields...)
	case seen.Trust == nil:
		return good("trusted", fields...)
	case errors.As(seen.Trust, &wrongName):
		return bad("wrong_name", fields...)
	case errors.As(seen.Trust, &invalid) && invalid.Reason == x509.Expired:
		if within(cert, seen.Date) {
			return bad("clock", fields...)
		}
		if now.Before(cert.NotBefore) {
			return bad("not_yet", fields...)
		}
		return bad("expired", fields...)
	case errors.As(seen.Trust, &unknown):
		return bad("unknown_authority", fields...)
	}
	return bad("not_trusted", append(fields, "detail", seen.Trust.Error())...)
}

func within(cert *x509.Certificate, at time.Time) bool {
	return !at.IsZero() && at.After(cert.NotBefore) && at.Before(cert.NotAfter)
}

// clock compares ours with the server's. The head of an answer has whole seconds.
func (x *examination) clock(seen client.Inspection) Finding {
	server := seen.Date
	if at := seen.Info.ServerTime; seen.Protocol == nil && !at.IsZero() {
		server = at.Time
	}
	if server.IsZero() || seen.Asked.IsZero() {
		return skipped("after")
	}
	ahead := seen.Asked.Sub(server)
	code, by := "ahead", ahead
	if ahead < 0 {
		code, by = "behind", -ahead
	}
	fields := []string{
		"seconds", strconv.FormatInt(int64(by.Seconds()), 10),
		"here", seen.Asked.UTC().Format("2006-01-02 15:04"), "server", server.UTC().Format("2006-01-02 15:04"),
	}
	switch {
	case by >= clockWrong:
		return bad(code, fields...)
	case by >= clockAmiss:
		return amiss(code, fields...)
	}
	return good("right", fields...)
}

// lookSession looks whether the server knows who is signed in, and whether the WebSocket goes through.
func (x *examination) lookSession(ctx context.Context) {
	began := x.c.o.Clock.Now()
	ctx, cancel := context.WithTimeout(ctx, x.c.o.Pace.Look)
	defer cancel()
	s, err := x.c.present()
	if err != nil {
		x.tell("token", noted("signed_out"), began)
		x.tell("socket", skipped("signed_out"), began)
		return
	}
	if _, err := s.auth.Me(ctx); err != nil {
		x.tell("token", bad("refused", "detail", codeOf(err)), began)
		x.tell("socket", skipped("after"), began)
		return
	}
	x.tell("token", good("holds"), began)
	began = x.c.o.Clock.Now()
	err = s.auth.ProbeSocket(ctx)
	var proxy *client.ProxyError
	switch {
	case err == nil:
		x.tell("socket", good("opens"), began)
	case errors.As(err, &proxy):
		x.tell("socket", bad(proxyReason(proxy), "proxy", proxy.Address, "status", strconv.Itoa(proxy.Status)), began)
	case errors.Is(err, client.ErrTimeout):
		x.tell("socket", bad("timeout"), began)
	case toFailure(err).Code == string(wire.RateLimited):
		x.tell("socket", amiss("too_many"), began)
	default: // HTTP went through a moment ago: somebody between lets no WebSocket pass
		x.tell("socket", bad("blocked", "detail", codeOf(err)), began)
	}
}

// codeOf is what a failure is called in our logs; its text may hold what is nobody's business.
func codeOf(err error) string {
	f := toFailure(err)
	return strings.TrimRight(f.Code+"/"+f.Reason, "/")
}
