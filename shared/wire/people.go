package wire

// This file holds the HTTP bodies about people and departments: profiles, the tree, imports. Only administrators may call
// what is under /api/admin.

// Limits of people and departments.
const (
	MaxDepartments     = 5_000
	MaxDepartmentDepth = 20 // levels of the tree
	MaxAssigned        = 1_000
	MaxImportBytes     = 64 << 20 // of a file of people
	MaxImportRows      = 100_000
	MaxImportRowsPage  = 200
)

// Field names what is known of a person, in requests, settings and imports.
type Field string

// The fields of a person.
const (
	FieldName       Field = "name"
	FieldUsername   Field = "username"
	FieldEmployeeID Field = "employee_id" // 사번
	FieldDepartment Field = "department"  // in a file: its path, "경영지원 > 인사팀"
	FieldPosition   Field = "position"    // 직책
	FieldGrade      Field = "grade"       // 직급
	FieldEmail      Field = "email"
	FieldBirthDate  Field = "birth_date" // YYYY-MM-DD or empty
	FieldPhone      Field = "phone"
	FieldStatusText Field = "status_text"
	FieldPhoto      Field = "photo"
	FieldState      Field = "state" // active or disabled
)

// OwnFields are those that administrators may let people change by themselves; DefaultOwnFields are what they may at first.
var (
	OwnFields = []Field{
		FieldPhone, FieldStatusText, FieldPhoto, FieldBirthDate, FieldName, FieldEmail, FieldPosition, FieldGrade,
	}
	DefaultOwnFields = []Field{FieldPhone, FieldStatusText, FieldPhoto, FieldBirthDate}
)

// ProfileFields is GET and PUT /api/admin/profile-fields, and GET /api/users/me/fields: what people may change of their own.
type ProfileFields struct {
	Fields []Field `json:"fields"`
	// Was goes with a PUT: what its sender saw. When the fields are others by now the answer is a conflict. Absent: whatever they are.
	Was []Field `json:"was,omitempty"`
}

// ProfileRequest is PUT /api/users/me: what is absent stays. A field that is not the person's to change is forbidden
// (ReasonFieldLocked), unless it says what is there already.
type ProfileRequest struct {
	Name       *string `json:"name,omitempty"`
	Email      *string `json:"email,omitempty"`
	Position   *string `json:"position,omitempty"`
	Grade      *string `json:"grade,omitempty"`
	BirthDate  *string `json:"birth_date,omitempty"`
	Phone      *string `json:"phone,omitempty"`
	StatusText *string `json:"status_text,omitempty"`
}

// PersonRequest is PUT /api/admin/users/{user_uuid}: an administrator changes a person; what is absent stays. An empty
// department_uuid takes the person out of the tree.
type PersonRequest struct {
	ProfileRequest
	Username       *string `json:"username,omitempty"`
	EmployeeID     *string `json:"employee_id,omitempty"`
	DepartmentUUID *string `json:"department_uuid,omitempty"`
}

// Person is what administrators see of a person: GET /api/admin/users/{user_uuid}, and the answer to PersonRequest.
type Person struct {
	Profile
	BirthDate   string `json:"birth_date,omitempty"`
	CreatedAt   Time   `json:"created_at"`
	HasPassword bool   `json:"has_password"` // false: imported, and a one-time code was not used yet
}

// AssignRequest is POST /api/admin/users/assign: the same department, position or grade for many people, at most
// MaxAssigned, all or none. What is absent stays; an empty department_uuid takes them out of the tree.
type AssignRequest struct {
	UserUUIDs      []string `json:"user_uuids"`
	DepartmentUUID *string  `json:"department_uuid,omitempty"`
	Position       *string  `json:"position,omitempty"`
	Grade          *string  `json:"grade,omitempty"`
}

// AssignReply says how many of them were changed; the others were so already.
type AssignReply struct {
	Changed int `json:"changed"`
}

// NewDepartment is POST /api/admin/departments. Without ParentUUID it is at the top; it comes last among its siblings.
type NewDepartment struct {
	ParentUUID string `json:"parent_uuid,omitempty"`
	Name       string `json:"name"`
}

// DepartmentRequest is PUT /api/admin/departments/{department_uuid}: what is absent stays. An empty parent_uuid is the top,
// an empty head_uuid nobody. BeforeUUID puts it before a sibling, or last when it is empty.
type DepartmentRequest struct {
	Name       *string `json:"name,omitempty"`
	ParentUUID *string `json:"parent_uuid,omitempty"`
	BeforeUUID *string `json:"before_uuid,omitempty"`
	HeadUUID   *string `json:"head_uuid,omitempty"`
}

// DepartmentReply is the department as it is now.
type DepartmentReply struct {
	Department Department `json:"department"`
}

// DepartmentRoomRequest is PUT /api/admin/departments/{department_uuid}/room: the department gets a room that its people are
// in, and with Whole those of all departments below it. Repeating is harmless; another Whole changes it.
type DepartmentRoomRequest struct {
	Whole bool `json:"whole"`
}

// DepartmentRoom is one entry of GET /api/admin/department-rooms, and the answer to DepartmentRoomRequest.
type DepartmentRoom struct {
	DepartmentUUID string `json:"department_uuid"`
	RoomUUID       string `json:"room_uuid"`
	Whole          bool   `json:"whole"`
	MemberCount    int    `json:"member_count"` // at most MaxRoomMembers
}

// DepartmentRooms is GET /api/admin/department-rooms.
type DepartmentRooms struct {
	Rooms []DepartmentRoom `json:"rooms"`
}

