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

// KeepLaunch hands on to Face.
func (b *Bridge) KeepLaunch(picture core.LaunchPicture) error { return b.face.KeepLaunch(picture) }

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

// AskReset hands on to Face.
func (b *Bridge) AskReset(username, employeeID, department string) error {
	return b.face.AskReset(username, employeeID, department)
}

// CheckReset hands on to Face.
func (b *Bridge) CheckReset() error { return b.face.CheckReset() }

// CancelReset hands on to Face.
func (b *Bridge) CancelReset() error { return b.face.CancelReset() }

// FinishReset hands on to Face.
func (b *Bridge) FinishReset(next string, keep bool) error { return b.face.FinishReset(next, keep) }

// RedeemCode hands on to Face.
func (b *Bridge) RedeemCode(username, code, next string, keep bool) error {
	return b.face.RedeemCode(username, code, next, keep)
}

// SignOut hands on to Face.
func (b *Bridge) SignOut() error { return b.face.SignOut() }

// SignInByBrowser hands on to Face.
func (b *Bridge) SignInByBrowser(keep bool) error { return b.face.SignInByBrowser(keep) }

// UnlockByBrowser hands on to Face.
func (b *Bridge) UnlockByBrowser() error { return b.face.UnlockByBrowser() }

// CancelBrowser hands on to Face.
func (b *Bridge) CancelBrowser() error { return b.face.CancelBrowser() }

// Lock hands on to Face.
func (b *Bridge) Lock() error { return b.face.Lock() }

// Unlock hands on to Face.
func (b *Bridge) Unlock(password string) error { return b.face.Unlock(password) }

// ChangePassword hands on to Face.
func (b *Bridge) ChangePassword(current, next string) error {
	return b.face.ChangePassword(current, next)
}

// MyProfile hands on to Face.
func (b *Bridge) MyProfile() (core.OwnProfile, error) { return b.face.MyProfile() }

// ChangeProfile hands on to Face.
func (b *Bridge) ChangeProfile(change wire.ProfileRequest) error { return b.face.ChangeProfile(change) }

// ChooseMyPicture hands on to Face.
func (b *Bridge) ChooseMyPicture() (bool, error) { return b.face.ChooseMyPicture() }

// RemoveMyPicture hands on to Face.
func (b *Bridge) RemoveMyPicture() error { return b.face.RemoveMyPicture() }

// MyDevices hands on to Face.
func (b *Bridge) MyDevices() ([]core.Device, error) { return b.face.MyDevices() }

// SignOutDevice hands on to Face.
func (b *Bridge) SignOutDevice(sessionUUID string) error { return b.face.SignOutDevice(sessionUUID) }

// SignOutOthers hands on to Face.
func (b *Bridge) SignOutOthers() (int, error) { return b.face.SignOutOthers() }

// AuditEntries hands on to Face.
func (b *Bridge) AuditEntries(query core.AuditQuery) (core.AuditPage, error) {
	return b.face.AuditEntries(query)
}

// VerifyAudit hands on to Face.
func (b *Bridge) VerifyAudit() (core.AuditCheck, error) { return b.face.VerifyAudit() }

// SaveAudit hands on to Face.
func (b *Bridge) SaveAudit(query core.AuditQuery) (bool, error) { return b.face.SaveAudit(query) }

// PeopleDevices hands on to Face.
func (b *Bridge) PeopleDevices(query core.DeviceQuery) (core.DevicePage, error) {
	return b.face.PeopleDevices(query)
}

// RemoveDevices hands on to Face.
func (b *Bridge) RemoveDevices(userUUID, sessionUUID, reason string) (int, error) {
	return b.face.RemoveDevices(userUUID, sessionUUID, reason)
}

// DepartmentNames hands on to Face.
func (b *Bridge) DepartmentNames() ([]string, error) { return b.face.DepartmentNames() }

// OpenRoom hands on to Face.
func (b *Bridge) OpenRoom(roomUUID string, atSeq int64) (core.Conversation, error) {
	return b.face.OpenRoom(roomUUID, atSeq)
}

