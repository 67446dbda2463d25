package legacy

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"himsg/shared/wire"
)

// This file decides what becomes of messages.

func (p *Plan) readMessages(ctx context.Context) error {
	if n := p.Report.table(tableMessages).Rows; n > 0 {
		p.messages = make([]message, 0, n)
	}
	last, read := int64(0), int64(0)
	for {
		page, err := p.source.Messages(ctx, last, pageRows)
		if err != nil {
			return fmt.Errorf("read the original's messages: %w", err)
		}
		if len(page) == 0 {
			break
		}
		for _, row := range page {
			p.stamp(id(row.ID), id(row.SenderID), id(row.ReceiverID), row.SenderUUID, row.ReceiverUUID, row.RoomUUID, row.Text,
				row.ImagePath, row.FilePath, row.FileName, row.FileType, row.At)
			p.addMessage(row)
		}
		last, read = page[len(page)-1].ID, read+int64(len(page))
		p.progress("messages read", read)
	}
	p.whole(tableMessages, read)
	p.fillTimes()
	return nil
}

// addMessage decides where a message goes.
func (p *Plan) addMessage(row Message) {
	m := message{id: row.ID, room: -1, sender: -1, file: row.path() != ""}
	problem := Problem{Table: tableMessages, Row: row.ID}
	m.room, m.sender, problem.Kind = p.place(row)
	parts, done := p.texts(row, m.file)
	if m.room >= 0 && len(parts) == 0 {
		m.room, problem.Kind = -1, KindMessageEmpty
	}
	t := p.Report.table(tableMessages)
	if m.room < 0 {
		t.Left++
		if m.sender >= 0 {
			problem.Name = p.people[m.sender].user.Username
		}
		p.Report.note(problem)
		p.messages = append(p.messages, m)
		return
	}
	t.Comes++
	m.parts = int32(len(parts))
	problem.Name = p.people[m.sender].user.Username
	p.noteMessage(row, problem, done, len(parts))
	var d doubt
	m.at, d = p.calendar.read(row.At)
	p.noteTime(problem, row.At, d)
	for _, who := range [2]int32{m.sender, p.receiver(m)} {
		p.people[who].involved = true
	}
	if m.file {
		p.files[m.id] = &upload{message: m.id, said: row.path(), name: p.fileName(row), table: problem}
	}
	p.messages = append(p.messages, m)
}

// receiver is the other one of two; in a group the sender.
func (p *Plan) receiver(m message) int32 {
	if r := p.rooms[m.room]; r.kind != wire.RoomGroup {
		return r.pair[0] + r.pair[1] - m.sender
	}
	return m.sender
}

// place finds a message's room and sender. The room is -1 for one that stays, and why says the reason.
func (p *Plan) place(row Message) (room, sender int32, why Kind) {
	if row.RoomUUID != "" {
		i, known := p.groups[strings.ToLower(row.RoomUUID)]
		if !known || i < 0 {
			who, there := p.who(row.SenderUUID, row.SenderID)
			if !there {
				who = -1
			}
			return -1, who, KindMessageRoom
		}
		if sender = p.someone(row.SenderUUID, row.SenderID); sender < 0 {
			return -1, -1, KindMessageNobody
		}
		return i, sender, ""
	}
	_, known := p.who(row.SenderUUID, row.SenderID)
	_, knownToo := p.who(row.ReceiverUUID, row.ReceiverID)
	if !known && !knownToo {
		return -1, -1, KindMessageNobody
	}
	sender = p.someone(row.SenderUUID, row.SenderID)
	receiver := p.someone(row.ReceiverUUID, row.ReceiverID)
	if sender < 0 || receiver < 0 {
		return -1, sender, KindMessageNobody
	}
	return p.direct(sender, receiver), sender, ""
}

// noteMessage reports what is done to a message that comes.
func (p *Plan) noteMessage(row Message, problem Problem, done repair, parts int) {
	if byNumber, ok := p.bySource[row.SenderID]; ok && row.SenderUUID != "" {
		if byUUID, there := p.byUUID[strings.ToLower(row.SenderUUID)]; there && byUUID != byNumber {
			problem.Kind = KindMessageSender
			p.Report.note(problem)
		}
	}
	for _, one := range []struct {
		is   bool
		kind Kind
	}{
		{done&reencoded != 0, KindTextReencoded},
		{done&damaged != 0, KindTextDamaged},
		{done&cleaned != 0, KindTextCleaned},
		{parts > 1, KindTextSplit},
	} {
		if one.is {
			problem.Kind = one.kind
			p.Report.note(problem)
		}
	}
}

func (p *Plan) noteTime(problem Problem, said string, d doubt) {
	kind, is := map[doubt]Kind{noTime: KindTimeMissing, twice: KindTimeTwice, skipped: KindTimeSkipped, future: KindTimeFuture}[d]
	if is {
		problem.Kind, problem.Note = kind, said
		p.Report.note(problem)
	}
}

// fillTimes gives messages without a time that of the one before, or of the first after, or of now.
func (p *Plan) fillTimes() {
	last := int64(0)
	for i := range p.messages {
		if m := &p.messages[i]; m.at != 0 {
			last = m.at
		} else if m.room >= 0 {
			m.at = last
		}
	}
	next := p.o.Now.UnixMilli()
	for i := len(p.messages) - 1; i >= 0; i-- {
		if m := &p.messages[i]; m.at != 0 {
			next = m.at
		} else if m.room >= 0 {
			m.at = next
		}
	}
}

// notBrought is added to the text of a message whose file does not come: its readers are the company's.
const notBrought = "\n(이전 서버에서 파일을 옮기지 못했습니다.)"

// texts are the texts of the messages that a row becomes, usually one. What the original wrote as the text of a file goes with the
// file; withFile says whether that comes. None: the row is empty. How many there are does not depend on the file.
func (p *Plan) texts(row Message, withFile bool) ([]string, repair) {
	text, done := messageText(row.Text)
	if row.path() == "" {
		if text == "" {
			return nil, done
		}
		return split(text), done
	}
	name, generated := saidName(text)
	if generated {
		text = firstRunes("📎 파일: "+name, wire.MaxNameRunes*3)
	}
	switch {
	case withFile && generated:
		return []string{""}, done
	case withFile:
		return split(text), done
	case text == "":
		text = "📎 파일: " + firstRunes(row.FileName, wire.MaxNameRunes)
		text, _ = messageText(text)
	}
	parts := split(text)
	if last := &parts[len(parts)-1]; utf8.RuneCountInString(*last)+utf8.RuneCountInString(notBrought) <= wire.MaxTextRunes {
		*last += notBrought
	}
	return parts, done
}

// clientID names a part of a message. The database takes it once.
func (p *Plan) clientID(messageID int64, part int) string {
	return p.uuid("message", id(messageID), id(int64(part)))
}
