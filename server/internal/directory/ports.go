package directory

import (
	"context"
	"io"

	"himsg/server/internal/bus"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// Every method of these ports is one transaction, its audit entry included. Refusals come back as *errs.Error.

// Store is the database as the directory needs it.
type Store interface {
	Reading
	Tree
	Persons
	Imports
	Mirroring
}

// Reading reads the directory.
type Reading interface {
	DirectoryRev(ctx context.Context) (int64, error)
	// DirectoryAfter returns people and departments with a rev above after, each by rev and at most limit of them,
	// and the directory's rev at that moment.
	DirectoryAfter(ctx context.Context, after int64, limit int) ([]model.User, []model.Department, int64, error)
	Departments(ctx context.Context) ([]model.Department, error)
	ActiveAccounts(ctx context.Context) ([]model.User, error)
	AccountsByUUID(ctx context.Context, uuids []string) ([]model.User, error)
	// EachAccount hands over everybody whose names are taken (active, disabled or waiting), until fn refuses.
	EachAccount(ctx context.Context, fn func(model.User) error) error
	AppendAudit(ctx context.Context, e model.AuditEntry) error
}

// Outcome is what a transaction changed, to be told after it: each row took a rev of its own. Sessions are those that it
// ended, Reread those whose account may do something else now.
type Outcome struct {
	Departments []model.Department
	Users       []model.User
	Rooms       []model.RoomChange
	Sessions    []string
	Reread      []string
}

// By is who changes something, and the entry that the audit gets of it.
type By struct {
	Actor model.Actor // UserID 0: the server's command line
	Entry model.AuditEntry
	Lease model.Lease // of the job that does it, on several servers; it is refused when another one does the job by now
}

// DepartmentChange is what is to change of a department; nil stays.
type DepartmentChange struct {
	Name       *string
	ParentUUID *string // empty: the top
	BeforeUUID *string // a sibling; empty: last
	HeadUUID   *string // empty: nobody
}

// Tree changes departments, and rooms that follow them. Whatever changes who belongs where changes who is in these rooms in
// the same transaction. not_found for unknown departments.
type Tree interface {
	// CreateDepartment puts a department last among its siblings; parent empty: at the top.
	CreateDepartment(ctx context.Context, by By, d model.Department) (Outcome, error)
	ChangeDepartment(ctx context.Context, by By, uuid string, change DepartmentChange) (Outcome, error)
	// DeleteDepartment refuses with conflict (department_used) one with people or departments in it, unless moveTo says
	// where they go: a department, or with an empty one the top and no department.
	DeleteDepartment(ctx context.Context, by By, uuid string, moveTo *string) (Outcome, error)
	// SetDepartmentRoom gives a department a room, or changes whether the departments below are in it; fresh is the UUID of
	// a new room.
	SetDepartmentRoom(ctx context.Context, by By, uuid, fresh string, whole bool) (wire.DepartmentRoom, Outcome, error)
	// EndDepartmentRoom makes the room an ordinary group in which nobody writes any more. None: nothing happens.
	EndDepartmentRoom(ctx context.Context, by By, uuid string) (Outcome, error)
	DepartmentRooms(ctx context.Context) ([]wire.DepartmentRoom, error)
	// FollowTree makes every department's room what it should be; usually it is that already.
	FollowTree(ctx context.Context, now int64) (Outcome, error)
}

// PersonChange is what is to change of people; nil stays. DepartmentUUID empty: no department.
type PersonChange struct {
	Fields         map[wire.Field]string
	DepartmentUUID *string
}

// Picture is a small picture that the server made of a person's photo.
type Picture struct {
	UUID string
	Type string // image/png or image/jpeg
	Data []byte
}

// Persons changes people. not_found for unknown and deleted ones.
type Persons interface {
	// ChangePeople changes all of them or none. A taken user name, e-mail address or number is refused as at sign-up.
	// Those who are so already are left out of the outcome.
	ChangePeople(ctx context.Context, by By, uuids []string, change PersonChange) (Outcome, error)
	// SetUserPicture gives a person a picture in place of the one he has; nil takes it away.
	SetUserPicture(ctx context.Context, by By, uuid string, p *Picture) (Outcome, error)
	// UserPicture returns a picture of somebody who is not deleted.
	UserPicture(ctx context.Context, pictureUUID string) (Picture, error)
	// ProfileFields returns what people may change of their own; SetProfileFields replaces it: conflict (edit_conflict) if it is not
	// was, unless that is nil.
	ProfileFields(ctx context.Context) ([]wire.Field, error)
	SetProfileFields(ctx context.Context, by By, fields, was []wire.Field) error
}

// Publisher tells the hubs.
type Publisher interface {
	Publish(ctx context.Context, e bus.Event)
}

// Rooms tells the members of a room what changed.
type Rooms interface {
	Announce(ctx context.Context, c model.RoomChange)
}

// Painter makes small pictures of foreign images.
type Painter interface {
	// Paint reads a png, jpeg or gif and returns it as a square of 256 pixels. unsupported_type (bad_image) for what is no
	// such image, too_large for one of too many pixels, unavailable (busy) when too many are being made.
	Paint(ctx context.Context, image []byte) (data []byte, contentType string, err error)
}

// Cell is one cell of a file of people.
type Cell struct {
	Text    string
	Day     string // YYYY-MM-DD, if it is a number that Excel would show so
	Formula bool   // the file says that it is computed
	Broken  bool   // bytes that are no text, or an error of the sheet
}

// The formats of files that are written.
const (
	FormatExcel = "xlsx"
	FormatCSV   = "csv"
)

// Sheets reads and writes files of rows.
type Sheets interface {
	// Read hands over the rows, with numbers as the file's editor counts them. unsupported_type (import_file) for what is
	// neither Excel nor CSV, too_large for what unpacks to too much.
	Read(ctx context.Context, file io.ReaderAt, size int64, fn func(row int, cells []Cell) error) error
	Write(w io.Writer, format string) (SheetWriter, error)
}

// SheetWriter writes a file row by row. It never writes what a spreadsheet would compute.
type SheetWriter interface {
	Row(cells []string) error
	Close() error
}

// ImportRecord is an import as it is stored.
type ImportRecord struct {
	ID     int64
	Worker string // the node that works on it, or did
	wire.Import
}

// Imports keeps files of people while they are compared and applied.
type Imports interface {
	CreateImport(ctx context.Context, r ImportRecord, by int64) (id int64, err error)
	// Import returns an import with its counts; not_found for an unknown one.
	Import(ctx context.Context, importUUID string) (ImportRecord, error)
	// RecentImports returns the last ones with their counts, the newest first.
	RecentImports(ctx context.Context, limit int) ([]ImportRecord, error)
	// IdleImports returns the ids of those that nobody works on, and to which nothing happened since a time.
	IdleImports(ctx context.Context, since int64) ([]int64, error)
	// SetImport stores the state, the worker and what is told with it, if the state is one of from, or conflict (import_state). One
	// that is worked on is its worker's: conflict for another.
	SetImport(ctx context.Context, r ImportRecord, now int64, from ...wire.ImportState) error
	AddImportRows(ctx context.Context, id int64, rows []wire.ImportRow) error
	// ImportRows returns rows behind a number, of one fate or of any.
	ImportRows(ctx context.Context, id int64, after int, only []wire.RowFate, limit int) ([]wire.ImportRow, error)
	// ApplyRows changes people as rows say, all in one transaction, in which each row also gets its new fate; a row that can't
	// be applied any more says why, and the others are.
	ApplyRows(ctx context.Context, by By, id int64, rows []wire.ImportRow) (Outcome, error)
	// DeleteImport forgets an import and its rows; what was applied stays.
	DeleteImport(ctx context.Context, id int64) error
	// SignImport is a worker's sign of life, kept by SetImport too. false: the import is over, or somebody else's.
	SignImport(ctx context.Context, id int64, worker string, now int64) (mine bool, err error)
	// InterruptImports ends what servers did when they were stopped: reading has failed, applying is cancelled. Those are the ones
	// of worker without a sign since started, and those of anybody without one since stale.
	InterruptImports(ctx context.Context, worker string, started, stale, now int64) error
	// ImportedWithoutPassword returns the active people whom an import made, who have no password yet, and no role: a code for
	// an auditor would make whoever has it one.
	ImportedWithoutPassword(ctx context.Context, id int64) ([]model.User, error)
	// StoreCodes stores one-time codes in place of earlier ones; conflict when one of the people got a password or a role
	// meanwhile.
	StoreCodes(ctx context.Context, by By, codes []model.OneTimeCode) error
}

// Codes makes one-time codes with which people set their first password; package auth has them.
type Codes interface {
	NewCode(userID int64, purpose model.CodePurpose, by int64) (code string, stored model.OneTimeCode)
}
