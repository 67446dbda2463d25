package core

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// transfers knows how far each upload and download has come, and tells the page now and then.
type transfers struct {
	s *session

	mu  sync.Mutex
	all map[string]*tracked
}

// tracked is a transfer and when the page was told of it last.
type tracked struct {
	Transfer
	order  int
	told   time.Time
	before int64 // Done at that time
}

func newTransfers(s *session) *transfers { return &transfers{s: s, all: map[string]*tracked{}} }

// All lists those that are not over, the oldest first.
func (t *transfers) All() []Transfer {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]*tracked, 0, len(t.all))
	for _, one := range t.all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b *tracked) int { return a.order - b.order })
	out := make([]Transfer, 0, len(list))
	for _, one := range list {
		out = append(out, one.Transfer)
	}
	return out
}

// Set puts a transfer where it stands; the page is told at once. One that is over is told of once more and forgotten.
func (t *transfers) Set(now Transfer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.all[now.ID]
	if one == nil {
		one = &tracked{order: t.next()}
		t.all[now.ID] = one
	}
	if now.State == TransferRunning && one.State != TransferRunning {
		one.before = now.Done
	}
	one.Transfer, one.told = now, t.s.o.Clock.Now()
	if now.State == TransferDone || now.State == TransferCanceled {
		delete(t.all, now.ID)
	}
	t.s.updates.Transfer(now)
}

// busy reports whether bytes are on their way.
func (t *transfers) busy() bool {
	return slices.ContainsFunc(t.All(), func(one Transfer) bool { return one.State == TransferRunning })
}

func (t *transfers) next() int {
	n := 0
	for _, one := range t.all {
		n = max(n, one.order+1)
	}
	return n
}

// Moved says how many bytes there are. The page is told after a while only.
func (t *transfers) Moved(id string, done int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.all[id]
	if one == nil {
		return
	}
	one.Done = done
	now := t.s.o.Clock.Now()
	passed := now.Sub(one.told)
	if passed < t.s.o.Pace.Progress {
		return
	}
	if done > one.before && passed > 0 {
		speed := int64(float64(done-one.before) / passed.Seconds())
		if one.Speed > 0 {
			speed = (3*one.Speed + speed) / 4 // so that it can be read
		}
		one.Speed = speed
	}
	one.told, one.before = now, done
	t.s.updates.Transfer(one.Transfer)
}

// Change changes one that is there.
func (t *transfers) Change(id string, how func(*Transfer)) {
	t.mu.Lock()
	one := t.all[id]
	var now Transfer
	if one != nil {
		now = one.Transfer
	}
	t.mu.Unlock()
	if one == nil {
		return
	}
	how(&now)
	t.Set(now)
}

// Get finds one.
func (t *transfers) Get(id string) (Transfer, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.all[strings.ToLower(id)]
	if one == nil {
		return Transfer{}, false
	}
	return one.Transfer, true
}
