package wire

import "fmt"

// Code says what went wrong in a way that a program can act on. Its values are part of the protocol and never change.
type Code string

// The codes and the HTTP statuses that carry them. The server's package errs holds the mapping.
const (
	BadRequest      Code = "bad_request"      // 400: the request breaks a rule of its own
	Unauthenticated Code = "unauthenticated"  // 401: no session, or one that ended
	Forbidden       Code = "forbidden"        // 403: known to the caller, but not allowed
	NotFound        Code = "not_found"        // 404: absent, or nothing that the caller may know of
	Conflict        Code = "conflict"         // 409: taken, or changed meanwhile
	TooLarge        Code = "too_large"        // 413
	UnsupportedType Code = "unsupported_type" // 415
	RateLimited     Code = "rate_limited"     // 429, with Retry-After
	TooOld          Code = "too_old"          // 426: this version of the app may not work here any more
	Internal        Code = "internal"         // 500: the server's fault; the log has the request id
	Unavailable     Code = "unavailable"      // 503: try again later; nothing was stored unless a repeat says so
)

// Temporary reports whether the same request may succeed later without a change.
func (c Code) Temporary() bool {
	return c == Unavailable || c == RateLimited || c == Internal
}

// Error is a refusal as it stands on the wire: in an Envelope's err.
//
// Reason narrows Code for a user's side that shows its own text (see the Reason constants); Message is a text in the
// language that the request asked for.
type Error struct {
	Code         Code   `json:"code"`
	Reason       Reason `json:"reason,omitempty"`
	Message      string `json:"message"`
	RequestID    string `json:"request_id,omitempty"`
	RetryAfterMS int64  `json:"retry_after_ms,omitempty"`
}

// Error implements error.
func (e *Error) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("%s (%s): %s", e.Code, e.Reason, e.Message)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// HTTPError is the body of every HTTP error: {"error":"…","code":"…","request_id":"…"}.
type HTTPError struct {
	Error     string       `json:"error" doc:"What happened, in the language asked for by Accept-Language (ko, en)"`
	Code      Code         `json:"code" doc:"What happened, for a program"`
	Reason    Reason       `json:"reason,omitempty" doc:"A finer cause, where there is one"`
	Details   []FieldError `json:"details,omitempty" doc:"The fields that were refused"`
	RequestID string       `json:"request_id" doc:"Find it in the server's log"`
}

// FieldError names one refused field of a body.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Reason narrows a Code where the user's side must act or speak differently.
type Reason string

