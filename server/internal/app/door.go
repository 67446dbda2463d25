package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Bounds of a connection, so that nobody holds one by being slow (WebSockets have bounds of their own).
const (
	headerTime  = 5 * time.Second
	readTime    = 30 * time.Second
	writeTime   = 60 * time.Second
	idleTime    = 2 * time.Minute
	headerBytes = 16 << 10
)

// door is a listener and the HTTP server behind it.
type door struct {
	listener net.Listener
	server   *http.Server
	secure   bool // it speaks TLS only
}

func (d *door) serve() error {
	if d.secure {
		return d.server.ServeTLS(d.listener, "", "")
	}
	return d.server.Serve(d.listener)
}

// openDoors listens. The main door gets its handler when there is one.
func (a *App) openDoors(ctx context.Context) error {
	secure, err := a.openCertificate()
	if err != nil {
		return err
	}
	if a.main, err = a.openDoor(ctx, a.o.Config.Listen, nil); err != nil {
		return err
	}
	a.main.server.TLSConfig, a.main.secure = secure, secure != nil
	if err := a.openACMEDoor(ctx); err != nil {
		return err
	}
	if a.o.Config.MetricsListen == "" {
		return nil
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.metrics.Handler())
	side, err := a.openDoor(ctx, a.o.Config.MetricsListen, mux)
	if err != nil {
		return err
	}
	a.side = &side
	return nil
}

func (a *App) closeDoors() (err error) {
	for _, d := range a.doors() {
		if d.listener == nil {
			continue
		}
		if failed := d.listener.Close(); failed != nil && !errors.Is(failed, net.ErrClosed) {
			err = errors.Join(err, fmt.Errorf("close listener: %w", failed))
		}
	}
	return err
}

func (a *App) openDoor(ctx context.Context, address string, handler http.Handler) (door, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return door{}, fmt.Errorf("listen on %s: %w", address, err)
	}
	return door{
		listener: listener,
		server: &http.Server{
			Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
			IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
			ErrorLog: slog.NewLogLogger(a.o.Logger.Handler(), slog.LevelDebug), // clients that break off, bad handshakes
		},
	}, nil
}
