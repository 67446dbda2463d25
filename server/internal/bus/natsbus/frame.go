package natsbus

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/crypto/chacha20poly1305"

	"himsg/server/internal/bus"
	"himsg/shared/wire"
)

// A frame is a byte for its version, a random nonce, and sealed: the length of a head, the head (JSON), the data. Its subject is
// sealed with it, so that it can't be sent again under another one.
const (
	frameVersion = 1
	maxFrame     = 8 << 20 // more than any NATS server is set to take
	maxHead      = 2 << 20
	maxListed    = 20_000 // people or sessions that one event names
	maxTopic     = 32
	maxNode      = 200
)

var (
	errVersion = errors.New("a frame of another version")
	errSealed  = errors.New("a frame that was not sealed by our key")
	errFrame   = errors.New("a frame that no node makes")
)

// head is a message without its data.
type head struct {
	Node       string      `json:"node"`
	Topic      string      `json:"topic,omitempty"` // of what nodes tell each other; empty: an event
	Ev         wire.Ev     `json:"ev,omitempty"`
	RoomID     int64       `json:"room_id,omitempty"`
	RoomUUID   string      `json:"room_uuid,omitempty"`
	Rev        int64       `json:"rev,omitempty"`
	Join       []int64     `json:"join,omitempty"`
	Leave      []int64     `json:"leave,omitempty"`
	Users      []int64     `json:"users,omitempty"`
	Except     int64       `json:"except,omitempty"`
	Personal   []personal  `json:"personal,omitempty"`
	AdminsOnly bool        `json:"admins_only,omitempty"`
	Revoked    []string    `json:"revoked,omitempty"`
	RevokedFor wire.Reason `json:"revoked_for,omitempty"`
	Reread     []string    `json:"reread,omitempty"`
}

// personal is one user's own data of an event; without data he is told nothing.
type personal struct {
	User int64           `json:"user"`
	Data json.RawMessage `json:"data,omitempty"`
}

func headOf(node string, e bus.Event) head {
	h := head{
		Node: node, Ev: e.Ev, RoomID: e.RoomID, RoomUUID: e.RoomUUID, Rev: e.Rev, Join: e.Join, Leave: e.Leave, Users: e.Users,
		Except: e.Except, AdminsOnly: e.AdminsOnly, Revoked: e.Revoked, RevokedFor: e.RevokedFor, Reread: e.Reread,
	}
	for user, data := range e.Personal {
		h.Personal = append(h.Personal, personal{user, data})
	}
	return h
}

func (h head) event(data []byte) bus.Event {
	e := bus.Event{
		Ev: h.Ev, RoomID: h.RoomID, RoomUUID: h.RoomUUID, Rev: h.Rev, Join: h.Join, Leave: h.Leave, Users: h.Users, Except: h.Except,
		AdminsOnly: h.AdminsOnly, Revoked: h.Revoked, RevokedFor: h.RevokedFor, Reread: h.Reread,
	}
	if len(data) > 0 {
		e.Data = data
	}
	if len(h.Personal) > 0 {
		e.Personal = make(map[int64]json.RawMessage, len(h.Personal))
		for _, p := range h.Personal {
			e.Personal[p.User] = p.Data
		}
	}
	return e
}

// encode is what is sealed.
func encode(h head, data []byte) ([]byte, error) {
	text, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode a frame: %w", err)
	}
	out := make([]byte, 0, len(text)+len(data)+binary.MaxVarintLen32)
	out = binary.AppendUvarint(out, uint64(len(text)))
	return append(append(out, text...), data...), nil
}

// decode reads what was sealed. It came from a node, which may be of another release: what goes on to sessions is looked at.
func decode(p []byte) (h head, data []byte, err error) {
	n, used := binary.Uvarint(p)
	if used <= 0 || n > maxHead || n > uint64(len(p)-used) {
		return h, nil, errFrame
	}
	text, data := p[used:used+int(n)], p[used+int(n):]
	if err := json.Unmarshal(text, &h); err != nil {
		return h, nil, errors.Join(errFrame, err)
	}
	return h, data, h.check(data)
}

func (h head) check(data []byte) error {
	switch {
	case h.Node == "" || len(h.Node) > maxNode, len(h.Topic) > maxTopic, !isWord(string(h.Ev)), len(h.RevokedFor) > maxTopic:
		return errFrame
	case h.Topic != "":
		return nil // whoever hears the topic reads it
	}
	return errors.Join(h.checkRoom(), h.checkData(data))
}

func (h head) checkRoom() error {
	switch {
	case h.RoomID < 0 || h.Rev < 0, h.RoomUUID != "" && (len(h.RoomUUID) != 36 || uuid.Validate(h.RoomUUID) != nil):
		return errFrame
	case h.RoomID != 0 && h.RoomUUID == "", h.RoomID == 0 && (h.Rev != 0 || len(h.Join)+len(h.Leave) > 0):
		return errFrame
	}
	return nil
}

func (h head) checkData(data []byte) error {
	switch {
	case max(len(h.Join), len(h.Leave), len(h.Users), len(h.Personal), len(h.Revoked), len(h.Reread)) > maxListed:
		return errFrame
	case h.Ev == "" && len(data) > 0:
		return errFrame
	}
	if len(data) > 0 && !isLine(data) {
		return errFrame
	}
	for _, p := range h.Personal {
		if len(p.Data) > 0 && !isLine(p.Data) {
			return errFrame
		}
	}
	return nil
}

// isLine reports whether data is JSON that can stand in a session's frame, one envelope a line.
func isLine(data []byte) bool { return bytes.IndexByte(data, '\n') < 0 && json.Valid(data) }

func isWord(s string) bool {
	for _, c := range []byte(s) {
		if c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return len(s) <= maxTopic
}

// seal closes a message so that only who has the key can read or make it.
func seal(box cipher.AEAD, subject string, inner []byte) []byte {
	out := make([]byte, 1+chacha20poly1305.NonceSizeX, 1+chacha20poly1305.NonceSizeX+len(inner)+chacha20poly1305.Overhead)
	out[0] = frameVersion
	_, _ = rand.Read(out[1:]) // it never fails
	return box.Seal(out, out[1:], inner, []byte(subject))
}

func open(box cipher.AEAD, subject string, frame []byte) ([]byte, error) {
	const begin = 1 + chacha20poly1305.NonceSizeX
	switch {
	case len(frame) > maxFrame || len(frame) < begin+chacha20poly1305.Overhead:
		return nil, errFrame
	case frame[0] != frameVersion:
		return nil, errVersion
	}
	inner, err := box.Open(nil, frame[1:begin], frame[begin:], []byte(subject))
	if err != nil {
		return nil, errSealed
	}
	return inner, nil
}
