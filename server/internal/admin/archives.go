package admin

import (
	"io"
)

// Archives seals the archives of deleted people, and opens them again. Package archive is one.
type Archives interface {
	// Check refuses keys that could seal nothing: bad_request, its field is recipient, for what is no public key.
	Check(k ArchiveKeys) error
	// Create begins an archive. What is written to w is nothing before Close of the writer.
	Create(w io.Writer, k ArchiveKeys) (ArchiveWriter, error)
	// Read opens an archive, hands every page of messages to each, in order, and returns what the files' bytes are. An
	// archive that was changed or cut is an error.
	Read(r io.Reader, k ArchiveKeys, each func(folder string, page []ArchiveMessage) error) (ArchiveSums, error)
}

// ArchiveKeys are what seals an archive besides the server's own key.
type ArchiveKeys struct {
	Recipient  string // a public key whose holder can open it too; empty: none
	Passphrase string // needed besides the key; empty: none
}

// ArchiveSums are the SHA-256 of an archive's files, in hex, by their path in it.
type ArchiveSums map[string]string

// ArchiveWriter writes an archive in the order of the calls.
type ArchiveWriter interface {
	// AddFile adds the bytes of a file and returns their SHA-256, in hex. Fewer or more than size are an error.
	AddFile(path string, size int64, r io.Reader) (sum string, err error)
	// AddPage adds a page of a room's messages, for people and for programs.
	AddPage(r ArchiveRoom, page string, list []ArchiveMessage) error
	// AddRoom adds a room's index after its pages.
	AddRoom(r ArchiveRoom) error
	// AddIndex adds the index of all rooms, at the end.
	AddIndex(title, about string, rooms []ArchiveRoom) error
	Close() error
}

// ArchiveRoom is a conversation as its index tells of it.
type ArchiveRoom struct {
	Folder   string   `json:"folder"` // of its pages
	UUID     string   `json:"room_uuid"`
	Kind     string   `json:"kind"`
	Name     string   `json:"name"`
	Members  []string `json:"members"`
	Messages int      `json:"messages"`
	Pages    []string `json:"pages"`
}

// ArchiveMessage is a message as the pages hold it.
type ArchiveMessage struct {
	Seq     int64         `json:"seq"`
	At      string        `json:"at"`
	Sender  string        `json:"sender"`
	Kind    string        `json:"kind"`
	Text    string        `json:"text"`
	Deleted bool          `json:"deleted,omitempty"`
	Files   []ArchiveFile `json:"files,omitempty"`
}

// ArchiveFile is a file of a message: Path leads to it from the archive's root; it is empty when retention removed its bytes.
type ArchiveFile struct {
	UUID   string `json:"file_id"`
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Path   string `json:"path,omitempty"`
}
