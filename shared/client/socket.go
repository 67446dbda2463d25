package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"himsg/shared/wire"
)

// Bounds of one WebSocket.
const (
	maxServerFrame = 32 << 20         // the reply to a first sync of thousands of rooms is one frame
	writeTimeout   = 10 * time.Second // for a frame to leave
	welcomeTimeout = 10 * time.Second // for the welcome to come
	probeTimeout   = 5 * time.Second  // for the answer to a probe after Wake
	frameQueue     = 64               // frames read and not yet handed out; then the reader waits, and with it the server
	lineQueue      = 64               // requests not yet written; then callers wait
	keptFrame      = 64 << 10         // what is kept for the next frame to be read into
)

// socket is one WebSocket: a reader that gives replies to their callers and events to frames, and a writer that sends what
// is due in one frame.
type socket struct {
	ws     *websocket.Conn
	log    *slog.Logger
	wake   <-chan struct{}
	skip   [][]byte     // how envelopes begin that nobody wants
	frames chan []Event // closed by the reader when it ends; err is set then
	err    error        // why the reader ended
	frame  bytes.Buffer // the reader's; what is decoded of it is a copy
	lines  chan []byte
	done   chan struct{} // closed when the reader ended
	loops  sync.WaitGroup

	mu      sync.Mutex
	nextID  uint64
	waiting map[uint64]chan wire.Envelope
}

func newSocket(ws *websocket.Conn, wake <-chan struct{}, log *slog.Logger, skip []wire.Ev) *socket {
	s := &socket{
		ws: ws, log: log, wake: wake,
		frames:  make(chan []Event, frameQueue),
		lines:   make(chan []byte, lineQueue),
		done:    make(chan struct{}),
		waiting: map[uint64]chan wire.Envelope{},
	}
	for _, ev := range skip {
		s.skip = append(s.skip, []byte(`{"ev":"`+string(ev)+`"`))
	}
	return s
}

// start runs the loops until the connection breaks or ctx ends; wait waits for their end.
func (s *socket) start(ctx context.Context) {
	s.ws.SetReadLimit(maxServerFrame)
	s.ws.SetPingHandler(func(data string) error {
		s.extend(wire.SilenceLimit)
		err := s.ws.WriteControl(websocket.PongMessage, []byte(data), in(writeTimeout))
		if errors.Is(err, websocket.ErrCloseSent) {
			return nil
		}
		return err
	})
	s.ws.SetPongHandler(func(string) error {
		s.extend(wire.SilenceLimit)
		return nil
	})
	s.extend(welcomeTimeout)
	s.loops.Add(3)
	go s.read(ctx)
	go s.write()
	go s.guard(ctx)
}

func (s *socket) wait() { s.loops.Wait() }

// guard closes the connection when ctx ends, with a farewell so that the server need not wait for its silence limit.
func (s *socket) guard(ctx context.Context) {
	defer s.loops.Done()
	select {
	case <-ctx.Done():
		farewell := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		_ = s.ws.WriteControl(websocket.CloseMessage, farewell, in(time.Second)) // a courtesy
	case <-s.done:
	}
	s.close()
}

func (s *socket) close() { _ = s.ws.Close() } // whoever still reads or writes gets the error

// extend gives the other side until then to be heard again. A failure means that the connection is closed, which the
// reader learns by itself.
func (s *socket) extend(d time.Duration) { _ = s.ws.SetReadDeadline(in(d)) }

func in(d time.Duration) time.Time { return systemClock().Add(d) }

func (s *socket) read(ctx context.Context) {
	defer s.loops.Done()
	defer close(s.frames)
	defer close(s.done)
	for {
		kind, frame, err := s.next()
		if err != nil {
			s.err = err
			return
		}
		s.extend(wire.SilenceLimit)
		if kind != websocket.TextMessage {
			continue // this protocol has none; a later version may
		}
		events, err := s.take(frame)
		if err != nil {
			s.err = fmt.Errorf("%w: %w", ErrNotHimsg, err)
			return
		}
		if len(events) == 0 {
			continue
		}
		select {
		case s.frames <- events:
		case <-ctx.Done():
			s.err = ctx.Err()
			return
		}
	}
}

// next reads a frame, which holds until the next one is read. The library bounds what comes over the line; what that unpacks to is bounded here.
func (s *socket) next() (kind int, frame []byte, err error) {
	kind, r, err := s.ws.NextReader()
	if err != nil {
		return kind, nil, err
	}
	s.frame.Reset()
	if s.frame.Cap() > keptFrame {
		s.frame = bytes.Buffer{}
	}
	n, err := s.frame.ReadFrom(io.LimitReader(r, maxServerFrame+1))
	if err == nil && n > maxServerFrame {
		err = fmt.Errorf("%w: %w", ErrNotHimsg, websocket.ErrReadLimit)
	}
	return kind, s.frame.Bytes(), err
}

