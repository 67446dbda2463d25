// Package errs is how the server refuses: an error with a code of the protocol, and a text in both languages.
//
// Services return these errors; api and ws turn them into answers with Status and Wire, the only such mapping. Any other
// error is "internal": it is logged with its request id and its text never leaves the server.
package errs

import (
	"errors"
	"net/http"
	"time"

	"himsg/shared/wire"
)

// Text is one sentence in both languages.
type Text struct{ KO, EN string }

// In returns the sentence in a language, "en" or anything else for Korean.
func (t Text) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.KO
}

// Error is a refusal. Err, if any, is logged and never shown.
type Error struct {
	Code       wire.Code
	Reason     wire.Reason
	Text       Text
	Fields     []Field
	RetryAfter time.Duration
	Err        error
}

// Field names one refused field.
type Field struct {
	Name string
	Text Text
}

// E makes a refusal. A zero text means the code's usual one.
func E(code wire.Code, reason wire.Reason, text Text) *Error {
	return &Error{Code: code, Reason: reason, Text: text}
}

// BadField refuses one field of a request.
func BadField(name string, text Text) *Error {
	return &Error{Code: wire.BadRequest, Text: text, Fields: []Field{{Name: name, Text: text}}}
}

// NotFound is the answer for what is absent or not to be known of.
func NotFound(text Text) *Error { return E(wire.NotFound, "", text) }

// Unavailable asks to come back later.
func Unavailable(retry time.Duration, err error) *Error {
	return &Error{Code: wire.Unavailable, Reason: wire.ReasonBusy, RetryAfter: retry, Err: err}
}

// Error implements error.
func (e *Error) Error() string {
	s := string(e.Code)
	if e.Reason != "" {
		s += " (" + string(e.Reason) + ")"
	}
	if e.Text.EN != "" {
		s += ": " + e.Text.EN
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap implements errors.Unwrap.
func (e *Error) Unwrap() error { return e.Err }

// As returns the refusal within err, or one with code internal that wraps it.
func As(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: wire.Internal, Err: err}
}

// Is reports whether err is a refusal with this code.
func Is(err error, code wire.Code) bool { return err != nil && As(err).Code == code }

// Message is the text for a person.
func (e *Error) Message(lang string) string {
	if e.Text != (Text{}) {
		return e.Text.In(lang)
	}
	return usual[e.Code].In(lang)
}

// Wire is the refusal for a WebSocket reply.
func (e *Error) Wire(lang, requestID string) *wire.Error {
	return &wire.Error{
		Code: e.Code, Reason: e.Reason, Message: e.Message(lang), RequestID: requestID,
		RetryAfterMS: (e.RetryAfter + time.Millisecond - 1).Milliseconds(), // rounded up: 0 would be "at once"
	}
}

// HTTP is the refusal as an HTTP body; Status goes with it.
func (e *Error) HTTP(lang, requestID string) wire.HTTPError {
	body := wire.HTTPError{Error: e.Message(lang), Code: e.Code, Reason: e.Reason, RequestID: requestID}
	for _, f := range e.Fields {
		body.Details = append(body.Details, wire.FieldError{Field: f.Name, Message: f.Text.In(lang)})
	}
	return body
}

// Status is the HTTP status of a code.
func Status(code wire.Code) int {
	if s, ok := statuses[code]; ok {
		return s
	}
	return http.StatusInternalServerError
}

var statuses = map[wire.Code]int{
	wire.BadRequest:      http.StatusBadRequest,
	wire.Unauthenticated: http.StatusUnauthorized,
	wire.Forbidden:       http.StatusForbidden,
	wire.NotFound:        http.StatusNotFound,
	wire.Conflict:        http.StatusConflict,
	wire.TooLarge:        http.StatusRequestEntityTooLarge,
	wire.UnsupportedType: http.StatusUnsupportedMediaType,
	wire.RateLimited:     http.StatusTooManyRequests,
	wire.TooOld:          http.StatusUpgradeRequired,
	wire.Internal:        http.StatusInternalServerError,
	wire.Unavailable:     http.StatusServiceUnavailable,
}

var usual = map[wire.Code]Text{
	wire.BadRequest:      {"요청 형식이 올바르지 않습니다.", "The request is not valid."},
	wire.Unauthenticated: {"로그인이 필요합니다.", "Please sign in."},
	wire.Forbidden:       {"권한이 없습니다.", "You are not allowed to do this."},
	wire.NotFound:        {"찾을 수 없습니다.", "Not found."},
	wire.Conflict:        {"이미 처리되었거나 다른 내용과 충돌합니다.", "This was done already or conflicts with something else."},
	wire.TooLarge:        {"너무 큽니다.", "Too large."},
	wire.UnsupportedType: {"지원하지 않는 형식입니다.", "This type is not supported."},
	wire.RateLimited:     {"요청이 너무 많습니다. 잠시 후 다시 시도해주세요.", "Too many requests. Please try again in a moment."},
	wire.TooOld:          {"앱이 너무 오래된 버전입니다. 새 버전을 설치해주세요.", "This version of the app is too old. Please install the new one."},
	wire.Internal:        {"서버 오류가 발생했습니다.", "Something went wrong on the server."},
	wire.Unavailable:     {"서버가 잠시 응답할 수 없습니다. 다시 시도해주세요.", "The server is not available right now. Please try again."},
}
