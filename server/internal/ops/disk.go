package ops

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// Fsync writes and syncs a small file in a directory a few times and returns the median time of a sync: what each
// durable commit costs there at least.
func Fsync(dir string, now func() time.Time) (median time.Duration, err error) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return 0, fmt.Errorf("write a file: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	const times = 5
	took := make([]time.Duration, 0, times)
	for range times {
		if _, err := f.WriteString("himsg"); err != nil {
			return 0, fmt.Errorf("write a file: %w", err)
		}
		start := now()
		if err := f.Sync(); err != nil {
			return 0, fmt.Errorf("sync a file: %w", err)
		}
		took = append(took, now().Sub(start))
	}
	slices.Sort(took)
	return took[times/2], nil
}
