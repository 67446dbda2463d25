package wire

// This file holds the bodies of notices: what administrators tell the company, or departments of it.

// Limits of notices.
const (
	MaxNoticeDepartments = 200
	MaxNoticesLimit      = 50   // a page of notices
	MaxNoticePeople      = 200  // a page of who confirmed
	NoticeReminderEvery  = 3600 // seconds between two reminders of one notice
)

// Notice is a notice as its readers see it. Reading and confirming count from AskedAt on: an edit may ask anew.
type Notice struct {
	NoticeUUID string `json:"notice_uuid"`
	AuthorUUID string `json:"author_uuid"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Confirm    bool   `json:"confirm"` // readers are asked to confirm it
	DueAt      *Time  `json:"due_at,omitempty"`
	CreatedAt  Time   `json:"created_at"`
	EditedAt   *Time  `json:"edited_at,omitempty"`
	RemindedAt *Time  `json:"reminded_at,omitempty"`
	// Asked: the reader is one of those whom it is for, and was there when it was written. Others may read it.
	Asked       bool  `json:"asked"`
	Read        bool  `json:"read"`
	ConfirmedAt *Time `json:"confirmed_at,omitempty"`
}

// NoticeList is GET /api/notices?before=&limit=&stamp=, the newest first. Stamp stands for the first page as it is: to who
// sends the one that he holds, and nothing changed, the answer is Unchanged and nothing else. Next is the before of the next page, 0
// when there is none.
type NoticeList struct {
	Notices   []Notice `json:"notices"`
	Next      int64    `json:"next,omitempty"`
	Unread    int      `json:"unread"`    // of all pages, of those that ask the reader
	Unsettled int      `json:"unsettled"` // not confirmed, of those that ask the reader to
	Waiting   int      `json:"waiting"`   // unread or not confirmed, each counted once
	Stamp     string   `json:"stamp"`
	Unchanged bool     `json:"unchanged,omitempty"`
}

// NoticesChanged is the event that says that notices, or what the receiver did with them, changed.
type NoticesChanged struct {
	Rev int64 `json:"rev"`
}

// NewNotice is POST /api/admin/notices. NoticeUUID is made by the writer's device: a repeat returns the first one's notice.
type NewNotice struct {
	NoticeUUID string `json:"notice_uuid"`
	Title      string `json:"title"`
	Text       string `json:"text"`
	Confirm    bool   `json:"confirm"`
	DueAt      *Time  `json:"due_at,omitempty"`
	// DepartmentUUIDs are those that it is for, with the ones below them; none: everybody.
	DepartmentUUIDs []string `json:"department_uuids,omitempty"`
}

// NoticeChange is PUT /api/admin/notices/{notice_uuid}. Whom a notice is for can't be changed. AskAgain: everybody is to read, and
// confirm, it anew. BaseRev is the rev that the editor saw; when the notice was changed after it the answer is a conflict.
type NoticeChange struct {
	Title    string `json:"title"`
	Text     string `json:"text"`
	Confirm  bool   `json:"confirm"`
	DueAt    *Time  `json:"due_at,omitempty"`
	AskAgain bool   `json:"ask_again,omitempty"`
	BaseRev  int64  `json:"base_rev"`
}

// AdminNotice is a notice as administrators see it.
type AdminNotice struct {
	NoticeUUID      string   `json:"notice_uuid"`
	AuthorUUID      string   `json:"author_uuid"`
	AuthorName      string   `json:"author_name"`
	Title           string   `json:"title"`
	Text            string   `json:"text"`
	Confirm         bool     `json:"confirm"`
	DueAt           *Time    `json:"due_at,omitempty"`
	DepartmentUUIDs []string `json:"department_uuids"` // none: everybody
	Rev             int64    `json:"rev"`
	CreatedAt       Time     `json:"created_at"`
	EditedAt        *Time    `json:"edited_at,omitempty"`
	RemindedAt      *Time    `json:"reminded_at,omitempty"`
	WithdrawnAt     *Time    `json:"withdrawn_at,omitempty"`
	NoticeCount
}

// NoticeCount is how many are asked, and how far they are.
type NoticeCount struct {
	Asked     int `json:"asked"`
	Read      int `json:"read"`
	Confirmed int `json:"confirmed"`
}

// AdminNoticeList is GET /api/admin/notices?before=, the newest first.
type AdminNoticeList struct {
	Notices []AdminNotice `json:"notices"`
	Next    int64         `json:"next,omitempty"`
}

// NoticeStatus is GET /api/admin/notices/{notice_uuid}: a notice, and how far each department is.
type NoticeStatus struct {
	Notice      AdminNotice        `json:"notice"`
	Departments []NoticeDepartment `json:"departments"`
}

// NoticeDepartment is how far the people of one department are; no UUID: those without one.
type NoticeDepartment struct {
	DepartmentUUID string `json:"department_uuid,omitempty"`
	Name           string `json:"name"`
	NoticeCount
}

// NoticePeople is GET /api/admin/notices/{notice_uuid}/people?settled=&department_uuid=&after=: who has confirmed it (read it, where
// nobody is asked to confirm), or who has not. Next is the after of the next page.
type NoticePeople struct {
	People []NoticePerson `json:"people"`
	Next   int64          `json:"next,omitempty"`
}

// NoticePerson is one whom a notice asks, or who confirmed it and is not asked any more (Left).
type NoticePerson struct {
	UserUUID    string `json:"user_uuid"`
	Name        string `json:"name"`
	EmployeeID  string `json:"employee_id"`
	Department  string `json:"department"`
	Left        bool   `json:"left,omitempty"`
	ReadAt      *Time  `json:"read_at,omitempty"`
	ConfirmedAt *Time  `json:"confirmed_at,omitempty"`
}

// NoticeReminded answers POST /api/admin/notices/{notice_uuid}/remind.
type NoticeReminded struct {
	Message string `json:"message"`
	People  int    `json:"people"`
}
