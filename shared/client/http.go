package client

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"himsg/shared/wire"
)

// Bounds of one HTTP call.
const (
	callTimeout  = 15 * time.Second
	maxReplyBody = 16 << 20
)

// Options say which server and how to reach it. Only Address is required.
type Options struct {
	Address     string           // as ParseAddress takes it
	Fingerprint string           // of a certificate that the user saw and accepted; empty: only trusted ones
	RootCAs     *x509.CertPool   // nil: the system's
	Language    func() string    // "ko" or "en" for the server's texts; nil: "ko"
	UserAgent   string           // empty: "himsg"
	Logger      *slog.Logger     // nil: no log
	Now         func() time.Time // nil: the machine's clock
	// Proxy finds the way to the server, for HTTP and WebSocket; nil: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
	Proxy ProxyFunc
	// DialContext replaces the network, for tests; nil: the real one.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
	// Stall is how long a transfer of a file may go without a byte; 0: 30 s.
	Stall time.Duration
}

// HTTP calls one server. It is safe for concurrent use; Close it when done.
type HTTP struct {
	options   Options
	base      string
	url       *url.URL // base, parsed
	transport *http.Transport
	client    *http.Client
}

// NewHTTP prepares calls to a server; it does not touch the network. It returns ErrAddress for a bad address.
func NewHTTP(o Options) (*HTTP, error) {
	base, err := ParseAddress(o.Address)
	if err != nil {
		return nil, err
	}
	parsed, err := url.Parse(base)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	if o.Proxy == nil {
		o.Proxy = environmentProxy
	}
	if o.Language == nil {
		o.Language = func() string { return "ko" }
	}
	if o.UserAgent == "" {
		o.UserAgent = "himsg"
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = systemClock
	}
	if o.DialContext == nil {
		o.DialContext = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}
	h := &HTTP{options: o, base: base, url: parsed}
	h.transport = &http.Transport{
		DialContext:           h.dial,
		TLSClientConfig:       tlsConfig(o.RootCAs, o.Fingerprint, o.Now),
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: callTimeout,
		IdleConnTimeout:       90 * time.Second,
		MaxIdleConnsPerHost:   4,
		ForceAttemptHTTP2:     true,
	}
	h.client = &http.Client{Transport: h.transport, CheckRedirect: refuseRedirect}
	return h, nil
}

// refuseRedirect: the API never redirects, and a token must not follow one to another host.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Address is the server's normalised address.
func (h *HTTP) Address() string { return h.base }

// Close drops idle connections.
func (h *HTTP) Close() { h.transport.CloseIdleConnections() }

// call is one request: in is sent as JSON unless nil, or raw as it is; the reply is decoded into out unless nil, or, if it
// is an image, put into image as it is.
type call struct {
	method, path, token string
	in, out             any
	raw                 []byte
	image               *[]byte
	imageType           *string // set with image
}

func (h *HTTP) do(ctx context.Context, c call) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := h.request(ctx, c)
	if err != nil {
		return err
	}
	res, err := h.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", c.method, c.path, classify(err))
	}
	defer func() { _ = res.Body.Close() }() // the body was read or is abandoned
	body, err := io.ReadAll(io.LimitReader(res.Body, maxReplyBody+1))
	switch {
	case err != nil:
		return fmt.Errorf("%s %s: %w", c.method, c.path, classify(err))
	case len(body) > maxReplyBody:
		return fmt.Errorf("%s %s: %w: reply of more than %d bytes", c.method, c.path, ErrNotHimsg, maxReplyBody)
	case res.StatusCode < 200 || res.StatusCode > 299:
		return fmt.Errorf("%s %s: %w", c.method, c.path, refusal(res, body))
	case c.image != nil:
		return c.takeImage(res.Header, body)
	case c.out == nil:
		return nil
	case !isJSON(res.Header):
		return fmt.Errorf("%s %s: %w: content type %q", c.method, c.path, ErrNotHimsg, res.Header.Get("Content-Type"))
	}
	if err := wire.Unmarshal(body, c.out); err != nil {
		return fmt.Errorf("%s %s: %w: %w", c.method, c.path, ErrNotHimsg, err)
	}
	return nil
}

// takeImage keeps a reply that is an image.
func (c call) takeImage(header http.Header, body []byte) error {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || (kind != "image/png" && kind != "image/jpeg") {
		return fmt.Errorf("%s %s: %w: content type %q", c.method, c.path, ErrNotHimsg, header.Get("Content-Type"))
	}
	*c.image, *c.imageType = body, kind
	return nil
}

func (h *HTTP) request(ctx context.Context, c call) (*http.Request, error) {
	var body io.Reader
	if c.raw != nil {
		body = bytes.NewReader(c.raw)
	}
	if c.in != nil {
		b, err := json.Marshal(c.in)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", c.path, err)
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, c.method, h.base+c.path, body)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAddress, err)
	}
	req.Header = h.headers(c.token)
	switch {
	case c.in != nil:
		req.Header.Set("Content-Type", "application/json")
	case c.raw != nil:
		req.Header.Set("Content-Type", "application/octet-stream") // the server looks for itself
	}
	return req, nil
}

func (h *HTTP) headers(token string) http.Header {
	header := http.Header{}
	header.Set("Accept", "application/json")
	header.Set("Accept-Language", h.options.Language())
	header.Set("User-Agent", h.options.UserAgent)
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return header
}

// refusal makes an Error of a reply that is not a success. A proxy in front of a stopped server answers 502 to 504 in
// its own words: that is the server being away, not a foreign server.
func refusal(res *http.Response, body []byte) error {
	e := &Error{Status: res.StatusCode, RetryAfter: retryAfter(res.Header)}
	if json.Unmarshal(body, &e.HTTPError) == nil && e.Code != "" {
		return e
	}
	if bytes.Contains(body, []byte("HTTP request to an HTTPS server")) {
		return ErrPlainHTTP
	}
	if res.StatusCode >= http.StatusBadGateway && res.StatusCode <= http.StatusGatewayTimeout {
		e.Code, e.HTTPError.Error = wire.Unavailable, http.StatusText(res.StatusCode)
		return e
	}
	return fmt.Errorf("%w: status %d", ErrNotHimsg, res.StatusCode)
}

func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.ParseUint(header.Get("Retry-After"), 10, 16)
	if err != nil {
		return 0 // absent, or in the form of a date, which this server does not use
	}
	return time.Duration(seconds) * time.Second
}

func isJSON(header http.Header) bool {
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && (kind == "application/json" || kind == "application/problem+json")
}

// unauthenticated reports whether err is the server's 401.
func unauthenticated(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusUnauthorized
}
