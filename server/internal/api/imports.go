package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

const (
	importsPath = "/api/admin/import-people"
	importPath  = importsPath + "/{import_uuid}"
	exportPath  = "/api/admin/export-people"
	anyType     = "application/octet-stream"
	excelType   = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType     = "text/csv; charset=utf-8"
	exportWait  = time.Minute // for the first bytes of an export
)

// importRoutes move files of people.
func (a *API) importRoutes() []byteRoute {
	return []byteRoute{
		{op("POST "+importsPath, "Compare a file of people, Excel or CSV (administrators)").gives(http.StatusAccepted), a.startImport, nil, anyType, "application/json"},
		{op("GET "+importPath+"/codes", "One-time codes for the people whom an import made (administrators)"), a.importCodes, nil, "", "text/csv"},
		{op("GET "+exportPath, "Everybody as a file; format is xlsx or csv (administrators)"), a.exportPeople, nil, "", "*/*"},
	}
}

// startImport takes the file as the body, or as the part "file" of a form.
func (a *API) startImport(w http.ResponseWriter, r *http.Request) {
	pace := a.pace(w)
	r.Body = io.NopCloser(pace.body(r.Body))
	body, err := importBody(r)
	if err != nil {
		fail(w, r, err)
		return
	}
	made, err := a.o.Directory.StartImport(r.Context(), recordOf(r.Context()).actor, body)
	if err != nil {
		fail(w, r, err)
		return
	}
	write(w, http.StatusAccepted, made)
}

func importBody(r *http.Request) (io.Reader, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return r.Body, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, &errs.Error{Code: wire.BadRequest, Err: err}
	}
	for range maxFormParts {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &errs.Error{Code: wire.BadRequest, Err: err}
		}
		if part.FormName() == "file" {
			return part, nil
		}
	}
	return nil, errs.E(wire.BadRequest, "", textNoFileChosen)
}

func (a *API) importCodes(w http.ResponseWriter, r *http.Request) {
	a.sendFile(w, r, csvType, "codes.csv", func(ctx context.Context, out io.Writer, begin func()) error {
		return a.o.Directory.ExportCodes(ctx, recordOf(ctx).actor, chi.URLParam(r, "import_uuid"), out, begin)
	})
}

func (a *API) exportPeople(w http.ResponseWriter, r *http.Request) {
	format, contentType := r.URL.Query().Get("format"), csvType
	if format == directory.FormatExcel {
		contentType = excelType
	}
	a.sendFile(w, r, contentType, "people."+format, func(ctx context.Context, out io.Writer, begin func()) error {
		return a.o.Directory.Export(ctx, recordOf(ctx).actor, format, out, begin)
	})
}

// sendFile streams a file. What fails once it began cuts the answer off, so that nobody takes a part for all.
func (a *API) sendFile(
	w http.ResponseWriter, r *http.Request, contentType, name string,
	send func(ctx context.Context, out io.Writer, begin func()) error,
) {
	pace, began := a.pace(w), false
	pace.rest(exportWait)
	err := send(r.Context(), &pacedWriter{w, pace}, func() {
		began = true
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		w.Header().Set("Content-Security-Policy", sandboxed)
	})
	switch {
	case err == nil:
	case !began:
		fail(w, r, err)
	default:
		recordOf(r.Context()).err = errs.As(err)
		panic(http.ErrAbortHandler)
	}
}

type importInput struct {
	ImportUUID string `path:"import_uuid"`
}

func (a *API) importState(ctx context.Context, actor model.Actor, in *importInput) (*output[wire.Import], error) {
	state, err := a.o.Directory.Import(ctx, actor, in.ImportUUID)
	if err != nil {
		return nil, err
	}
	return answer(state), nil
}

func (a *API) recentImports(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.ImportList], error) {
	list, err := a.o.Directory.RecentImports(ctx, actor)
	if err != nil {
		return nil, err
	}
	return answer(list), nil
}

type importRowsInput struct {
	ImportUUID string `path:"import_uuid"`
	After      int    `query:"after" minimum:"0" doc:"The next of the page before"`
	Only       string `query:"only" doc:"create, change, unchanged, error, created or changed; empty for all"`
	Limit      int    `query:"limit" minimum:"0" maximum:"200" doc:"Most rows of the page; 0 means 200"`
}

func (a *API) importRows(ctx context.Context, actor model.Actor, in *importRowsInput) (*output[wire.ImportRows], error) {
	page, err := a.o.Directory.ImportRows(ctx, actor, in.ImportUUID, in.After, wire.RowFate(in.Only), in.Limit)
	if err != nil {
		return nil, err
	}
	return answer(page), nil
}

func (a *API) applyImport(ctx context.Context, actor model.Actor, in *importInput) (*output[wire.Import], error) {
	state, err := a.o.Directory.ApplyImport(ctx, actor, in.ImportUUID)
	if err != nil {
		return nil, err
	}
	return answer(state), nil
}

func (a *API) endImport(ctx context.Context, actor model.Actor, in *importInput) (*output[wire.MessageReply], error) {
	if err := a.o.Directory.EndImport(ctx, actor, in.ImportUUID); err != nil {
		return nil, err
	}
	return said(ctx, "가져오기를 종료했습니다.", "The import was ended."), nil
}
