package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Op is the name of a request that a client sends over the WebSocket.
type Op string

// The operations. Each has a request and a reply type in ops.go.
const (
	OpSync     Op = "sync"
	OpChanges  Op = "changes"
	OpHistory  Op = "history"
	OpSend     Op = "send"
	OpMessages Op = "messages"
	OpSearch   Op = "search"
	OpEdit     Op = "edit"
	OpDelete   Op = "delete"
	OpHide     Op = "hide"
	OpHidden   Op = "hidden"
	OpReact    Op = "react"
	OpPin      Op = "pin"
	OpMy       Op = "my"
	OpReaders  Op = "readers"
	OpRead     Op = "read"
	OpReads    Op = "reads"
	OpTyping   Op = "typing"
	OpPresence Op = "presence"
)

// Ev is the name of an event that the server sends over the WebSocket.
type Ev string

// The events. Each has a data type in events.go.
const (
	EvWelcome     Ev = "welcome"
	EvMessage     Ev = "message"
	EvRoom        Ev = "room"
	EvRoomRemoved Ev = "room_removed"
	EvRead        Ev = "read"
	EvTyping      Ev = "typing"
	EvPresence    Ev = "presence"
	EvUser        Ev = "user"
	EvDepartment  Ev = "department"
	EvAdmin       Ev = "admin"
	EvAccess      Ev = "access"
	EvNotices     Ev = "notices"
	EvResync      Ev = "resync"
	EvGoingAway   Ev = "going_away"
)

// Request is what a client sends: {"id":7,"op":"send","d":{…}}. ID is the client's, above zero, unique while it is open.
type Request struct {
	ID uint64          `json:"id"`
	Op Op              `json:"op"`
	D  json.RawMessage `json:"d,omitempty"`
}

// Envelope is what a server sends: a reply (Re with D or Err) or an event (Ev with D).
type Envelope struct {
	Re  uint64          `json:"re,omitempty"`
	Ev  Ev              `json:"ev,omitempty"`
	D   json.RawMessage `json:"d,omitempty"`
	Err *Error          `json:"err,omitempty"`
}

// ErrFrame says that a frame is not of this protocol; the server closes with CloseProtocol.
var ErrFrame = errors.New("not a protocol frame")

// MaxRequestsPerFrame bounds how many requests one frame may carry.
const MaxRequestsPerFrame = 64

// DecodeRequests splits a frame into its requests, one a line. Unknown fields of the envelope are ignored, so that a newer
// client can talk to an older server. It returns ErrFrame for anything that is not UTF-8 JSON of the right shape.
func DecodeRequests(frame []byte) ([]Request, error) {
	if len(frame) > MaxFrameBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrFrame, len(frame))
	}
	if !utf8.Valid(frame) {
		return nil, fmt.Errorf("%w: broken UTF-8", ErrFrame)
	}
	var out []Request
	for line := range bytes.Lines(frame) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		if len(out) == MaxRequestsPerFrame {
			return nil, fmt.Errorf("%w: more than %d requests", ErrFrame, MaxRequestsPerFrame)
		}
		var r Request
		if err := Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFrame, err)
		}
		if r.ID == 0 || r.Op == "" || len(r.Op) > 32 {
			return nil, fmt.Errorf("%w: id and op are required", ErrFrame)
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: empty", ErrFrame)
	}
	return out, nil
}

// DecodeEnvelopes splits a server's frame into its envelopes, one a line.
func DecodeEnvelopes(frame []byte) ([]Envelope, error) {
	var out []Envelope
	for line := range bytes.Lines(frame) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		var e Envelope
		if err := Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFrame, err)
		}
		out = append(out, e)
	}
	return out, nil
}
