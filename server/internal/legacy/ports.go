package legacy

import (
	"context"
	"io"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
)

// Source is the original's database, as it was at one moment. It only reads.
type Source interface {
	// Counts tells how many rows each of Tables has; a table that is not there has no entry.
	Counts(ctx context.Context) (map[string]int64, error)
	People(ctx context.Context, fn func(Person) error) error
	Rooms(ctx context.Context, fn func(Room) error) error
	Seats(ctx context.Context, fn func(Seat) error) error
	RoomReads(ctx context.Context, fn func(RoomRead) error) error
	MessageReads(ctx context.Context, fn func(MessageRead) error) error
	// Messages is a page in the order of their ids, after one of them.
	Messages(ctx context.Context, after int64, limit int) ([]Message, error)
}

// Uploads is the original's folder of files. It only reads, and never outside of the folder.
type Uploads interface {
	// Each calls fn with the path of every file, below the folder and with "/" between its parts, and its size in bytes.
	Each(ctx context.Context, fn func(path string, size int64) error) error
	// Open opens one of those files. The caller closes it.
	Open(path string) (Upload, error)
}

// Upload is an open file of the folder.
type Upload interface {
	io.ReadSeekCloser
	io.ReaderAt
	Size() int64
}

// Account is somebody who has an account in this server already.
type Account struct {
	ID          int64
	UUID        string
	UsernameKey string // folded by model.Key
	EmployeeKey string
	EmailKey    string
}

// Import is what the store knows of an import.
type Import struct {
	ID          int64
	UUID        string
	Fingerprint string
	State       State
	Phase       Phase
	AfterID     int64 // how far it has come in its phase
	Detail      string
}

// State is how far an import is.
type State string

// The states of an import.
const (
	Copying State = "copying"
	Done    State = "done"
)

// Phase is what an import is at. They follow each other in this order.
type Phase string

// The phases of an import.
const (
	PhasePeople   Phase = "people"
	PhaseRooms    Phase = "rooms"
	PhaseFiles    Phase = "files"
	PhaseMessages Phase = "messages"
	PhaseSeats    Phase = "seats"
	PhaseCheck    Phase = "check"
)

// Step says which part of an import a transaction is: it moves the import from one place to the next, and fails with
// wire.Conflict if the import is not there (another process has it).
type Step struct {
	ImportID int64
	Phase    Phase
	From, To int64 // AfterID
	Now      int64 // UTC milliseconds
}

// NewPerson is an account to make. Department is the name of a department at the top of the tree, made if there is none.
type NewPerson struct {
	model.User
}

// NewRoom is a room to make, closed to everybody until Seat opens it.
type NewRoom struct {
	UUID      string
	Kind      string
	Name      string
	DirectKey string // of a direct room or a memo
	CreatedBy int64  // 0: not known
	CreatedAt int64
}

// NewMessage is a message to store at its place.
type NewMessage struct {
	RoomID    int64
	Seq       int64
	SenderID  int64
	ClientID  string
	Text      string
	CreatedAt int64
	FileUUID  string // empty: none
}

// NewSeats are a room's members and its last numbers: with them it appears to its members.
type NewSeats struct {
	RoomID        int64
	LastSeq       int64
	LastMessageAt int64
	JoinedAt      int64 // of all members
	Members       []model.Member
}

// Store takes what comes. Each method is one transaction.
type Store interface {
	// LegacyAccounts is everybody who has an account, deleted ones too: these have no names.
	LegacyAccounts(ctx context.Context) ([]Account, error)
	// LegacyUsers are the ids of these people, deleted ones too; who is not there has no entry.
	LegacyUsers(ctx context.Context, uuids []string) (map[string]int64, error)
	// LegacyRooms are the ids of these rooms; one that is not there has no entry.
	LegacyRooms(ctx context.Context, uuids []string) (map[string]int64, error)
	// LegacyDirect are the rooms with these direct keys, by key.
	LegacyDirect(ctx context.Context, keys []string) (map[string]string, error)
	// LegacyImport finds the import with a fingerprint, or any that is not done; the zero Import if there is none.
	LegacyImport(ctx context.Context, fingerprint string) (Import, error)
	// BeginLegacy stores a new import, with its audit entry.
	BeginLegacy(ctx context.Context, i Import, entry model.AuditEntry) (Import, error)
	// AddLegacyPeople stores accounts that are not there yet. wire.BadRequest if a name is taken.
	AddLegacyPeople(ctx context.Context, s Step, people []NewPerson) error
	// AddLegacyRooms stores rooms that are not there yet.
	AddLegacyRooms(ctx context.Context, s Step, rooms []NewRoom) error
	// AddLegacyMessages stores messages with their files.
	AddLegacyMessages(ctx context.Context, s Step, messages []NewMessage) error
	// SeatLegacy opens rooms to their members.
	SeatLegacy(ctx context.Context, s Step, rooms []NewSeats) error
	// NextLegacyPhase moves an import from one phase to the next.
	NextLegacyPhase(ctx context.Context, importID int64, from, to Phase, now int64) error
	// LegacyMessages reads messages back by their places, in any order.
	LegacyMessages(ctx context.Context, places []Place) ([]NewMessage, error)
	// LegacyTotals counts the messages and seats of these rooms.
	LegacyTotals(ctx context.Context, rooms []int64) (messages, seats int64, err error)
	// EndLegacy marks an import as done, with its audit entry. A repeat is harmless.
	EndLegacy(ctx context.Context, importID int64, detail string, entry model.AuditEntry) error
}

// Place is where a message stands.
type Place struct{ RoomID, Seq int64 }

// Incoming is a file that comes.
type Incoming struct {
	UUID       string
	UploaderID int64
	Name       string
	At         int64 // when it was sent
	Content    Upload
}

// Files checks and keeps the bytes of files.
type Files interface {
	// Examine tells whether an upload of this name and content would be taken: nil, or a refusal. It stores nothing.
	Examine(ctx context.Context, name string, content Upload) (*errs.Error, error)
	// Bring checks a file and stores it ready to be sent, once: a repeat finishes what was begun. The refusal is Examine's.
	Bring(ctx context.Context, in Incoming) (model.File, *errs.Error, error)
	// Sum is the SHA-256 (hex) of the bytes that are stored of a file.
	Sum(ctx context.Context, f model.File) (string, error)
}

// Hasher makes a string to store of an old hash of a password.
type Hasher interface {
	HashOld(ctx context.Context, sha256Hex string) (string, error)
}
