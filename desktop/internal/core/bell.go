package core

import (
	"strings"
	"sync"
	"time"

	"himsg/shared/wire"
)

// noticePlace begins what stands for a notice where a notification names a room.
const noticePlace = "notice/"

// maxBells is how many notices get a notification of their own at a time; more make a summary.
const maxBells = 3

// bell tells the desktop of notices: of new ones, of those that ask again, and of reminders.
type bell struct {
	s *session

	mu    sync.Mutex
	shown map[string]bool // notice_uuid → it reminds, so that reading is not enough
}

func newBell(s *session) *bell { return &bell{s: s, shown: map[string]bool{}} }

// Changed compares the list with what was held before.
func (b *bell) Changed(before, now wire.NoticeList) {
	b.withdraw(now)
	if before.Stamp == "" {
		return // the first list of this device: all of it is new, and none of it is news
	}
	known := make(map[string]wire.Notice, len(before.Notices))
	var newest time.Time
	for _, n := range before.Notices {
		known[n.NoticeUUID] = n
		if n.CreatedAt.After(newest) {
			newest = n.CreatedAt.Time
		}
	}
	var due []wire.Notice
	for _, n := range now.Notices {
		was, held := known[n.NoticeUUID]
		if !n.Asked || !held && !n.CreatedAt.After(newest) { // an older page, or of another department
			continue
		}
		if !held && !n.Read || held && (asksAgain(was, n) || reminds(was, n)) {
			due = append(due, n)
		}
	}
	b.ring(due, known)
}

func asksAgain(was, now wire.Notice) bool { return was.Read && !now.Read }

func reminds(was, now wire.Notice) bool {
	return now.Confirm && now.ConfirmedAt == nil && milliOf(now.RemindedAt) > milliOf(was.RemindedAt)
}

func (b *bell) ring(due []wire.Notice, known map[string]wire.Notice) {
	words := b.s.words()
	if len(due) > maxBells {
		b.s.notes.Say(Notification{RoomUUID: noticePlace, Title: appName, Body: words.noticesWait(len(due))})
		return
	}
	for _, n := range due {
		was, held := known[n.NoticeUUID]
		reminder := held && !asksAgain(was, n)
		title := words.newNotice
		if reminder {
			title = words.reminder
		}
		b.mu.Lock()
		b.shown[n.NoticeUUID] = reminder
		b.mu.Unlock()
		b.s.notes.Say(Notification{RoomUUID: noticePlace + n.NoticeUUID, Title: title, Body: b.body(n)})
	}
}

// body hides what the settings or the lock hide.
func (b *bell) body(n wire.Notice) string {
	if b.s.lock.Locked() || !b.s.account.settings().PreviewContent {
		return b.s.words().hiddenNotice
	}
	return cut(plainText(oneLine(n.Title)), maxBody)
}

// withdraw takes back what is read, confirmed or gone, here or on another device.
func (b *bell) withdraw(now wire.NoticeList) {
	open := map[string]wire.Notice{}
	waits := false
	for _, n := range now.Notices {
		open[n.NoticeUUID] = n
		waits = waits || n.Asked && (!n.Read || n.Confirm && n.ConfirmedAt == nil)
	}
	if !waits {
		b.s.o.Notifier.Withdraw(noticePlace) // the summary; most often there is none
	}
	b.drop(func(id string, reminder bool) bool {
		n, found := open[id]
		return !found || n.ConfirmedAt != nil || n.Read && !reminder
	})
}

// Seen says that the user has read a notice.
func (b *bell) Seen(noticeUUID string) {
	b.drop(func(id string, _ bool) bool { return id == noticeUUID })
}

// Clear takes everything back.
func (b *bell) Clear() { b.drop(func(string, bool) bool { return true }) }

func (b *bell) drop(gone func(noticeUUID string, reminder bool) bool) {
	b.mu.Lock()
	var ids []string
	for id, reminder := range b.shown {
		if gone(id, reminder) {
			ids = append(ids, id)
			delete(b.shown, id)
		}
	}
	b.mu.Unlock()
	for _, id := range ids {
		b.s.o.Notifier.Withdraw(noticePlace + id)
	}
}

// noticeOf is the notice that a click was about, "" for a room.
func noticeOf(place string) string {
	id, found := strings.CutPrefix(place, noticePlace)
	if !found || checkID(id) != nil {
		return ""
	}
	return id
}
