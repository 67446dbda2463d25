package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

const handshakeTimeout = 10 * time.Second

// dial opens the WebSocket with a token that holds. A token that the server no longer takes is renewed once.
func (c *Conn) dial(ctx context.Context) (*websocket.Conn, error) {
	session := c.options.Session
	token, err := session.Access(ctx)
	if err != nil {
		return nil, err
	}
	packed := !slices.Contains(c.options.Skip, wire.EvPresence) // nothing else is
	ws, err := session.http.dialWebSocket(ctx, token, packed)
	if !unauthenticated(err) {
		return ws, forGood(err)
	}
	if renewErr := session.renew(ctx, token); renewErr != nil {
		return nil, renewErr
	}
	if token, err = session.Access(ctx); err != nil {
		return nil, err
	}
	ws, err = session.http.dialWebSocket(ctx, token, packed)
	if unauthenticated(err) {
		return nil, &RevokedError{Reason: ReasonOf(err), Err: err}
	}
	return ws, forGood(err)
}

// forGood makes a RevokedError of the server's own 403: the account may not connect any more.
func forGood(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Status == http.StatusForbidden {
		return &RevokedError{Reason: ReasonOf(err), Err: err}
	}
	return err
}

// dialWebSocket opens it. The server packs large events for a client that takes them so; what the client says is small.
func (h *HTTP) dialWebSocket(ctx context.Context, token string, packed bool) (*websocket.Conn, error) {
	dialer := websocket.Dialer{
		NetDialContext:   h.dial,
		TLSClientConfig:  tlsConfig(h.options.RootCAs, h.options.Fingerprint, h.options.Now),
		HandshakeTimeout: handshakeTimeout,
		ReadBufferSize:   4096,
		WriteBufferSize:  4096,
		Subprotocols:     []string{wire.Subprotocol},

		EnableCompression: packed,
	}
	address := "ws" + strings.TrimPrefix(h.base, "http") + "/ws"
	header := h.headers(token)
	header.Set(wire.PresenceHeader, wire.PresenceNumbers)
	ws, res, err := dialer.DialContext(ctx, address, header)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", dialError(res, err))
	}
	_ = res.Body.Close() // an upgraded connection has no body
	ws.EnableWriteCompression(false)
	if ws.Subprotocol() != wire.Subprotocol {
		_ = ws.Close() // nothing was said on it yet
		return nil, fmt.Errorf("connect: %w: subprotocol %q", ErrNotHimsg, ws.Subprotocol())
	}
	return ws, nil
}

// dialError makes of a refused upgrade what the server said, and of the rest a kind of network problem.
func dialError(res *http.Response, err error) error {
	if res == nil || !errors.Is(err, websocket.ErrBadHandshake) {
		return classify(err)
	}
	defer func() { _ = res.Body.Close() }() // gorilla has read it already
	body, readErr := io.ReadAll(res.Body)
	if readErr != nil {
		return classify(readErr)
	}
	return refusal(res, body)
}
