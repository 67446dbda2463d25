package sockets

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"himsg/server/cmd/himsg-bench/internal/rig"
)

// bareLines are connections to the bare server, with the buffers of the app's own.
type bareLines struct {
	url string

	mu   sync.Mutex
	open []*websocket.Conn
}

// connect opens n more, atATime side by side, and returns how long that took.
func (b *bareLines) connect(ctx context.Context, n int) (time.Duration, error) {
	todo := make(chan struct{}, n)
	for range n {
		todo <- struct{}{}
	}
	close(todo)
	failed := make(chan error, atATime)
	var dials sync.WaitGroup
	started := rig.Now()
	for range atATime {
		dials.Go(func() {
			for range todo {
				if err := b.dial(ctx); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	dials.Wait()
	close(failed)
	return rig.Now().Sub(started), <-failed
}

func (b *bareLines) dial(ctx context.Context) error {
	dialer := websocket.Dialer{ReadBufferSize: 4096, WriteBufferSize: 4096, HandshakeTimeout: onlineTime}
	ws, res, err := dialer.DialContext(ctx, b.url, nil)
	if err != nil {
		return fmt.Errorf("dial bare server: %w", err)
	}
	_ = res.Body.Close() // an upgraded connection has no body
	b.mu.Lock()
	defer b.mu.Unlock()
	b.open = append(b.open, ws)
	return nil
}

func (b *bareLines) close() {
	for _, ws := range b.open {
		_ = ws.Close()
	}
}
