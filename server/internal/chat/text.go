package chat

import (
	"github.com/google/uuid"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// The texts of refusals; the Korean ones that the original had are unchanged.
var (
	textNoRoom     = errs.Text{KO: "대화방을 찾을 수 없습니다.", EN: "There is no such conversation."}
	textNoPerson   = errs.Text{KO: "받는 사람을 찾을 수 없습니다.", EN: "The receiver was not found."}
	textNoTarget   = errs.Text{KO: "room_uuid 또는 receiver_uuid가 필요합니다.", EN: "room_uuid or receiver_uuid is required."}
	textManyFiles  = errs.Text{KO: "한 메시지에 파일을 20개까지 보낼 수 있습니다.", EN: "A message can have 20 files at most."}
	textForwarded  = errs.Text{KO: "전달하는 메시지에는 파일을 더할 수 없습니다.", EN: "Files can't be added to a forwarded message."}
	textTwice      = errs.Text{KO: "같은 값이 두 번 들어 있습니다.", EN: "This value is there twice."}
	textReadOnly   = errs.Text{KO: "공지방에는 관리자만 쓸 수 있습니다.", EN: "Only administrators can write announcements."}
	textBadUUID    = errs.Text{KO: "올바른 UUID가 아닙니다.", EN: "This is not a UUID."}
	textRange      = errs.Text{KO: "허용 범위를 벗어났습니다.", EN: "This is out of range."}
	textTooMany    = errs.Text{KO: "너무 많습니다.", EN: "These are too many."}
	textFewPeople  = errs.Text{KO: "2명 이상 선택해야 합니다.", EN: "Choose at least two people."}
	textManyPeople = errs.Text{KO: "대화방 인원이 너무 많습니다.", EN: "These are too many people for one room."}
	textNoMember   = errs.Text{KO: "초대할 수 없는 사람이 있습니다.", EN: "Someone among them can't be invited."}
	textNoEmoji    = errs.Text{KO: "사용할 수 없는 이모지입니다.", EN: "This is not an emoji that can be used here."}
	textMentions   = errs.Text{KO: "한 메시지에 100명까지 언급할 수 있습니다.", EN: "A message can mention 100 people at most."}
	textOnePlace   = errs.Text{KO: "조회 위치는 하나만 지정할 수 있습니다.", EN: "Ask for one place only."}
	textNobody     = errs.Text{KO: "초대할 사람을 선택해주세요.", EN: "Choose somebody to invite."}
	textUnknown    = errs.Text{KO: "알 수 없는 값입니다.", EN: "This value is not known."}
	textNoPicture  = errs.Text{KO: "사진을 찾을 수 없습니다.", EN: "The picture was not found."}
	textOnlyOwner  = errs.Text{KO: "방장만 할 수 있습니다.", EN: "Only an owner of the conversation can do this."}
	textOnlyGroups = errs.Text{KO: "단체 대화방에서만 할 수 있습니다.", EN: "This is only possible in a group conversation."}
	textNotGroup   = errs.Text{KO: "그룹 대화방만 닫을 수 있습니다.", EN: "Only a group can be closed."}
)

// checkUUID accepts the usual form of 36 characters only, so that one UUID is one string.
func checkUUID(field, s string) error {
	if len(s) != 36 || uuid.Validate(s) != nil {
		return errs.BadField(field, textBadUUID)
	}
	return nil
}

// checkID refuses what can't be a message_id.
func checkID(messageID int64) error {
	if messageID <= 0 {
		return errs.BadField("message_id", textRange)
	}
	return nil
}

// checkMentions bounds whom a message names.
func checkMentions(uuids []string) error {
	if len(uuids) > wire.MaxMentions {
		return errs.E(wire.BadRequest, wire.ReasonTooManyMentions, textMentions)
	}
	for _, uuid := range uuids {
		if err := checkUUID("mentions", uuid); err != nil {
			return err
		}
	}
	return nil
}

// limit reads a page size: 0 means usual, more than most or less than nothing is refused.
func limit(n, usual, most int) (int, error) {
	switch {
	case n == 0:
		return usual, nil
	case n < 0 || n > most:
		return 0, errs.BadField("limit", textRange)
	}
	return n, nil
}

// notNegative refuses negative numbers of messages and revisions.
func notNegative(field string, n int64) error {
	if n < 0 {
		return errs.BadField(field, textRange)
	}
	return nil
}

// missing reports whether err says that something is not there for the actor.
func missing(err error) bool { return errs.Is(err, wire.NotFound) }
