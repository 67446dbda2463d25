package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"himsg/desktop/internal/core"
)

const (
	appName = "Hi_Msg"
	// queueLimit bounds what waits while the system is slow. Core folds notifications per room, so this is plenty.
	queueLimit = 64
	// callLimit bounds one call to the system: starting a notification daemon may take seconds.
	callLimit = 5 * time.Second
)

// Options are what New needs; all are required.
type Options struct {
	Icon     []byte                           // PNG
	Activate func(roomUUID string, seq int64) // a notification was clicked. Must return soon
	Logger   *slog.Logger
}

// Notifier shows notifications. Until Start, and after Close, it shows none.
type Notifier struct {
	opts  Options
	plain *plain

	mu      sync.Mutex
	started bool
	closed  bool
	jobs    chan job
	cancel  context.CancelFunc
	wg      sync.WaitGroup
}

var _ core.Notifier = (*Notifier)(nil)

// job is one call of core: show a notification, or withdraw those of a room.
type job struct {
	show     *core.Notification
	withdraw string
}

// backend is a system's notification service.
type backend interface {
	show(ctx context.Context, n core.Notification) error
	withdraw(ctx context.Context, roomUUID string) error
	close()
}

// errNoClicks is returned by a backend that can't report clicks: the plain way does as well there.
var errNoClicks = errors.New("the notification service reports no clicks")

// New returns a Notifier that shows nothing until Start.
func New(opts Options) *Notifier {
	return &Notifier{opts: opts, plain: newPlain(opts.Icon), jobs: make(chan job, queueLimit)}
}

// Start begins to show. ctx is the one that Wails gave to OnStartup. Only the first call counts.
func (n *Notifier) Start(ctx context.Context) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.started || n.closed {
		return
	}
	n.started = true
	ctx, n.cancel = context.WithCancel(ctx)
	n.wg.Go(func() { n.work(ctx) })
}

// Show shows a notification, in place of the one before of the same room.
func (n *Notifier) Show(notification core.Notification) { n.enqueue(job{show: &notification}) }

// Withdraw takes back what is shown for a room.
func (n *Notifier) Withdraw(roomUUID string) {
	if roomUUID != "" {
		n.enqueue(job{withdraw: roomUUID})
	}
}

// Close takes back nothing: what is on the screen stays. It waits for the call in progress.
func (n *Notifier) Close() {
	n.mu.Lock()
	n.closed = true
	cancel := n.cancel
	n.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	n.wg.Wait()
}

func (n *Notifier) enqueue(j job) {
	n.mu.Lock()
	ready := n.started && !n.closed
	n.mu.Unlock()
	if !ready {
		return
	}
	select {
	case n.jobs <- j:
	default:
		n.opts.Logger.Warn("notification dropped: the system is too slow")
	}
}

func (n *Notifier) work(ctx context.Context) {
	var service backend
	defer func() {
		if service != nil {
			service.close()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-n.jobs:
			service = n.carryOut(ctx, service, j)
		}
	}
}

// carryOut does one job and returns the backend for the next one: nil after an error, so that it is opened anew.
func (n *Notifier) carryOut(ctx context.Context, service backend, j job) backend {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	var err error
	if service == nil {
		if j.show == nil {
			return nil // nothing was shown by it
		}
		service, err = openBackend(ctx, n.opts)
	}
	switch {
	case err != nil:
	case j.show != nil:
		err = service.show(ctx, *j.show)
	default:
		err = service.withdraw(ctx, j.withdraw)
	}
	if err == nil {
		return service
	}
	if ctx.Err() == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		n.fallBack(j, err)
	}
	if service != nil && !errors.Is(err, errNoClicks) {
		service.close()
		return nil
	}
	return service
}

// fallBack shows a notification the plain way.
func (n *Notifier) fallBack(j job, cause error) {
	if j.show == nil {
		n.opts.Logger.Debug("notification not withdrawn", "error", cause)
		return
	}
	if err := n.plain.show(*j.show); err != nil {
		n.opts.Logger.Warn("notification not shown", "error", fmt.Errorf("%w; plain: %w", cause, err))
		return
	}
	if !errors.Is(cause, errNoClicks) {
		n.opts.Logger.Info("notification shown the plain way", "cause", cause)
	}
}
