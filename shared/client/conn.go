package client

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

// LinkState is how the live connection stands.
type LinkState string

// The link states.
const (
	LinkConnecting LinkState = "connecting"
	LinkOnline     LinkState = "online"
	LinkOffline    LinkState = "offline" // waiting for RetryAt
)

// Link tells how the live connection stands, why, and when the next try comes.
type Link struct {
	State   LinkState
	Cause   error     // why it is not online; nil at first and when online
	RetryAt time.Time // LinkOffline: when the next try comes
	Synced  bool      // LinkOnline, from a Syncer only: all that was missed has been applied
}

// Handler is what a Conn reports to.
type Handler interface {
	Listener
	// Admit is asked about each connection before Link says that it is online and before any Call can use it. An error ends
	// the connection and Run, which returns it. It must not wait for the network.
	Admit(ctx context.Context, welcome wire.Welcome) error
}

// Listener hears of the connection. Its methods are called one at a time, in order, and hold up what comes next: they must
// be quick and must not wait for a Call of the same connection. ctx ends with the connection.
type Listener interface {
	// Link is called on each change. Welcome is the first event after LinkOnline.
	Link(ctx context.Context, link Link)
	// Events carries what came in one frame, in order.
	Events(ctx context.Context, events []Event)
}

// ConnOptions are the settings of a Conn. Only Session is required.
type ConnOptions struct {
	Session     *Session
	BackoffMin  time.Duration // first pause between tries is up to this; 0: 250 ms
	BackoffMax  time.Duration // longest pause; 0: 30 s
	CallTimeout time.Duration // of a Call whose context has no deadline; 0: 15 s
	InFlight    int           // calls at a time, more wait; 0: 256
	Skip        []wire.Ev     // events that the handler does not want; they cost next to nothing
}

// Conn is the live connection of a session: it connects, stays connected, sends requests and hands out events. Its methods
// are safe for concurrent use.
type Conn struct {
	options ConnOptions
	pace    *pace
	wake    chan struct{} // one Wake that nobody took yet
	slots   chan struct{} // a place for each call in flight

	mu     sync.Mutex
	socket *socket // nil while not online
}

// NewConn prepares a connection; Run makes it.
func NewConn(o ConnOptions) *Conn {
	if o.BackoffMin <= 0 {
		o.BackoffMin = 250 * time.Millisecond
	}
	if o.BackoffMax <= 0 {
		o.BackoffMax = 30 * time.Second
	}
	if o.CallTimeout <= 0 {
		o.CallTimeout = callTimeout
	}
	if o.InFlight <= 0 {
		o.InFlight = 256
	}
	return &Conn{
		options: o,
		pace:    newPace(o.BackoffMin, o.BackoffMax),
		wake:    make(chan struct{}, 1),
		slots:   make(chan struct{}, o.InFlight),
	}
}

// ending is how a connection, or the try to make one, ended.
type ending struct {
	err       error
	lived     time.Duration   // how long it was online
	goingAway *wire.GoingAway // the server announced a restart
	refused   bool            // by the handler
}

// Run keeps the connection until ctx ends (it returns nil then), the session ends (ErrRevoked) or the handler does not admit
// a connection (its error). Call it once.
func (c *Conn) Run(ctx context.Context, h Handler) error {
	var cause error
	for {
		h.Link(ctx, Link{State: LinkConnecting, Cause: cause})
		e := c.once(ctx, h)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the caller ended it
		}
		cause = e.err
		if e.refused {
			return cause
		}
		if errors.Is(cause, ErrRevoked) {
			h.Link(ctx, Link{State: LinkOffline, Cause: cause})
			return cause
		}
		wait := c.pace.after(e)
		h.Link(ctx, Link{State: LinkOffline, Cause: cause, RetryAt: c.now().Add(wait.length)})
		if !c.rest(ctx, wait) {
			return nil
		}
	}
}

