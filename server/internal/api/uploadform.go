package api

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	maxFormField = 200 // bytes of one; they are UUIDs
	maxFormParts = 20
	checkWait    = 2 * time.Minute // for the check of a file that came with a form
)

// targetUnknown is a 400, as in the original.
var targetUnknown = errs.E(wire.BadRequest, "", errs.Text{
	KO: "상대방 사용자를 찾을 수 없습니다.", EN: "There is no such person.",
})

var (
	textNoFileChosen = errs.Text{KO: "파일이 선택되지 않았습니다.", EN: "No file was chosen."}
	textNoReceiver   = errs.Text{KO: "room_uuid 또는 target_uuid가 필요합니다.", EN: "room_uuid or target_uuid is needed."}
)

// uploadForm is the original's POST /api/upload-file: a form with a file and where it goes. The file is stored while it
// comes, so the fields may stand before or behind it.
func (a *API) uploadForm(w http.ResponseWriter, r *http.Request) {
	actor := recordOf(r.Context()).actor
	pace := a.pace(w)
	r.Body = io.NopCloser(pace.body(r.Body))
	form := uploadedForm{api: a, actor: actor, most: r.ContentLength}
	err := form.read(r)
	if err == nil {
		err = form.complete()
	}
	if err != nil {
		form.drop(r.Context())
		fail(w, r, asOriginal(err))
		return
	}
	pace.rest(checkWait)
	ctx, cancel := context.WithTimeout(r.Context(), checkWait)
	defer cancel()
	reply, err := a.o.Files.Deliver(ctx, actor, form.file, wire.SendRequest{RoomUUID: form.room, ReceiverUUID: form.person})
	if err != nil {
		if form.room == "" {
			err = notFoundAs(err, targetUnknown)
		}
		fail(w, r, asOriginal(err))
		return
	}
	reply.Message = errs.Text{KO: "파일 업로드 성공", EN: "Uploaded"}.In(recordOf(r.Context()).lang)
	write(w, http.StatusOK, reply)
}

// asOriginal gives refusals the original's status, 400, where it had one for them.
func asOriginal(err error) error {
	refusal := errs.As(err)
	if refusal.Reason == wire.ReasonFileTooLarge || refusal.Reason == wire.ReasonFileType {
		worded := *refusal
		worded.Code = wire.BadRequest
		return &worded
	}
	return err
}

// uploadedForm is what a form holds.
type uploadedForm struct {
	api          *API
	actor        model.Actor
	most         int64 // bytes that its file can have; below 0: not known
	file         model.File
	room, person string
}

func (f *uploadedForm) read(r *http.Request) error {
	parts, err := r.MultipartReader()
	if err != nil {
		return errs.E(wire.BadRequest, "", textNoFileChosen)
	}
	for range maxFormParts {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f.part(r.Context(), part)
		}
		if _, refused := errors.AsType[*errs.Error](err); err != nil && !refused {
			return &errs.Error{Code: wire.BadRequest, Err: err}
		}
		if err != nil {
			return err
		}
	}
	return errs.E(wire.BadRequest, "", errs.Text{})
}

func (f *uploadedForm) part(ctx context.Context, part *multipart.Part) error {
	switch part.FormName() {
	case "file":
		return f.takeFile(ctx, part)
	case "room_uuid":
		return field(part, &f.room)
	case "target_uuid":
		return field(part, &f.person)
	}
	_, err := io.Copy(io.Discard, io.LimitReader(part, maxFormField))
	return err
}

func (f *uploadedForm) takeFile(ctx context.Context, part *multipart.Part) (err error) {
	name := part.FileName()
	if f.file.UUID != "" || name == "" {
		return errs.E(wire.BadRequest, "", textNoFileChosen)
	}
	most := f.most
	if most < 0 {
		most = wire.MaxPolicyFileBytes
	}
	f.file, err = f.api.o.Files.Receive(ctx, f.actor, name, most, part)
	return err
}

func field(part io.Reader, into *string) error {
	value, err := io.ReadAll(io.LimitReader(part, maxFormField))
	*into = strings.TrimSpace(string(value))
	return err
}

func (f *uploadedForm) complete() error {
	switch {
	case f.file.UUID == "":
		return errs.E(wire.BadRequest, "", textNoFileChosen)
	case f.room != "":
		f.person = "" // the room wins, as in the original
	case f.person == "":
		return errs.E(wire.BadRequest, "", textNoReceiver)
	}
	return nil
}

// drop removes the file of a form that can't be sent.
func (f *uploadedForm) drop(ctx context.Context) {
	if f.file.UUID != "" {
		_ = f.api.o.Files.Cancel(context.WithoutCancel(ctx), f.actor, f.file.UUID) // it is collected a day later anyway
	}
}
