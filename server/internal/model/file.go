package model

import "himsg/shared/wire"

// File is an uploaded file: what somebody said of it, and what the check found out.
type File struct {
	ID         int64
	UUID       string
	UploaderID int64
	Name       string
	Extension  string // lower case, without the dot
	Size       int64
	Received   int64
	State      wire.FileState
	Blob       string // name of its bytes
	SaidSHA256 string // hex, as the uploader said; may be empty
	SHA256     string // hex, as counted
	Type       string // MIME type
	Width      int
	Height     int
	Thumbnail  bool
	Unscanned  bool // nobody looked for malware: the scanner was away, and the policy lets that pass
	Refusal    *wire.Error
	CreatedAt  int64
	UpdatedAt  int64
	SentAt     int64 // when it was first hung on a message; 0: not yet
	GoneAt     int64 // when retention removed its bytes; 0: they are there
}

// Wire is the file as clients see it.
func (f File) Wire() wire.File {
	return wire.File{
		FileID: f.UUID, Name: f.Name, Size: f.Size, Type: f.Type, SHA256: f.SHA256,
		Width: f.Width, Height: f.Height, Thumbnail: f.Thumbnail && f.GoneAt == 0, Gone: f.GoneAt != 0,
	}
}