// once makes a connection and serves it until it ends.
func (c *Conn) once(ctx context.Context, h Handler) ending {
	ws, err := c.dial(ctx)
	if err != nil {
		return ending{err: err}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newSocket(ws, c.wake, c.options.Session.http.options.Logger, c.options.Skip)
	s.start(ctx)
	defer s.wait()
	defer cancel()
	return c.serve(ctx, s, h)
}

// serve hands out what the socket reads. Everything that it tells the handler happens on Run's goroutine.
func (c *Conn) serve(ctx context.Context, s *socket, h Handler) ending {
	defer c.use(nil)
	var e ending
	var since time.Time
	for events := range s.frames {
		if ctx.Err() != nil {
			continue // ending: the rest is not wanted
		}
		if since.IsZero() {
			if e.err != nil {
				continue // refused: the rest is not wanted
			}
			if e = admit(ctx, h, events); e.err != nil {
				s.close()
				continue
			}
			since = systemClock()
			c.use(s)
			h.Link(ctx, Link{State: LinkOnline})
		}
		for _, event := range events {
			if away, ok := event.Data.(*wire.GoingAway); ok {
				e.goingAway = away
			}
		}
		if len(events) > 0 {
			h.Events(ctx, events)
		}
	}
	if e.err == nil {
		e.err = closing(s.err)
	}
	if !since.IsZero() {
		e.lived = systemClock().Sub(since)
	}
	return e
}

// admit looks at the first frame of a connection. It must begin with a welcome that the handler takes.
func admit(ctx context.Context, h Handler, events []Event) (e ending) {
	if len(events) > 0 {
		if welcome, ok := events[0].Data.(*wire.Welcome); ok {
			err := h.Admit(ctx, *welcome)
			return ending{err: err, refused: err != nil}
		}
	}
	return ending{err: fmt.Errorf("%w: no welcome", ErrNotHimsg)}
}

// closing gives the end of a connection its kind. Whether the copy on this device is to be wiped hangs on why a session
// ended: if the server did not say, this is no end yet, and the next try hears it.
func closing(err error) error {
	var closed *websocket.CloseError
	if errors.As(err, &closed) && closed.Code == wire.CloseRevoked && endsSession(wire.Reason(closed.Text)) {
		return &RevokedError{Reason: wire.Reason(closed.Text), Err: err}
	}
	return classify(err)
}

// endsSession reports whether a reason is one of those for which a session ends.
func endsSession(reason wire.Reason) bool {
	switch reason {
	case wire.ReasonDisabled, wire.ReasonRejected, wire.ReasonDeviceRemoved, wire.ReasonPasswordReset, wire.ReasonRefreshReused,
		wire.ReasonSessionRevoked:
		return true
	}
	return false
}

func (c *Conn) use(s *socket) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.socket = s
}

// rest waits for the next try. It returns false when ctx ended.
func (c *Conn) rest(ctx context.Context, wait pause) bool {
	timer := time.NewTimer(wait.length)
	defer timer.Stop()
	wake := c.wake
	if wait.ordered {
		wake = nil
	}
	select {
	case <-timer.C:
		return true
	case <-wake:
		c.pace.reset()
		return true
	case <-ctx.Done():
		return false
	}
}

// Wake says that the network came back or the machine woke up: a pause between tries ends now, and a connection that
// looks alive is probed. It does not wait. A pause that the server ordered is kept.
func (c *Conn) Wake() {
	select {
	case c.wake <- struct{}{}:
	default: // one is due already
	}
}

// Call sends a request and decodes the reply into reply, unless nil. It returns *wire.Error for a refusal, ErrOffline
// at once when there is no connection or when it is lost (then whether it was done is unknown), ErrTimeout.
func (c *Conn) Call(ctx context.Context, op wire.Op, req, reply any) error {
	c.mu.Lock()
	s := c.socket
	c.mu.Unlock()
	if s == nil {
		return fmt.Errorf("%s: %w", op, ErrOffline)
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.options.CallTimeout)
		defer cancel()
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", op, classify(ctx.Err()))
	}
	data, err := s.call(ctx, op, req)
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	if reply == nil {
		return nil
	}
	if err := wire.Unmarshal(data, reply); err != nil {
		return fmt.Errorf("%s: %w: %w", op, ErrNotHimsg, err)
	}
	return nil
}

func (c *Conn) now() time.Time { return c.options.Session.http.options.Now() }
