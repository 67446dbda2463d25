package wire

// Limits of files. What administrators set lies within them.
const (
	MaxFileNameBytes   = 255      // of a name in UTF-8 after NFC
	MaxMessageFiles    = 20       // files of one message
	MaxPolicyFileBytes = 5 << 30  // the largest file that a policy may allow
	UsualFileBytes     = 10 << 20 // and what it allows as long as nobody changed it
	UploadChunkBytes   = 8 << 20  // a client sends at most this much in one PATCH
	MaxRoomFilesLimit  = 100      // files of a room, a page
	SmallThumbnail     = 240      // pixels of the longer side
	LargeThumbnail     = 960
)

// UsualFileTypes are the kinds of files (their extensions) that are taken as long as nobody changed the policy.
var UsualFileTypes = []string{
	"png", "jpg", "jpeg", "gif", "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "rar", "txt",
}

// FileState is how far an upload has come.
type FileState string

// The file states. A ready one can be sent with a message by the one who uploaded it, once; others see it from then on.
const (
	FileReceiving FileState = "receiving" // bytes are missing
	FileChecking  FileState = "checking"  // all are there; the server looks at them
	FileReady     FileState = "ready"
	FileRefused   FileState = "refused" // Refusal says why; its bytes are gone
)

// FileStatus is GET /api/files/{file_id}: for the one who uploaded it from the first byte on, and from the moment it is sent
// for who may see one of its messages.
//
// Why a file, its thumbnail or a room's files are refused is in the Reason. 403: ReasonFileForbidden, the caller has left the
// conversation. 404: ReasonFileDeleted, ReasonFileGone (retention), ReasonFileUnknown (also for what he may not know of). For
// his own that is not sent, 409: ReasonFileNotReady (bytes are missing, or it is being checked), and 415 or 503: why it was
// refused (ReasonFileInfected …).
type FileStatus struct {
	State    FileState `json:"state"`
	Received int64     `json:"received"` // bytes that are stored
	File     File      `json:"file"`     // Width, Height and Thumbnail are known when it is ready
	Refusal  *Error    `json:"refusal,omitempty"`
}

// UploadFileReply answers POST /api/upload-file: the original's fields without the server's path, and the message's others.
type UploadFileReply struct {
	Message   string `json:"message"`
	FileName  string `json:"file_name"`
	FileSize  int64  `json:"file_size"`
	FileID    string `json:"file_id"`
	MessageID int64  `json:"message_id"`
	RoomUUID  string `json:"room_uuid"`
	Seq       int64  `json:"seq"`
	Timestamp Time   `json:"timestamp"`
}

// RoomFile is a file of a room, and the message that it hangs on.
type RoomFile struct {
	File       File   `json:"file"`
	MessageID  int64  `json:"message_id"`
	Seq        int64  `json:"seq"`
	SenderUUID string `json:"sender_uuid"`
	Timestamp  Time   `json:"timestamp"`
}

// RoomFilesReply is GET /api/chat-rooms/{room_uuid}/files?kind=&query=&before=&limit=, the newest first. kind is "photo" (what
// has a thumbnail), "other" or empty for both; query is a part of the name; before is the Next of the page before.
type RoomFilesReply struct {
	Files []RoomFile `json:"files"`
	Next  string     `json:"next,omitempty"`
}

// Unscanned says what becomes of files while the malware scanner can't be reached.
type Unscanned string

// What the policy may say of that.
const (
	UnscannedRefuse Unscanned = "refuse" // they wait for it, and are refused when it takes too long
	UnscannedAllow  Unscanned = "allow"  // they go through; the log and the audit say so
)

// Encrypted says what becomes of archives and documents that have a password: nobody can look into them.
type Encrypted string

// What the policy may say of that.
const (
	EncryptedAllow  Encrypted = "allow"  // they are taken; the malware scanner sees what it can
	EncryptedRefuse Encrypted = "refuse" // file_encrypted
)

// FilePolicy is what administrators allow: GET and PUT /api/admin/file-policy. A PUT names the Rev that it saw; a policy that
// was changed meanwhile is a conflict.
type FilePolicy struct {
	MaxBytes      int64     `json:"max_bytes"`      // of one file: 1…MaxPolicyFileBytes
	Types         []string  `json:"types"`          // extensions, lower case, without a dot; each among KnownTypes
	PersonQuota   int64     `json:"person_quota"`   // bytes of all that one person keeps on the server; 0: no limit
	TotalQuota    int64     `json:"total_quota"`    // and of all people's; 0: no limit
	RetentionDays int       `json:"retention_days"` // after which a file's bytes are removed; 0: never
	Unscanned     Unscanned `json:"unscanned"`
	// EncryptedArchives may be absent in a PUT: EncryptedAllow then.
	EncryptedArchives Encrypted `json:"encrypted_archives" required:"false"`
	Rev               int64     `json:"rev"`
}

// FilePolicyReply is the policy, what it may name, and what is used.
type FilePolicyReply struct {
	FilePolicy
	KnownTypes []string `json:"known_types"` // whose contents the server can check
	UsedBytes  int64    `json:"used_bytes"`
	FileCount  int64    `json:"file_count"`
	Scanner    string   `json:"scanner"` // "off", "ok", "down"
}
