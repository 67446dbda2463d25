package app

import (
	"context"
	"log/slog"
	"net/http"
	"os"

	"himsg/server/internal/admin"
	"himsg/server/internal/api"
	"himsg/server/internal/auth"
	"himsg/server/internal/bus"
	"himsg/server/internal/directory"
	"himsg/server/internal/directory/sheet"
	"himsg/server/internal/model"
	"himsg/server/internal/ops"
	"himsg/server/internal/picture"
	"himsg/server/internal/presence"
	"himsg/server/internal/shelf"
	"himsg/shared/release"
	"himsg/shared/wire"
)

// Administration is the admin service for the command line. Nobody listens to its events: a running server's clients
// see the change when they next look at the directory.
func Administration(data Data, log *slog.Logger) *admin.Service {
	return admin.New(admin.Options{
		Store: data.DB, People: data.DB, Audit: data.DB, Publisher: bus.NewLocal(bus.LocalOptions{}),
		Directory: People(data, log), Now: SystemClock, Logger: log,
	})
}

// People is the directory for the command line; nobody listens to its events either.
func People(data Data, log *slog.Logger) *directory.Service {
	return directory.New(directory.Options{
		Store: data.DB, Publisher: bus.NewLocal(bus.LocalOptions{}), Rooms: nobody{}, Painter: picture.NewPainter(),
		Revoke: func(context.Context, []string, wire.Reason) {}, Sheets: sheet.Files{}, Dir: data.Dir, Now: SystemClock, Logger: log,
	})
}

// codes makes one-time codes by a service that is composed after who asks for them.
type codes func() *auth.Service

// NewCode implements directory.Codes.
func (c codes) NewCode(userID int64, purpose model.CodePurpose, by int64) (code string, stored model.OneTimeCode) {
	return c().NewCode(userID, purpose, by)
}

// online is who is there, by a tracker that is composed after who asks.
type online func() *presence.Tracker

// Counts implements admin.Online.
func (o online) Counts() map[wire.PresenceState]int { return o().Counts() }

// Here implements admin.Online.
func (o online) Here() int { return o().Here() }

// node names this server among those of one database, the same after a restart.
func (a *App) node() string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return model.Preview(host+" "+a.Addr(), wire.MaxNameRunes)
}

// nobody is in the rooms that a command changes: a running server's sweep finds them.
type nobody struct{}

// Announce implements directory.Rooms.
func (nobody) Announce(context.Context, model.RoomChange) {}

// OpenAPI is the OpenAPI document of the HTTP interface, without any data behind it.
func OpenAPI() []byte {
	return api.New(api.Options{
		WebSocket: http.NotFoundHandler(), Metrics: ops.NewMetrics(), Version: release.Version,
		Releases: shelf.Open(os.DevNull, slog.New(slog.DiscardHandler)), // nothing lies there
	}).Document()
}
