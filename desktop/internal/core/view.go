package core

import "himsg/shared/wire"

// This file holds what crosses the bridge to the page. Wails generates the TypeScript types from it (make generate);
// they are never typed twice. Times are milliseconds since 1970, 0 for none. Slices are never nil.

// Phase is where the app stands with its server and account.
type Phase string

// The phases, in the order in which a new user meets them.
const (
	PhaseStarting  Phase = "starting"   // the store is being opened
	PhaseConnect   Phase = "connect"    // no server address yet
	PhaseSignedOut Phase = "signed_out" // a server, nobody signed in
	PhaseWaiting   Phase = "waiting"    // signed up here; an administrator decides
	PhaseResetting Phase = "resetting"  // asked for a new password here; an administrator decides
	PhaseSignedIn  Phase = "signed_in"  // the main window; see Link for the network
)

// Link is the state of the connection while signed in.
type Link string

// The link states.
const (
	LinkOnline     Link = "online"
	LinkConnecting Link = "connecting"
	LinkOffline    Link = "offline"
)

// State is what the page needs to choose a screen.
type State struct {
	Phase         Phase           `json:"phase"`
	Link          Link            `json:"link"`
	LinkProblem   *Failure        `json:"link_problem,omitempty"` // why the link is not online, when known
	RetryAt       int64           `json:"retry_at"`               // when the next try comes, while offline
	ServerAddress string          `json:"server_address"`
	ServerName    string          `json:"server_name"`
	ServerPreset  bool            `json:"server_preset"` // set by policy or command line: not to be edited
	Me            *Me             `json:"me,omitempty"`
	SignUp        *SignUp         `json:"sign_up,omitempty"`
	Reset         *PasswordReset  `json:"reset,omitempty"`
	SignIn        wire.SignInWays `json:"sign_in"`               // the ways besides with a password that the server keeps
	Browser       bool            `json:"browser"`               // a sign-in by the browser is under way
	UnlockBrowser bool            `json:"unlock_browser"`        // the lock is opened by the browser: there is no password
	Notice        *Failure        `json:"notice,omitempty"`      // shown once on the sign-in screen, such as "signed out elsewhere"
	KeyringOK     bool            `json:"keyring_ok"`            // false: the sign-in can't be kept on this desktop
	KeyringWaits  bool            `json:"keyring_waits"`         // the keyring is locked and asks its user; once it is unlocked the start goes on
	IdleLockMost  int             `json:"idle_lock_most"`        // the longest IdleLockMinutes that the administrator allows; 0: any, or none
	Locked        bool            `json:"locked"`                // the app is locked: only Unlock and SignOut do anything that is seen
	ServerReset   bool            `json:"server_reset"`          // the server came back from a backup while the app ran: what was said after it is gone
	StoreReset    bool            `json:"store_reset"`           // the local store was damaged and made anew; nothing on the server is lost
	StoreAside    *StoreAside     `json:"store_aside,omitempty"` // since the start: a store of a newer version of the app was set aside
	Hotkey        HotkeyState     `json:"hotkey"`                // why Settings.Hotkey does nothing
	App           AppUpdate       `json:"app"`                   // how this version of the app stands
	Managed       []string        `json:"managed"`               // settings that the administrator has set, by their names; sorted
}

// StoreAside is what became of a local store of a newer version of the app. It lies at Path until its person signs out.
type StoreAside struct {
	// Messages, Drafts and Files were only there, and were taken over.
	Messages int `json:"messages"`
	Drafts   int `json:"drafts"`
	Files    int `json:"files"`
	// Unread: there may be more of them, which this version can't read.
	Unread bool   `json:"unread"`
	Path   string `json:"path"`
}

// AppUpdate is how this version of the app stands to what the server hands out.
type AppUpdate struct {
	State   UpdateState `json:"state"`
	Version string      `json:"version"` // that is offered, loaded or ready; empty: none
	Percent int         `json:"percent"` // of the file that is there, while loading
	// Problem is why the last look led to nothing, one of Update…: what was held before goes on to hold.
	Problem  string `json:"problem"`
	LookedAt int64  `json:"looked_at"` // when the server told last
	Required bool   `json:"required"`  // this version may not work any more
	Mine     bool   `json:"mine"`      // the app installs it; otherwise IT does
}

// UpdateState is how far an update has come.
type UpdateState string

