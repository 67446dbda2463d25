package main

import (
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// onReload calls do for each SIGHUP (systemctl reload) until forget is called. Windows sends none.
func onReload(do func()) (forget func()) {
	asked, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(asked, syscall.SIGHUP)
	var listening sync.WaitGroup
	listening.Go(func() {
		for {
			select {
			case <-asked:
				do()
			case <-done:
				return
			}
		}
	})
	return func() {
		signal.Stop(asked)
		close(done)
		listening.Wait()
	}
}
