package wire

// StatisticsDays is how far back statistics go at most.
const StatisticsDays = 31

// Statistics is GET /api/admin/statistics?days=: figures, and nothing of what anybody wrote. Hours and slots are counted since
// 1970, so that each reader makes days of his own zone of them; those with nothing are left out.
type Statistics struct {
	At     Time `json:"at"`
	Online struct {
		Active int `json:"active"`
		Away   int `json:"away"`
		DND    int `json:"dnd"`
	} `json:"online"`
	People      int        `json:"people"`       // who may sign in
	OnlineSlots [][2]int64 `json:"online_slots"` // [five minutes, the most people at once], of the last day and a half
	OnlineHours [][2]int64 `json:"online_hours"` // [hour, the most people at once]
	Messages    [][2]int64 `json:"messages"`     // [hour, messages that people wrote], of a week more than was asked for
	SignUps     [][2]int64 `json:"sign_ups"`     // [hour, accounts that were asked for or made]
	Storage     Stored     `json:"storage"`
	Waiting     Waiting    `json:"waiting"`
	Counting    *Counting  `json:"counting,omitempty"` // what these figures don't hold yet
}

// Counting says how far figures are that are counted beside everything else: for the first time, or after an upgrade.
type Counting struct {
	Counted int64 `json:"counted"` // the message_id up to which messages are in the figures
	Written int64 `json:"written"` // the last message_id
	Kinds   bool  `json:"kinds"`   // the kinds of files are not known yet
}

// Stored is what files take. Kinds are the largest ones, by extension.
type Stored struct {
	Bytes int64        `json:"bytes"`
	Files int64        `json:"files"`
	Quota int64        `json:"quota"` // 0: none
	Kinds []StoredKind `json:"kinds"`
}

// StoredKind is what the files of one extension take.
type StoredKind struct {
	Extension string `json:"extension"`
	Files     int64  `json:"files"`
	Bytes     int64  `json:"bytes"`
}

// Waiting is what waits for an administrator, and since when.
type Waiting struct {
	Users       int   `json:"users"`
	OldestUser  *Time `json:"oldest_user,omitempty"`
	Resets      int   `json:"resets"`
	OldestReset *Time `json:"oldest_reset,omitempty"`
}