// OpenRoomAt hands on to Face.
func (b *Bridge) OpenRoomAt(roomUUID string, at int64) (core.Conversation, error) {
	return b.face.OpenRoomAt(roomUUID, at)
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

// Newer hands on to Face.
func (b *Bridge) Newer(roomUUID string, afterSeq int64) (core.Page, error) {
	return b.face.Newer(roomUUID, afterSeq)
}

// Messages hands on to Face.
func (b *Bridge) Messages(roomUUID string, seqs []int64) ([]core.Message, error) {
	return b.face.Messages(roomUUID, seqs)
}

// Send hands on to Face.
func (b *Bridge) Send(roomUUID string, draft core.Draft) (core.Message, error) {
	return b.face.Send(roomUUID, draft)
}

// Forward hands on to Face.
func (b *Bridge) Forward(messageIDs []int64, roomUUIDs []string) error {
	return b.face.Forward(messageIDs, roomUUIDs)
}

// ChooseFiles hands on to Face.
func (b *Bridge) ChooseFiles(roomUUID string) ([]core.RefusedFile, error) {
	return b.face.ChooseFiles(roomUUID)
}

// BeginTake hands on to Face.
func (b *Bridge) BeginTake(roomUUID, name string, size int64) (string, error) {
	return b.face.BeginTake(roomUUID, name, size)
}

// AppendTake hands on to Face.
func (b *Bridge) AppendTake(handle string, offset int64, content string) error {
	return b.face.AppendTake(handle, offset, content)
}

// EndTake hands on to Face.
func (b *Bridge) EndTake(handle string) error { return b.face.EndTake(handle) }

// CancelTake hands on to Face.
func (b *Bridge) CancelTake(handle string) error { return b.face.CancelTake(handle) }

// PasteFile hands on to Face.
func (b *Bridge) PasteFile(roomUUID, content string) error {
	return b.face.PasteFile(roomUUID, content)
}

// DropHeld hands on to Face.
func (b *Bridge) DropHeld(roomUUID string, handles []string) error {
	return b.face.DropHeld(roomUUID, handles)
}

// FileLimits hands on to Face.
func (b *Bridge) FileLimits() (core.FileLimits, error) { return b.face.FileLimits() }

// CancelTransfer hands on to Face.
func (b *Bridge) CancelTransfer(id string) error { return b.face.CancelTransfer(id) }

// RetryTransfer hands on to Face.
func (b *Bridge) RetryTransfer(id string) error { return b.face.RetryTransfer(id) }

// SaveFile hands on to Face.
func (b *Bridge) SaveFile(fileID string) (bool, error) { return b.face.SaveFile(fileID) }

// SaveFiles hands on to Face.
func (b *Bridge) SaveFiles(fileIDs []string) (bool, error) { return b.face.SaveFiles(fileIDs) }

// DownloadFile hands on to Face.
func (b *Bridge) DownloadFile(fileID string) error { return b.face.DownloadFile(fileID) }

// OpenFile hands on to Face.
func (b *Bridge) OpenFile(fileID string) error { return b.face.OpenFile(fileID) }

// ShowFile hands on to Face.
func (b *Bridge) ShowFile(fileID string) error { return b.face.ShowFile(fileID) }

// CheckPicture hands on to Face.
func (b *Bridge) CheckPicture(fileID string, size int) error {
	return b.face.CheckPicture(fileID, size)
}

// CopyPicture hands on to Face.
func (b *Bridge) CopyPicture(fileID string) error { return b.face.CopyPicture(fileID) }

// RoomFiles hands on to Face.
func (b *Bridge) RoomFiles(roomUUID string, query core.FilesQuery) (core.FilesPage, error) {
	return b.face.RoomFiles(roomUUID, query)
}

// Resend hands on to Face.
func (b *Bridge) Resend(clientID string) error { return b.face.Resend(clientID) }

// Discard hands on to Face.
func (b *Bridge) Discard(clientID string) error { return b.face.Discard(clientID) }

// Edit hands on to Face.
func (b *Bridge) Edit(messageID int64, draft core.Draft, baseRev int64) error {
	return b.face.Edit(messageID, draft, baseRev)
}

// DeleteMessage hands on to Face.
func (b *Bridge) DeleteMessage(messageID int64) error { return b.face.DeleteMessage(messageID) }

// HideMessages hands on to Face.
func (b *Bridge) HideMessages(messageIDs []int64) error { return b.face.HideMessages(messageIDs) }

// React hands on to Face.
func (b *Bridge) React(messageID int64, emoji string, on bool) error {
	return b.face.React(messageID, emoji, on)
}

// Pin hands on to Face.
func (b *Bridge) Pin(messageID int64, on bool) error { return b.face.Pin(messageID, on) }

// Readers hands on to Face.
func (b *Bridge) Readers(roomUUID string, seq int64, read bool, after string) (core.ReaderPage, error) {
	return b.face.Readers(roomUUID, seq, read, after)
}

// Seen hands on to Face.
func (b *Bridge) Seen(roomUUID string, seq int64) error { return b.face.Seen(roomUUID, seq) }

// SetDraft hands on to Face.
func (b *Bridge) SetDraft(roomUUID string, draft core.Draft) error {
	return b.face.SetDraft(roomUUID, draft)
}

// SetPlace hands on to Face.
func (b *Bridge) SetPlace(roomUUID string, place core.Place) error {
	return b.face.SetPlace(roomUUID, place)
}

// MarkRead hands on to Face.
func (b *Bridge) MarkRead(roomUUID string) error { return b.face.MarkRead(roomUUID) }

// SetMy hands on to Face.
func (b *Bridge) SetMy(roomUUID string, change core.MyChange) error {
	return b.face.SetMy(roomUUID, change)
}

// RoomMembers hands on to Face.
func (b *Bridge) RoomMembers(roomUUID, after string) (core.MemberPage, error) {
	return b.face.RoomMembers(roomUUID, after)
}

// Invite hands on to Face.
func (b *Bridge) Invite(roomUUID string, userUUIDs []string) error {
	return b.face.Invite(roomUUID, userUUIDs)
}

// RemoveMember hands on to Face.
func (b *Bridge) RemoveMember(roomUUID, userUUID string) error {
	return b.face.RemoveMember(roomUUID, userUUID)
}

// SetMemberRole hands on to Face.
func (b *Bridge) SetMemberRole(roomUUID, userUUID, role string) error {
	return b.face.SetMemberRole(roomUUID, userUUID, role)
}

// RenameRoom hands on to Face.
func (b *Bridge) RenameRoom(roomUUID, name string) error {
	return b.face.RenameRoom(roomUUID, name)
}

// SetRoomHistory hands on to Face.
func (b *Bridge) SetRoomHistory(roomUUID, history string) error {
	return b.face.SetRoomHistory(roomUUID, history)
}

// ChooseRoomPicture hands on to Face.
func (b *Bridge) ChooseRoomPicture(roomUUID string) (bool, error) {
	return b.face.ChooseRoomPicture(roomUUID)
}

// RemoveRoomPicture hands on to Face.
func (b *Bridge) RemoveRoomPicture(roomUUID string) error {
	return b.face.RemoveRoomPicture(roomUUID)
}

// CloseRoom hands on to Face.
func (b *Bridge) CloseRoom(roomUUID string) error { return b.face.CloseRoom(roomUUID) }

// Search hands on to Face.
func (b *Bridge) Search(query core.SearchQuery) (core.SearchPage, error) {
	return b.face.Search(query)
}

// Typing hands on to Face.
func (b *Bridge) Typing(roomUUID string) error { return b.face.Typing(roomUUID) }

// InView hands on to Face.
func (b *Bridge) InView(roomUUID string, focused bool) error {
	return b.face.InView(roomUUID, focused)
}

// SetPresence hands on to Face.
func (b *Bridge) SetPresence(state string) error { return b.face.SetPresence(state) }

// PendingUsers hands on to Face.
func (b *Bridge) PendingUsers() ([]core.PendingUser, error) { return b.face.PendingUsers() }

// Approve hands on to Face.
func (b *Bridge) Approve(id int64) error { return b.face.Approve(id) }

// Reject hands on to Face.
func (b *Bridge) Reject(id int64, reason string) error { return b.face.Reject(id, reason) }

// Statistics hands on to Face.
func (b *Bridge) Statistics(days int) (core.Statistics, error) { return b.face.Statistics(days) }

// StartAnew hands on to Face.
func (b *Bridge) StartAnew() error { return b.face.StartAnew() }

// SaveSettings hands on to Face.
func (b *Bridge) SaveSettings(settings core.Settings) error { return b.face.SaveSettings(settings) }

// Storage hands on to Face.
func (b *Bridge) Storage() (core.Storage, error) { return b.face.Storage() }

// ClearCache hands on to Face.
func (b *Bridge) ClearCache() error { return b.face.ClearCache() }

// About hands on to Face.
func (b *Bridge) About() (core.About, error) { return b.face.About() }

// Licences hands on to Face.
func (b *Bridge) Licences() ([]core.Component, error) { return b.face.Licences() }

// LicenceText hands on to Face.
func (b *Bridge) LicenceText(number int) (string, error) { return b.face.LicenceText(number) }

// CheckForUpdate hands on to Face.
func (b *Bridge) CheckForUpdate() error { return b.face.CheckForUpdate() }

// RestartForUpdate hands on to Face.
func (b *Bridge) RestartForUpdate() error { return b.face.RestartForUpdate() }

// Diagnose hands on to Face.
func (b *Bridge) Diagnose() (core.Diagnosis, error) { return b.face.Diagnose() }

// DiagnosisText hands on to Face.
func (b *Bridge) DiagnosisText() (string, error) { return b.face.DiagnosisText() }

// TestNotification hands on to Face.
func (b *Bridge) TestNotification() (core.NotificationTest, error) { return b.face.TestNotification() }

// Snooze hands on to Face.
func (b *Bridge) Snooze(minutes int) error { return b.face.Snooze(minutes) }

// OpenLink hands on to Face.
func (b *Bridge) OpenLink(address string) error { return b.face.OpenLink(address) }
