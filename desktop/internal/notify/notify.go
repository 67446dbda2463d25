package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"himsg/desktop/internal/core"
)

const (
	appName = "Hi_Msg"
	// queueLimit bounds what waits while the system is slow. A newer one of the same place takes the older one's turn.
	queueLimit = 64
	// callLimit bounds one call to the system: starting a notification daemon may take seconds.
	callLimit = 5 * time.Second
	// hangPause is how long a service that did not answer is left alone: each try costs callLimit, and what comes so late is
	// no news any more.
	hangPause = 30 * time.Second
)

// Options are what New needs; all are required.
type Options struct {
	Icon     []byte                           // PNG
	Activate func(roomUUID string, seq int64) // a notification was clicked. Must return soon
	Answer   func(core.Answer)                // it was replied to, or is to count as read. Must return soon
	Clock    core.Clock
	Logger   *slog.Logger
}

// Notifier shows notifications. Until Start, and after Close, it shows none.
type Notifier struct {
	opts  Options
	plain *plain
	limit time.Duration // of one call

	mu      sync.Mutex
	started bool
	closed  bool
	jobs    []job
	kick    chan struct{}
	cancel  context.CancelFunc
	wg      sync.WaitGroup

	hangs time.Time // when the service did not answer last; only the worker's
}

var _ core.Notifier = (*Notifier)(nil)

// job is one call of core: show a notification, or withdraw those of a room.
type job struct {
	show     *core.Notification
	withdraw string
	tried    chan<- tried // of Try; has room for one
}

type tried struct {
	state core.NotifierState
	err   error
}

// place is the room or what stands for one.
func (j job) place() string {
	if j.show != nil {
		return j.show.RoomUUID
	}
	return j.withdraw
}

// backend is a system's notification service.
type backend interface {
	show(ctx context.Context, n core.Notification) error
	withdraw(ctx context.Context, roomUUID string) error
	state() core.NotifierState
	close()
}

// errNoClicks is returned by a backend that can't report clicks: the plain way does as well there.
var errNoClicks = errors.New("the notification service reports no clicks")

// errPaused: the service hung a moment ago.
var errPaused = fmt.Errorf("not tried again so soon: %w", core.ErrNotificationsHang)

// New returns a Notifier that shows nothing until Start.
func New(opts Options) *Notifier {
	return &Notifier{opts: opts, plain: newPlain(opts.Icon), limit: callLimit, kick: make(chan struct{}, 1)}
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

// Try shows a notification and says what the system can, or what is wrong with it.
func (n *Notifier) Try(ctx context.Context, notification core.Notification) (core.NotifierState, error) {
	answer := make(chan tried, 1)
	if !n.enqueue(job{show: &notification, tried: answer}) {
		return core.NotifierState{}, core.ErrNotificationsHang
	}
	select {
	case got := <-answer:
		return got.state, got.err
	case <-ctx.Done():
		return core.NotifierState{}, fmt.Errorf("%w: %w", core.ErrNotificationsHang, ctx.Err())
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

// enqueue gives a job its turn. What waits for the same room is of no use any more.
func (n *Notifier) enqueue(j job) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.started || n.closed {
		return false
	}
	if place := j.place(); place != "" {
		n.jobs = slices.DeleteFunc(n.jobs, func(waiting job) bool { return waiting.place() == place })
	}
	if len(n.jobs) >= queueLimit {
		n.opts.Logger.Warn("notification dropped: the system is too slow")
		return false
	}
	n.jobs = append(n.jobs, j)
	select {
	case n.kick <- struct{}{}:
	default: // it will look anyway
	}
	return true
}

// next takes the job whose turn it is.
func (n *Notifier) next() (job, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.jobs) == 0 {
		return job{}, false
	}
	j := n.jobs[0]
	n.jobs = n.jobs[1:]
	return j, true
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
		case <-n.kick:
		}
		for j, ok := n.next(); ok && ctx.Err() == nil; j, ok = n.next() {
			service = n.carryOut(ctx, service, j)
		}
	}
}

// carryOut does one job and returns the backend for the next one: nil after an error, so that it is opened anew.
func (n *Notifier) carryOut(ctx context.Context, service backend, j job) backend {
	service, err := n.do(ctx, service, j)
	if errors.Is(err, context.DeadlineExceeded) {
		n.hangs = n.opts.Clock.Now()
		err = fmt.Errorf("%w: %w", core.ErrNotificationsHang, err)
	}
	plain := false
	if err != nil && ctx.Err() == nil && !errors.Is(err, core.ErrNotificationsHang) {
		plain = n.fallBack(j, err)
	} else if err != nil {
		n.opts.Logger.Debug("notification not shown", "error", err)
	}
	if j.tried != nil {
		got := tried{err: err}
		if service != nil {
			got.state = service.state()
		}
		if plain {
			got.err = nil
		}
		j.tried <- got
	}
	if err != nil && service != nil {
		service.close()
		return nil
	}
	return service
}

// do opens the service if it is not open, and calls it.
func (n *Notifier) do(ctx context.Context, service backend, j job) (backend, error) {
	if service == nil && j.show == nil {
		return nil, nil //nolint:nilnil // nothing was shown by it
	}
	since := n.opts.Clock.Now().Sub(n.hangs)
	if !n.hangs.IsZero() && since >= 0 && since < hangPause && j.tried == nil {
		return service, errPaused
	}
	ctx, cancel := context.WithTimeout(ctx, n.limit)
	defer cancel()
	if service == nil {
		var err error
		if service, err = openBackend(ctx, n.opts); err != nil {
			return nil, err
		}
	}
	if j.show != nil {
		return service, service.show(ctx, *j.show)
	}
	return service, service.withdraw(ctx, j.withdraw)
}

// fallBack shows a notification the plain way, and reports whether that went well.
func (n *Notifier) fallBack(j job, cause error) bool {
	if j.show == nil {
		n.opts.Logger.Debug("notification not withdrawn", "error", cause)
		return false
	}
	if err := n.plain.show(*j.show); err != nil {
		n.opts.Logger.Warn("notification not shown", "error", fmt.Errorf("%w; plain: %w", cause, err))
		return false
	}
	if !errors.Is(cause, errNoClicks) {
		n.opts.Logger.Info("notification shown the plain way", "cause", cause)
	}
	return true
}
