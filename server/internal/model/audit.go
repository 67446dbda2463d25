package model

// AuditAction names what an audit entry is about: at most 32 ASCII characters.
type AuditAction string

// The actions that leave an audit entry.
const (
	AuditOwnerCreated    AuditAction = "owner_created"
	AuditUserRegistered  AuditAction = "user_registered"
	AuditUserApproved    AuditAction = "user_approved"
	AuditUserRejected    AuditAction = "user_rejected"
	AuditPasswordChanged AuditAction = "password_changed"
	AuditRefreshReused   AuditAction = "refresh_reused" // a spent refresh token came back: its session was ended
	AuditRoomClosed      AuditAction = "room_closed"
	AuditFilePolicy      AuditAction = "file_policy"
	AuditFileUnscanned   AuditAction = "file_unscanned"  // nobody looked for malware, and the policy lets that pass
	AuditFileRetired     AuditAction = "file_retired"    // retention removed its bytes
	AuditResetRequested  AuditAction = "reset_requested" // its subject is empty when nobody matches
	AuditResetApproved   AuditAction = "reset_approved"
	AuditResetRejected   AuditAction = "reset_rejected"
	AuditCodeMade        AuditAction = "code_made"      // a one-time code for a person
	AuditPasswordReset   AuditAction = "password_reset" // set by the device that asked, or with a one-time code
	AuditSessionEnded    AuditAction = "session_ended"  // by the person himself
	AuditDeviceRemoved   AuditAction = "device_removed" // by an administrator
	AuditRoleChanged     AuditAction = "role_changed"
	AuditUserDisabled    AuditAction = "user_disabled"
	AuditUserEnabled     AuditAction = "user_enabled"
	AuditDeleteRequested AuditAction = "delete_requested"
	AuditDeleteFailed    AuditAction = "delete_failed" // or cancelled: nobody was deleted
	AuditUserDeleted     AuditAction = "user_deleted"
	AuditBackupFetched   AuditAction = "backup_fetched"
	AuditBackupExpired   AuditAction = "backup_expired"
	AuditAuditExported   AuditAction = "audit_exported"
	AuditAccessRequested AuditAction = "access_requested"
	AuditAccessApproved  AuditAction = "access_approved"
	AuditAccessRejected  AuditAction = "access_rejected"
	AuditAccessEnded     AuditAction = "access_ended"
	AuditContentRead     AuditAction = "content_read"
	AuditRoomsFound      AuditAction = "rooms_found" // who is in a room with whom
	AuditNoticeWritten   AuditAction = "notice_written"
	AuditNoticeEdited    AuditAction = "notice_edited"
	AuditNoticeWithdrawn AuditAction = "notice_withdrawn"
	AuditNoticeReminded  AuditAction = "notice_reminded"
	AuditNoticeExported  AuditAction = "notice_exported" // who confirmed it
	AuditRetentionSet    AuditAction = "retention_set"   // the rules
	AuditRetentionBegun  AuditAction = "retention_begun" // a run, by nobody when it began by itself
	AuditRetentionEnded  AuditAction = "retention_ended"
	AuditHoldPlaced      AuditAction = "hold_placed"
	AuditHoldEnded       AuditAction = "hold_ended"
	AuditServerBackedUp  AuditAction = "server_backed_up" // a copy of everything was made
	AuditServerRestored  AuditAction = "server_restored"  // all before it comes from a backup
	AuditLegacyBegun     AuditAction = "legacy_begun"     // people and conversations of the original Hi_Msg begin to come
	AuditLegacyImported  AuditAction = "legacy_imported"  // they are all here
	AuditMirrored        AuditAction = "mirrored"         // accounts were brought in step with the company's own directory

	AuditDepartmentCreated  AuditAction = "department_created"
	AuditDepartmentChanged  AuditAction = "department_changed"
	AuditDepartmentDeleted  AuditAction = "department_deleted"
	AuditDepartmentRoom     AuditAction = "department_room"
	AuditDepartmentRoomGone AuditAction = "department_room_ended"
	AuditPersonChanged      AuditAction = "person_changed"
	AuditPeopleChanged      AuditAction = "people_changed" // many at once
	AuditProfileFields      AuditAction = "profile_fields"
	AuditPeopleImported     AuditAction = "people_imported" // a slice of a file
	AuditPeopleExported     AuditAction = "people_exported"
	AuditFirstCodes         AuditAction = "first_codes" // codes for the first sign-in were handed out

	AuditIntegrationCreated  AuditAction = "integration_created"
	AuditIntegrationRotated  AuditAction = "integration_rotated" // it has another secret
	AuditIntegrationEnabled  AuditAction = "integration_enabled"
	AuditIntegrationDisabled AuditAction = "integration_disabled"
	AuditIntegrationFailed   AuditAction = "integration_failed" // the server gave it up, by nobody
	AuditIntegrationRemoved  AuditAction = "integration_removed"
)

// AuditEntry says who did what on whom, from where and when. It never holds contents, tokens or passwords.
type AuditEntry struct {
	ID         int64
	At         int64
	ActorID    int64 // 0: nobody who is signed in
	Action     AuditAction
	Subject    string // the uuid of the person, room or file it was done to
	Detail     string
	RemoteAddr string
}
