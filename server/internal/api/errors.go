package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// problem is our one error body, in the shape that huma asks for.
type problem struct {
	wire.HTTPError
	status int
}

// Error implements error.
func (p *problem) Error() string { return p.HTTPError.Error }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.status }

// installProblems makes huma answer with our error body. huma has this as package variables only, so it is done once
// for the process; the functions keep no state of their own.
var installProblems = sync.OnceFunc(func() {
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, causes ...error) huma.StatusError {
		refusal := refusalOf(status, causes)
		rec := recordOf(ctx.Context())
		if rec == nil { // the request did not come through New's router: only a test could do that
			rec = &record{lang: langKO}
		}
		rec.err = refusal
		if s := retryAfter(refusal); s != "" {
			ctx.SetHeader("Retry-After", s)
		}
		return problemOf(refusal, rec)
	}
	huma.NewError = func(status int, _ string, causes ...error) huma.StatusError {
		return problemOf(refusalOf(status, causes), &record{lang: langKO})
	}
})

func problemOf(refusal *errs.Error, rec *record) *problem {
	return &problem{HTTPError: refusal.HTTP(rec.lang, rec.id), status: errs.Status(refusal.Code)}
}

// refusalOf makes a refusal of what an operation returned or what huma found wrong with the request.
func refusalOf(status int, causes []error) *errs.Error {
	cause := errors.Join(causes...)
	if refusal, ok := errors.AsType[*errs.Error](cause); ok {
		return refusal
	}
	switch {
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		return errs.Unavailable(time.Second, cause)
	case status == http.StatusRequestEntityTooLarge:
		return errs.E(wire.TooLarge, "", errs.Text{})
	case status == http.StatusUnsupportedMediaType:
		return errs.E(wire.UnsupportedType, "", errs.Text{})
	case status >= http.StatusInternalServerError:
		return &errs.Error{Code: wire.Internal, Err: cause}
	}
	return &errs.Error{Code: wire.BadRequest, Fields: fieldsOf(causes)}
}

var (
	fieldMissing = errs.Text{KO: "필수 항목입니다.", EN: "This field is required."}
	fieldWrong   = errs.Text{KO: "형식이 올바르지 않습니다.", EN: "This is not valid."}
)

// fieldsOf names the fields that huma refused. Its texts are English and may repeat the value, so ours take their
// place.
func fieldsOf(causes []error) []errs.Field {
	var fields []errs.Field
	for _, cause := range causes {
		detail, ok := errors.AsType[*huma.ErrorDetail](cause)
		if !ok {
			continue
		}
		name, text := detail.Location, fieldWrong
		if missing, ok := strings.CutPrefix(detail.Message, "expected required property "); ok {
			missing, _, _ = strings.Cut(missing, " ")
			name, text = name+"."+missing, fieldMissing
		}
		for _, place := range []string{"body.", "query.", "path.", "header."} {
			name = strings.TrimPrefix(name, place)
		}
		fields = append(fields, errs.Field{Name: name, Text: text})
	}
	return fields
}

func retryAfter(e *errs.Error) string {
	if e.RetryAfter <= 0 {
		return ""
	}
	return strconv.FormatInt(int64((e.RetryAfter+time.Second-1)/time.Second), 10)
}

// refuse answers outside of an operation: for what the router and the layers around it refuse.
func refuse(w http.ResponseWriter, r *http.Request, status int, refusal *errs.Error) {
	rec := recordOf(r.Context())
	rec.err = refusal
	body, err := json.Marshal(refusal.HTTP(rec.lang, rec.id))
	if err != nil {
		panic(err) // strings can always be encoded
	}
	if s := retryAfter(refusal); s != "" {
		w.Header().Set("Retry-After", s)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // nobody is left to tell
}

// reword gives a refusal the words that the original had for it, by code. What has words of its own code keeps them.
func reword(err error, texts map[wire.Code]errs.Text) error {
	refusal, ok := errors.AsType[*errs.Error](err)
	if !ok {
		return err
	}
	text, ok := texts[refusal.Code]
	if !ok {
		return err
	}
	worded := *refusal
	worded.Text = text
	return &worded
}
