package retention

import "time"

// The bounds of a slice. Others' writes wait for it, on SQLite all of them.
const (
	firstSlice    = 50
	smallestSlice = 50 // a transaction takes its time with few messages too: smaller ones made a run last for ever on a busy MariaDB
	largestSlice  = 500
	sliceTime     = 20 * time.Millisecond // that a slice should take
	restTimes     = 3                     // and it rests this many times as long
)

// pace sizes slices by the time that they take: a slow disk or a busy machine gets small ones.
type pace struct {
	size int // of the next slice
}

func newPace() *pace { return &pace{size: firstSlice} }

// took learns from a slice. One that was not full tells when slices are too large, but not that they could be larger.
func (p *pace) took(gone Retired) {
	size := 2 * p.size
	if gone.Took > 0 {
		size = min(size, int(int64(p.size)*sliceTime.Nanoseconds()/gone.Took.Nanoseconds()))
	}
	if !gone.More {
		size = min(size, p.size)
	}
	p.size = min(max(size, smallestSlice), largestSlice)
}