// The states of an update.
const (
	UpdateOff     UpdateState = "off"     // this app does not look for updates; Problem may say why
	UpdateUnknown UpdateState = "unknown" // the server was not asked yet, or hands out nothing
	UpdateCurrent UpdateState = "current"
	UpdateOffered UpdateState = "offered" // there is one: IT installs it, or it could not be loaded yet
	UpdateLoading UpdateState = "loading"
	UpdateReady   UpdateState = "ready" // the next start installs it
)

// Why an update is not taken.
const (
	UpdateByPolicy  = "policy"    // the administrator has turned updates off
	UpdateNoKey     = "no_key"    // this build trusts nobody's updates
	UpdateOffline   = "offline"   // the server can't be reached
	UpdateBusy      = "busy"      // it asks to come back later
	UpdateBroken    = "broken"    // the manifest can't be read
	UpdateSignature = "signature" // or was signed by a key that is not trusted
	UpdateExpired   = "expired"
	UpdateReplayed  = "replayed" // an older manifest than was seen before
	UpdateRing      = "ring"     // it is for others
	UpdateDowngrade = "downgrade"
	UpdateNoFile    = "no_file"  // it has nothing for this kind of installation
	UpdateChecksum  = "checksum" // the file is not the one that was signed
	UpdateDisk      = "disk"     // it can't be kept
	UpdateNotUp     = "not_up"   // that version was installed, and its window did not stand: the former one is back
)

// Me is the signed-in person.
type Me struct {
	wire.Profile
	IsAdmin  bool               `json:"is_admin"`
	Presence wire.PresenceState `json:"presence"`
}

// SignUp is a sign-up of this device that waits for its decision.
type SignUp struct {
	Username string         `json:"username"`
	Name     string         `json:"name"`
	State    wire.UserState `json:"state"` // pending, active or rejected
	Reason   string         `json:"reason"`
}

// Failure is an error as the page gets it: from a rejected call or within a State or Message.
//
// Code is one of wire's codes, or of the client's own: "offline" (the server can't be reached), "timeout",
// "tls" (the certificate is not trusted), "not_himsg" (something else answers there), "bad_address", "clock" (this PC's
// clock is wrong), "store" (the local store failed), "too_old", "autostart" (this PC's session
// did not take it), "proxy" (with its host:port as Message).
type Failure struct {
	Code      string `json:"code"`
	Reason    string `json:"reason"`
	Message   string `json:"message"` // a text of the server, or details for the administrator; the page has its own per code
	RequestID string `json:"request_id"`
	RetryMS   int64  `json:"retry_ms"`
	// Fields are the fields of a form that were refused, each with the server's sentence in the user's language.
	Fields []wire.FieldError `json:"fields,omitempty"`
}

// Error implements error.
func (f *Failure) Error() string { return f.Code + ": " + f.Message }

// ServerCheck is the answer to CheckServer.
type ServerCheck struct {
	Address     string   `json:"address"` // normalised, such as https://talk.corp.local:5050
	Name        string   `json:"name"`
	Version     string   `json:"version"`
	Fingerprint string   `json:"fingerprint"` // SHA-256 of a certificate that is not trusted; to be shown and accepted
	Issuer      string   `json:"issuer"`
	Encrypted   bool     `json:"encrypted"`
	Problem     *Failure `json:"problem,omitempty"` // nil: usable as it is
}

// PendingUser is a sign-up that waits for an administrator.
type PendingUser struct {
	ID         int64  `json:"id"`
	UserUUID   string `json:"user_uuid"`
	Name       string `json:"name"`
	Username   string `json:"username"`
	EmployeeID string `json:"employee_id"`
	Department string `json:"department"`
	Position   string `json:"position"`
	Grade      string `json:"grade"`
	Email      string `json:"email"`
	CreatedAt  int64  `json:"created_at"`
}

