package rig

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"
)

// Repeat lets some do the same again and again for a while, and returns how often a second, and how long each took.
func Repeat(ctx context.Context, workers int, length time.Duration, do func(ctx context.Context, worker int) error) (float64, []time.Duration, error) {
	var mu sync.Mutex
	var times []time.Duration
	failed := make(chan error, workers)
	var working sync.WaitGroup
	started := Now()
	for w := range workers {
		working.Go(func() {
			var own []time.Duration
			for at := started; at.Sub(started) < length; {
				if err := do(ctx, w); err != nil {
					failed <- err
					return
				}
				now := Now()
				own, at = append(own, now.Sub(at)), now
			}
			mu.Lock()
			defer mu.Unlock()
			times = append(times, own...)
		})
	}
	working.Wait()
	close(failed)
	return float64(len(times)) / Now().Sub(started).Seconds(), times, <-failed
}

const (
	yardBytes = 64 << 10
	yardTime  = 200 * time.Millisecond
)

// Yardstick is how fast this machine computes just now, in MB/s of SHA-256 on one core: beside others it is slower, and so is what is
// measured.
func Yardstick() float64 {
	block, blocks, started := make([]byte, yardBytes), 0, Now()
	for Now().Sub(started) < yardTime {
		sum := sha256.Sum256(block)
		copy(block, sum[:])
		blocks++
	}
	return float64(blocks) * yardBytes / 1e6 / Now().Sub(started).Seconds()
}
