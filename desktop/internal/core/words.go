package core

import (
	"context"
	"fmt"
	"strings"

	"himsg/desktop/internal/store"
)

// appName is the title of notifications that belong to no room.
const appName = "Hi_Msg"

// words are the few texts that core itself shows, in notifications. The page has its own.
type words struct {
	pasted     string // the name of a pasted picture, without the time
	newMessage string
	test       string
	missed     string // with the number
	mention    string // with the name
	nameless   string // the same, of somebody who is not known
}

func wordsFor(language string) words {
	if language == "en" {
		return words{
			pasted: "Pasted picture", newMessage: "New message", test: "Notifications work.", missed: "Unread messages: %d",
			mention: "%s mentioned you", nameless: "Somebody mentioned you",
		}
	}
	return words{
		pasted: "붙여넣은 그림", newMessage: "새 메시지", test: "알림이 잘 보입니다.", missed: "읽지 않은 메시지 %d개",
		mention: "%s 님이 나를 언급했습니다", nameless: "누군가 나를 언급했습니다",
	}
}

func (w words) summary(n int64) string { return fmt.Sprintf(w.missed, n) }

func (w words) mentioned(name string) string {
	if name == "" {
		return w.nameless
	}
	return fmt.Sprintf(w.mention, name)
}

func (s *session) words() words { return wordsFor(s.account.language()) }

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
