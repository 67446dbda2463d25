package core

import (
	"cmp"
	"context"
	"log/slog"
	"math"
	"slices"
	"sync"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

const (
	// lateAfter: a message that is older when it arrives was missed; missed ones make one summary.
	lateAfter = 60 * time.Second
	// maxTold bounds what is remembered of a room's notification.
	maxTold = 100
	// unknownUnread: there is nothing to compare with, as when a store is new.
	unknownUnread = -1
)

// notes decides what the desktop is to show. Messages that arrive within a moment make one notification per room, and a
// later one of the same room takes its place; it is taken back when the room is read, here or elsewhere. Many rooms at a
// time make one for all (fold.go).
type notes struct {
	s    *session
	kick chan struct{}
	desk sync.Mutex // held while something is shown or taken back, so that what is taken back can't be shown after that

	mu       sync.Mutex // after desk
	inView   string
	focused  bool
	nextID   uint64
	waiting  map[string][]wire.Message // rooms whose notification is due
	shown    map[string][]wire.Message // rooms whose notification stands, and what it tells of
	fold     fold
	answered map[uint64]bool // notifications that somebody has replied to or marked as read
	alerted  bool            // the task bar asks for attention
	unread   int64           // when the connection began, to know what was missed
	told     int64           // unread messages that were notified of since then
}

func newNotes(s *session) *notes {
	return &notes{
		s: s, kick: make(chan struct{}, 1), waiting: map[string][]wire.Message{}, shown: map[string][]wire.Message{},
		fold: newFold(), answered: map[uint64]bool{}, unread: unknownUnread,
		// What the app before this start has shown may still be on the screen: no number comes twice.
		nextID: uint64(s.o.Clock.Now().UnixMilli()),
	}
}

// InView tells what the user looks at.
func (n *notes) InView(roomUUID string, focused bool) {
	n.mu.Lock()
	n.inView, n.focused = roomUUID, focused
	looking := focused && roomUUID != ""
	alerted := n.alerted && focused
	n.alerted = n.alerted && !focused
	n.mu.Unlock()
	if alerted {
		n.s.o.Badge.Alert(false)
	}
	if focused {
		n.forgetMissed()
	}
	if looking {
		n.Withdraw(roomUUID)
	}
}

// Arrived takes what a batch changed in a room.
func (n *notes) Arrived(a store.Applied) {
	for _, seq := range a.Deleted {
		n.deleted(a.RoomUUID, seq)
	}
	now := n.s.serverNow()
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range a.New {
		late := !a.Live && now.Sub(m.Timestamp.Time) > lateAfter
		if m.Kind == wire.MessageUser && m.SenderUUID != n.s.me && m.DeletedAt == nil && !late {
			n.add(a.RoomUUID, m)
		}
	}
}

// add makes a notification due. The same message may come twice: in a room's summary and by itself.
func (n *notes) add(roomUUID string, m wire.Message) {
	same := func(held wire.Message) bool { return held.Seq == m.Seq }
	waiting := n.waiting[roomUUID]
	if slices.ContainsFunc(waiting, same) || slices.ContainsFunc(n.shown[roomUUID], same) {
		return
	}
	n.told++
	waiting = append(waiting, m)
	slices.SortFunc(waiting, func(a, b wire.Message) int { return cmp.Compare(a.Seq, b.Seq) })
	n.waiting[roomUUID] = newest(waiting)
	select {
	case n.kick <- struct{}{}:
	default: // it will look anyway
	}
}

func newest(told []wire.Message) []wire.Message { return told[max(0, len(told)-maxTold):] }

// Read forgets a room's messages up to seq, and takes the notification back when it tells of nothing else.
func (n *notes) Read(roomUUID string, seq int64) {
	n.desk.Lock()
	defer n.desk.Unlock()
	n.forget(roomUUID, seq)
}

// forget is Read for who holds n.desk.
func (n *notes) forget(roomUUID string, seq int64) {
	read := func(m wire.Message) bool { return m.Seq <= seq }
	n.mu.Lock()
	n.filterWaiting(roomUUID, read)
	shown := n.shown[roomUUID]
	left := slices.DeleteFunc(slices.Clone(shown), read)
	n.shown[roomUUID] = left
	place := ""
	if len(left) == 0 {
		delete(n.shown, roomUUID)
		if len(shown) > 0 {
			place = n.fold.leave(roomUUID)
		}
	}
	n.mu.Unlock()
	if place != "" {
		n.s.o.Notifier.Withdraw(place)
	}
}

// deleted makes sure that no notification shows a deleted message.
func (n *notes) deleted(roomUUID string, seq int64) {
	same := func(m wire.Message) bool { return m.Seq == seq }
	n.desk.Lock()
	defer n.desk.Unlock()
	n.mu.Lock()
	n.filterWaiting(roomUUID, same)
	shown := slices.ContainsFunc(n.shown[roomUUID], same)
	n.mu.Unlock()
	if shown {
		n.forget(roomUUID, math.MaxInt64)
	}
}

func (n *notes) filterWaiting(roomUUID string, gone func(wire.Message) bool) {
	left := slices.DeleteFunc(n.waiting[roomUUID], gone)
	if n.waiting[roomUUID] = left; len(left) == 0 {
		delete(n.waiting, roomUUID)
	}
}

// Withdraw takes back a room's notification.
func (n *notes) Withdraw(roomUUID string) { n.Read(roomUUID, math.MaxInt64) }

func (n *notes) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.kick:
		}
		if !pause(ctx, n.patience()) {
			return
		}
		if err := n.flush(ctx); err != nil {
			n.s.log.WarnContext(ctx, "notify", slog.Any("error", err))
		}
	}
}