// Reasons. The user's side has a text of its own for each.
const (
	ReasonBadCredentials  Reason = "bad_credentials"   // unauthenticated: user name or password is wrong
	ReasonPending         Reason = "pending"           // forbidden: right password, waiting for approval
	ReasonRejected        Reason = "rejected"          // forbidden: right password, sign-up rejected
	ReasonDisabled        Reason = "disabled"          // forbidden: right password, account disabled
	ReasonTokenExpired    Reason = "token_expired"     // unauthenticated: refresh and try again
	ReasonTokenInvalid    Reason = "token_invalid"     // unauthenticated: not one of ours
	ReasonSessionRevoked  Reason = "session_revoked"   // unauthenticated: signed out elsewhere; sign in again
	ReasonDeviceRemoved   Reason = "device_removed"    // unauthenticated: an admin ended this device; wipe its copy
	ReasonPasswordReset   Reason = "password_reset"    // unauthenticated: the password was reset; sign in with the new one
	ReasonRefreshReused   Reason = "refresh_reused"    // unauthenticated: the token was used before; family ended
	ReasonUsernameTaken   Reason = "username_taken"    // bad_request, as the original answered
	ReasonEmailTaken      Reason = "email_taken"       // bad_request
	ReasonEmployeeIDTaken Reason = "employee_id_taken" // bad_request
	ReasonWeakPassword    Reason = "weak_password"     // bad_request: too short, too long or too common
	ReasonWrongPassword   Reason = "wrong_password"    // unauthenticated: the current password is wrong
	ReasonUnknownOp       Reason = "unknown_op"        // bad_request
	ReasonTooManyPeople   Reason = "too_many_people"   // bad_request
	ReasonTooFewPeople    Reason = "too_few_people"    // bad_request
	ReasonTextEmpty       Reason = "text_empty"        // bad_request
	ReasonTextTooLong     Reason = "text_too_long"     // bad_request
	ReasonTextInvalid     Reason = "text_invalid"      // bad_request: broken UTF-8 or control characters
	ReasonLastOwner       Reason = "last_owner"        // conflict
	ReasonOneself         Reason = "oneself"           // forbidden: nobody may do this to himself
	ReasonRank            Reason = "rank"              // forbidden: the actor may not administer this person
	ReasonDecided         Reason = "decided"           // bad_request, conflict: somebody else was first; the message names him
	ReasonMessageDeleted  Reason = "message_deleted"   // conflict: nothing can be done to a deleted message
	ReasonEditConflict    Reason = "edit_conflict"     // conflict: another device edited it meanwhile
	ReasonHeld            Reason = "held"              // conflict: a legal hold keeps it from being deleted
	ReasonReminded        Reason = "reminded"          // conflict: people were reminded of this notice within the hour
	ReasonUnknownEmoji    Reason = "unknown_emoji"     // bad_request: not one emoji of the set
	ReasonTooManyEmoji    Reason = "too_many_emoji"    // bad_request: MaxReactions different ones are there
	ReasonTooManyPins     Reason = "too_many_pins"     // bad_request
	ReasonTooManyMentions Reason = "too_many_mentions" // bad_request
	ReasonMentionAll      Reason = "mention_all"       // forbidden: only an owner may call everybody
	ReasonNotYours        Reason = "not_yours"         // forbidden: somebody else's message
	ReasonNotRoomOwner    Reason = "not_room_owner"    // forbidden
	ReasonReadOnly        Reason = "read_only"         // forbidden: only administrators write here
	ReasonNotGroup        Reason = "not_group"         // bad_request: only groups have this
	ReasonSourceGone      Reason = "source_gone"       // not_found: the message to forward is no longer there
	ReasonQueryTooShort   Reason = "query_too_short"   // bad_request
	ReasonQueryTooLong    Reason = "query_too_long"    // bad_request
	ReasonBadImage        Reason = "bad_image"         // unsupported_type: not a picture that can be read
	ReasonPasswordOutside Reason = "password_outside"  // conflict: it is the company account's, to be changed there
	ReasonDirectoryAway   Reason = "directory_away"    // unavailable: the company's own directory (LDAP) can't be asked
	ReasonBusy            Reason = "busy"              // unavailable: too much at once
	ReasonFileTooLarge    Reason = "file_too_large"    // too_large: more than the policy allows
	ReasonFileEmpty       Reason = "file_empty"        // bad_request: no bytes
	ReasonFileName        Reason = "file_name"         // bad_request: no usable name
	ReasonFileType        Reason = "file_type"         // unsupported_type: the policy does not list this extension
	ReasonFileContent     Reason = "file_content"      // unsupported_type: the bytes are not what the name says
	ReasonFileImage       Reason = "file_image"        // unsupported_type: too many pixels, or pictures in it
	ReasonFileArchive     Reason = "file_archive"      // unsupported_type: it unpacks to too much
	ReasonFileInfected    Reason = "file_infected"     // unsupported_type: the malware scanner found something
	ReasonFileUnscanned   Reason = "file_unscanned"    // unavailable: the malware scanner can't be reached
	ReasonFileChecksum    Reason = "file_checksum"     // conflict: the bytes that came are not those that were sent
	ReasonFileNotReady    Reason = "file_not_ready"    // conflict: not all bytes are there, or not checked yet
	ReasonFileUsed        Reason = "file_used"         // conflict: it was sent with another message
	ReasonFileGone        Reason = "file_gone"         // not_found: removed by retention
	ReasonFileDeleted     Reason = "file_deleted"      // not_found: its message was deleted, for everyone or by oneself
	ReasonFileUnknown     Reason = "file_unknown"      // not_found: there is none, or none that the caller may know of
	ReasonFileForbidden   Reason = "file_forbidden"    // forbidden: the caller left the conversation that it is in
	ReasonFileEncrypted   Reason = "file_encrypted"    // unsupported_type: the policy takes nothing with a password
	ReasonTooManyFiles    Reason = "too_many_files"    // bad_request: more than MaxMessageFiles
	ReasonPersonQuota     Reason = "person_quota"      // too_large: this person's files fill his share
	ReasonTotalQuota      Reason = "total_quota"       // too_large: everybody's files fill the server's share
	ReasonDiskFull        Reason = "disk_full"         // unavailable: the store of files has no room
)
