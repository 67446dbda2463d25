package shell

import (
	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// Bridge is the struct that Wails binds: the page finds its methods as window.go.shell.Bridge. Each hands on to the Face,
// whose comments say what it does.
type Bridge struct {
	face Face
}

var _ Face = (*Bridge)(nil)

// NewBridge returns a Bridge to face.
func NewBridge(face Face) *Bridge { return &Bridge{face: face} }

// Snapshot hands on to Face.
func (b *Bridge) Snapshot() (core.Update, error) { return b.face.Snapshot() }

// CheckServer hands on to Face.
func (b *Bridge) CheckServer(address string) (core.ServerCheck, error) {
	return b.face.CheckServer(address)
}

// UseServer hands on to Face.
func (b *Bridge) UseServer(address, fingerprint string) error {
	return b.face.UseServer(address, fingerprint)
}

// ForgetServer hands on to Face.
func (b *Bridge) ForgetServer() error { return b.face.ForgetServer() }

// SignIn hands on to Face.
func (b *Bridge) SignIn(username, password string, keep bool) error {
	return b.face.SignIn(username, password, keep)
}

// SignUp hands on to Face.
func (b *Bridge) SignUp(form wire.RegisterRequest) error { return b.face.SignUp(form) }

// CheckSignUp hands on to Face.
func (b *Bridge) CheckSignUp() error { return b.face.CheckSignUp() }

// CancelSignUp hands on to Face.
func (b *Bridge) CancelSignUp() error { return b.face.CancelSignUp() }

// SignOut hands on to Face.
func (b *Bridge) SignOut() error { return b.face.SignOut() }

// ChangePassword hands on to Face.
func (b *Bridge) ChangePassword(current, next string) error {
	return b.face.ChangePassword(current, next)
}

// DepartmentNames hands on to Face.
func (b *Bridge) DepartmentNames() ([]string, error) { return b.face.DepartmentNames() }

// OpenRoom hands on to Face.
func (b *Bridge) OpenRoom(roomUUID string) (core.Conversation, error) {
	return b.face.OpenRoom(roomUUID)
}

// OpenPerson hands on to Face.
func (b *Bridge) OpenPerson(userUUID string) (string, error) { return b.face.OpenPerson(userUUID) }

// CreateGroup hands on to Face.
func (b *Bridge) CreateGroup(name string, userUUIDs []string) (string, error) {
	return b.face.CreateGroup(name, userUUIDs)
}

// LeaveRoom hands on to Face.
func (b *Bridge) LeaveRoom(roomUUID string) error { return b.face.LeaveRoom(roomUUID) }

// Older hands on to Face.
func (b *Bridge) Older(roomUUID string, beforeSeq int64) (core.Page, error) {
	return b.face.Older(roomUUID, beforeSeq)
}

// Send hands on to Face.
func (b *Bridge) Send(roomUUID, text string, replyToSeq int64) (core.Message, error) {
	return b.face.Send(roomUUID, text, replyToSeq)
}

// Resend hands on to Face.
func (b *Bridge) Resend(clientID string) error { return b.face.Resend(clientID) }

// Discard hands on to Face.
func (b *Bridge) Discard(clientID string) error { return b.face.Discard(clientID) }

// DeleteMessage hands on to Face.
func (b *Bridge) DeleteMessage(messageID int64) error { return b.face.DeleteMessage(messageID) }

// Seen hands on to Face.
func (b *Bridge) Seen(roomUUID string, seq int64) error { return b.face.Seen(roomUUID, seq) }

// SetDraft hands on to Face.
func (b *Bridge) SetDraft(roomUUID, text string) error { return b.face.SetDraft(roomUUID, text) }

// Typing hands on to Face.
func (b *Bridge) Typing(roomUUID string) error { return b.face.Typing(roomUUID) }

// InView hands on to Face.
func (b *Bridge) InView(roomUUID string, focused bool) error { return b.face.InView(roomUUID, focused) }

// SetPresence hands on to Face.
func (b *Bridge) SetPresence(state string) error { return b.face.SetPresence(state) }

// PendingUsers hands on to Face.
func (b *Bridge) PendingUsers() ([]core.PendingUser, error) { return b.face.PendingUsers() }

// Approve hands on to Face.
func (b *Bridge) Approve(id int64) error { return b.face.Approve(id) }

// Reject hands on to Face.
func (b *Bridge) Reject(id int64, reason string) error { return b.face.Reject(id, reason) }

// SaveSettings hands on to Face.
func (b *Bridge) SaveSettings(settings core.Settings) error { return b.face.SaveSettings(settings) }

// About hands on to Face.
func (b *Bridge) About() (core.About, error) { return b.face.About() }

// TestNotification hands on to Face.
func (b *Bridge) TestNotification() error { return b.face.TestNotification() }

// OpenLink hands on to Face.
func (b *Bridge) OpenLink(address string) error { return b.face.OpenLink(address) }
