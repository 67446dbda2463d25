package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Importer brings files that another system has kept. They get the checks of an upload; what the policy allows today (sizes, kinds,
// quotas) does not bind what was sent long ago, only what the server can check does.
type Importer struct{ s *Service }

// NewImporter makes an Importer. Of the Options it uses Store, Blobs, Painter, Scanner, Clock and Logger. Nothing goes on in the
// background.
func NewImporter(o Options) *Importer { return &Importer{&Service{o: o}} }

// Foreign is a file of another system.
type Foreign struct {
	UUID       string // that it gets here; the same in every try
	UploaderID int64
	Name       string
	At         int64 // when it was sent
	Content    Blob
}

// Examine looks at a file as Bring does, and stores nothing. nil: it would be taken. A refusal is an *errs.Error.
func (i *Importer) Examine(ctx context.Context, name string, content Blob) error {
	_, _, err := i.examine(ctx, name, content)
	return err
}

// examine is look, and decodes a picture.
func (i *Importer) examine(ctx context.Context, name string, content Blob) (model.File, kind, error) {
	f, k, err := i.look(ctx, name, content)
	if err != nil || !k.picture || f.Type == "image/webp" {
		return f, k, err
	}
	if err := rewind(content); err != nil {
		return f, k, err
	}
	_, _, _, err = i.s.o.Painter.Fit(ctx, content, wire.SmallThumbnail)
	switch {
	case errs.Is(err, wire.TooLarge):
		err = imageRefused(err)
	case errs.Is(err, wire.UnsupportedType):
		err = contentRefused(err)
	}
	return f, k, err
}

// look checks name and content.
func (i *Importer) look(ctx context.Context, said string, content Blob) (f model.File, k kind, err error) {
	defer func() {
		if cause := recover(); cause != nil { // a hostile file brings down its own check only
			err = contentRefused(fmt.Errorf("panic: %v", cause))
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	if f.Name, err = cleanName(said); err != nil {
		return f, k, err
	}
	f.Extension = extensionOf(f.Name)
	k, known := kindOf(f.Extension)
	switch {
	case !known:
		return f, k, typeRefused(KnownTypes())
	case content.Size() == 0:
		return f, k, errs.E(wire.BadRequest, wire.ReasonFileEmpty, textEmpty)
	case content.Size() > wire.MaxPolicyFileBytes:
		return f, k, tooLarge(wire.MaxPolicyFileBytes)
	}
	f.Type, f.Size = k.mime, content.Size()
	if err = k.check(ctx, content); err == nil {
		f.Unscanned, err = i.s.scan(ctx, f, content)
	}
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
		err = archiveRefused(err) // only something made to take so long takes so long
	}
	return f, k, err
}

// Bring checks a file and stores it ready to be sent. What an earlier try began is finished; a repeat after that returns the same
// file. A refusal is an *errs.Error that stays whatever is tried again (Refusal tells); then nothing is stored.
func (i *Importer) Bring(ctx context.Context, in Foreign) (model.File, error) {
	held, err := i.s.o.Store.OwnFile(ctx, in.UploaderID, in.UUID)
	begun := err == nil
	switch {
	case err != nil && !errs.Is(err, wire.NotFound):
		return held, fmt.Errorf("find a file: %w", err)
	case begun && held.State == wire.FileReady:
		return held, nil
	}
	f, k, err := i.examine(ctx, in.Name, in.Content)
	if err != nil {
		return f, err
	}
	if begun {
		f.ID, f.Blob, f.State = held.ID, held.Blob, held.State
		f.UUID, f.UploaderID, f.CreatedAt = held.UUID, held.UploaderID, held.CreatedAt
		i.s.RemoveBytes(ctx, f)
	} else {
		f.UUID, f.UploaderID, f.Blob, f.CreatedAt, f.UpdatedAt = in.UUID, in.UploaderID, newBlobName(), in.At, i.s.now()
		if f, err = i.s.o.Store.AddFile(ctx, f, wire.FilePolicy{}); err != nil { // without quotas
			return f, fmt.Errorf("add a file: %w", err)
		}
		f.Type = k.mime
	}
	f, err = i.keep(ctx, f, k, in.Content)
	if decided(err) != nil { // its thumbnails could not be made after all
		if _, failed := i.s.o.Store.Drop(ctx, f.UploaderID, f.UUID); failed != nil {
			return f, fmt.Errorf("drop a file: %w", failed)
		}
		i.s.RemoveBytes(ctx, f)
	}
	return f, err
}

func rewind(content Blob) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read again: %w", err)
	}
	return nil
}

// keep stores the bytes of a file that was looked at.
func (i *Importer) keep(ctx context.Context, f model.File, k kind, content Blob) (model.File, error) {
	sum := sha256.New()
	n, err := i.s.o.Blobs.Append(ctx, f.Blob, 0, io.TeeReader(io.NewSectionReader(content, 0, content.Size()), sum))
	if err == nil && n != f.Size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return f, fmt.Errorf("store the bytes: %w", err)
	}
	f.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if _, err := i.s.o.Store.Checking(ctx, f.ID, f.Size, i.s.now()); err != nil {
		return f, fmt.Errorf("begin the check: %w", err)
	}
	if k.picture {
		if err := rewind(content); err != nil {
			return f, err
		}
		if f, err = i.s.paint(ctx, f, content); err != nil {
			return f, err
		}
	}
	if err := i.s.o.Blobs.Finish(ctx, f.Blob); err != nil {
		return f, fmt.Errorf("finish the bytes: %w", err)
	}
	if err := i.s.o.Store.Ready(ctx, f, i.s.now()); err != nil {
		return f, fmt.Errorf("make the file ready: %w", err)
	}
	f.State = wire.FileReady
	return f, nil
}

// Refusal is what an error of Examine or Bring says of the file, nil if it is not the file's fault and may pass.
func Refusal(err error) *errs.Error { return decided(err) }

// Sum is the SHA-256 in hex of the bytes that are stored of a file.
func (i *Importer) Sum(ctx context.Context, f model.File) (string, error) {
	b, err := i.s.o.Blobs.Open(ctx, f.Blob)
	if err != nil {
		return "", fmt.Errorf("open the bytes: %w", err)
	}
	defer b.Close()
	sum, err := sumOf(ctx, b)
	return hex.EncodeToString(sum), err
}
