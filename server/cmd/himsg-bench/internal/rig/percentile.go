package rig

import (
	"slices"
	"time"
)

// Percentile is in milliseconds; it sorts the list. 0 of an empty one.
func Percentile(list []time.Duration, p int) float64 {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return float64(list[(len(list)-1)*p/100].Microseconds()) / 1000
}
