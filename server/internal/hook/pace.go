package hook

import (
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"himsg/shared/wire"
)

// pace bounds how much each integration writes, and how often it is noted that it does. There are at most wire.MaxIntegrations
// of them, and those that were removed since the start. Several servers tell each other what they took.
type pace struct {
	now   func() time.Time
	peers Peers // nil: this server is alone

	mu    sync.Mutex
	of    map[int64]*rate.Limiter
	known map[string]int64 // integrations by the hash of a secret that was good
	noted map[noted]time.Time
}

// maxKnown bounds the hashes; secrets that were changed are among them.
const maxKnown = 4 * wire.MaxIntegrations

type noted struct {
	id  int64
	why wire.HookFailure
}

func newPace(now func() time.Time, peers Peers) *pace {
	p := &pace{now: now, peers: peers, of: map[int64]*rate.Limiter{}, known: map[string]int64{}, noted: map[noted]time.Time{}}
	if peers != nil {
		peers.Hear(paceTopic, p.hear)
	}
	return p
}

const paceTopic = "hook_posts"

// hear counts a message that another server took.
func (p *pace) hear(_ string, data []byte) {
	if id, err := strconv.ParseInt(string(data), 10, 64); err == nil && id > 0 {
		if limiter := p.limiter(id); limiter != nil {
			limiter.ReserveN(p.now(), 1)
		}
	}
}

// limiter is the limit of an integration; nil when there are too many.
func (p *pace) limiter(id int64) *rate.Limiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	limiter := p.of[id]
	if limiter == nil && len(p.of) < maxPaced {
		limiter = rate.NewLimiter(rate.Every(time.Minute/wire.HookPostsAMinute), wire.HookPostsBurst)
		p.of[id] = limiter
	}
	return limiter
}

// maxPaced bounds what is counted of integrations; those that were removed are among them.
const maxPaced = 100 * wire.MaxIntegrations

// knows notes that a secret with this hash was good.
func (p *pace) knows(hash string, id int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxKnown {
		clear(p.known)
	}
	p.known[hash] = id
}

// wait is for how long the integration of a hash may write nothing; 0 for one that may, or that is not known yet.
func (p *pace) wait(hash string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	limiter := p.of[p.known[hash]]
	if limiter == nil {
		return 0
	}
	short := 1 - limiter.TokensAt(p.now())
	return max(time.Duration(short*float64(time.Minute)/wire.HookPostsAMinute), 0)
}

// take counts one message of an integration, and returns for how long it has to wait with it: then it does not count.
func (p *pace) take(id int64) time.Duration {
	limiter := p.limiter(id)
	if limiter == nil {
		return time.Minute
	}
	now := p.now()
	r := limiter.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	} else if p.peers != nil {
		p.peers.Tell(paceTopic, strconv.AppendInt(nil, id, 10))
	}
	return wait
}

// note reports whether it is time to store this of an integration, and counts it as stored.
func (p *pace) note(id int64, why wire.HookFailure) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	last, before := p.noted[noted{id, why}]
	if before && now.Sub(last) < noteEvery {
		return false
	}
	p.noted[noted{id, why}] = now
	return true
}
