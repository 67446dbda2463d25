package app

import (
	"log/slog"
	"net/http"

	"himsg/server/internal/admin"
	"himsg/server/internal/api"
	"himsg/server/internal/bus"
	"himsg/server/internal/directory"
	"himsg/server/internal/ops"
)

// Administration is the admin service for the command line. Nobody listens to its events: a running server's clients
// see the change when they next look at the directory.
func Administration(data Data, log *slog.Logger) *admin.Service {
	silent := bus.NewLocal(bus.LocalOptions{})
	return admin.New(admin.Options{
		Store: data.DB, People: data.DB, Publisher: silent, Directory: directory.New(data.DB, silent, log),
		Now: SystemClock, Logger: log,
	})
}

// OpenAPI is the OpenAPI document of the HTTP interface, without any data behind it.
func OpenAPI() []byte {
	return api.New(api.Options{
		WebSocket: http.NotFoundHandler(), Metrics: ops.NewMetrics(), Version: ops.Release,
	}).Document()
}
