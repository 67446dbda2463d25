package core

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"himsg/shared/release"
)

// This file holds what core needs from the operating system and from the shell. The adapters are in the folders beside
// core (secret, notify, tray, shell); main.go puts them together. All of them are called from several goroutines.

// ErrNoSecret is what Secrets.Get returns when nothing is kept under a name. Every other error means that the keyring
// does not work now.
var ErrNoSecret = errors.New("no such secret")

// Secrets is the keyring of the desktop. Names are unique within a profile; the adapter keeps profiles apart (by its
// service name). A value is at most 2,500 bytes.
//
// Core calls it with a deadline and never from the page's path, and lives on without it: an adapter may fail, but it
// must return when ctx ends, even where the system shows a prompt.
type Secrets interface {
	Get(ctx context.Context, name string) (string, error)
	Set(ctx context.Context, name, value string) error
	// Delete is harmless when nothing is kept under name.
	Delete(ctx context.Context, name string) error
}

// Notification is one bubble of the desktop. Title and Body are in the user's language and hold what his settings allow.
// A new one with the same RoomUUID replaces the one before. A click comes back as Core.Activate(RoomUUID, Seq), the rest as
// Core.Answer.
type Notification struct {
	ID       uint64 // unique while the app runs, growing
	RoomUUID string // or noticePlace with a notice_uuid; summaryPlace; empty: it belongs to none (a test)
	Seq      int64  // the message to show on a click; 0: just the room
	Upto     int64  // the newest message that it tells of
	Title    string
	Body     string
	Silent   bool         // without a sound
	Actions  *NoteActions // nil: it can only be clicked
}

// NoteActions are the words of what can be done with a notification besides opening it.
type NoteActions struct {
	Reply     string // empty: no reply
	ReplyHint string // in the empty field
	Send      string
	MarkRead  string
}

// NotifierState is what the desktop's notifications can.
type NotifierState struct {
	Service string // the program that shows them, as it names itself
	Clicks  bool
	Replies bool
}

// Why nothing was shown.
var (
	ErrNoNotifications      = errors.New("no program shows notifications here")
	ErrNotificationsHang    = errors.New("the notification service does not answer")
	ErrNotificationsRefused = errors.New("the system's settings allow no notifications")
)

// Notifier shows notifications. Show and Withdraw return at once; errors are the adapter's to log.
type Notifier interface {
	Show(n Notification)
	// Withdraw takes back what is shown for a room.
	Withdraw(roomUUID string)
	// Try shows one and says what the desktop can, or why nothing is seen. ctx bounds it.
	Try(ctx context.Context, n Notification) (NotifierState, error)
}

// Badge shows the unread number where it is seen with the window closed: tray icon, tooltip, window title.
type Badge interface {
	// Set returns at once; a repeat with the same number is harmless.
	Set(unread int64)
	// Alert asks for attention in the task bar, or ends that. It returns at once; a repeat is harmless.
	Alert(on bool)
}

// Opener opens addresses outside the app.
type Opener interface {
	// OpenURL gets an http or https address that core has checked.
	OpenURL(address string) error
}

// Chooser asks the user for a file in the system's own dialog.
type Chooser interface {
	// ChooseImage waits for the user, who may take his time. The path is empty when he chose none. The page never sees it.
	ChooseImage() (path string, err error)
	// ChoosePeople asks for a file of people, Excel or CSV.
	ChoosePeople() (path string, err error)
	// ChooseFiles waits for the user, too; no paths: he chose none.
	ChooseFiles() (paths []string, err error)
	// ChooseTarget asks where to save a file; name is what it would be called.
	ChooseTarget(name string) (path string, err error)
	// ChooseFolder asks for a folder to save files in.
	ChooseFolder() (path string, err error)
}

// Desktop is what the system does with files that were saved. Paths are core's, never the page's.
type Desktop interface {
	// Downloads is the user's folder for what he downloads.
	Downloads() (path string, err error)
	// Mark notes on a file that it came from elsewhere, where the system knows of that.
	Mark(path string) error
	// Open opens a file with the system's program for it.
	Open(path string) error
	// Show shows a file in its folder.
	Show(path string) error
	// CopyImage puts a png on the clipboard. It returns ErrNoClipboard where that can't be done.
	CopyImage(png []byte) error
}

// ErrNoClipboard says that pictures can't be put on the clipboard here.
var ErrNoClipboard = errors.New("no clipboard for pictures")

