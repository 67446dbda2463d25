package core

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image"
	_ "image/gif"  // pasted and chosen pictures are measured
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// The client's own reasons about files.
const (
	reasonFileFolder     wire.Reason = "file_folder"     // bad_request: a folder, or something else that is not a file
	reasonFileUnreadable wire.Reason = "file_unreadable" // bad_request: it is there and can't be read
	reasonFileVanished   wire.Reason = "file_vanished"   // not_found: it was moved or deleted after it was chosen
	reasonFileChanged    wire.Reason = "file_changed"    // conflict: it was changed after it was chosen
	reasonNotSaved       wire.Reason = "not_saved"       // not_found: it was not saved here, or is no longer there
	reasonCanRun         wire.Reason = "can_run"         // forbidden: opening it could start a program
	reasonTarget         wire.Reason = "target"          // bad_request: it can't be saved there
	reasonNoClipboard    wire.Reason = "no_clipboard"    // unavailable: pictures can't be copied here
)

const (
	maxPasted      = 32 << 20
	maxPreviewSide = 20_000 // a larger picture has no preview
)

// hold puts files into a room's composer; paths come from the system's dialog, never from the page. It returns those that
// can't be sent, each with the reason: they don't keep the others back.
func (s *session) hold(ctx context.Context, roomUUID string, paths []string) ([]RefusedFile, error) {
	refused := []RefusedFile{}
	held, err := s.store.HeldUploads(ctx, roomUUID)
	if err != nil {
		return refused, s.storeFailed(err)
	}
	for _, path := range paths {
		if slices.ContainsFunc(held, func(u store.Upload) bool { return u.Path == path }) {
			continue // chosen twice
		}
		u, err := describe(path)
		if err != nil {
			return refused, err
		}
		why := problemOf(u, s.limitsNow())
		if why == nil {
			why = roomFor(held)
		}
		if why != nil {
			refused = append(refused, RefusedFile{Name: shownName(u, path), Size: u.Size, Failure: why})
			continue
		}
		u.RoomUUID = roomUUID
		if err := s.store.Hold(ctx, u, nil); err != nil {
			return refused, s.storeFailed(err)
		}
		held = append(held, u)
	}
	s.updates.Held(roomUUID)
	return refused, nil
}

// shownName is what the page calls a file that may have no usable name.
func shownName(u store.Upload, path string) string {
	if u.Name != "" {
		return u.Name
	}
	return strings.ToValidUTF8(filepath.Base(path), "")
}

// roomFor reports that no other file fits beside those of a composer.
func roomFor(held []store.Upload) *Failure {
	if len(held) < wire.MaxMessageFiles {
		return nil
	}
	return refuse(wire.BadRequest, wire.ReasonTooManyFiles, "too many files")
}

// describe says what is known of a file that was chosen. What is wrong with it shows later, see problemOf.
func describe(path string) (store.Upload, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return store.Upload{}, err
	}
	u := store.Upload{ID: id.String(), Path: path, Name: cleanName(filepath.Base(path))}
	u.Type = typeByName(u.Name)
	if info, err := os.Stat(path); err == nil {
		u.Size, u.Modified = info.Size(), info.ModTime().UnixNano()
		u.Width, u.Height = measure(path, u.Type)
	}
	return u, nil
}

// pictureKinds are the pictures that the page may show.
var pictureKinds = []string{"image/png", "image/jpeg", "image/gif"}

func typeByName(name string) string {
	if t := mime.TypeByExtension(strings.ToLower(filepath.Ext(name))); t != "" {
		kind, _, err := mime.ParseMediaType(t)
		if err == nil {
			return kind
		}
	}
	return "application/octet-stream"
}

// measure reads the size of a picture out of its first bytes; 0, 0: not known.
func measure(path, kind string) (width, height int) {
	if !slices.Contains(pictureKinds, kind) {
		return 0, 0
	}
	f, err := openRegular(path)
	if err != nil {
		return 0, 0
	}
	defer func() { _ = f.Close() }() // it was read only
	c, _, err := image.DecodeConfig(f)
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}

