package core

import (
	"context"
	"errors"
	"path/filepath"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// This file holds what the page may ask for about files. It names them by handle, transfer or file_id, which are looked up;
// paths come from the system's dialogs and stay here.

// ChooseFiles asks for files and puts them into a room's composer. It returns those that can't be sent.
func (c *Core) ChooseFiles(roomUUID string) ([]RefusedFile, error) {
	refused := []RefusedFile{}
	known := func(ctx context.Context, s *session) error { _, err := s.room(ctx, roomUUID); return err }
	if err := c.change(nil, known); err != nil {
		return refused, err
	}
	paths, err := ask(c, c.o.Chooser.ChooseFiles)
	if err != nil || len(paths) == 0 {
		return refused, fail(err)
	}
	err = c.change(nil, func(ctx context.Context, s *session) (err error) {
		refused, err = s.hold(ctx, roomUUID, paths)
		return err
	})
	return refused, err
}

// ask shows a dialog, one at a time; it takes as long as the user takes.
func ask[T any](c *Core, dialog func() (T, error)) (answer T, err error) {
	if !c.choosing.TryLock() {
		return answer, refuse(wire.Conflict, "", "a dialog is open")
	}
	defer c.choosing.Unlock()
	return dialog()
}

// PasteFile puts a pasted picture into a room's composer.
func (c *Core) PasteFile(roomUUID, content string) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		if _, err := s.room(ctx, roomUUID); err != nil {
			return err
		}
		return s.paste(ctx, roomUUID, content)
	})
}

// DropHeld takes files out of a composer again. A repeat is harmless.
func (c *Core) DropHeld(roomUUID string, handles []string) error {
	wrong := errors.Join(checkID(roomUUID), checkIDs(handles, wire.MaxMessageFiles))
	return c.change(wrong, func(ctx context.Context, s *session) error {
		if err := s.store.DropHeldUploads(ctx, roomUUID, handles); err != nil {
			return s.storeFailed(err)
		}
		s.updates.Held(roomUUID)
		return nil
	})
}

// FileLimits says what the server takes: what it said last, or nothing before it was reached.
func (c *Core) FileLimits() (FileLimits, error) {
	out := FileLimits{Types: []string{}}
	err := c.change(nil, func(_ context.Context, s *session) error {
		limits := s.limitsNow()
		out = FileLimits{MaxBytes: limits.MaxFileBytes, Types: orEmpty(limits.FileTypes)}
		return nil
	})
	return out, err
}

// CancelTransfer ends an upload or a download.
func (c *Core) CancelTransfer(id string) error {
	return c.change(checkID(id), func(ctx context.Context, s *session) error {
		if found, err := s.downloads.Cancel(ctx, id); found || err != nil {
			return err
		}
		u, err := s.outgoingFile(ctx, id)
		if err != nil {
			return err
		}
		gone, err := s.store.DropUpload(ctx, u)
		if err != nil {
			return s.storeFailed(err)
		}
		s.uploads.Canceled(u)
		s.updates.Rooms(u.RoomUUID)
		if gone {
			s.updates.Gone(u.RoomUUID, u.ClientID)
			return nil
		}
		s.showOutgoing(u.RoomUUID, u.ClientID)
		s.outbox.Kick(u.RoomUUID)
		return nil
	})
}

// outgoingFile looks an upload of the page up: one that belongs to a message.
func (s *session) outgoingFile(ctx context.Context, id string) (store.Upload, error) {
	u, err := s.store.Upload(ctx, id)
	if err == nil && u.ClientID == "" {
		err = store.ErrNotFound
	}
	return u, s.storeFailed(err)
}

// RetryTransfer tries a failed one again; of an upload, its message.
func (c *Core) RetryTransfer(id string) error {
	var message string
	err := c.change(checkID(id), func(ctx context.Context, s *session) error {
		if s.downloads.Retry(ctx, id) {
			return nil
		}
		u, err := s.outgoingFile(ctx, id)
		message = u.ClientID
		return err
	})
	if err != nil || message == "" {
		return err
	}
	return c.Resend(message)
}

// file looks a file_id of the page up: on a message that is held, or that the page was shown.
func (s *session) file(ctx context.Context, fileID string) (f wire.File, roomUUID string, err error) {
	if err := checkID(fileID); err != nil {
		return f, "", err
	}
	list, err := s.store.MessagesWithFile(ctx, fileID)
	if err != nil {
		return f, "", s.storeFailed(err)
	}
	for _, m := range append(list, s.recall.WithFile(fileID)...) {
		for _, f := range m.Files {
			if f.FileID == fileID && m.DeletedAt == nil {
				return f, m.RoomUUID, nil
			}
		}
	}
	return f, "", store.ErrNotFound
}

