package core

import (
	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// This file holds what crosses the bridge about files. The page never sees a path: it names files by handle (chosen here,
// not sent yet) or by file_id (the server has it).

// HeldFile is a file that waits in a room's composer. Its bytes stay where they are until it is sent, but for pasted ones.
type HeldFile struct {
	Handle  string   `json:"handle"`
	Name    string   `json:"name"`
	Size    int64    `json:"size"`
	Type    string   `json:"type"` // MIME type by the name, for an icon
	Width   int      `json:"width"`
	Height  int      `json:"height"`
	Preview bool     `json:"preview"`           // /held/<handle> shows a small picture of it
	Problem *Failure `json:"problem,omitempty"` // why it can't be sent; it must be taken out first
}

// HeldFiles are all that wait in a room's composer, in order.
type HeldFiles struct {
	RoomUUID string     `json:"room_uuid"`
	Files    []HeldFile `json:"files"`
}

// File is a file of a message. Of an own message that is not sent yet FileID is empty and Transfer names the upload.
//
// Thumbnail: /thumbnail/<file_id>/240 and /960 show it, with Width and Height known before; and /image/<file_id> shows the
// picture itself, for the viewer. A path that can't be had now is not found.
type File struct {
	FileID    string `json:"file_id"`
	Name      string `json:"name"`
	Size      int64  `json:"size"`
	Type      string `json:"type"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Thumbnail bool   `json:"thumbnail"`
	Gone      bool   `json:"gone"`     // the server no longer has its bytes
	Transfer  string `json:"transfer"` // of an upload; empty otherwise
	Saved     bool   `json:"saved"`    // it was saved on this device and is still there: it can be opened and shown in its folder
}

// TransferState is how far a transfer has come.
type TransferState string

// The transfer states.
const (
	TransferWaiting  TransferState = "waiting" // for its turn, or for the network
	TransferRunning  TransferState = "running"
	TransferChecking TransferState = "checking" // the server looks at it
	TransferDone     TransferState = "done"
	TransferFailed   TransferState = "failed" // see Failure; RetryTransfer tries again
	TransferCanceled TransferState = "canceled"
)

// Transfer is an upload or a download.
type Transfer struct {
	ID       string        `json:"id"`
	Upload   bool          `json:"upload"`
	RoomUUID string        `json:"room_uuid"`
	ClientID string        `json:"client_id"` // of the message of an upload
	FileID   string        `json:"file_id"`   // of a download
	Name     string        `json:"name"`
	Size     int64         `json:"size"`
	Done     int64         `json:"done"`  // bytes
	Speed    int64         `json:"speed"` // bytes a second lately, 0: not known
	State    TransferState `json:"state"`
	Failure  *Failure      `json:"failure,omitempty"`
}

// FilesQuery asks for a room's files. Kind is "photo", "other" or empty for both; Text is a part of the name; Before is the
// Next of the page before.
type FilesQuery struct {
	Kind   string `json:"kind"`
	Text   string `json:"text"`
	Before string `json:"before"`
}

// FilesPage is a page of a room's files, the newest first. Local: the network is away, and only what this device holds was
// looked at.
type FilesPage struct {
	Files []RoomFile `json:"files"`
	Next  string     `json:"next"`
	Local bool       `json:"local"`
}

// RoomFile is a file and the message that it hangs on.
type RoomFile struct {
	File       File   `json:"file"`
	MessageID  int64  `json:"message_id"`
	Seq        int64  `json:"seq"`
	SenderUUID string `json:"sender_uuid"`
	At         int64  `json:"at"`
}

// RefusedFile is a file that can't be sent, before any of it was.
type RefusedFile struct {
	Name    string   `json:"name"`
	Size    int64    `json:"size"`
	Failure *Failure `json:"failure"`
}

// FileLimits is what the server takes, for a word before an upload begins.
type FileLimits struct {
	MaxBytes int64    `json:"max_bytes"`
	Types    []string `json:"types"`
}

// viewFiles shows the files of a message.
func viewFiles(files []wire.File, saved func(fileID string) bool) []File {
	out := make([]File, 0, len(files))
	for _, f := range files {
		out = append(out, File{
			FileID: f.FileID, Name: f.Name, Size: f.Size, Type: f.Type, Width: f.Width, Height: f.Height,
			Thumbnail: f.Thumbnail, Gone: f.Gone, Saved: saved(f.FileID),
		})
	}
	return out
}

// viewUploads shows the files of a message that is not sent yet, or not back yet. Whatever the server calls them already, what is
// held here of them is what can be shown: a file is found by its file_id as one of a message.
func viewUploads(files []store.Upload) []File {
	out := make([]File, 0, len(files))
	for _, f := range files {
		out = append(out, File{Name: f.Name, Size: f.Size, Type: f.Type, Width: f.Width, Height: f.Height, Transfer: f.ID})
	}
	return out
}

// maxNamedFiles is how many files of a message a line of the room list names.
const maxNamedFiles = 3

func fileNames(files []wire.File) []string {
	out := []string{}
	for _, f := range files[:min(len(files), maxNamedFiles)] {
		out = append(out, f.Name)
	}
	return out
}

// countPhotos says how many files are photos.
func countPhotos(files []wire.File) (n int) {
	for _, f := range files {
		if f.Thumbnail {
			n++
		}
	}
	return n
}
