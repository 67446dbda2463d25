package core

import (
	"context"
	"fmt"
	"strings"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

// appName is the title of notifications that belong to no room.
const appName = "Hi_Msg"

// words are the few texts that core itself shows, in notifications. The page has its own.
type words struct {
	pasted                           string // the name of a pasted picture, without the time
	newMessage                       string
	test                             string
	missed                           string // with the number
	mention                          string // with the name
	several                          string // with the numbers of messages and rooms
	reply, replyHint, send, markRead string // of a notification's buttons
	keyword                          string // with the name and the word
	keywordOnly                      string // the same, of somebody who is not known
	nameless                         string // the same, of somebody who is not known
	photo                            string
	photos                           string // with the number
	file                             string // with the name
	files                            string // with the number and the first name

	newNotice    string
	hiddenNotice string // in place of the title
	reminder     string
	manyNotices  string // with the number
}

func wordsFor(language string) words {
	if language == "en" {
		return words{
			pasted: "Pasted picture", newMessage: "New message", test: "Notifications work.", missed: "Unread messages: %d",
			mention: "%s mentioned you", several: "New messages: %d in %d chats",
			reply: "Reply", replyHint: "Write a reply", send: "Send", markRead: "Mark as read", keyword: "%s wrote “%s”", keywordOnly: "Somebody wrote “%s”", nameless: "Somebody mentioned you",
			photo: "Photo", photos: "%d photos", file: "File: %s", files: "%d files: %s …",
			newNotice: "New notice", hiddenNotice: "Open Hi_Msg to read it.", reminder: "Please confirm this notice",
			manyNotices: "Notices that wait for you: %d",
		}
	}
	return words{
		pasted: "붙여넣은 그림", newMessage: "새 메시지", test: "알림이 잘 보입니다.", missed: "읽지 않은 메시지 %d개",
		mention: "%s 님이 나를 언급했습니다", several: "새 메시지 %d개 · 대화방 %d곳",
		reply: "답장", replyHint: "답장을 입력하세요", send: "보내기", markRead: "읽음으로 표시", keyword: "%s 님의 메시지에 ‘%s’", keywordOnly: "새 메시지에 ‘%s’", nameless: "누군가 나를 언급했습니다",
		photo: "사진", photos: "사진 %d장", file: "파일: %s", files: "파일 %d개: %s …",
		newNotice: "새 공지", hiddenNotice: "Hi_Msg에서 확인해 주세요.", reminder: "아직 확인하지 않은 공지입니다",
		manyNotices: "확인할 공지 %d건",
	}
}

func (w words) summary(n int64) string { return fmt.Sprintf(w.missed, n) }

func (w words) many(messages, rooms int) string { return fmt.Sprintf(w.several, messages, rooms) }

// actions are the buttons of a room's notification.
func (w words) actions(reply bool) *NoteActions {
	out := &NoteActions{MarkRead: w.markRead}
	if reply {
		out.Reply, out.ReplyHint, out.Send = w.reply, w.replyHint, w.send
	}
	return out
}

func (w words) noticesWait(n int) string { return fmt.Sprintf(w.manyNotices, n) }

func (w words) mentioned(name string) string {
	if name == "" {
		return w.nameless
	}
	return fmt.Sprintf(w.mention, name)
}

func (w words) said(name, keyword string) string {
	if name == "" {
		return fmt.Sprintf(w.keywordOnly, keyword)
	}
	return fmt.Sprintf(w.keyword, name, keyword)
}

func (s *session) words() words { return wordsFor(s.account.language()) }

// shown is a message in one line: its text, or what its files are.
func (w words) shown(m wire.Message) string {
	if text := plainWords(m.Text); text != "" || len(m.Files) == 0 {
		return text
	}
	name := cleanName(m.Files[0].Name)
	switch n := len(m.Files); {
	case countPhotos(m.Files) < n && n == 1:
		return fmt.Sprintf(w.file, name)
	case countPhotos(m.Files) < n:
		return fmt.Sprintf(w.files, n, name)
	case n == 1:
		return w.photo
	default:
		return fmt.Sprintf(w.photos, n)
	}
}

// personName is "" for somebody whom the directory has not told of.
func (s *session) personName(ctx context.Context, userUUID string) string {
	p, err := s.store.Person(ctx, userUUID)
	if err != nil {
		return ""
	}
	return p.Name
}

// namedMembers is how many members name a room that has no name.
const namedMembers = 3

// roomTitle names a group or a memo.
func (s *session) roomTitle(ctx context.Context, r store.Room) string {
	if r.Name != "" {
		return r.Name
	}
	var names []string
	for _, id := range r.Members {
		if name := s.personName(ctx, id); id != s.me && name != "" && len(names) < namedMembers {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return appName
	}
	return strings.Join(names, ", ")
}
