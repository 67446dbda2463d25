package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// perUploader is how many requests a minute a person may make to move files: a piece is 8 MiB or less.
const perUploader = 6000

// fileRoutes are the routes that move bytes. They are no operations of huma, which would hold a body in memory, and have no
// time limit but their pace.
func (a *API) fileRoutes(doc huma.API) {
	a.router.Group(func(r chi.Router) {
		r.Use(a.limit("files", perAddress, byAddress), a.mustSignIn())
		for _, route := range slices.Concat(a.byteRoutes(), a.importRoutes()) {
			r.Method(route.method, route.path, route.handler)
			doc.OpenAPI().AddOperation(route.describe(doc.OpenAPI().Components.Schemas))
		}
	})
}

// byteRoute is a route that moves bytes, and what the document says of it.
type byteRoute struct {
	operation
	handler http.HandlerFunc
	headers map[string]string // of the request
	content string            // type of the request's body, if it has one
	answers string            // type of the answer's body, if it has one
}

func (a *API) byteRoutes() []byteRoute {
	version := map[string]string{"Tus-Resumable": tusVersion}
	create := map[string]string{
		"Tus-Resumable": tusVersion, "Upload-Length": "Bytes of the file",
		"Upload-Metadata": "filename, room_uuid and sha256 (hex), as tus writes them",
	}
	write := map[string]string{"Tus-Resumable": tusVersion, "Upload-Offset": "Where the upload stands"}
	ranges := map[string]string{"Range": "Which bytes", "If-Range": "The ETag", "If-None-Match": "The ETag"}
	const one = uploadsPath + "/{file_id}"
	return []byteRoute{
		{op("OPTIONS "+uploadsPath, "What uploads can do (tus 1.0)").gives(204), a.uploadOptions, nil, "", ""},
		{op("POST "+uploadsPath, "Begin an upload (tus 1.0)").created(), tus(a.createUpload), create, tusType, ""},
		{op("HEAD "+one, "How far my upload has come (tus 1.0)"), tus(a.uploadOffset), version, "", ""},
		{op("PATCH "+one, "Go on with my upload (tus 1.0)").gives(204), tus(a.writeUpload), write, tusType, ""},
		{op("DELETE "+one, "Take back a file that I have not sent (tus 1.0)").gives(204), tus(a.cancelUpload), version, "", ""},
		{op("POST /api/upload-file", "Upload a file and send it, in one request"), a.uploadForm, nil, "multipart/form-data", "application/json"},
		{op("GET /api/download-file/{id}", "A file of a message (message_id or file_id)"), a.download, ranges, "", "*/*"},
		{op("HEAD /api/download-file/{id}", "Size and type of a file of a message"), a.download, nil, "", ""},
		{op("GET "+backupPath+"/file", "An archive, sealed (owners, auditors)"), a.backupFile, nil, "", "application/octet-stream"},
		{op("GET "+accessPath+"/files/{file_id}", "A file of an approved request (its asker)"), a.accessFile, ranges, "", "*/*"},
		{op("GET "+auditPath+"/export", "The audit as a file; format is csv or jsonl (administrators, auditors)"), a.auditExport, nil, "", "*/*"},
		{op("GET "+adminNotice+"/export", "Who has confirmed a notice, as CSV (administrators)"), a.noticeExport, nil, "", "text/csv"},
		{op("GET /api/files/{file_id}/thumbnail", "A small picture of a picture; size is 240 or 960"), a.thumbnail, nil, "", "image/*"},
	}
}

// gives says which status success has.
func (o operation) gives(status int) operation {
	o.status = status
	return o
}

