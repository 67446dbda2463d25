package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// StallLimit is how long a transfer may go without a byte. There is no limit on the whole: a gigabyte takes its time.
const StallLimit = 30 * time.Second

func (h *HTTP) stall() time.Duration {
	if h.options.Stall > 0 {
		return h.options.Stall
	}
	return StallLimit
}

var errStalled = errors.New("no progress")

// watchdog ends a transfer that stalls.
type watchdog struct {
	timer *time.Timer
	limit time.Duration
}

// watch returns a context that ends when alive was not called for the limit. stop must be called.
func watch(ctx context.Context, limit time.Duration) (watched context.Context, dog *watchdog, stop func()) {
	watched, cancel := context.WithCancelCause(ctx)
	dog = &watchdog{timer: time.AfterFunc(limit, func() { cancel(errStalled) }), limit: limit}
	return watched, dog, func() {
		dog.timer.Stop()
		cancel(nil)
	}
}

func (d *watchdog) alive() { d.timer.Reset(d.limit) }

// transferError gives an error of a watched transfer its kind.
func transferError(watched context.Context, err error) error {
	if errors.Is(context.Cause(watched), errStalled) {
		return fmt.Errorf("%w: %w", ErrTimeout, errStalled)
	}
	if IsSink(err) || errors.Is(err, ErrSource) {
		return err
	}
	return classify(err)
}

// progress tells of each read of a body.
type progress struct {
	io.Reader
	moved func(n int)
}

func (p progress) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if n > 0 {
		p.moved(n)
	}
	return n, err
}

// transfer sends a request and hands on the reply, whose body take reads. A refusal comes back as an error.
func (h *HTTP) transfer(ctx context.Context, req *http.Request, take func(*http.Response) error) error {
	res, err := h.client.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, transferError(ctx, err))
	}
	defer func() { _ = res.Body.Close() }() // the body was read or is abandoned
	if res.StatusCode < 200 || res.StatusCode > 299 {
		body, _ := io.ReadAll(io.LimitReader(res.Body, maxRefusal)) // what can't be read is told by the status
		return fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, transferRefusal(res, body))
	}
	if err := take(res); err != nil {
		return fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, transferError(ctx, err))
	}
	return nil
}

// maxRefusal bounds the text of a refusal.
const maxRefusal = 64 << 10