// toSave is file for one whose bytes are wanted.
func (s *session) toSave(ctx context.Context, fileID string) (f wire.File, roomUUID string, err error) {
	f, roomUUID, err = s.file(ctx, fileID)
	if err == nil && f.Gone {
		err = refuse(wire.NotFound, wire.ReasonFileGone, "the server no longer has it")
	}
	return f, roomUUID, err
}

// SaveFile asks where to and saves.
func (c *Core) SaveFile(fileID string) (bool, error) {
	var name string
	err := c.change(nil, func(ctx context.Context, s *session) error {
		f, _, err := s.toSave(ctx, fileID)
		name = diskName(f.Name)
		return err
	})
	if err != nil {
		return false, err
	}
	path, err := ask(c, func() (string, error) { return c.o.Chooser.ChooseTarget(name) })
	if err != nil || path == "" {
		return false, fail(err)
	}
	err = c.change(nil, func(ctx context.Context, s *session) error { return s.save(ctx, path, true, fileID) })
	return err == nil, err
}

// SaveFiles asks for a folder and saves there, under free names.
func (c *Core) SaveFiles(fileIDs []string) (bool, error) {
	err := c.change(checkIDs(fileIDs, maxSaved), func(ctx context.Context, s *session) error {
		for _, id := range fileIDs {
			if _, _, err := s.toSave(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	folder, err := ask(c, c.o.Chooser.ChooseFolder)
	if err != nil || folder == "" {
		return false, fail(err)
	}
	err = c.change(nil, func(ctx context.Context, s *session) error { return s.save(ctx, folder, false, unique(fileIDs)...) })
	return err == nil, err
}

// maxSaved is how many files are saved by one call.
const maxSaved = wire.MaxRoomFilesLimit

func (s *session) save(ctx context.Context, path string, chosen bool, fileIDs ...string) error {
	for _, id := range fileIDs {
		f, room, err := s.toSave(ctx, id)
		if err != nil {
			return err
		}
		if err := s.downloads.Add(ctx, f, room, filepath.Clean(path), chosen); err != nil {
			return err
		}
	}
	return nil
}

// DownloadFile saves into the downloads folder.
func (c *Core) DownloadFile(fileID string) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		folder, err := c.o.Desktop.Downloads()
		if err != nil {
			return refuse(wire.BadRequest, reasonTarget, err.Error())
		}
		return s.save(ctx, folder, false, fileID)
	})
}

// OpenFile opens a saved file with the system's program for it. What could run is refused: by the name that the sender gave
// it and by the one that it was saved under.
func (c *Core) OpenFile(fileID string) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		f, path, err := s.savedFile(ctx, fileID)
		if err != nil {
			return err
		}
		if canRun(f.Name) || canRun(filepath.Base(path)) {
			return refuse(wire.Forbidden, reasonCanRun, "such files are not opened from here")
		}
		return c.o.Desktop.Open(path)
	})
}

func (s *session) savedFile(ctx context.Context, fileID string) (wire.File, string, error) {
	f, _, err := s.file(ctx, fileID)
	if err == nil && !s.downloads.Saved(fileID) {
		err = refuse(wire.NotFound, reasonNotSaved, "it is not saved here")
	}
	return f, s.downloads.path(fileID), err
}

// ShowFile shows a saved file in its folder.
func (c *Core) ShowFile(fileID string) error {
	return c.change(nil, func(ctx context.Context, s *session) error {
		_, path, err := s.savedFile(ctx, fileID)
		if err != nil {
			return err
		}
		return c.o.Desktop.Show(path)
	})
}

// RoomFiles lists a room's files, the newest first.
func (c *Core) RoomFiles(roomUUID string, query FilesQuery) (FilesPage, error) {
	out := FilesPage{Files: []RoomFile{}}
	err := c.change(checkFilesQuery(query), func(ctx context.Context, s *session) error {
		r, err := s.room(ctx, roomUUID)
		if err != nil {
			return err
		}
		out, err = s.roomFiles(ctx, roomUUID, query)
		if client.Temporary(err) {
			out, err = s.heldRoomFiles(ctx, r, query)
		}
		return err
	})
	return out, err
}
