package icon

import "sync"

// most is the largest number that has a look of its own; all above look alike.
const most = 99

// trays are the tray's pictures that were drawn, by number: there are 101, of a few KB each. Drawing one takes some
// 10 ms, and the number changes with each message.
var trays struct {
	mu    sync.Mutex
	drawn [most + 2][]byte
}

// once draws the tray's picture for a number, the first time. What it returns is shared.
func once(unread int64, draw func() ([]byte, error)) ([]byte, error) {
	trays.mu.Lock()
	defer trays.mu.Unlock()
	kept := &trays.drawn[min(max(unread, 0), most+1)]
	if *kept == nil {
		picture, err := draw()
		if err != nil {
			return nil, err
		}
		*kept = picture
	}
	return *kept, nil
}
