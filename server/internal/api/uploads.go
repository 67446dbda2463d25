package api

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/shared/wire"
)

// Uploads speak tus 1.0 (https://tus.io/protocols/resumable-upload), with the extensions creation, creation-with-upload and
// termination.
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,termination"
	tusType       = "application/offset+octet-stream"
	uploadsPath   = "/api/uploads"
	maxMetadata   = 8 << 10
)

func (a *API) uploadOptions(w http.ResponseWriter, r *http.Request) {
	most, _, err := a.o.Files.Limits(r.Context())
	if err != nil {
		fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Tus-Resumable", tusVersion)
	h.Set("Tus-Version", tusVersion)
	h.Set("Tus-Extension", tusExtensions)
	h.Set("Tus-Max-Size", strconv.FormatInt(most, 10))
	w.WriteHeader(http.StatusNoContent)
}

// tus lets only requests of this version of the protocol through.
func tus(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Tus-Resumable", tusVersion)
		if r.Header.Get("Tus-Resumable") != tusVersion {
			w.Header().Set("Tus-Version", tusVersion)
			refuse(w, r, http.StatusPreconditionFailed, errs.E(wire.BadRequest, "", errs.Text{
				KO: "지원하지 않는 업로드 방식입니다.", EN: "This version of the upload protocol is not supported.",
			}))
			return
		}
		next(w, r)
	}
}

func (a *API) createUpload(w http.ResponseWriter, r *http.Request) {
	size, err := number(r, "Upload-Length")
	said, ok := metadata(r.Header.Get("Upload-Metadata"))
	if err == nil && !ok {
		err = errs.BadField("Upload-Metadata", fieldWrong)
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	actor := recordOf(r.Context()).actor
	f, err := a.o.Files.Create(r.Context(), actor, files.NewUpload{
		Name: said["filename"], Size: size, SHA256: said["sha256"], RoomUUID: said["room_uuid"],
	})
	if err != nil {
		fail(w, r, err)
		return
	}
	at := files.Progress{Size: size}
	if r.Header.Get("Content-Type") == tusType && r.ContentLength != 0 {
		at, err = a.o.Files.Write(r.Context(), actor, f.UUID, a.piece(w, r, 0))
		if err != nil && !errs.As(err).Code.Temporary() {
			_ = a.o.Files.Cancel(r.Context(), actor, f.UUID) // nobody will go on with it; a day later it goes anyway
			fail(w, r, err)
			return
		} // what was stored counts: the client goes on from there
	}
	w.Header().Set("Location", uploadsPath+"/"+f.UUID)
	w.Header().Set("Upload-Offset", strconv.FormatInt(at.Offset, 10))
	w.WriteHeader(http.StatusCreated)
}

func (a *API) uploadOffset(w http.ResponseWriter, r *http.Request) {
	at, err := a.o.Files.Offset(r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "file_id"))
	if err != nil {
		fail(w, r, err)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(at.Offset, 10))
	w.Header().Set("Upload-Length", strconv.FormatInt(at.Size, 10))
	w.WriteHeader(http.StatusOK)
}

func (a *API) writeUpload(w http.ResponseWriter, r *http.Request) {
	offset, err := number(r, "Upload-Offset")
	if err == nil && r.Header.Get("Content-Type") != tusType {
		err = errs.E(wire.UnsupportedType, "", errs.Text{})
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	at, err := a.o.Files.Write(
		r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "file_id"), a.piece(w, r, offset))
	if err != nil {
		fail(w, r, err)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(at.Offset, 10))
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) piece(w http.ResponseWriter, r *http.Request, offset int64) files.Piece {
	return files.Piece{Offset: offset, Length: r.ContentLength, Body: a.pace(w).body(r.Body)}
}

func (a *API) cancelUpload(w http.ResponseWriter, r *http.Request) {
	if err := a.o.Files.Cancel(r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "file_id")); err != nil {
		fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// number reads a header that must be a number, 0 or more.
func number(r *http.Request, header string) (int64, error) {
	n, err := strconv.ParseInt(r.Header.Get(header), 10, 64)
	if err != nil || n < 0 {
		return 0, errs.BadField(header, fieldWrong)
	}
	return n, nil
}

// metadata reads what a client says of a file: "key value,key value …", the values in Base64.
func metadata(header string) (map[string]string, bool) {
	said := map[string]string{}
	if len(header) > maxMetadata {
		return nil, false
	}
	for pair := range strings.SplitSeq(header, ",") {
		key, encoded, _ := strings.Cut(strings.TrimSpace(pair), " ")
		value, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
		if err != nil {
			return nil, false
		}
		if _, twice := said[key]; twice {
			return nil, false
		}
		said[key] = string(value)
	}
	return said, true
}
