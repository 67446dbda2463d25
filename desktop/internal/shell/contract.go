package shell

import (
	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// Face is the contract between Go and the page: all that the page may ask for. Bridge, the bound struct, has these very
// methods, one line each; core.Core does the work; frontend/src/bridge has the typed door and its fake for tests.
//
// To add a call: add it here, to Bridge and to core, run make generate, add it to the page's bridge (both sides).
// Every argument comes from the page and is hostile until checked: ids are looked up, texts bounded, and no call takes a
// path, a shell word or a URL to fetch (CheckServer and UseServer take a server address, OpenLink opens outside).
// An error is a *core.Failure; the page's promise is rejected with an Error whose message is that Failure as JSON.
type Face interface {
	// Snapshot returns everything at once; the page calls it when it starts and then follows updates.
	Snapshot() (core.Update, error)

	// CheckServer says whether a Hi_Msg server answers at an address that the user typed.
	CheckServer(address string) (core.ServerCheck, error)
	// UseServer keeps the address. fingerprint is empty, or the one that the user saw and accepted.
	UseServer(address, fingerprint string) error
	// ForgetServer goes back to the connect screen. Refused when the address is preset.
	ForgetServer() error

	SignIn(username, password string, keep bool) error
	SignUp(form wire.RegisterRequest) error
	// CheckSignUp asks the server now; it is also asked by itself every few seconds while waiting.
	CheckSignUp() error
	// CancelSignUp leaves the waiting screen; the server keeps the request.
	CancelSignUp() error
	SignOut() error
	ChangePassword(current, next string) error
	// DepartmentNames lists the departments for the sign-up form.
	DepartmentNames() ([]string, error)

	OpenRoom(roomUUID string) (core.Conversation, error)
	// OpenPerson returns the room_uuid of the conversation with a person (oneself: the memo), made if there is none.
	OpenPerson(userUUID string) (string, error)
	CreateGroup(name string, userUUIDs []string) (string, error)
	LeaveRoom(roomUUID string) error
	Older(roomUUID string, beforeSeq int64) (core.Page, error)
	// Send stores the message in the outbox and returns it as pending. It works offline.
	Send(roomUUID, text string, replyToSeq int64) (core.Message, error)
	Resend(clientID string) error
	Discard(clientID string) error
	DeleteMessage(messageID int64) error
	// Seen moves the read cursor: the message was in view, in an open room, in a focused, visible window.
	Seen(roomUUID string, seq int64) error
	SetDraft(roomUUID, text string) error
	Typing(roomUUID string) error
	// InView tells what the user looks at, for notifications: the open room ("" for none) and whether the window has focus.
	InView(roomUUID string, focused bool) error
	// SetPresence takes "active", "away" or "dnd".
	SetPresence(state string) error

	// PendingUsers, Approve and Reject are for administrators.
	PendingUsers() ([]core.PendingUser, error)
	Approve(id int64) error
	Reject(id int64, reason string) error

	SaveSettings(settings core.Settings) error
	About() (core.About, error)
	// TestNotification shows one, so that the user can see whether it works here.
	TestNotification() error
	// OpenLink opens an http or https address of a message in the system's browser. Others are refused.
	OpenLink(address string) error
}