// openRegular opens a file for reading, and nothing else: a pipe would wait for ever.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, refuse(wire.BadRequest, reasonFileFolder, "not a file")
	}
	return os.Open(path) //nolint:gosec // G304: chosen by the user in the system's dialog, not by the page
}

// problemOf says why a file can't be sent, before any of it is; nil: nothing is known to be wrong.
func problemOf(u store.Upload, limits wire.Limits) *Failure {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(u.Name), "."))
	if u.Path != "" {
		f, err := openAgain(u)
		if err != nil {
			return toFailure(err)
		}
		_ = f.Close() // it was only looked at
	}
	switch {
	case u.Name == "":
		return refuse(wire.BadRequest, wire.ReasonFileName, "no usable name")
	case u.Size == 0:
		return refuse(wire.BadRequest, wire.ReasonFileEmpty, "an empty file")
	case limits.MaxFileBytes > 0 && u.Size > limits.MaxFileBytes:
		return refuse(wire.TooLarge, wire.ReasonFileTooLarge, "larger than the server takes")
	case len(limits.FileTypes) > 0 && !slices.Contains(limits.FileTypes, ext):
		return refuse(wire.UnsupportedType, wire.ReasonFileType, "the server does not take this kind")
	}
	return nil
}

// openAgain opens a file that was chosen, if it is still the one that it was.
func openAgain(u store.Upload) (*os.File, error) {
	f, err := openRegular(u.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, refuse(wire.NotFound, reasonFileVanished, "the file is no longer there")
	case toOwn(err):
		return nil, err
	case err != nil:
		return nil, refuse(wire.BadRequest, reasonFileUnreadable, "the file can't be read")
	}
	if err := unchanged(f, u); err != nil {
		_ = f.Close() // it was only looked at
		return nil, err
	}
	return f, nil
}

func toOwn(err error) bool {
	var own *Failure
	return errors.As(err, &own)
}

// unchanged looks at an open file: it is the one that was chosen, as far as size and time tell.
func unchanged(f *os.File, u store.Upload) error {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return refuse(wire.BadRequest, reasonFileUnreadable, "the file can't be read")
	}
	if info.Size() != u.Size || info.ModTime().UnixNano() != u.Modified {
		return refuse(wire.Conflict, reasonFileChanged, "the file was changed")
	}
	return nil
}

// paste puts a pasted picture into a room's composer.
func (s *session) paste(ctx context.Context, roomUUID, encoded string) error {
	bad := refuse(wire.UnsupportedType, wire.ReasonBadImage, "not a picture")
	content, err := decodeBytes(encoded, maxPasted, bad)
	if err != nil {
		return err
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || !slices.Contains(pictureKinds, "image/"+format) {
		return bad
	}
	name := s.words().pasted + s.o.Clock.Now().Format(" 2006-01-02 150405.") + strings.Replace(format, "jpeg", "jpg", 1)
	return s.keep(ctx, store.Upload{
		RoomUUID: roomUUID, Name: name, Type: "image/" + format, Width: c.Width, Height: c.Height,
	}, content)
}

// decodeBytes reads at most so many bytes that the page hands over; bad is the refusal of what is none.
func decodeBytes(encoded string, most int, bad *Failure) ([]byte, error) {
	if len(encoded) > base64.StdEncoding.EncodedLen(most) {
		return nil, refuse(wire.TooLarge, wire.ReasonFileTooLarge, "too large for the page to hand over")
	}
	content, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return nil, bad
	}
	return content, nil
}

// keep holds bytes in the encrypted store: there is no file to come back to.
func (s *session) keep(ctx context.Context, u store.Upload, content []byte) error {
	held, err := s.store.HeldUploads(ctx, u.RoomUUID)
	if err != nil {
		return s.storeFailed(err)
	}
	if why := roomFor(held); why != nil {
		return why
	}
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	u.ID, u.Size = id.String(), int64(len(content))
	if err := s.store.Hold(ctx, u, content); err != nil {
		return s.storeFailed(err)
	}
	s.updates.Held(u.RoomUUID)
	return nil
}

