package app

import (
	"bytes"
	"context"
	"log/slog"

	"github.com/google/uuid"

	"himsg/server/internal/bus"
	"himsg/server/internal/chat"
	"himsg/server/internal/config"
	"himsg/server/internal/demo"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
	"himsg/shared/wire"
)

// Poster sends messages with files for the command line; nobody listens to its events.
type Poster struct {
	chat  *chat.Service
	files *files.Service
}

var _ demo.Poster = (*Poster)(nil)

// NewPoster opens the place of files beside data. It must be closed.
func NewPoster(ctx context.Context, c config.Store, data Data, log *slog.Logger) (*Poster, error) {
	blobs, err := openBlobs(ctx, c)
	if err != nil {
		return nil, err
	}
	db, painter := data.DB, picture.NewPainter()
	talk := chat.New(chat.Options{ //nolint:contextcheck // what it starts lives until Close
		Messages: db, Rooms: db, Membership: db, Cursors: db, Search: db, Seating: db, Settings: db, Receipts: db,
		Painter: painter, People: db, Directory: db, Publisher: bus.NewLocal(bus.LocalOptions{}), Clock: SystemClock, Logger: log,
		Deleted: func() {},
	})
	return &Poster{chat: talk, files: files.New(files.Options{ //nolint:contextcheck // what it starts lives until Close
		Store: db, Blobs: blobs, Painter: painter, Sender: talk, Clock: SystemClock, Logger: log, Alone: c.Database == "",
	})}, nil
}

// Close ends what goes on in the background.
func (p *Poster) Close() { p.files.Close() }

// Post implements demo.Poster.
func (p *Poster) Post(ctx context.Context, actor model.Actor, roomUUID, text string, list []demo.File) error {
	send := wire.SendRequest{RoomUUID: roomUUID, ClientID: uuid.NewString(), Text: text}
	for _, one := range list {
		f, err := p.files.Receive(ctx, actor, one.Name, int64(len(one.Content)), bytes.NewReader(one.Content))
		if err == nil {
			f, err = p.files.Checked(ctx, actor, f)
		}
		if err != nil {
			return err
		}
		send.FileIDs = append(send.FileIDs, f.UUID)
	}
	_, err := p.chat.Send(ctx, actor, send)
	return err
}