// wanted leaves out the lines that nobody wants, without looking into them: a snapshot of who is there may be large.
func (s *socket) wanted(frame []byte) []byte {
	if len(s.skip) == 0 {
		return frame
	}
	var kept []byte
	for line := range bytes.Lines(frame) {
		unwanted := slices.ContainsFunc(s.skip, func(head []byte) bool { return bytes.HasPrefix(line, head) })
		if !unwanted {
			kept = append(kept, line...)
		}
	}
	return kept
}

// take gives a frame's replies to their callers and returns its events.
func (s *socket) take(frame []byte) ([]Event, error) {
	envelopes, err := wire.DecodeEnvelopes(s.wanted(frame))
	if err != nil {
		return nil, err
	}
	var events []Event
	for _, envelope := range envelopes {
		if envelope.Re != 0 {
			s.answer(envelope)
			continue
		}
		event, known, err := decodeEvent(envelope)
		if err != nil {
			return nil, err
		}
		if known {
			events = append(events, event)
		}
	}
	return events, nil
}

func (s *socket) answer(envelope wire.Envelope) {
	s.mu.Lock()
	reply := s.waiting[envelope.Re]
	delete(s.waiting, envelope.Re)
	s.mu.Unlock()
	if reply != nil {
		reply <- envelope // has room for one, and gets only one
	}
}

// write sends what is due. Requests that wait together leave in one frame.
func (s *socket) write() {
	defer s.loops.Done()
	var held []byte // a line that did not fit into the frame before
	for {
		line := held
		held = nil
		if line == nil {
			select {
			case line = <-s.lines:
			case <-s.wake:
				s.probe()
				continue
			case <-s.done:
				return
			}
		}
		var frame []byte
		frame, held = s.fill(line)
		err := s.ws.SetWriteDeadline(in(writeTimeout))
		if err == nil {
			err = s.ws.WriteMessage(websocket.TextMessage, frame)
		}
		if err != nil {
			s.log.Debug("write frame", "error", err)
			s.close() // the reader reports the end
			return
		}
	}
}

// fill adds to line what is due, as far as a frame may carry it, and returns the first line that does not fit.
func (s *socket) fill(line []byte) (frame, held []byte) {
	frame = line
	for range wire.MaxRequestsPerFrame - 1 {
		select {
		case next := <-s.lines:
			if len(frame)+1+len(next) > wire.MaxFrameBytes {
				return frame, next
			}
			frame = append(append(frame, '\n'), next...)
		default:
			return frame, nil
		}
	}
	return frame, nil
}

// probe asks the other side to show soon that it is there.
func (s *socket) probe() {
	s.extend(probeTimeout)
	if err := s.ws.WriteControl(websocket.PingMessage, nil, in(probeTimeout)); err != nil {
		s.close()
	}
}

// call sends one request and waits for its reply.
func (s *socket) call(ctx context.Context, op wire.Op, req any) (json.RawMessage, error) {
	reply := make(chan wire.Envelope, 1)
	id := s.expect(reply)
	defer s.forget(id)
	line, err := encodeRequest(id, op, req)
	if err != nil {
		return nil, err
	}
	select {
	case s.lines <- line:
	case <-s.done:
		return nil, fmt.Errorf("%w: before the request left", ErrOffline)
	case <-ctx.Done():
		return nil, classify(ctx.Err())
	}
	select {
	case envelope := <-reply:
		return opened(envelope)
	case <-ctx.Done():
		return nil, classify(ctx.Err())
	case <-s.done:
	}
	select { // the reply may have been the last that was read
	case envelope := <-reply:
		return opened(envelope)
	default:
		return nil, fmt.Errorf("%w: connection lost before the reply", ErrOffline)
	}
}

func opened(envelope wire.Envelope) (json.RawMessage, error) {
	if envelope.Err != nil {
		return nil, envelope.Err
	}
	return envelope.D, nil
}

func (s *socket) expect(reply chan wire.Envelope) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextID++
	s.waiting[s.nextID] = reply
	return s.nextID
}

func (s *socket) forget(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, id)
}

func encodeRequest(id uint64, op wire.Op, req any) ([]byte, error) {
	data, err := json.Marshal(req)
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	line, err := json.Marshal(wire.Request{ID: id, Op: op, D: data})
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	if len(line) > wire.MaxFrameBytes {
		return nil, &wire.Error{Code: wire.TooLarge, Message: fmt.Sprintf("request of %d bytes", len(line))}
	}
	return bytes.TrimSpace(line), nil
}
