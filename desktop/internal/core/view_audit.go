package core

import "himsg/shared/wire"

// This file holds what crosses the bridge about the record of administrative acts, see view.go.

// AuditQuery asks for entries. What is empty or 0 doesn't narrow it; To is exclusive. Before is the Next of the page before.
type AuditQuery struct {
	Actor   string `json:"actor"`   // user_uuid of who did it
	Subject string `json:"subject"` // uuid of who or what it was done to
	Action  string `json:"action"`
	From    int64  `json:"from"`
	To      int64  `json:"to"`
	Before  int64  `json:"before"`
}

// AuditPage is a page of the record, the newest first.
type AuditPage struct {
	Entries []AuditEntry `json:"entries"`
	Next    int64        `json:"next"` // 0: no more
}

// AuditEntry is one administrative act.
type AuditEntry struct {
	ID        int64  `json:"id"`
	At        int64  `json:"at"`
	ActorUUID string `json:"actor_uuid"` // empty: nobody who was signed in
	ActorName string `json:"actor_name"`
	Action    string `json:"action"`
	Subject   string `json:"subject"` // the uuid of the person, room, file, backup or request

	// Who the subject is, if it is a person: one who waits for an approval is not in the directory. A server older than this app
	// doesn't say it.
	SubjectName     string `json:"subject_name"`
	SubjectUsername string `json:"subject_username"`

	Detail  string `json:"detail"`
	Address string `json:"address"`
}

// AuditCheck says whether the record is what was written. Fault is the server's sentence about the first entry that is wrong, Cause
// the same in parts, which a server older than this app does not send.
type AuditCheck struct {
	Whole   bool             `json:"whole"`
	Entries int64            `json:"entries"`
	Head    string           `json:"head"`   // hash of the last entry
	Signed  int64            `json:"signed"` // the last entry that was signed outside the database, 0: none yet
	Fault   string           `json:"fault"`
	Cause   *wire.AuditFault `json:"cause"`
	TookMS  int64            `json:"took_ms"`
}
