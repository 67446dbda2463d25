package speed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/cmd/himsg-bench/internal/bare"
	"himsg/server/cmd/himsg-bench/internal/rig"
)

// bareQuiet is the quiet measurement of a program that writes each message into a file, waits for the disk, and hands it on: one
// fsync and two hops, and whatever the machine does meanwhile.
func bareQuiet(ctx context.Context, data *rig.Data, o Options) (result Result, err error) {
	server, err := bare.Start(ctx, bare.Options{Store: filepath.Join(data.Dir, "bare.frames")})
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	m := newMeasurement(int((2*o.Duration).Seconds()+1) * o.Rate)
	lines := &bareLines{measurement: m, acks: map[int]chan struct{}{}}
	defer lines.close()
	for number := range 2 * o.Pairs {
		if err := lines.dial(ctx, server.URL(), number); err != nil {
			return Result{}, err
		}
	}
	from, to, err := m.openLoop(ctx, o.Rate, o.Duration, func(i, index int, arrived <-chan struct{}) error {
		return lines.exchange(ctx, i%o.Pairs, index, arrived)
	})
	return m.result("1:1 quiet", from, to), err
}

// bareLines are the connections to such a program: those with even numbers write.
type bareLines struct {
	measurement *measurement
	all         []*bareLine
	ended       sync.WaitGroup

	mu   sync.Mutex
	acks map[int]chan struct{} // by index of the message
}

type bareLine struct {
	write sync.Mutex
	ws    *websocket.Conn
}

func (l *bareLines) dial(ctx context.Context, url string, number int) error {
	ws, answer, err := websocket.DefaultDialer.DialContext(ctx, url+"?number="+strconv.Itoa(number), http.Header{})
	if answer != nil && answer.Body != nil {
		_ = answer.Body.Close() // of an upgrade there is none
	}
	if err != nil {
		return fmt.Errorf("reach bare server: %w", err)
	}
	l.all = append(l.all, &bareLine{ws: ws})
	l.ended.Go(func() {
		for {
			_, frame, err := ws.ReadMessage()
			at := rig.Now()
			if err != nil {
				return // what does not come is missed
			}
			if number%2 == 1 {
				l.measurement.received(string(frame), at)
			} else {
				l.acked(indexOf(string(frame)), at)
			}
		}
	})
	return nil
}

func (l *bareLines) acked(index int, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if done := l.acks[index]; done != nil {
		l.measurement.acked(index, at)
		close(done)
		delete(l.acks, index)
	}
}

func (l *bareLines) exchange(ctx context.Context, pair, index int, arrived <-chan struct{}) error {
	done := make(chan struct{})
	l.mu.Lock()
	l.acks[index] = done
	l.mu.Unlock()
	if err := l.all[2*pair].say(text(index)); err != nil {
		return err
	}
	if err := await(ctx, done); err != nil {
		return err
	}
	return await(ctx, arrived)
}

func (l *bareLine) say(text string) error {
	l.write.Lock()
	defer l.write.Unlock()
	if err := l.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		return fmt.Errorf("write to bare server: %w", err)
	}
	return nil
}

func (l *bareLines) close() {
	for _, line := range l.all {
		_ = line.ws.Close()
	}
	l.ended.Wait()
}
