package notify

import (
	"errors"
	"time"

	"github.com/gen2brain/beeep"

	"himsg/desktop/internal/core"
)

// plain shows notifications by beeep: no clicks, no taking back, but it knows a way on every system (on Linux also
// notify-send and kdialog).
type plain struct {
	icon []byte
	turn chan struct{} // beeep knows no deadline: one call at a time
}

var errPlainBusy = errors.New("the one before is still on its way")

func newPlain(icon []byte) *plain {
	beeep.AppName = appName
	return &plain{icon: icon, turn: make(chan struct{}, 1)}
}

// show returns the system's answer, or nil when it takes longer than a call may.
func (p *plain) show(n core.Notification) error {
	select {
	case p.turn <- struct{}{}:
	default:
		return errPlainBusy
	}
	done := make(chan error, 1)
	go func() { // ends with the call; turn bounds it to one
		defer func() { <-p.turn }()
		done <- beeep.Notify(n.Title, n.Body, p.icon)
	}()
	timer := time.NewTimer(callLimit)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return nil
	}
}
