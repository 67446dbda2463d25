package badge

import (
	"context"
	"image"
	"log/slog"
	"sync"
	"time"
)

// callLimit bounds one call to the system.
const callLimit = 5 * time.Second

// Options are what New needs.
type Options struct {
	// Draw draws the number by itself, as many pixels wide and high; nil for 0. Windows lays it over the app's button.
	Draw   func(pixels int, unread int64) image.Image
	Logger *slog.Logger
}

// Badge is the app's place in the task bar. Set and Alert return at once; the last call counts.
type Badge struct {
	opts Options
	kick chan struct{}

	mu     sync.Mutex
	want   look
	again  bool // the number is to be shown, even if it stands
	closed bool
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// look is what is to be seen.
type look struct {
	unread int64
	alert  bool
}

// bar is a system's task bar.
type bar interface {
	// show makes it look so; before is how it looks.
	show(ctx context.Context, before, now look) error
	close()
}

// New returns a Badge that shows nothing until Start.
func New(opts Options) *Badge { return &Badge{opts: opts, kick: make(chan struct{}, 1)} }

// Start begins to show, once the window is there. Only the first call counts.
func (b *Badge) Start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cancel != nil || b.closed {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	b.wg.Go(func() { b.work(ctx) })
	b.tell()
}

// Set shows the unread number; 0 shows none. A repeat shows it again: a button that comes back has forgotten it.
func (b *Badge) Set(unread int64) { b.change(func() { b.want.unread, b.again = unread, true }) }

// Alert asks for attention, or ends that.
func (b *Badge) Alert(on bool) { b.change(func() { b.want.alert = on }) }

func (b *Badge) change(edit func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	edit()
	b.tell()
}

func (b *Badge) tell() {
	select {
	case b.kick <- struct{}{}:
	default: // it will look anyway
	}
}

// Close takes the number away: an app that does not run has none.
func (b *Badge) Close() {
	b.mu.Lock()
	b.closed = true
	cancel := b.cancel
	b.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	b.wg.Wait()
}

func (b *Badge) work(ctx context.Context) {
	system, err := openBar(b.opts)
	if err != nil {
		b.opts.Logger.Info("no number in the task bar", "error", err)
		return
	}
	defer system.close()
	var shown look
	for {
		select {
		case <-ctx.Done():
			if shown != (look{}) {
				b.show(context.WithoutCancel(ctx), system, shown, look{})
			}
			return
		case <-b.kick:
		}
		b.mu.Lock()
		want, again := b.want, b.again
		b.again = false
		b.mu.Unlock()
		if (want != shown || again) && b.show(ctx, system, shown, want) {
			shown = want
		}
	}
}

func (b *Badge) show(ctx context.Context, system bar, before, now look) bool {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	err := system.show(ctx, before, now)
	if err != nil {
		b.opts.Logger.Debug("task bar not changed", "error", err)
	}
	return err == nil
}