// describe is what the OpenAPI document says of a route.
func (r byteRoute) describe(types huma.Registry) *huma.Operation {
	failure := types.Schema(reflect.TypeFor[problem](), true, "")
	text := &huma.Schema{Type: "string"}
	o := &huma.Operation{
		Method: r.method, Path: r.path, Summary: r.summary, OperationID: operationID(r.operation),
		Security: []map[string][]string{{bearerScheme: {}}},
		Responses: map[string]*huma.Response{
			strconv.Itoa(r.status): {Description: http.StatusText(r.status)},
			"default":              {Description: "Error", Content: map[string]*huma.MediaType{"application/json": {Schema: failure}}},
		},
	}
	for part := range strings.SplitSeq(r.path, "/") {
		if name := strings.Trim(part, "{}"); name != part {
			o.Parameters = append(o.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: text})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.headers)) {
		o.Parameters = append(o.Parameters, &huma.Param{Name: name, In: "header", Description: r.headers[name], Schema: text})
	}
	if r.path == "/api/files/{file_id}/thumbnail" {
		o.Parameters = append(o.Parameters, &huma.Param{Name: "size", In: "query", Required: true, Schema: &huma.Schema{
			Type: "integer", Enum: []any{wire.SmallThumbnail, wire.LargeThumbnail},
		}})
	}
	if r.path == auditPath+"/export" {
		for _, name := range []string{"format", "actor", "subject", "action", "from", "to"} {
			o.Parameters = append(o.Parameters, &huma.Param{Name: name, In: "query", Schema: text})
		}
	}
	binary := &huma.Schema{Type: "string", Format: "binary"}
	if r.content != "" {
		o.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{r.content: {Schema: bodySchema(r.content)}}}
	}
	if r.answers != "" {
		o.Responses[strconv.Itoa(r.status)].Content = map[string]*huma.MediaType{r.answers: {Schema: binary}}
	}
	if r.answers == "application/json" {
		reply := reflect.TypeFor[wire.UploadFileReply]()
		if r.path == importsPath {
			reply = reflect.TypeFor[wire.Import]()
		}
		o.Responses[strconv.Itoa(r.status)].Content[r.answers].Schema = types.Schema(reply, true, "")
	}
	if r.path == exportPath {
		o.Parameters = append(o.Parameters, &huma.Param{Name: "format", In: "query", Required: true, Schema: &huma.Schema{
			Type: "string", Enum: []any{directory.FormatExcel, directory.FormatCSV},
		}})
	}
	return o
}

// bodySchema: a form, or just bytes.
func bodySchema(content string) *huma.Schema {
	binary := &huma.Schema{Type: "string", Format: "binary"}
	if content == tusType || content == anyType {
		return binary
	}
	text := &huma.Schema{Type: "string", Format: "uuid"}
	return &huma.Schema{
		Type: "object", Required: []string{"file"},
		Properties: map[string]*huma.Schema{"file": binary, "room_uuid": text, "target_uuid": text},
	}
}

// mustSignIn lets only live sessions of active users through, as authenticated does for operations of huma.
func (a *API) mustSignIn() func(http.Handler) http.Handler {
	limiter := a.newLimiter("uploader", perUploader)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			actor, err := a.authenticate(r)
			if err != nil {
				w.Header().Set("WWW-Authenticate", "Bearer")
				fail(w, r, err)
				return
			}
			recordOf(r.Context()).actor = actor
			if a.o.RateLimits && limiter.RespondOnLimit(w, r, actor.UserUUID) {
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// fail answers with an error of a service.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	refusal := refusalOf(http.StatusInternalServerError, []error{err})
	refuse(w, r, errs.Status(refusal.Code), refusal)
}

// write answers with a body.
func write(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // our own types can always be encoded
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // nobody is left to tell
}

// fileOperations are the operations about files that move no bytes.
func (a *API) fileOperations(doc huma.API) {
	signedIn(a, doc, op("GET /api/files/{file_id}", "What has become of an upload, or a file that I may have"), a.fileStatus)
	signedIn(a, doc, op("GET /api/chat-rooms/{room_uuid}/files", "A page of a room's files, the newest first"), a.roomFiles)
	signedIn(a, doc, op("GET /api/admin/file-policy", "Which files are taken (administrators)"), a.filePolicy)
	signedIn(a, doc, op("PUT /api/admin/file-policy", "Change which files are taken (administrators)"), a.setFilePolicy)
}

type fileInput struct {
	FileID string `path:"file_id"`
}

func (a *API) fileStatus(ctx context.Context, actor model.Actor, in *fileInput) (*output[wire.FileStatus], error) {
	st, err := a.o.Files.Status(ctx, actor, in.FileID, recordOf(ctx).lang)
	if err != nil {
		return nil, err
	}
	return answer(st), nil
}

type roomFilesInput struct {
	RoomUUID string `path:"room_uuid"`
	Kind     string `query:"kind" doc:"photo, other, or empty for both"`
	Query    string `query:"query" maxLength:"200" doc:"A part of the name"`
	Before   string `query:"before" maxLength:"200" doc:"next of the page before"`
	Limit    int    `query:"limit" minimum:"0" maximum:"100" doc:"Most files of the page; 0 means 100"`
}

func (a *API) roomFiles(ctx context.Context, actor model.Actor, in *roomFilesInput) (*output[wire.RoomFilesReply], error) {
	page, err := a.o.Files.RoomFiles(ctx, actor, files.RoomFiles{
		RoomUUID: in.RoomUUID, Kind: in.Kind, Query: in.Query, Before: in.Before, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return answer(page), nil
}

func (a *API) filePolicy(ctx context.Context, actor model.Actor, _ *empty) (*output[wire.FilePolicyReply], error) {
	p, err := a.o.Files.Policy(ctx, actor)
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}

func (a *API) setFilePolicy(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.FilePolicy },
) (*output[wire.FilePolicyReply], error) {
	p, err := a.o.Files.SetPolicy(ctx, actor, in.Body)
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}