// patience is how long to wait for more: longer while one notification follows the other.
func (n *notes) patience() time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.s.o.Clock.Now().Sub(n.fold.last) < n.s.o.Pace.NotifyBurst {
		return n.s.o.Pace.NotifyBurst
	}
	return n.s.o.Pace.NotifyFold
}

// flush shows what is due. What is read or deleted meanwhile is not due any more.
func (n *notes) flush(ctx context.Context) error {
	n.mu.Lock()
	waiting := keys(n.waiting)
	n.mu.Unlock()
	rooms, err := n.s.store.RoomsByID(ctx, waiting)
	n.desk.Lock()
	defer n.desk.Unlock()
	due := n.take(waiting)
	if err != nil {
		return err
	}
	if !n.allowed() {
		return nil
	}
	rooms = slices.DeleteFunc(rooms, func(r store.Room) bool { return !n.wantsToKnow(r, due) })
	if len(rooms) == 0 {
		return nil
	}
	n.mu.Lock()
	many := n.fold.note(rooms, n.s.o.Clock.Now())
	n.mu.Unlock()
	if many {
		n.showMany(rooms, due)
	} else {
		for _, r := range rooms {
			n.showRoom(ctx, r, due[r.UUID])
		}
	}
	n.alert()
	return nil
}

// take removes what waits in some rooms.
func (n *notes) take(rooms []string) map[string][]wire.Message {
	n.mu.Lock()
	defer n.mu.Unlock()
	due := make(map[string][]wire.Message, len(rooms))
	for _, id := range rooms {
		if waiting := n.waiting[id]; len(waiting) > 0 {
			due[id] = waiting
			delete(n.waiting, id)
		}
	}
	return due
}

// wantsToKnow leaves out of due what the user has seen meanwhile, and reports whether anything is left to tell of.
func (n *notes) wantsToKnow(r store.Room, due map[string][]wire.Message) bool {
	rule := n.s.ruleOf(r)
	due[r.UUID] = slices.DeleteFunc(due[r.UUID], func(m wire.Message) bool {
		return m.Seq <= r.LastReadSeq || rule == wire.NotifyNone || rule == wire.NotifyMentions && !n.s.concernsMe(m)
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	looking := n.focused && n.inView == r.UUID
	return len(due[r.UUID]) > 0 && !looking
}

// ruleOf says which messages of a room notify now: a muted room lets through what concerns the user, if he wants that.
func (s *session) ruleOf(r store.Room) wire.RoomNotify {
	if r.Notify == wire.NotifyNone || r.MutedUntil <= s.o.Clock.Now().UnixMilli() {
		return r.Notify
	}
	if s.account.settings().MentionsAlways {
		return wire.NotifyMentions
	}
	return wire.NotifyNone
}

// callsMe reports whether a message mentions the user, or everybody.
func (s *session) callsMe(m wire.Message) bool {
	return m.MentionAll || slices.Contains(m.Mentions, s.me)
}

// concernsMe reports whether a message mentions the user or holds one of his keywords.
func (s *session) concernsMe(m wire.Message) bool {
	return s.callsMe(m) || keywordIn(m.Text, s.account.settings().Keywords) != ""
}

// Clear takes everything back: the person signs out, or locks the app.
func (n *notes) Clear() {
	n.s.board.bell.Clear()
	n.forgetMissed()
	n.desk.Lock()
	defer n.desk.Unlock()
	n.mu.Lock()
	rooms := keys(n.shown)
	n.mu.Unlock()
	for _, id := range rooms {
		n.forget(id, math.MaxInt64)
	}
}

// Left is called when the connection is gone, and at the start: what is unread from now on was missed.
func (n *notes) Left(ctx context.Context) error {
	unread, err := n.s.unreadTotal(ctx)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.unread, n.told = unread, 0
	return err
}

// Synced is called when all that was missed has been applied. What was missed long ago makes one summary.
func (n *notes) Synced(ctx context.Context) error {
	unread, err := n.s.unreadTotal(ctx)
	if err != nil {
		return err
	}
	n.mu.Lock()
	missed := unread - n.unread - n.told
	known, focused := n.unread != unknownUnread, n.focused
	n.unread = unknownUnread
	n.mu.Unlock()
	if known && missed > 0 && !focused && n.allowed() {
		n.showMissed(missed)
	}
	return nil
}

// allowed reports whether the user wants to be told of anything now.
func (n *notes) allowed() bool {
	return !n.s.account.settings().silent(n.s.o.Clock.Now()) && n.s.presence.Mine() != wire.PresenceDND
}
