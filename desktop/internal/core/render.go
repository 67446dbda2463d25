package core

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// This file turns what is held into what the page gets.

func viewRoom(r store.Room) Room {
	v := Room{
		RoomUUID: r.UUID, Kind: r.Kind, Name: r.Name, Members: orEmpty(r.Members), MemberCount: r.MemberCount,
		OtherUUID: r.OtherUUID, LastSeq: r.LastSeq, LastReadSeq: r.LastReadSeq, UnreadCount: r.Unread(),
		UnsentCount: r.Unsent, Draft: viewDraft(r.Draft), Role: r.Role, Owners: orEmpty(r.Owners),
		History: r.History, Picture: r.Picture, Pins: orEmpty(r.Pins), MutedUntil: r.MutedUntil, Notify: r.Notify, Favourite: r.Favourite,
		Pinned: r.Pinned, Locked: r.Locked, MentionedSeqs: orEmpty(r.MentionSeqs),
		DepartmentUUID: r.Department, ReadOnly: r.ReadOnly, LastFiles: []string{},
	}
	if r.Last != nil {
		v.LastText = plainWords(r.Last.Text)
		v.LastKind, v.LastSender, v.LastAt = r.Last.Kind, r.Last.SenderUUID, r.Last.Timestamp.UnixMilli()
		v.LastDeleted, v.LastSystem = r.Last.DeletedAt != nil, r.Last.System
		v.LastFiles, v.LastFileCount, v.LastPhotos = fileNames(r.Last.Files), len(r.Last.Files), countPhotos(r.Last.Files)
	}
	return v
}

func viewDraft(d store.Draft) Draft {
	return Draft{Text: d.Text, ReplyToSeq: d.ReplyToSeq, Mentions: orEmpty(d.Mentions), MentionAll: d.MentionAll, Files: []string{}}
}

func viewRooms(rooms []store.Room) []Room {
	out := make([]Room, 0, len(rooms))
	for _, r := range rooms {
		out = append(out, viewRoom(r))
	}
	return out
}

// oneLine is a text as a list shows it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// eyes are who looks: whose own messages are shown as such, and which files this device has a copy of.
type eyes struct {
	me    string
	saved func(fileID string) bool
}

func (s *session) eyes() eyes { return eyes{me: s.me, saved: s.downloads.Saved} }

func viewMessage(m wire.Message, by eyes) Message {
	me := by.me
	v := Message{
		RoomUUID: m.RoomUUID, ClientID: m.ClientID, MessageID: m.MessageID, Seq: m.Seq, Rev: m.Rev, Kind: m.Kind,
		SenderUUID: m.SenderUUID, Mine: m.SenderUUID == me && m.Kind == wire.MessageUser, Text: m.Text,
		At: m.Timestamp.UnixMilli(), ReplyToSeq: m.ReplyToSeq, System: m.System, State: SendSent,
		Mentions: orEmpty(m.Mentions), MentionAll: m.MentionAll, Forwarded: m.ForwardedFrom != 0, Pinned: m.Pinned,
		Reactions: viewReactions(m.Reactions, me), Files: viewFiles(m.Files, by.saved),
	}
	if !v.Mine {
		// Only the sender's own device needs the id that it made; others' could be anything, even one of ours.
		v.ClientID = "seq-" + strconv.FormatInt(m.Seq, 10)
	}
	if m.EditedAt != nil {
		v.EditedAt = m.EditedAt.UnixMilli()
	}
	if m.DeletedAt != nil {
		v.DeletedAt = m.DeletedAt.UnixMilli()
	}
	return v
}

func viewReactions(reactions []wire.Reaction, me string) []Reaction {
	out := make([]Reaction, 0, len(reactions))
	for _, r := range reactions {
		out = append(out, Reaction{
			Emoji: r.Emoji, UserUUIDs: orEmpty(r.UserUUIDs), Mine: slices.Contains(r.UserUUIDs, me),
		})
	}
	return out
}

// viewOutgoing shows an unsent message, or one that was sent and has not come back yet.
func viewOutgoing(o store.Outgoing, by eyes, online bool) Message {
	v := Message{
		RoomUUID: o.RoomUUID, ClientID: o.ClientID, Kind: wire.MessageUser, SenderUUID: by.me, Mine: true, Text: o.Text,
		At: o.CreatedAt, ReplyToSeq: o.ReplyToSeq, State: SendWaiting, Mentions: orEmpty(o.Mentions),
		MentionAll: o.MentionAll, Forwarded: o.ForwardedFrom != 0, Reactions: []Reaction{}, Files: viewUploads(o.Files),
	}
	if len(o.Files) == 0 {
		v.Files = viewFiles(o.Passed, by.saved)
	}
	switch {
	case o.Sent():
		v.State, v.MessageID, v.Seq, v.Rev, v.At = SendSent, o.SentID, o.SentSeq, o.SentRev, o.SentAt
	case o.Failure != "":
		v.State, v.Failure = SendFailed, &Failure{Code: string(wire.Internal)}
		// Our own words, written by encodeFailure; a text that is not leaves the plain one.
		_ = json.Unmarshal([]byte(o.Failure), v.Failure)
	case online:
		v.State = SendSending
	}
	return v
}

func encodeFailure(f *Failure) string {
	text, err := json.Marshal(f)
	if err != nil { // strings and numbers only: it can't
		return `{"code":"internal"}`
	}
	return string(text)
}

// viewConversation puts a page and the outbox together: by seq, unsent ones last.
func viewConversation(page []wire.Message, out []store.Outgoing, by eyes, online bool) []Message {
	messages := make([]Message, 0, len(page)+len(out))
	for _, m := range page {
		messages = append(messages, viewMessage(m, by))
	}
	for _, o := range out {
		messages = append(messages, viewOutgoing(o, by, online))
	}
	slices.SortStableFunc(messages, func(a, b Message) int { return cmp.Compare(sortKey(a), sortKey(b)) })
	return messages
}

func sortKey(m Message) int64 {
	if m.Seq == 0 {
		return 1 << 62
	}
	return m.Seq
}

func viewMessageChange(roomUUID string, m *messageChanges, unsent []Message) MessageChange {
	c := MessageChange{RoomUUID: roomUUID, Changed: []Message{}, Removed: []string{}, Reset: m.reset}
	for _, message := range m.changed {
		c.Changed = append(c.Changed, message)
	}
	for _, message := range unsent {
		if _, arrived := m.changed[message.ClientID]; !arrived {
			c.Changed = append(c.Changed, message)
		}
	}
	slices.SortFunc(c.Changed, func(a, b Message) int {
		return cmp.Or(cmp.Compare(sortKey(a), sortKey(b)), cmp.Compare(a.ClientID, b.ClientID))
	})
	for id := range m.gone {
		c.Removed = append(c.Removed, id)
	}
	return c
}

func profileOf(me wire.Me) wire.Profile {
	return wire.Profile{
		UserUUID: me.UUID, Name: me.Name, Username: me.Username, EmployeeID: me.EmployeeID, Department: me.Department,
		Position: me.Position, Grade: me.Grade, Email: me.Email, Phone: me.Phone, StatusText: me.StatusText,
		Picture: me.Picture, Role: me.Role, State: wire.UserActive,
	}
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func keys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}