func (s *session) limitsNow() wire.Limits {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limits
}

// viewHeld shows what waits in a room's composer.
func (s *session) viewHeld(ctx context.Context, roomUUID string) (HeldFiles, error) {
	held, err := s.store.HeldUploads(ctx, roomUUID)
	out := HeldFiles{RoomUUID: roomUUID, Files: make([]HeldFile, 0, len(held))}
	for _, u := range held {
		out.Files = append(out.Files, s.viewHeldFile(u))
	}
	return out, err
}

func (s *session) viewHeldFile(u store.Upload) HeldFile {
	v := HeldFile{
		Handle: u.ID, Name: u.Name, Size: u.Size, Type: u.Type, Width: u.Width, Height: u.Height,
		Problem: problemOf(u, s.limitsNow()),
	}
	v.Preview = v.Problem == nil && u.Width > 0 && max(u.Width, u.Height) <= maxPreviewSide && u.Size <= maxShown
	return v
}

// viewAllHeld shows what waits in all composers.
func (s *session) viewAllHeld(ctx context.Context) ([]HeldFiles, error) {
	all, err := s.store.HeldUploads(ctx, "")
	byRoom := map[string]int{}
	out := []HeldFiles{}
	for _, u := range all {
		at, ok := byRoom[u.RoomUUID]
		if !ok {
			at = len(out)
			byRoom[u.RoomUUID] = at
			out = append(out, HeldFiles{RoomUUID: u.RoomUUID, Files: []HeldFile{}})
		}
		out[at].Files = append(out[at].Files, s.viewHeldFile(u))
	}
	return out, err
}

// cleanDraft checks what is to be sent: a text may be missing where there are files.
func cleanDraft(d Draft) (string, error) {
	if err := checkMentions(d); err != nil {
		return "", err
	}
	if len(d.Files) == 0 {
		return cleanText(d.Text)
	}
	if len(d.Files) > wire.MaxMessageFiles {
		return "", refuse(wire.BadRequest, wire.ReasonTooManyFiles, "too many files")
	}
	if err := checkIDs(d.Files, wire.MaxMessageFiles); err != nil {
		return "", err
	}
	if len(unique(d.Files)) != len(d.Files) {
		return "", refuse(wire.BadRequest, "", "a file twice")
	}
	if strings.TrimSpace(d.Text) == "" {
		return "", nil
	}
	return cleanText(d.Text)
}

// sendFiles puts a message with files into the outbox. It is sent when they are ready; what is written after it does not
// wait.
func (s *session) sendFiles(ctx context.Context, o store.Outgoing, handles []string) (Message, error) {
	held, err := s.store.HeldUploads(ctx, o.RoomUUID)
	if err != nil {
		return Message{}, fail(s.storeFailed(err))
	}
	for _, handle := range handles {
		at := slices.IndexFunc(held, func(u store.Upload) bool { return u.ID == handle })
		if at < 0 {
			return Message{}, refuse(wire.NotFound, reasonFileVanished, "no such file")
		}
		if problem := problemOf(held[at], s.limitsNow()); problem != nil {
			s.updates.Held(o.RoomUUID) // it may be new
			return Message{}, problem
		}
	}
	if err := s.store.EnqueueWithFiles(ctx, o, handles); err != nil {
		return Message{}, fail(s.storeFailed(err))
	}
	if o, err = s.store.Outgoing(ctx, o.ClientID); err != nil {
		return Message{}, fail(s.storeFailed(err))
	}
	for _, u := range o.Files {
		s.transfers.Set(viewUpload(u))
	}
	s.updates.Held(o.RoomUUID)
	s.updates.Rooms(o.RoomUUID)
	s.showOutgoing(o.RoomUUID, o.ClientID)
	s.uploads.Kick()
	return viewOutgoing(o, s.eyes(), s.online()), nil
}