// ImportState is where an import stands.
type ImportState string

// The states of an import.
const (
	ImportReading   ImportState = "reading"   // the file is being read and compared
	ImportReady     ImportState = "ready"     // each row's fate is known; nothing is changed yet
	ImportApplying  ImportState = "applying"  // slice by slice
	ImportApplied   ImportState = "applied"   // every row that could be
	ImportCancelled ImportState = "cancelled" // some rows may be applied: each says so. Apply goes on with the others
	ImportFailed    ImportState = "failed"    // Failure says why
)

// Import is GET /api/admin/import-people/{import_uuid}, and the answer to making, applying and cancelling one. Done counts
// rows of Total within the present state.
type Import struct {
	ImportUUID string         `json:"import_uuid"`
	State      ImportState    `json:"state"`
	Total      int            `json:"total"`
	Done       int            `json:"done"`
	Counts     map[string]int `json:"counts"` // rows by fate (RowFate)
	// Columns are the recognised headers in the order of the file, IgnoredColumns those that say nothing to us.
	Columns        []Field  `json:"columns"`
	IgnoredColumns []string `json:"ignored_columns"`
	NewDepartments []string `json:"new_departments"` // paths, the first 100
	Failure        string   `json:"failure,omitempty"`
	FailureReason  Reason   `json:"failure_reason,omitempty"` // empty: the server itself failed
	CreatedAt      Time     `json:"created_at"`
}

// MaxImportsListed is the most of ImportList.
const MaxImportsListed = 5

// ImportList is GET /api/admin/import-people: the last imports, the newest first, whoever began them.
type ImportList struct {
	Imports []Import `json:"imports"`
}

// RowFate is what becomes, or became, of a row.
type RowFate string

// The fates of a row.
const (
	RowCreate    RowFate = "create"
	RowChange    RowFate = "change"
	RowUnchanged RowFate = "unchanged"
	RowError     RowFate = "error"   // it is left out
	RowCreated   RowFate = "created" // applied
	RowChanged   RowFate = "changed" // applied
)

// ImportRow is one row of a file. Row counts as the file's editor does: the header is 1.
type ImportRow struct {
	Row      int              `json:"row"`
	Fate     RowFate          `json:"fate"`
	UserUUID string           `json:"user_uuid,omitempty"`
	Values   map[Field]string `json:"values"`
	Changes  []FieldChange    `json:"changes"`
	Problems []RowProblem     `json:"problems"`
}

// FieldChange is what a row changes.
type FieldChange struct {
	Field Field  `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// RowProblem is why a row is left out. Field is empty when it is about the row as a whole. OtherRow is the row that has the
// same value, if that is the cause.
type RowProblem struct {
	Field    Field  `json:"field,omitempty"`
	Reason   Reason `json:"reason"`
	Message  string `json:"message"`
	OtherRow int    `json:"other_row,omitempty"`
}

// ImportRows is GET /api/admin/import-people/{import_uuid}/rows?after=&only=&limit=: rows by their number. only is a fate.
// Next is the after of the next page, 0 when there is none.
type ImportRows struct {
	Rows []ImportRow `json:"rows"`
	Next int         `json:"next"`
}

// Reasons about people and departments.
const (
	ReasonFieldLocked      Reason = "field_locked"         // forbidden: an administrator changes this
	ReasonDepartmentCycle  Reason = "department_cycle"     // conflict: it would be below itself
	ReasonDepartmentDepth  Reason = "department_depth"     // bad_request: more than MaxDepartmentDepth levels
	ReasonDepartmentName   Reason = "department_name"      // conflict: a sibling is called so
	ReasonDepartmentUsed   Reason = "department_used"      // conflict: people or departments are in it
	ReasonDepartments      Reason = "too_many_departments" // bad_request: MaxDepartments are there
	ReasonDepartmentHead   Reason = "department_head"      // bad_request: not an active person of it, or of one below it
	ReasonDepartmentRoom   Reason = "department_room"      // conflict: the room follows its department
	ReasonDepartmentMany   Reason = "department_many"      // bad_request: several departments have this name
	ReasonImportFile       Reason = "import_file"          // unsupported_type: neither Excel nor CSV
	ReasonImportColumns    Reason = "import_columns"       // bad_request: no column for a name, or for the number
	ReasonImportTooMany    Reason = "import_too_many"      // too_large: more than MaxImportRows
	ReasonImportState      Reason = "import_state"         // conflict: not possible where the import stands
	ReasonImportCancelled  Reason = "import_cancelled"     // while the file was read
	ReasonImportStopped    Reason = "import_stopped"       // the server was stopped while the file was read
	ReasonValueMissing     Reason = "value_missing"        // bad_request
	ReasonValueInvalid     Reason = "value_invalid"        // bad_request: a form that this field can't have
	ReasonValueTooLong     Reason = "value_too_long"       // bad_request
	ReasonValueFormula     Reason = "value_formula"        // bad_request: a formula, or what a sheet would take for one
	ReasonValueEncoding    Reason = "value_encoding"       // bad_request: bytes that are no text
	ReasonValueTwice       Reason = "value_twice"          // bad_request: another row of the file has it
	ReasonSeveralPeople    Reason = "several_people"       // conflict: the row's columns name different people
	ReasonAdministrator    Reason = "administrator"        // conflict: administrators are not disabled by a file
	ReasonChangedMeanwhile Reason = "changed_meanwhile"    // conflict: since the file was compared
)
