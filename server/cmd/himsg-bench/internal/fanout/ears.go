package fanout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/cmd/himsg-bench/internal/rig"
	"himsg/shared/wire"
)

const (
	connectTime = time.Minute
	// arrivalTime is more than the server's sweep needs to repair a lost event.
	arrivalTime = 20 * time.Second
)

// mark begins the number of a message in its text.
const mark = "회의 자료 #"

// text is about 120 bytes, half of it Hangul, as people write.
func text(number int64) string {
	return mark + strconv.FormatInt(number, 10) + "| 공유드립니다. 확인 부탁드려요 please check the attached plan before 3 pm"
}

// ears are those who listen, and the messages that are on their way to them.
type ears struct {
	open    []*websocket.Conn
	reading sync.WaitGroup
	heard   atomic.Int64 // deliveries

	mu      sync.Mutex
	waiting map[int64]*waiting
	lost    error // why somebody listens no more
}

// waiting is a message that somebody has not heard yet.
type waiting struct {
	left int
	done chan struct{}
}

func newEars() *ears { return &ears{waiting: map[int64]*waiting{}} }

// connect opens one more, with a token if that is not empty.
func (e *ears) connect(ctx context.Context, url, token string) error {
	dialer := websocket.Dialer{ReadBufferSize: 4096, WriteBufferSize: 4096, HandshakeTimeout: connectTime}
	header := http.Header{}
	if token != "" {
		dialer.Subprotocols = []string{wire.Subprotocol}
		header.Set("Authorization", "Bearer "+token)
	}
	ws, res, err := dialer.DialContext(ctx, url, header)
	if err != nil {
		return fmt.Errorf("connect a listener: %w", err)
	}
	_ = res.Body.Close() // an upgraded connection has no body
	e.open = append(e.open, ws)
	if _, _, err := ws.ReadMessage(); err != nil { // the welcome, or the bare server's word: it hears what is said now
		return fmt.Errorf("connect a listener: %w", err)
	}
	e.reading.Go(func() { e.listen(ws) })
	return nil
}

func (e *ears) listen(ws *websocket.Conn) {
	for {
		_, frame, err := ws.ReadMessage()
		if err != nil {
			e.mu.Lock()
			e.lost = errors.Join(e.lost, err)
			e.mu.Unlock()
			return
		}
		for rest := frame; ; {
			at := bytes.Index(rest, []byte(mark))
			if at < 0 {
				break
			}
			rest = rest[at+len(mark):]
			digits, _, _ := bytes.Cut(rest, []byte("|"))
			if number, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
				e.take(number)
			}
		}
	}
}

func (e *ears) take(number int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w := e.waiting[number]
	if w == nil {
		return
	}
	e.heard.Add(1)
	w.left--
	if w.left == 0 {
		close(w.done)
		delete(e.waiting, number)
	}
}

// expect says that so many are to hear a message; the channel is closed when they have.
func (e *ears) expect(number int64, by int) <-chan struct{} {
	w := &waiting{left: by, done: make(chan struct{})}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.waiting[number] = w
	return w.done
}

// await waits for that.
func (e *ears) await(ctx context.Context, done <-chan struct{}) error {
	timer := time.NewTimer(arrivalTime)
	defer timer.Stop()
	select {
	case <-done:
		return nil
	case <-timer.C:
		e.mu.Lock()
		defer e.mu.Unlock()
		return errors.Join(errors.New("a message does not reach everybody"), e.lost)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *ears) close() {
	for _, ws := range e.open {
		_ = ws.Close()
	}
	e.reading.Wait()
}

// rate lets some write, each the next message when everybody has the last, and returns how many deliveries a second there were.
func (e *ears) rate(ctx context.Context, writers, by int, length time.Duration, send func(writer int, number int64) error) (float64, error) {
	warmUp := length / 4
	started := rig.Now()
	from, to := started.Add(warmUp), started.Add(warmUp+length)
	var number atomic.Int64
	failed := make(chan error, writers)
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for rig.Now().Before(to) && ctx.Err() == nil {
				n := number.Add(1)
				done := e.expect(n, by)
				if err := send(w, n); err != nil {
					failed <- err
					return
				}
				if err := e.await(ctx, done); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	rig.Sleep(ctx, from.Sub(rig.Now()))
	before := e.heard.Load()
	rig.Sleep(ctx, to.Sub(rig.Now()))
	heard := e.heard.Load() - before
	writing.Wait()
	close(failed)
	return float64(heard) / length.Seconds(), errors.Join(<-failed, ctx.Err())
}
