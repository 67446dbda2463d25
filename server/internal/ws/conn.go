package ws

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/internal/hub"
	"himsg/server/internal/model"
	"himsg/server/internal/presence"
	"himsg/shared/wire"
)

const (
	writeLimit = 10 * time.Second       // for one frame
	frameItems = 64                     // envelopes in one frame
	frameBytes = 16 << 10               // bytes of them, but for a single larger one
	lingerFor  = time.Second            // for the client's side of the close
	forceAfter = 500 * time.Millisecond // a revoked session's line is cut, also when its writer is stuck
	openLimit  = 64                     // requests without a written reply
	besideMost = 8                      // of those that run beside each other
)

// greeting is what the handshake found out.
type greeting struct {
	actor   model.Actor
	profile wire.Profile
	lang    string
	form    presence.Form
}

// conn is one client's connection.
type conn struct {
	*Handler
	chat    Chat
	actor   model.Actor
	lang    string
	socket  *websocket.Conn
	session *hub.Session
	device  *presence.Device
	limits  *limiter // nil: none

	settled atomic.Pointer[func()] // gives up the place at the door; nil: it has none

	ctx    context.Context // ends when the line does, and with it what was asked for on it
	cancel context.CancelFunc
	open   chan struct{} // holds a token for each request whose reply is not written
	beside chan struct{} // and for each that runs beside others
}

// frame is what a writer needs while it writes; connections at rest hold none.
type frame struct {
	batch hub.Batch
	buf   bytes.Buffer
}

// snapshot is who is there, as package presence gave it and as it is sent.
type snapshot struct {
	pages []json.RawMessage // never empty
	out   []hub.Outgoing
}

// serve attaches an upgraded connection and starts its two goroutines. They are started here and not in the request's
// goroutine, whose stack and buffers are free again when ServeHTTP returns.
// leave gives up its place at the door; serve reports whether it will be called.
func (h *Handler) serve(ctx context.Context, socket *websocket.Conn, g greeting, leave func()) (stays bool) {
	c := &conn{
		Handler: h, chat: h.Chat, actor: g.actor, lang: g.lang, socket: socket,
		open: make(chan struct{}, openLimit), beside: make(chan struct{}, besideMost),
	}
	c.ctx, c.cancel = context.WithCancel(h.ctx)
	if h.RateLimits {
		c.limits = newLimiter()
	}
	who := who(g.actor)
	who.Numbered = g.form == presence.ByNumber
	c.session = hub.NewSession(who, c.onClose)
	if err := h.Hub.Attach(ctx, c.session); err != nil {
		c.refuse(err)
		return false
	}
	c.settle(leave)
	c.device = h.Presence.Connect(g.actor.UserUUID, g.actor.UserID)
	c.pushPresence()
	welcome, err := c.welcome(g.profile)
	if err != nil {
		c.log().ErrorContext(ctx, "encode welcome", slog.Any("error", err))
		c.session.Close(hub.Closing{Code: websocket.CloseInternalServerErr}, false)
	}
	h.running.Go(func() { c.write(welcome) })
	h.running.Go(c.read)
	return true
}

// refuse closes a connection that could not be attached after all.
func (c *conn) refuse(err error) {
	c.cancel()
	code := websocket.CloseTryAgainLater
	refusal := refusalOf(err)
	switch refusal.Code {
	case wire.Unauthenticated:
		code = wire.CloseRevoked
	case wire.RateLimited:
		code = wire.ClosePolicy
	case wire.Unavailable:
		code = wire.CloseRestart
	default:
		c.log().Error("attach", slog.Any("error", err))
	}
	_ = c.sendClose(hub.Closing{Code: code, Reason: string(refusal.Reason)}) // the line is cut in any case
	_ = c.socket.Close()
}

// log names the session. It is made when there is something to say: ten thousand idle connections say nothing.
func (c *conn) log() *slog.Logger {
	return c.Logger.With(slog.String("session_uuid", c.actor.SessionUUID), slog.String("user_uuid", c.actor.UserUUID))
}

// onClose sees to it that the line ends soon after the session, even if the client takes nothing off it.
func (c *conn) onClose(flush bool) {
	wait := forceAfter
	if flush {
		wait = writeLimit
	}
	time.AfterFunc(wait, func() { _ = c.socket.Close() })
}

func (c *conn) welcome(profile wire.Profile) ([]byte, error) {
	data, err := json.Marshal(wire.Welcome{
		SessionUUID: c.actor.SessionUUID, User: profile, ServerTime: wire.TimeOf(c.Clock()),
		Limits: c.Limits(c.ctx), Version: c.Version, Epoch: c.Epoch,
	})
	return hub.Envelope(wire.EvWelcome, data), err
}

// pushPresence tells who is there.
func (c *conn) pushPresence() {
	form := presence.ByName
	if c.session.Who().Numbered {
		form = presence.ByNumber
	}
	c.session.PushShared(c.presence(form))
}

// presence is the snapshot as envelopes, encoded once for all who connect before it changes: it may be hundreds of
// kilobytes, and after a restart everyone comes at once.
func (h *Handler) presence(form presence.Form) []hub.Outgoing {
	pages := h.Presence.Snapshot(form)
	if len(pages) == 0 {
		return nil
	}
	kept := &h.snapshots[form]
	if last := kept.Load(); last != nil && &last.pages[0] == &pages[0] {
		return last.out
	}
	s := &snapshot{pages: pages}
	for _, page := range pages {
		s.out = append(s.out, hub.Envelope(wire.EvPresence, page))
	}
	kept.Store(s)
	return s.out
}