// AutostartState is whether the session starts the app.
type AutostartState string

// The states of the autostart.
const (
	AutostartOff   AutostartState = "off"
	AutostartOn    AutostartState = "on"
	AutostartMoved AutostartState = "moved" // on, but the program is no longer where the session looks for it
)

// Autostart has the user's session start the app, hidden.
type Autostart interface {
	// State says how it is on this PC now, whoever has set it.
	State() (AutostartState, error)
	// Set makes it so; on, it names the program that runs. A repeat is harmless.
	Set(on bool) error
}

// Proxies tells what the system says about proxies: environment, the desktop's settings, PAC files.
type Proxies interface {
	// Find may take long; it returns when ctx ends. Ways.Source and Ways.Script are set with an error, too.
	Find(ctx context.Context, target *url.URL) (Ways, error)
}

// Ways are how an address is reached, the best first; nil stands for the direct way, and so does an empty list.
type Ways struct {
	List   []*url.URL
	Source string // where that stands: "environment", "desktop"; core's own are "policy" and "settings"
	Script string // the PAC file that says so, without what may be secret; empty: none
}

// SeatEvent is something that happens to the PC.
type SeatEvent int

// What can happen to the PC.
const (
	SeatLocked   SeatEvent = iota // somebody locked the session, or its screen saver did
	SeatUnlocked                  // and opened it again
	SeatWoke                      // the machine has slept
	SeatNetwork                   // the network came, went or is another one
)

// Seat tells whether somebody sits at the PC.
type Seat interface {
	// Idle is how long nobody has touched keyboard and mouse. An error: this system does not say.
	Idle(ctx context.Context) (time.Duration, error)
	// Watch tells of what happens until ctx ends, as far as the system does. tell returns soon.
	Watch(ctx context.Context, tell func(SeatEvent))
}

// Installer knows how this app was installed, and puts what was loaded in its place at the next start (package update). Core judges
// and loads; the adapter looks at signature and checksum once more.
type Installer interface {
	// Installation is this app as it stands before a manifest. An empty Kind: IT installs it, the app only tells.
	Installation() release.Installation
	// Saw keeps that a manifest was taken for this app: none with a smaller sequence is taken after it.
	Saw(sequence int64) error
	// Failed is the sequence of a version that was installed and did not come up; 0: none.
	Failed() int64
	// Part is where a file gathers. Others that gathered before are gone then.
	Part(file release.File) (path string, err error)
	// Ready says that a whole file lies at path, as the manifest says: the next start installs it.
	Ready(signed release.Signed, path string) error
	// Drop forgets what was ready.
	Drop() error
	// Pending is what the next start installs; an empty version: nothing.
	Pending() (sequence int64, version string)
}

// ErrNoLicence is what Licences.Text returns for a number that it has no text of.
var ErrNoLicence = errors.New("no such licence")

// Licences knows what others made that is in this app (package licence).
type Licences interface {
	// Components lists it by name; some hundred. Empty: this program was built without the list.
	Components() ([]Component, error)
	// Text is a licence by Component.Text, some kilobytes.
	Text(number int) (string, error)
}

// Restarter ends the app and starts it again.
type Restarter interface {
	// Restart returns at once.
	Restart()
}

// Emitter hands an update to the page, and to the shell itself: it may read State and Settings out of it. Emit must not
// call back into core and returns soon; updates come one after the other, in order.
type Emitter interface {
	Emit(u Update)
}

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Options are what New needs. Everything but ServerPreset, Policy, Autostart, Seat, Hotkeys, Installer, Restarter, UpdateKeys,
// Licences, Language, RootCAs, Proxies, Checks and Pace is required.
type Options struct {
	ProfileDir   string // where config, store and logs of this profile are; made if missing
	ServerPreset string // address set by the command line; empty: the policy's, or the user types one
	Policy       Policy // what the administrator has set, checked
	Version      string // of the app
	Language     string // the system's, "ko" or "en"; empty: "ko". The user's own choice is in Settings
	RootCAs      *x509.CertPool
	Secrets      Secrets
	Notifier     Notifier
	Badge        Badge
	Opener       Opener
	Chooser      Chooser
	Desktop      Desktop
	Proxies      Proxies // nil: no proxy is looked for
	Checks       []Check // looks at this PC that core does not do itself
	Emitter      Emitter
	Autostart    Autostart // nil: this system has none
	Seat         Seat      // nil: nobody knows who sits there
	Hotkeys      Hotkeys   // nil: this system has none
	Installer    Installer // nil: this app is not updated
	Restarter    Restarter // nil: only the user can start it again
	UpdateKeys   []ed25519.PublicKey
	Licences     Licences // nil: this program was built without their list
	Clock        Clock
	Logger       *slog.Logger
	Pace         Pace
}

