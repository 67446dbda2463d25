package storetest

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// Samples is how often a test measures: usual, or HIMSG_SAMPLES where a release is proven and there is time.
func Samples(t testing.TB, usual int) int {
	t.Helper()
	text := os.Getenv("HIMSG_SAMPLES")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 4 {
		t.Fatalf("HIMSG_SAMPLES is %q, no number from 4 on", text)
	}
	return n
}

// Spread is where times lie: half of them between Low and High.
type Spread struct{ Low, Median, High time.Duration }

// SpreadOf sorts the times, of which there must be some.
func SpreadOf(took []time.Duration) Spread {
	slices.Sort(took)
	return Spread{Low: took[len(took)/4], Median: took[len(took)/2], High: took[3*len(took)/4]}
}

func (s Spread) String() string { return fmt.Sprintf("%v…%v", s.Low, s.High) }