// write is the only goroutine that writes, but for the pongs and the echo of a close that the library writes while it
// reads.
func (c *conn) write(welcome []byte) {
	defer c.cancel()
	ping := time.NewTicker(wire.PingEvery)
	defer ping.Stop()
	stopping := c.Handler.ctx.Done()
	var err error
	if !c.session.Closed() {
		err = c.send(welcome)
	}
	for err == nil {
		select {
		case <-c.session.Ready():
			var ended bool
			if ended, err = c.flush(); ended {
				return // the reader waits for the client's side of the close
			}
		case <-ping.C:
			err = c.socket.WriteControl(websocket.PingMessage, nil, c.Clock().Add(writeLimit))
		case <-stopping:
			stopping = nil
			c.session.Close(hub.Closing{Code: wire.CloseRestart, Reason: "restart"}, true)
		}
	}
	_ = c.socket.Close() // ends the reader too
}

// flush writes what is due as one frame, and reports whether that was the end.
func (c *conn) flush() (ended bool, err error) {
	f, _ := c.frames.Get().(*frame)
	defer c.frames.Put(f)
	c.session.Take(&f.batch, frameItems, frameBytes)
	for range f.batch.Replies {
		<-c.open
	}
	switch out := f.batch.Out; len(out) {
	case 0:
	case 1:
		if f.batch.Replies == 0 && len(out[0]) >= packFrom {
			err = c.sendPacked(out[0])
		} else {
			err = c.send(out[0])
		}
	default:
		f.buf.Reset()
		for i, envelope := range out {
			if i > 0 {
				f.buf.WriteByte('\n')
			}
			f.buf.Write(envelope)
		}
		err = c.send(f.buf.Bytes())
	}
	clear(f.batch.Out) // the pool must not keep events alive
	if err == nil && f.batch.Closing != nil {
		return true, c.sendClose(*f.batch.Closing)
	}
	return false, err
}

func (c *conn) send(data []byte) error {
	if err := c.socket.SetWriteDeadline(c.Clock().Add(writeLimit)); err != nil {
		return err
	}
	return c.socket.WriteMessage(websocket.TextMessage, data)
}

// sendPacked sends a large event that others get too.
func (c *conn) sendPacked(data []byte) error {
	message, err := c.packed.get(data)
	if err == nil {
		err = c.socket.SetWriteDeadline(c.Clock().Add(writeLimit))
	}
	if err != nil {
		return err
	}
	c.socket.EnableWriteCompression(true) // does nothing for a client that did not ask for it
	defer c.socket.EnableWriteCompression(false)
	return c.socket.WritePreparedMessage(message)
}

func (c *conn) sendClose(closing hub.Closing) error {
	now := c.Clock()
	err := c.socket.WriteControl(websocket.CloseMessage,
		websocket.FormatCloseMessage(closing.Code, closing.Reason), now.Add(lingerFor))
	return errors.Join(err, c.socket.SetReadDeadline(now.Add(lingerFor)))
}

// read takes requests until the line ends, and then cleans up.
func (c *conn) read() {
	defer c.end()
	c.socket.SetPongHandler(func(string) error { return c.alive() })
	c.socket.SetPingHandler(c.pong)
	for {
		if c.alive() != nil {
			return
		}
		data, err := c.next()
		switch {
		case errors.Is(err, errNotText), errors.Is(err, errTooLarge):
			c.session.Close(hub.Closing{Code: wire.CloseProtocol, Reason: err.Error()}, true)
		case err != nil:
			return
		case !c.session.Closed():
			c.receive(data)
		}
	}
}

// alive puts the limit of silence off, unless the session is at its end.
func (c *conn) alive() error {
	if c.session.Closed() {
		return nil
	}
	return c.socket.SetReadDeadline(c.Clock().Add(wire.SilenceLimit))
}

func (c *conn) pong(data string) error {
	err := c.socket.WriteControl(websocket.PongMessage, []byte(data), c.Clock().Add(writeLimit))
	if errors.Is(err, websocket.ErrCloseSent) {
		return nil
	}
	return errors.Join(err, c.alive())
}

var (
	errNotText  = errors.New("text frames only")
	errTooLarge = errors.New("frame too large")
)

// next reads one message of at most wire.MaxFrameBytes.
func (c *conn) next() ([]byte, error) {
	kind, r, err := c.socket.NextReader()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, wire.MaxFrameBytes+1))
	switch {
	case err != nil:
		return nil, err
	case kind != websocket.TextMessage:
		return nil, errNotText
	case len(data) > wire.MaxFrameBytes:
		return nil, errTooLarge
	}
	return data, nil
}

// end is the last thing a connection does. Repeating its parts is harmless.
func (c *conn) end() {
	c.cancel()
	c.Hub.Detach(c.session)
	c.device.Disconnect()
	c.session.Close(hub.Closing{Code: websocket.CloseGoingAway}, false) // ends the writer
	_ = c.socket.Close()
}