// Pace holds the waits of core. A zero field means the default in its comment; tests shorten them.
type Pace struct {
	Batch       time.Duration // changes within this time go to the page as one update: 30 ms
	SignUpPoll  time.Duration // how often a waiting sign-up is asked for, and a reset at first: 5 s
	RetryFirst  time.Duration // first wait after a temporary refusal of an outgoing message or read mark: 500 ms
	RetryMost   time.Duration // and the longest: 30 s
	ReadDelay   time.Duration // read marks of a room within this time go out as one: 250 ms
	Search      time.Duration // what the server may take to search, before the device does: 5 s
	Index       time.Duration // between two portions of old messages that are indexed: 50 ms
	CallTimeout time.Duration // what a call of the page waits for the server: 15 s
	Keyring     time.Duration // what one keyring call may take: 5 s
	NotifyFold  time.Duration // messages that arrive within this time make one notification per room: 300 ms
	NotifyBurst time.Duration // the same for this long after a notification, and how long: 2 s
	NotifyTry   time.Duration // what a test notification may take: 8 s
	Logout      time.Duration // what telling the server of a sign-out may take: 5 s
	ConnBackoff time.Duration // the connection's first back-off: 250 ms
	Progress    time.Duration // how often the page is told how far a transfer has come: 200 ms
	Browser     time.Duration // what somebody may take at the company's sign-in page: 10 min, as the server says
	// NoticeSpread is within which time everybody asks for notices that have changed: 5 s. Each waits for a moment of it.
	NoticeSpread time.Duration
	Seat         time.Duration // how often it is asked whether somebody sits at the PC: 10 s
	Look         time.Duration // what one look of the diagnosis may take: 8 s
	// StoreCheck is when the whole store is looked at after it was opened, so that it takes nothing from the first paint: 20 s.
	StoreCheck time.Duration
	// UpdateFirst is about when a start looks for a newer version of the app: a minute; UpdateEvery how often after that: 4 h; UpdateRetry
	// when again after it could not: 15 min; UpdateIdle how long nobody must be there for the app to install one by itself: 30 min.
	UpdateFirst, UpdateEvery, UpdateRetry, UpdateIdle time.Duration
	FilePoll                                          time.Duration // first wait before asking what the server thinks of a file: 200 ms; it grows to ten times that
}

// orDefaults fills in what is zero.
func (p Pace) orDefaults() Pace {
	set := func(d *time.Duration, value time.Duration) {
		if *d <= 0 {
			*d = value
		}
	}
	set(&p.Batch, 30*time.Millisecond)
	set(&p.SignUpPoll, 5*time.Second)
	set(&p.RetryFirst, 500*time.Millisecond)
	set(&p.RetryMost, 30*time.Second)
	set(&p.ReadDelay, 250*time.Millisecond)
	set(&p.Search, 5*time.Second)
	set(&p.Index, 50*time.Millisecond)
	set(&p.CallTimeout, 15*time.Second)
	set(&p.Keyring, 5*time.Second)
	set(&p.NotifyFold, 300*time.Millisecond)
	set(&p.NotifyBurst, 2*time.Second)
	set(&p.NotifyTry, 8*time.Second)
	set(&p.Logout, 5*time.Second)
	set(&p.ConnBackoff, 250*time.Millisecond)
	set(&p.Progress, 200*time.Millisecond)
	set(&p.Browser, 10*time.Minute)
	set(&p.Look, 8*time.Second)
	set(&p.FilePoll, 200*time.Millisecond)
	set(&p.Seat, 10*time.Second)
	set(&p.NoticeSpread, 5*time.Second)
	set(&p.StoreCheck, 20*time.Second)
	set(&p.UpdateFirst, time.Minute)
	set(&p.UpdateEvery, 4*time.Hour)
	set(&p.UpdateRetry, 15*time.Minute)
	set(&p.UpdateIdle, 30*time.Minute)
	return p
}
