package core

import "himsg/shared/wire"

// This file holds what crosses the bridge about notices; see view.go.

// Notice is a notice as its readers see it. Asked: the reader is one of those whom it is for; others may read it.
type Notice struct {
	NoticeUUID  string `json:"notice_uuid"`
	AuthorUUID  string `json:"author_uuid"`
	Title       string `json:"title"`
	Text        string `json:"text"`
	Confirm     bool   `json:"confirm"` // readers are asked to confirm it
	DueAt       int64  `json:"due_at"`
	CreatedAt   int64  `json:"created_at"`
	EditedAt    int64  `json:"edited_at"`
	RemindedAt  int64  `json:"reminded_at"`
	Asked       bool   `json:"asked"`
	Read        bool   `json:"read"`
	ConfirmedAt int64  `json:"confirmed_at"`
}

// Notices is what this device holds of the notices, the newest first; More: there are older ones, see OlderNotices. The numbers
// are of all that ask the reader: unread, not confirmed, and Waiting for either.
type Notices struct {
	Notices   []Notice `json:"notices"`
	More      bool     `json:"more"`
	Unread    int      `json:"unread"`
	Unsettled int      `json:"unsettled"`
	Waiting   int      `json:"waiting"`
}

// NoticeDraft is a notice that is written. Without DepartmentUUIDs it is for everybody; else for those departments and the ones
// below them.
type NoticeDraft struct {
	Title           string   `json:"title"`
	Text            string   `json:"text"`
	Confirm         bool     `json:"confirm"`
	DueAt           int64    `json:"due_at"`
	DepartmentUUIDs []string `json:"department_uuids"`
}

// NoticeChange is an edit. AskAgain: everybody is to read, and confirm, it anew. BaseRev is the rev of what was edited.
type NoticeChange struct {
	Title    string `json:"title"`
	Text     string `json:"text"`
	Confirm  bool   `json:"confirm"`
	DueAt    int64  `json:"due_at"`
	AskAgain bool   `json:"ask_again"`
	BaseRev  int64  `json:"base_rev"`
}

// AdminNotice is a notice as administrators see it, and how far those are whom it asks.
type AdminNotice struct {
	NoticeUUID      string   `json:"notice_uuid"`
	AuthorUUID      string   `json:"author_uuid"`
	AuthorName      string   `json:"author_name"`
	Title           string   `json:"title"`
	Text            string   `json:"text"`
	Confirm         bool     `json:"confirm"`
	DueAt           int64    `json:"due_at"`
	DepartmentUUIDs []string `json:"department_uuids"` // none: everybody
	Rev             int64    `json:"rev"`
	CreatedAt       int64    `json:"created_at"`
	EditedAt        int64    `json:"edited_at"`
	RemindedAt      int64    `json:"reminded_at"`
	WithdrawnAt     int64    `json:"withdrawn_at"`
	Asked           int      `json:"asked"`
	Read            int      `json:"read"`
	Confirmed       int      `json:"confirmed"`
}

// AdminNotices is a page of all notices, the newest first. Next is the before of the next page, 0 when there is none.
type AdminNotices struct {
	Notices []AdminNotice `json:"notices"`
	Next    int64         `json:"next"`
}

// NoticeStatus is a notice, and how far each department is with it, the ones with the most missing first.
type NoticeStatus struct {
	Notice      AdminNotice             `json:"notice"`
	Departments []wire.NoticeDepartment `json:"departments"`
}

// NoticePeopleQuery says whom to list. Settled is "yes", "no" or "" for both; Department a department_uuid, "none" for those
// without one, or "" for all. After is the Next of the page before.
type NoticePeopleQuery struct {
	Settled    string `json:"settled"`
	Department string `json:"department"`
	After      int64  `json:"after"`
}

// NoticePeople is a page of those whom a notice asks. Next is 0 when there are no more.
type NoticePeople struct {
	People []NoticePerson `json:"people"`
	Next   int64          `json:"next"`
}

// NoticePerson is one whom a notice asks, or who confirmed it and is not asked any more (Left).
type NoticePerson struct {
	UserUUID    string `json:"user_uuid"`
	Name        string `json:"name"`
	EmployeeID  string `json:"employee_id"`
	Department  string `json:"department"`
	Left        bool   `json:"left"`
	ReadAt      int64  `json:"read_at"`
	ConfirmedAt int64  `json:"confirmed_at"`
}
