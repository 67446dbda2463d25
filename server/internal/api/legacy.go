package api

import (
	"path"
	"strings"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// This file words what the original had no words for, in its forms.

var (
	deletedText = errs.Text{KO: "삭제된 메시지입니다.", EN: "This message was deleted."}
	groupText   = errs.Text{KO: "그룹채팅", EN: "Group chat"}
	fileText    = errs.Text{KO: "파일", EN: "File"}
	leaverText  = errs.Text{KO: "탈퇴한 사용자", EN: "Former user"}
)

var systemTexts = map[wire.SystemAction]errs.Text{
	wire.SystemCreated: {KO: "대화방이 만들어졌습니다.", EN: "The room was made."},
	wire.SystemJoined:  {KO: "새로운 멤버가 들어왔습니다.", EN: "Someone joined."},
	wire.SystemLeft:    {KO: "멤버가 나갔습니다.", EN: "Someone left."},
	wire.SystemRemoved: {KO: "멤버가 내보내졌습니다.", EN: "Someone was removed."},
	wire.SystemRenamed: {KO: "대화방 이름이 바뀌었습니다.", EN: "The room was renamed."},
	wire.SystemPinned:  {KO: "메시지가 고정되었습니다.", EN: "A message was pinned."},

	wire.SystemBotWrites: {KO: "봇이 이 대화방에 글을 쓸 수 있게 되었습니다.", EN: "A bot may write here from now on."},
	wire.SystemBotReads:  {KO: "봇이 이 대화방의 새 메시지를 읽을 수 있게 되었습니다.", EN: "A bot may read here from now on."},
	wire.SystemBotBoth:   {KO: "봇이 이 대화방에서 읽고 쓸 수 있게 되었습니다.", EN: "A bot may read and write here from now on."},
	wire.SystemBotGone:   {KO: "봇이 이 대화방에서 나갔습니다.", EN: "A bot is here no more."},
}

// legacyText is a message as one text: what a person wrote, or a sentence for a line of the server's own.
func legacyText(m wire.Message, lang string) string {
	if m.System != nil {
		return systemTexts[m.System.Action].In(lang)
	}
	if m.Text == "" && len(m.Files) > 0 {
		return "📎 " + fileText.In(lang) + ": " + m.Files[0].Name
	}
	return m.Text
}

// legacyMessage is a message with its first file: the original's had one at most.
func legacyMessage(m wire.Message, lang string) wire.LegacyMessage {
	l := wire.LegacyMessage{
		SenderUUID: m.SenderUUID, Text: legacyText(m, lang), Timestamp: m.Timestamp, MessageID: m.MessageID, Seq: m.Seq,
		Deleted: m.DeletedAt != nil,
	}
	if len(m.Files) > 0 {
		name := m.Files[0].Name
		kind := strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) // the original kept the extension
		l.FileName, l.FileType = &name, &kind
	}
	return l
}

// preview is the last message as the list of rooms shows it.
func preview(m wire.Message, lang string) string {
	if m.DeletedAt != nil {
		return deletedText.In(lang)
	}
	return legacyText(m, lang)
}

// displayName is how a person is called; one whose account was deleted has no name any more.
func displayName(p wire.Profile, lang string) string {
	if p.Name == "" {
		return leaverText.In(lang)
	}
	return p.Name
}
