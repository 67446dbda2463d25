package core

import (
	"context"
	"image"
	"io"
	"slices"
	"sync"

	"github.com/google/uuid"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// maxTakePiece is how many bytes of a file the page hands over at a time.
const maxTakePiece = 4 << 20

// taking is the file that the page is handing over, if any. Its bytes go into the encrypted store as they come.
type taking struct {
	mu  sync.Mutex
	now *take
}

type take struct {
	upload store.Upload // its ID is the handle
	sealer *store.Sealer
}

// Stop drops what is under way.
func (t *taking) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stop()
}

func (t *taking) stop() {
	if t.now != nil {
		t.now.sealer.Abort()
		t.now = nil
	}
}

// find returns what is under way by its handle. mu is held.
func (t *taking) find(handle string) (*take, error) {
	if t.now == nil || t.now.upload.ID != handle {
		return nil, refuse(wire.NotFound, reasonFileVanished, "no such file is being taken")
	}
	return t.now, nil
}

// BeginTake begins to take a file of so many bytes from the page, into a room's composer. It returns its handle.
func (c *Core) BeginTake(roomUUID, name string, size int64) (handle string, err error) {
	err = c.change(checkField(name, maxTakenName), func(ctx context.Context, s *session) error {
		if _, err := s.room(ctx, roomUUID); err != nil {
			return err
		}
		handle, err = s.beginTake(ctx, store.Upload{RoomUUID: roomUUID, Name: cleanName(name), Size: size})
		return err
	})
	return handle, err
}

// maxTakenName is how many characters a name may have before it is brought to the form that servers take.
const maxTakenName = 1024

func (s *session) beginTake(ctx context.Context, u store.Upload) (string, error) {
	held, err := s.store.HeldUploads(ctx, u.RoomUUID)
	if err != nil {
		return "", s.storeFailed(err)
	}
	if u.Size < 0 || u.Size > wire.MaxPolicyFileBytes {
		return "", refuse(wire.TooLarge, wire.ReasonFileTooLarge, "larger than any server takes")
	}
	why := problemOf(u, s.limitsNow())
	if why == nil {
		why = roomFor(held)
	}
	if why != nil {
		return "", why
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", err
	}
	u.ID, u.Type = id.String(), typeByName(u.Name)
	s.taking.mu.Lock()
	defer s.taking.mu.Unlock()
	s.taking.stop()
	sealer, err := s.store.Seal(u.ID)
	if err != nil {
		return "", targetFailure(err)
	}
	s.taking.now = &take{upload: u, sealer: sealer}
	return u.ID, nil
}

// AppendTake takes the next bytes: base64, after those that came before.
func (c *Core) AppendTake(handle string, offset int64, content string) error {
	return c.change(checkID(handle), func(_ context.Context, s *session) error {
		bytes, err := decodeBytes(content, maxTakePiece, refuse(wire.BadRequest, reasonFileUnreadable, "not base64"))
		if err != nil {
			return err
		}
		s.taking.mu.Lock()
		defer s.taking.mu.Unlock()
		t, err := s.taking.find(handle)
		if err != nil {
			return err
		}
		if offset != t.sealer.Size() || int64(len(bytes)) > t.upload.Size-offset {
			return refuse(wire.Conflict, reasonFileChanged, "not the next bytes")
		}
		if _, err := t.sealer.Write(bytes); err != nil {
			s.taking.stop()
			return targetFailure(err)
		}
		return nil
	})
}

// EndTake puts what was taken into the composer.
func (c *Core) EndTake(handle string) error {
	return c.change(checkID(handle), func(ctx context.Context, s *session) error {
		s.taking.mu.Lock()
		defer s.taking.mu.Unlock()
		t, err := s.taking.find(handle)
		if err != nil {
			return err
		}
		defer s.taking.stop() // it has no effect on what the store has taken
		if t.sealer.Size() != t.upload.Size {
			return refuse(wire.Conflict, reasonFileChanged, "bytes are missing")
		}
		held, err := s.store.HeldUploads(ctx, t.upload.RoomUUID)
		if err != nil {
			return s.storeFailed(err)
		}
		if why := roomFor(held); why != nil {
			return why
		}
		if err := s.holdTaken(ctx, t); err != nil {
			return err
		}
		s.updates.Held(t.upload.RoomUUID)
		return nil
	})
}

func (s *session) holdTaken(ctx context.Context, t *take) error {
	u, err := t.sealer.Finish(t.upload)
	if err != nil {
		return targetFailure(err)
	}
	if slices.Contains(pictureKinds, u.Type) {
		sealed, err := s.store.OpenSealed(u)
		if err != nil {
			return targetFailure(err)
		}
		if c, _, err := image.DecodeConfig(io.NewSectionReader(sealed, 0, u.Size)); err == nil {
			u.Width, u.Height = c.Width, c.Height
		}
		_ = sealed.Close() // it was read only
	}
	return s.storeFailed(s.store.HoldSealed(ctx, u, t.sealer))
}

// CancelTake drops what was taken. A repeat is harmless.
func (c *Core) CancelTake(handle string) error {
	return c.change(checkID(handle), func(_ context.Context, s *session) error {
		s.taking.mu.Lock()
		defer s.taking.mu.Unlock()
		if _, err := s.taking.find(handle); err == nil {
			s.taking.stop()
		}
		return nil
	})
}