// Settings are this profile's own choices, kept on this device.
type Settings struct {
	Language       string `json:"language"`      // "ko", "en"; empty: the system's
	Theme          string `json:"theme"`         // "system", "light", "dark"
	SendKey        string `json:"send_key"`      // "enter", "ctrl_enter"
	Notifications  bool   `json:"notifications"` // show them at all
	PreviewContent bool   `json:"preview_content"`
	CloseToTray    bool   `json:"close_to_tray"`
	// IdleLockMinutes: the app locks itself when nobody has used the PC for so long, or the session is locked; 0: never.
	IdleLockMinutes int `json:"idle_lock_minutes"`
	// Hotkey brings the window up from anywhere, such as "ctrl+alt+h", see ParseHotkey; empty: none.
	Hotkey      string `json:"hotkey"`
	AwayMinutes int    `json:"away_minutes"` // the user counts as away after so long; 0: never
	Autostart   bool   `json:"autostart"`    // the session starts the app: what is so on this PC, whoever has set it
	Zoom        int    `json:"zoom"`         // percent, 80…200
	// MentionsAlways: a message that mentions me notifies in a muted room too.
	MentionsAlways bool `json:"mentions_always"`
	// Keywords notify like a mention when a message holds one; at most 20 of at most 40 characters.
	Keywords   []string   `json:"keywords"`
	QuietHours QuietHours `json:"quiet_hours"`
	// SnoozeUntil: no notification before this time. Only Snooze changes it.
	SnoozeUntil int64    `json:"snooze_until"`
	Sound       bool     `json:"sound"`        // of notifications
	Flash       bool     `json:"flash"`        // in the task bar, for notifications
	RecentEmoji []string `json:"recent_emoji"` // the latest first, at most 32
	SkinTone    int      `json:"skin_tone"`    // 0 none, 1…5 from light to dark
	// CacheMB is how many MiB of pictures this device keeps at most, one of CacheChoices.
	CacheMB int `json:"cache_mb"`
	// Proxy is how the server is reached.
	Proxy Proxy `json:"proxy"`
}

// CacheChoices are what a user may choose for Settings.CacheMB.
var CacheChoices = []int{100, 250, 500, 1000}

// Storage is what the app keeps on this device that it could do without.
type Storage struct {
	CacheBytes int64 `json:"cache_bytes"` // pictures
}

// About is for the settings screen and for IT.
type About struct {
	Version       string `json:"version"`
	Build         string `json:"build"` // the commit and its day, with a + if the sources were changed since; empty: not known
	ServerVersion string `json:"server_version"`
	StorePath     string `json:"store_path"`
	Platform      string `json:"platform"`
}

// Component is a work of others that is in the app. Licence is its SPDX name, Text the number of its text for LicenceText; several
// components may share one.
type Component struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Licence string `json:"licence"`
	Text    int    `json:"text"`
}

// Target asks the page to show a room, at a message if Seq is not 0, or a notice, or a person: somebody clicked a
// notification or a link. Problem says why a link leads nowhere; nothing else is set then.
type Target struct {
	RoomUUID   string `json:"room_uuid"`
	Seq        int64  `json:"seq"`
	NoticeUUID string `json:"notice_uuid"`
	UserUUID   string `json:"user_uuid"`
	Settings   bool   `json:"settings"` // the settings, instead
	Problem    string `json:"problem"`
}

// Update is both the snapshot that the page starts from (everything set, Full true) and each event after it (only what
// changed is set). The shell emits it under EventUpdate; nothing else is emitted to the page.
type Update struct {
	Full         bool                `json:"full"`
	State        *State              `json:"state,omitempty"`
	Settings     *Settings           `json:"settings,omitempty"`
	Rooms        []Room              `json:"rooms,omitempty"`
	RoomsRemoved []string            `json:"rooms_removed,omitempty"`
	People       []wire.Profile      `json:"people,omitempty"`
	Departments  []wire.Department   `json:"departments,omitempty"`
	Presence     []wire.UserPresence `json:"presence,omitempty"` // when PresenceFull: the others are off
	PresenceFull bool                `json:"presence_full,omitempty"`
	Messages     []MessageChange     `json:"messages,omitempty"`
	Reads        []Reads             `json:"reads,omitempty"`
	Typing       []Typing            `json:"typing,omitempty"`
	Admin        *wire.AdminCounts   `json:"admin,omitempty"`
	Access       *AccessNews         `json:"access,omitempty"`
	Open         *Target             `json:"open,omitempty"`
	UnreadTotal  *int64              `json:"unread_total,omitempty"`
	Notices      *Notices            `json:"notices,omitempty"`
	Held         []HeldFiles         `json:"held,omitempty"`
	Transfers    []Transfer          `json:"transfers,omitempty"` // new or changed ones; when Full: all
	Diagnosis    *Diagnosis          `json:"diagnosis,omitempty"` // the run that goes on or has just ended
}

// EventUpdate is the one event that the page listens to.
const EventUpdate = "update"
