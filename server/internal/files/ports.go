package files

import (
	"context"
	"io"

	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Store keeps what is known of files. Every method is one transaction; refusals come back as *errs.Error, a database that is
// away as wire.Unavailable. now is the caller's clock, UTC milliseconds.
type Store interface {
	// AddFile stores a new file in state receiving, with the size that was announced. too_large (person_quota, total_quota)
	// if it would go over the policy's quotas, counting what others are uploading: checked in the same transaction.
	AddFile(ctx context.Context, f model.File, policy wire.FilePolicy) (model.File, error)
	// OwnFile returns a file that this person uploaded, whatever its state; not_found for any other.
	OwnFile(ctx context.Context, userID int64, fileUUID string) (model.File, error)
	// VisibleFile returns a ready file that the person may have now: his own that is not sent yet, or one that hangs on a message
	// that he may see now (present member, within what he sees of the room, not deleted, not hidden by himself). Otherwise
	// not_found: file_deleted if he could see one of its messages before it was deleted, file_gone if retention removed the
	// bytes, file_unknown for all else; forbidden (file_forbidden) if he could see it when he left the room; and of his own,
	// conflict (file_not_ready) or its refusal.
	VisibleFile(ctx context.Context, userID int64, fileUUID string) (model.File, error)
	// MessageFile is VisibleFile of a message's first file, with the same refusals.
	MessageFile(ctx context.Context, userID, messageID int64) (model.File, error)
	// ClaimUpload lets one writer at a time, over all nodes, add to a receiving file, until a time. false if another has it, or
	// the file is not receiving any more.
	ClaimUpload(ctx context.Context, fileID int64, writer string, until, now int64) (bool, error)
	// KeepUpload lets the writer go on until a later time. false if another had it meanwhile.
	KeepUpload(ctx context.Context, fileID int64, writer string, until int64) (bool, error)
	// FreeUpload ends what ClaimUpload gave to this writer. A repeat is harmless.
	FreeUpload(ctx context.Context, fileID int64, writer string) error
	// Received notes, now and then, how many bytes are stored and when the last came; Blobs knows it better. not_found if the
	// file is not receiving any more.
	Received(ctx context.Context, fileID, received, now int64) error
	// Checking moves a file from receiving to checking, with the size that it turned out to have: a form doesn't say how long
	// its file is before it ends, and announces what it can be at most. false if it is not receiving (another node was first).
	Checking(ctx context.Context, fileID, size, now int64) (bool, error)
	// Ready stores what the check found out (Type, SHA256, Width, Height, Thumbnail) and makes the file ready. One that is
	// Unscanned goes into the audit, in the same transaction. A repeat is harmless; conflict if the
	// file was refused meanwhile.
	Ready(ctx context.Context, f model.File, now int64) error
	// Refuse makes a file refused, with the code and reason to tell. Its row stays for a day. A repeat is harmless;
	// conflict if the file is ready: its bytes must stay.
	Refuse(ctx context.Context, fileID int64, refusal wire.Error, now int64) error
	// Drop removes the row of a person's own file that he has not sent, whatever its state, and returns it: its bytes must go
	// then. conflict (file_used) for one that was sent; not_found for any other.
	Drop(ctx context.Context, userID int64, fileUUID string) (model.File, error)
	// Unfinished returns files in state checking, oldest first: after a restart somebody must check them.
	Unfinished(ctx context.Context, limit int) ([]model.File, error)

	// RoomFiles pages through the files of a room that a member may see; see wire.RoomFilesReply.
	RoomFiles(ctx context.Context, q RoomFiles) (wire.RoomFilesReply, error)

	// Waste returns files whose bytes nobody will ask for again, oldest first, and why: not finished or not sent since before,
	// refused before, no message left that refers to them, older than retained (0: kept for ever).
	Waste(ctx context.Context, before, retained int64, limit int) ([]Waste, error)
	// Forget removes the row of a file, if it is still waste for the same reason; a file that retention took keeps its row,
	// marked gone. true: it did, and the bytes must go now. In this order nobody can send what is being removed.
	Forget(ctx context.Context, w Waste, now int64) (bool, error)
	// Blobs says which of these names are the Blob of a file whose bytes are kept.
	Blobs(ctx context.Context, names []string) (known []string, err error)

	// FilePolicy returns the policy, the usual one if none was set.
	FilePolicy(ctx context.Context) (wire.FilePolicy, error)
	// SetFilePolicy replaces the policy if its rev is still p.Rev (conflict otherwise), and writes that into the audit.
	SetFilePolicy(ctx context.Context, actor model.Actor, p wire.FilePolicy, now int64) (wire.FilePolicy, error)
	// FileUsage returns the bytes and number of the files that are kept.
	FileUsage(ctx context.Context) (bytes, count int64, err error)
}

// RoomFiles asks for a page of a room's files.
type RoomFiles struct {
	UserID   int64
	RoomUUID string
	Kind     string // "photo", "other" or empty
	Query    string // a part of the name, folded by package search; may be empty
	Before   string // Next of the page before
	Limit    int
}

// WasteReason says why nobody will ask for a file again.
type WasteReason string

// The reasons.
const (
	WasteAbandoned WasteReason = "abandoned" // never finished, or never sent
	WasteRefused   WasteReason = "refused"
	WasteUnused    WasteReason = "unused" // the messages that had it are deleted
	WasteRetention WasteReason = "retention"
)

// Waste is a file to remove.
type Waste struct {
	File   model.File
	Reason WasteReason
}

// Blobs keeps bytes under names that the caller makes: 32 hex digits. The last two say what of a file it is (see blobName), the
// others are random. Its adapters are in the folders beneath (disk, s3), with one suite of tests for both.
type Blobs interface {
	// Append adds bytes to an unfinished blob at an offset, durably, and returns how many were added, also with an error. Bytes
	// that are there beyond the offset are dropped: they were never acknowledged. wire.Conflict if fewer bytes than offset are
	// there.
	Append(ctx context.Context, name string, offset int64, r io.Reader) (int64, error)
	// Size is how many bytes of an unfinished blob are there durably; 0 for one that is not known.
	Size(ctx context.Context, name string) (int64, error)
	// Finish makes a blob readable that has all its bytes. A repeat is harmless.
	Finish(ctx context.Context, name string) error
	// Open reads a blob, finished or not. The caller closes it.
	Open(ctx context.Context, name string) (Blob, error)
	// Remove removes a blob, finished or not; one that is not there is removed already.
	Remove(ctx context.Context, name string) error
	// List calls fn with the names of blobs that were last written before a time (UTC milliseconds).
	List(ctx context.Context, before int64, fn func(name string) error) error
	// Ping tells whether bytes can be stored now.
	Ping(ctx context.Context) error
}

// Blob is an open blob.
type Blob interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// Painter makes pictures smaller.
type Painter interface {
	// Fit decodes a png, jpeg, gif, bmp or webp (of several pictures the first) and encodes it anew so that its longer side has
	// at most each of these pixels, upright and without what cameras write into it. width and height are the original's, as
	// shown. wire.TooLarge for too many pixels, found before they are decoded; wire.UnsupportedType for a broken image;
	// wire.Unavailable when others' images take too long.
	Fit(ctx context.Context, r io.ReadSeeker, sides ...int) (small [][]byte, width, height int, err error)
}

// Scanner looks for malware.
type Scanner interface {
	// Scan reads all of r and returns the name of what was found, empty for nothing. An error: it could not look.
	Scan(ctx context.Context, r io.Reader) (found string, err error)
	// Ping tells whether it could look now.
	Ping(ctx context.Context) error
}

// Sender sends a message with a file; package chat does.
type Sender interface {
	Send(ctx context.Context, actor model.Actor, cmd wire.SendRequest) (wire.SendReply, error)
	// MayPost tells whether the actor may write into a room: not_found or forbidden if not.
	MayPost(ctx context.Context, actor model.Actor, roomUUID string) error
}
