package client

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"himsg/shared/wire"
)

// Inspection is what somebody who looks for a fault wants to know of a server, as far as it could be seen.
type Inspection struct {
	Encrypted   bool
	Certificate *x509.Certificate // the server's, trusted or not
	Trust       error             // why it is not trusted now; nil: it is, or there is none
	Accepted    bool              // trusted since the user accepted its fingerprint
	Date        time.Time         // the server's clock as its answer says; zero: it did not
	Asked       time.Time         // our clock in the middle between question and answer
	Status      int
	Info        wire.ServerInfo
	Protocol    error // why the answer is none of a Hi_Msg server
}

// Dial opens a connection to the server, by the proxy if there is one, and says nothing on it.
func (h *HTTP) Dial(ctx context.Context) (net.Conn, error) {
	port := h.url.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[h.url.Scheme]
	}
	conn, err := h.dial(ctx, "tcp", net.JoinHostPort(h.url.Hostname(), port))
	if err != nil {
		return nil, fmt.Errorf("dial: %w", classify(err))
	}
	return conn, nil
}

// Inspect looks at the server at the other end of conn, which it closes. It goes on with a certificate that is not trusted,
// to see the server's clock: nothing of the user's is sent, and nothing of the answer is used but to show it.
func (h *HTTP) Inspect(ctx context.Context, conn net.Conn) (Inspection, error) {
	defer func() { _ = conn.Close() }() // all is said by then
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	found := Inspection{Encrypted: h.url.Scheme == "https"}
	if found.Encrypted {
		encrypted := tls.Client(conn, &tls.Config{
			MinVersion: tls.VersionTLS12, ServerName: h.url.Hostname(), NextProtos: []string{"http/1.1"},
			InsecureSkipVerify: true, //nolint:gosec // G402: it is looked at below, and only shown
		})
		if err := encrypted.HandshakeContext(ctx); err != nil {
			return found, fmt.Errorf("handshake: %w", classify(err))
		}
		state := encrypted.ConnectionState()
		found.Certificate, found.Trust = h.judge(state, h.options.Now())
		found.Accepted = h.options.Fingerprint != "" &&
			strings.EqualFold(Fingerprint(found.Certificate), normalFingerprint(h.options.Fingerprint))
		if found.Accepted {
			found.Trust = nil
		}
		conn = encrypted
	}
	err := h.ask(ctx, conn, &found)
	return found, err
}

// judge verifies a chain at a time.
func (h *HTTP) judge(state tls.ConnectionState, at time.Time) (*x509.Certificate, error) {
	leaf, between := state.PeerCertificates[0], x509.NewCertPool()
	for _, cert := range state.PeerCertificates[1:] {
		between.AddCert(cert)
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		DNSName: state.ServerName, Roots: h.options.RootCAs, Intermediates: between, CurrentTime: at,
	})
	return leaf, err
}

// ask reads /api/server.
func (h *HTTP) ask(ctx context.Context, conn net.Conn, found *Inspection) error {
	req, err := h.request(ctx, call{method: http.MethodGet, path: "/api/server"})
	if err != nil {
		return err
	}
	req.Close = true
	before := h.options.Now()
	if err := req.Write(conn); err != nil {
		return fmt.Errorf("ask: %w", classify(err))
	}
	res, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxReplyBody)), req)
	if err != nil {
		return fmt.Errorf("ask: %w", classify(err))
	}
	defer func() { _ = res.Body.Close() }() // the connection ends with it
	found.Asked = before.Add(h.options.Now().Sub(before) / 2)
	found.Status = res.StatusCode
	if date, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		found.Date = date
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return fmt.Errorf("ask: %w", classify(err))
	}
	switch {
	case res.StatusCode != http.StatusOK:
		found.Protocol = refusal(res, body)
	case !isJSON(res.Header) || json.Unmarshal(body, &found.Info) != nil || found.Info.Protocol == "":
		found.Info, found.Protocol = wire.ServerInfo{}, ErrNotHimsg
	}
	return nil
}

// ProbeSocket opens a WebSocket of its own beside the connection that may stand, and waits for the server's first word.
func (s *Session) ProbeSocket(ctx context.Context) error {
	token, err := s.Access(ctx)
	if err != nil {
		return err
	}
	ws, err := s.http.dialWebSocket(ctx, token, false)
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close() }() // it has served
	defer context.AfterFunc(ctx, func() { _ = ws.Close() })()
	if _, _, err := ws.ReadMessage(); err != nil {
		return fmt.Errorf("first word: %w", classify(err))
	}
	return nil
}
