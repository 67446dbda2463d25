package core

import (
	"log/slog"
	"strings"
)

// What is done with a notification without opening the app.

// Answer is a reply to a notification, or, with an empty text, the wish that it be read.
type Answer struct {
	NoteID   uint64
	RoomUUID string
	Upto     int64 // the newest message that it told of
	Text     string
}

// Answer sends a reply to the room of a notification and marks the room as read as far as the notification told. A
// desktop that reports the same answer twice is heard once. openWindow: it could not be done, and the text stands in the
// room's composer, behind what stood there: the user is to see that.
//
// While the app is locked nothing is sent: who sits there need not be the user.
func (c *Core) Answer(a Answer) (openWindow bool) {
	s, err := c.present()
	if err != nil || checkID(a.RoomUUID) != nil || !s.notes.answer(a.NoteID) {
		return false
	}
	text := strings.TrimSpace(a.Text)
	if text != "" {
		if _, err := c.Send(a.RoomUUID, Draft{Text: text}); err != nil {
			s.log.Info("reply not sent", slog.String("room_uuid", a.RoomUUID), slog.Any("error", err))
			c.keepReply(s, a.RoomUUID, text)
			return true
		}
	}
	if err := c.Seen(a.RoomUUID, a.Upto); err != nil {
		s.log.Info("not marked as read", slog.String("room_uuid", a.RoomUUID), slog.Any("error", err))
	}
	return false
}

// keepReply puts a reply that can't be sent where the user finds it.
func (c *Core) keepReply(s *session, roomUUID, text string) {
	ctx, cancel := s.call()
	defer cancel()
	r, err := s.room(ctx, roomUUID)
	if err != nil {
		s.log.WarnContext(ctx, "reply not kept", slog.Any("error", err))
		return
	}
	both := Draft{Text: text, ReplyToSeq: r.Draft.ReplyToSeq, Mentions: r.Draft.Mentions, MentionAll: r.Draft.MentionAll}
	if r.Draft.Text != "" {
		both.Text = r.Draft.Text + "\n" + text
	}
	if err := c.SetDraft(roomUUID, both); err != nil {
		s.log.WarnContext(ctx, "reply not kept", slog.Any("error", err))
	}
	c.Activate(roomUUID, 0)
}

// answer notes that a notification was answered, and reports whether that is new.
func (n *notes) answer(id uint64) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.answered[id] {
		return false
	}
	n.answered[id] = true
	return true
}

// NotificationTest is what became of a test. Problem: "" (it was shown), "no_service" (no program shows notifications
// here), "no_answer" (there is one, and it hangs), "not_allowed" (the system's settings forbid it), "failed". Quiet: why
// messages would not be told of now: "", "off", "snoozed", "quiet_hours", "dnd".
type NotificationTest struct {
	Problem string `json:"problem"`
	Detail  string `json:"detail"` // for IT, in English
	Service string `json:"service"`
	Clicks  bool   `json:"clicks"`
	Replies bool   `json:"replies"`
	Quiet   string `json:"quiet"`
}
