package auth

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

const (
	freeGuesses  = 5                // wrong tries before the delay begins
	firstDelay   = time.Second      // it doubles with each further one
	longestDelay = 15 * time.Minute // up to this
	forgetAfter  = 24 * time.Hour   // without a try
	maxGuessers  = 100_000          // (account, address) pairs that are remembered; about 10 MB
)

var tooManyGuesses = errs.Text{
	KO: "로그인 시도가 너무 많습니다. 잠시 후 다시 시도해주세요.",
	EN: "Too many attempts to sign in. Please try again in a moment.",
}

// guesser slows down guessing: for each (account, address) a delay that grows with every wrong try. It locks no
// account: the owner comes in from another address, and from a device that the account knows. Where there are several servers,
// they count together.
type guesser struct {
	shared  Tries // nil: this server alone counts, in what follows
	mu      sync.Mutex
	tries   map[guessKey]guessState
	swept   time.Time
	enabled bool
}

type guessKey struct{ account, from string }

type guessState struct {
	failed int
	last   time.Time
	free   time.Time // no try before
}

// hash is how a key is stored: an account that nobody has is somebody's slip, a password among them.
func (k guessKey) hash() string { return tokenHash(k.account + "\n" + k.from) }

func newGuesser(enabled bool, shared Tries) *guesser {
	return &guesser{tries: map[guessKey]guessState{}, enabled: enabled, shared: shared}
}

// delayAfter is how long a guesser waits after so many wrong tries.
func delayAfter(failed int) time.Duration {
	over := failed - freeGuesses
	if over < 0 {
		return 0
	}
	return min(firstDelay<<min(over, 20), longestDelay)
}

// begin counts a try as wrong before it is made, so that a thousand tries at once don't all slip through. It refuses
// with wire.RateLimited while the delay lasts. After a right try call succeeded.
func (g *guesser) begin(ctx context.Context, key guessKey, now time.Time) error {
	if !g.enabled {
		return nil
	}
	if g.shared != nil {
		wait, err := g.shared.BeginTry(ctx, key.hash(), now.UnixMilli(), func(failed int64) int64 {
			return delayAfter(int(min(failed, maxGuessers))).Milliseconds()
		})
		if err != nil {
			return fmt.Errorf("count a try: %w", err)
		}
		return mustWait(time.Duration(wait) * time.Millisecond)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sweep(now)
	s := g.tries[key]
	if err := mustWait(s.free.Sub(now)); err != nil {
		return err
	}
	s.failed++
	s.last = now
	if delay := delayAfter(s.failed); delay > 0 {
		s.free = now.Add(delay)
	}
	g.tries[key] = s
	return nil
}

func mustWait(wait time.Duration) error {
	if wait <= 0 {
		return nil
	}
	return &errs.Error{Code: wire.RateLimited, Text: tooManyGuesses, RetryAfter: wait}
}

// waiting reports whether begin would refuse.
func (g *guesser) waiting(ctx context.Context, key guessKey, now time.Time) (bool, error) {
	if g.shared != nil {
		waits, err := g.shared.TryWaits(ctx, key.hash(), now.UnixMilli())
		if err != nil {
			return false, fmt.Errorf("look at tries: %w", err)
		}
		return waits, nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.tries[key].free.After(now), nil
}

// succeeded forgets wrong tries. That they could not be forgotten keeps nobody out: they only delay later slips.
func (g *guesser) succeeded(ctx context.Context, key guessKey) error {
	if g.shared != nil && g.enabled {
		return g.shared.EndTries(ctx, key.hash())
	}
	g.forget(key)
	return nil
}

func (g *guesser) forget(key guessKey) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.tries, key)
}

// sweep forgets what is old, at most once a minute; when there is too much of it, all that is not waiting.
func (g *guesser) sweep(now time.Time) {
	full := len(g.tries) >= maxGuessers
	if !full && now.Sub(g.swept) < time.Minute {
		return
	}
	g.swept = now
	for key, s := range g.tries {
		if now.Sub(s.last) > forgetAfter || full && !s.free.After(now) {
			delete(g.tries, key)
		}
	}
	if len(g.tries) >= maxGuessers {
		clear(g.tries) // all of them wait: an attack with so many addresses is the network's to stop
	}
}

const hostNetwork = 64 // bits that name the network of an IPv6 host

// networkOf is what one guesser can't change about his address.
func networkOf(remoteAddr string) string {
	addr, err := netip.ParseAddr(remoteAddr)
	if err != nil || addr.Unmap().Is4() {
		return remoteAddr
	}
	network, err := addr.WithZone("").Prefix(hostNetwork)
	if err != nil {
		return remoteAddr
	}
	return network.String()
}
