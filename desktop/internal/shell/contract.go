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
	// KeepLaunch keeps what the list of rooms looks like, to be shown at the next start before the page's code has been read.
	KeepLaunch(picture core.LaunchPicture) error

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
	// AskReset asks for a new password; "received" whoever is named. State.Reset has the code to compare, and follows it.
	AskReset(username, employeeID, department string) error
	// CheckReset asks the server now; it is also asked by itself.
	CheckReset() error
	// CancelReset goes back to the sign-in screen.
	CancelReset() error
	// FinishReset sets the new password once the request was approved, and signs in.
	FinishReset(next string, keep bool) error
	// RedeemCode sets a new password with a one-time code that an administrator gave by hand, and signs in.
	RedeemCode(username, code, next string, keep bool) error
	SignOut() error
	// SignInByBrowser opens the company's sign-in page in the system's browser and returns; State.Browser holds until somebody
	// came back, State.Notice says what went wrong. CancelBrowser ends it. UnlockByBrowser is for a locked app whose user has
	// no password (State.UnlockBrowser).
	SignInByBrowser(keep bool) error
	UnlockByBrowser() error
	CancelBrowser() error
	// Lock hides everything until Unlock gets the account's password; messages go on arriving.
	Lock() error
	Unlock(password string) error
	ChangePassword(current, next string) error
	// MyProfile says what the signed-in person may change of himself; ChangeProfile does it, what is absent stays.
	MyProfile() (core.OwnProfile, error)
	ChangeProfile(change wire.ProfileRequest) error
	// ChooseMyPicture asks for an image file in a native dialog; false: the user chose none.
	ChooseMyPicture() (bool, error)
	RemoveMyPicture() error
	// MyDevices lists where I am signed in; SignOutDevice ends one of them, SignOutOthers all but this one.
	MyDevices() ([]core.Device, error)
	SignOutDevice(sessionUUID string) error
	SignOutOthers() (int, error)
	// DepartmentNames lists the departments for the sign-up form.
	DepartmentNames() ([]string, error)

	// OpenRoom returns a stretch of a room: around atSeq if that is not 0, else where there is something unread, else where
	// the reader left it, else the end.
	OpenRoom(roomUUID string, atSeq int64) (core.Conversation, error)
	// OpenRoomAt is OpenRoom around the first message of an instant (milliseconds) or after it.
	OpenRoomAt(roomUUID string, at int64) (core.Conversation, error)
	// OpenPerson returns the room_uuid of the conversation with a person (oneself: the memo), made if there is none.
	OpenPerson(userUUID string) (string, error)
	CreateGroup(name string, userUUIDs []string) (string, error)
	LeaveRoom(roomUUID string) error
	Older(roomUUID string, beforeSeq int64) (core.Page, error)
	Newer(roomUUID string, afterSeq int64) (core.Page, error)
	// Messages returns single messages by seq, at most 100: quoted and pinned ones. Missing ones are not there for the
	// reader, or (while offline) not held here.
	Messages(roomUUID string, seqs []int64) ([]core.Message, error)
	// Send stores the message in the outbox and returns it as pending. It works offline.
	Send(roomUUID string, draft core.Draft) (core.Message, error)
	// Forward sends messages on to rooms, in their order, through the outbox: at most 100 to at most 20 rooms.
	Forward(messageIDs []int64, roomUUIDs []string) error
	// ChooseFiles asks for files in a native dialog and puts them into a room's composer; see core.Update.Held.
	// Those that can't be sent are returned, each with the reason, and don't keep the others back.
	ChooseFiles(roomUUID string) ([]core.RefusedFile, error)
	// PasteFile puts a pasted picture into a room's composer: content is base64 of a png, jpeg or gif, at most 32 MiB.
	PasteFile(roomUUID, content string) error
	// BeginTake begins to put a file that was dropped on the window into a room's composer, and returns a handle for the rest.
	// The page reads the file: the system's own way of dropping would let the page name any path. What can't be sent is refused
	// before a byte of it is read. One file is taken at a time; the one before is dropped unless it was ended.
	BeginTake(roomUUID, name string, size int64) (string, error)
	// AppendTake takes the next bytes of a file: content is base64, at most 4 MiB of bytes, and offset is how many came before.
	AppendTake(handle string, offset int64, content string) error
	// EndTake puts the file into the composer; all its bytes must be there.
	EndTake(handle string) error
	// CancelTake drops what was taken. A repeat is harmless.
	CancelTake(handle string) error
	// DropHeld takes files out of a composer again.
	DropHeld(roomUUID string, handles []string) error
	// FileLimits says what the server takes.
	FileLimits() (core.FileLimits, error)
	// CancelTransfer ends an upload (its file is taken out of its message, which is discarded if nothing is left of it) or a
	// download.
	CancelTransfer(id string) error
	// RetryTransfer tries a failed one again.
	RetryTransfer(id string) error
	// SaveFile asks in a native dialog where to and saves; SaveFiles asks for a folder. false: the user chose none. The saving
	// goes on as a core.Transfer.
	SaveFile(fileID string) (bool, error)
	SaveFiles(fileIDs []string) (bool, error)
	// DownloadFile saves into the downloads folder without a question.
	DownloadFile(fileID string) error
	// OpenFile opens a saved file with the system's program for it; kinds that could run are refused (wire.Forbidden).
	OpenFile(fileID string) error
	// ShowFile shows a saved file in its folder.
	ShowFile(fileID string) error
	// CheckPicture says why an img with the picture of a file failed: size is 240, 960, or 0 for the picture itself. nil: it would
	// load now.
	CheckPicture(fileID string, size int) error
	// CopyPicture puts a picture on the clipboard.
	CopyPicture(fileID string) error
	// RoomFiles lists a room's files, from the server or, without a network, of the messages that this device holds.
	RoomFiles(roomUUID string, query core.FilesQuery) (core.FilesPage, error)
	Resend(clientID string) error
	Discard(clientID string) error
	// Edit replaces the text and mentions of an own message; baseRev is the rev of the message that was being edited.
	Edit(messageID int64, draft core.Draft, baseRev int64) error
	// DeleteMessage deletes an own message for everyone.
	DeleteMessage(messageID int64) error
	// HideMessages deletes messages for me alone, on all my devices; at most 100.
	HideMessages(messageIDs []int64) error
	React(messageID int64, emoji string, on bool) error
	// Pin makes a message the room's notice, or takes it off.
	Pin(messageID int64, on bool) error
	// Readers lists who has read a message, or who has not. after is the Next of the page before, empty at first.
	Readers(roomUUID string, seq int64, read bool, after string) (core.ReaderPage, error)
	// Seen moves the read cursor: the message was in view, in an open room, in a focused, visible window.
	Seen(roomUUID string, seq int64) error
	// SetDraft keeps what stands in a room's composer; while the app is locked, too.
	SetDraft(roomUUID string, draft core.Draft) error
	// SetPlace keeps where the reader is in a room.
	SetPlace(roomUUID string, place core.Place) error
	// MarkRead moves the read cursor to a room's last message: the user said so.
	MarkRead(roomUUID string) error
	// SetMy changes my own settings of a room, on all my devices.
	SetMy(roomUUID string, change core.MyChange) error
	// RoomMembers lists all members. after is the Next of the page before, empty at first.
	RoomMembers(roomUUID, after string) (core.MemberPage, error)
	Invite(roomUUID string, userUUIDs []string) error
	// RemoveMember, SetMemberRole ("owner", "member"), RenameRoom, SetRoomHistory ("joined", "all"), the picture calls and
	// CloseRoom (end the group for everybody) are for the owners of a group.
	RemoveMember(roomUUID, userUUID string) error
	SetMemberRole(roomUUID, userUUID, role string) error
	RenameRoom(roomUUID, name string) error
	SetRoomHistory(roomUUID, history string) error
	// ChooseRoomPicture asks for an image file in a native dialog; false: the user chose none.
	ChooseRoomPicture(roomUUID string) (bool, error)
	RemoveRoomPicture(roomUUID string) error
	CloseRoom(roomUUID string) error
	// Search looks for messages on the server or, without a network, among what this device holds.
	Search(query core.SearchQuery) (core.SearchPage, error)
	Typing(roomUUID string) error
	// InView tells what the user looks at, for notifications: the open room ("" for none) and whether the window has focus.
	InView(roomUUID string, focused bool) error
	// SetPresence takes "active", "away" or "dnd".
	SetPresence(state string) error

	// OlderNotices has the next page of notices asked for; they come as core.Update.Notices.
	OlderNotices() error
	// ReadNotice and ConfirmNotice say what the user did with a notice as it stood when it was edited at editedAt (0: never). To read
	// works offline; to confirm refuses then, and with wire.Conflict (edit_conflict) when it was changed meanwhile.
	ReadNotice(noticeUUID string, editedAt int64) error
	ConfirmNotice(noticeUUID string, editedAt int64) error

	// PendingUsers, Approve and Reject are for administrators.
	PendingUsers() ([]core.PendingUser, error)
	Approve(id int64) error
	Reject(id int64, reason string) error
	// PendingResets, ApproveReset, RejectReset and MakeResetCode help people who lost their password; for administrators.
	PendingResets() ([]core.PendingReset, error)
	ApproveReset(id int64) error
	RejectReset(id int64, reason string) error
	// MakeResetCode makes a one-time code to be given by hand; it is shown this once.
	MakeResetCode(userUUID string) (core.OneTimeCode, error)
	// Person returns what administrators see of a person; ChangePerson changes it, and what is absent stays.
	Person(userUUID string) (core.Person, error)
	ChangePerson(userUUID string, change wire.PersonRequest) (core.Person, error)
	// ChoosePersonPicture asks for an image file in a native dialog; false: the user chose none.
	ChoosePersonPicture(userUUID string) (bool, error)
	RemovePersonPicture(userUUID string) error
	// ChangeAccounts disables, enables or gives a role to at most 1,000 people, each for himself.
	ChangeAccounts(userUUIDs []string, change core.AccountChange) ([]core.AccountFate, error)
	// AssignPeople gives at most 1,000 people a department, position or grade, all or none; it returns how many changed.
	AssignPeople(userUUIDs []string, to core.Assignment) (int, error)
	// CreateDepartment makes a department below another, or at the top (""); it returns its department_uuid.
	CreateDepartment(parentUUID, name string) (string, error)
	ChangeDepartment(departmentUUID string, change wire.DepartmentRequest) error
	// DeleteDepartment removes one; its people and departments go to moveTo, another or "top". Without it only an empty one goes.
	DeleteDepartment(departmentUUID, moveTo string) error
	DepartmentRooms() ([]wire.DepartmentRoom, error)
	// SetDepartmentRoom gives a department a room that follows it; whole: with the people of all departments below it.
	SetDepartmentRoom(departmentUUID string, whole bool) error
	EndDepartmentRoom(departmentUUID string) error
	// ChooseImport asks for a file of people in a native dialog and has it compared; nothing is changed yet. It stands in the place
	// of the one before. false: the user chose none. The calls below are about the last one, which is found again after a restart.
	ChooseImport() (bool, error)
	// ImportStatus says how it stands; an empty state: there is none.
	ImportStatus() (core.PeopleImport, error)
	// ImportRows lists rows behind the row after; only is a fate, or "" for all.
	ImportRows(after int, only string) (core.ImportRows, error)
	ApplyImport() error
	// EndImport cancels it while it is at work, and forgets it otherwise.
	EndImport() error
	// SaveImportCodes, ExportPeople ("xlsx", "csv") and SaveBackup ask in a native dialog where to, and return when all is saved.
	// false: the user chose none, or stopped it by StopSaving.
	SaveImportCodes() (bool, error)
	ExportPeople(format string) (bool, error)
	// DeletePerson begins to back a person up and then delete him; Backups pages through those, and says how far they are.
	DeletePerson(userUUID string, order core.DeleteOrder) (core.Backup, error)
	Backups(before int64) (core.BackupPage, error)
	CancelBackup(backupUUID string) error
	SaveBackup(backupUUID string) (bool, error)
	StopSaving() error

	// AuditEntries pages through the record of administrative acts, VerifyAudit has it checked from end to end, SaveAudit asks in
	// a native dialog where to save what a query finds. For administrators and auditors.
	AuditEntries(query core.AuditQuery) (core.AuditPage, error)
	VerifyAudit() (core.AuditCheck, error)
	SaveAudit(query core.AuditQuery) (bool, error)

	// AccessRequests pages through the requests to read others' conversations; AskAccess makes one, DecideAccess approves, rejects
	// or ends one ("approve", "reject", "end"). AccessRooms, AccessMessages and SearchAccess are for who asked, after a second
	// person's approval and until its end; each call is audited. For administrators and auditors.
	AccessRequests(before int64) (core.AccessPage, error)
	AskAccess(order core.AccessOrder) (core.Access, error)
	DecideAccess(accessUUID, verb string) error
	AccessRooms(accessUUID string) ([]core.AccessRoom, error)
	// SaveAccessFile asks in a native dialog where to save a file of it; name is what that offers.
	SaveAccessFile(accessUUID, fileID, name string) (bool, error)
	// FindRooms pages through the rooms of people, to choose one that is asked for or held; it is audited.
	FindRooms(members []string, before int64) (core.FoundRooms, error)
	AccessMessages(accessUUID, roomUUID string, after int64) (core.AccessMessages, error)
	SearchAccess(accessUUID, roomUUID, text string, before int64) (core.AccessMessages, error)

	// PeopleDevices lists where anybody is signed in, by page; RemoveDevices signs one of a person's devices out, or with an
	// empty sessionUUID all, and has them wiped. For administrators.
	PeopleDevices(query core.DeviceQuery) (core.DevicePage, error)
	RemoveDevices(userUUID, sessionUUID, reason string) (int, error)

	// AllNotices pages through all notices, withdrawn ones too. This and the calls below are for administrators.
	AllNotices(before int64) (core.AdminNotices, error)
	// WriteNotice publishes a notice; sent again after a lost answer, the same content is the same notice.
	WriteNotice(draft core.NoticeDraft) error
	// EditNotice refuses with wire.Conflict (edit_conflict) when another administrator was first.
	EditNotice(noticeUUID string, change core.NoticeChange) error
	WithdrawNotice(noticeUUID, reason string) error
	// RemindNotice tells those who have not confirmed so, once an hour, and returns how many they are.
	RemindNotice(noticeUUID string) (int, error)
	// NoticeStatus says how far each department is, NoticePeople who has done what is asked for, by page; SaveNotice asks in a native
	// dialog where to save that as CSV. false: the user chose none.
	NoticeStatus(noticeUUID string) (core.NoticeStatus, error)
	NoticePeople(noticeUUID string, query core.NoticePeopleQuery) (core.NoticePeople, error)
	SaveNotice(noticeUUID string) (bool, error)

	// Statistics returns the figures of the last days (1 to 31), for administrators and auditors.
	Statistics(days int) (core.Statistics, error)

	// FilePolicy returns what files the server takes; SetFilePolicy replaces it. For administrators, as all down to SetProfileFields.
	FilePolicy() (wire.FilePolicyReply, error)
	SetFilePolicy(policy wire.FilePolicy) (wire.FilePolicyReply, error)

	// Retention returns how long what people wrote is kept; PreviewRetention counts what rules would delete, and deletes nothing.
	// StartRetention begins to delete, in the window or at once.
	Retention() (core.Retention, error)
	PreviewRetention(policy wire.RetentionPolicy) ([]core.RetentionCount, error)
	SetRetention(policy wire.RetentionPolicy) (wire.RetentionPolicy, error)
	StartRetention(inWindow bool, rev int64) error
	CancelRetention(runUUID string) error
	// Holds pages through what nothing is deleted of. kind is "person" or "room".
	Holds(before int64) (core.HoldPage, error)
	PlaceHold(kind, subjectUUID, reason string) error
	EndHold(holdUUID, reason string) error

	// Integrations pages through webhooks and tokens. AddIntegration and RotateIntegration tell a secret, which is told only then.
	Integrations(before int64) (core.IntegrationPage, error)
	AddIntegration(in wire.NewIntegration) (core.IntegrationSecret, error)
	RotateIntegration(integrationUUID string) (core.IntegrationSecret, error)
	// SetIntegration enables or disables one; fromNow: an outgoing hook passes over what was written meanwhile.
	SetIntegration(integrationUUID string, enabled, fromNow bool) error
	RemoveIntegration(integrationUUID string) error

	Health() (core.Health, error)
	// ProfileFields are what people may change of their own; was is what the page saw before.
	ProfileFields() ([]wire.Field, error)
	SetProfileFields(fields, was []wire.Field) ([]wire.Field, error)

	// StartAnew sets the local store aside that a newer version of the app wrote (Failure.Reason newer_store), and signs in without it.
	StartAnew() error

	SaveSettings(settings core.Settings) error
	// Storage says how much room the kept pictures take; ClearCache drops them.
	Storage() (core.Storage, error)
	ClearCache() error
	About() (core.About, error)
	// Licences lists what others made that is in the app, LicenceText has the text of one, by its Component.Text.
	Licences() ([]core.Component, error)
	LicenceText(number int) (string, error)
	// CheckForUpdate asks the server for a newer version of the app now; what comes of it is in core.State.App.
	CheckForUpdate() error
	// RestartForUpdate starts the app again, which installs what is ready; wire.Conflict when nothing is.
	RestartForUpdate() error
	// Diagnose looks at everything between the app and its work; updates tell of each finding before it returns.
	Diagnose() (core.Diagnosis, error)
	// DiagnosisText is the last diagnosis for IT, without secrets.
	DiagnosisText() (string, error)
	// TestNotification shows one, so that the user can see whether it works here, and says what it can and why none comes.
	TestNotification() (core.NotificationTest, error)
	// Snooze turns notifications off for some minutes, at most two days; 0 ends that, -1 means until tomorrow at nine.
	Snooze(minutes int) error
	// OpenLink opens an http or https address of a message in the system's browser. Others are refused.
	OpenLink(address string) error
}
