package sample

import (
	"fmt"
	"strings"
	"time"
)

// This file makes the messages.

const insertRows = 500

// note is a row of messages.
type note struct {
	from, to         int    // indexes of people; to -1: a group
	room             string // of a group
	text             string
	at               any
	path, name, kind any
	image            any
}

var phrases = []string{
	"오늘 회의 자료 공유드립니다", "네, 확인했습니다", "3시에 2층 회의실에서 뵙겠습니다", "수정본 다시 보내드릴게요", "점심 같이 하실래요?",
	"견적서 검토 부탁드립니다", "OK, I will check it", "서버 점검은 내일 새벽입니다", "감사합니다 :)", "고객사 답변이 왔어요",
}

// when is the time of the i-th message: the last tenth is of the last three days. Of each ten, some share their second.
func (c *company) when(i int) time.Time {
	i -= i % 10 % 3
	end, most := c.o.Now.Add(-time.Hour), c.o.Messages*9/10
	lately := end.AddDate(0, 0, -3)
	if i < most {
		return c.began.Add(lately.Sub(c.began) / time.Duration(most) * time.Duration(i)).UTC()
	}
	return lately.Add(end.Sub(lately) / time.Duration(c.o.Messages-most) * time.Duration(i-most)).UTC()
}

// talk makes all messages.
func (c *company) talk() error {
	everyFile := c.o.Messages + 1
	if c.o.Files > 0 {
		everyFile = c.o.Messages / c.o.Files
	}
	files := 0
	for i := range c.o.Messages {
		at := c.when(i)
		n := c.note(i, at)
		withFile := i%everyFile == everyFile-1 && files < c.o.Files
		if withFile {
			files++
			if err := c.attach(&n, files, at); err != nil {
				return err
			}
		} else {
			c.spoil(&n, i)
		}
		if err := c.add(n); err != nil {
			return err
		}
	}
	if err := c.flush(); err != nil {
		return err
	}
	return c.unclaimed()
}

// note is the i-th message: two of three in a group.
func (c *company) note(i int, at time.Time) note {
	n := note{text: fmt.Sprintf("%s (%d)", phrases[c.rng.IntN(len(phrases))], i), at: at.Format(wall), to: -1}
	if c.rng.IntN(3) < 2 {
		g := c.rooms[c.rng.IntN(len(c.rooms))]
		n.room, n.from = g.uuid, g.members[c.rng.IntN(len(g.members))]
		return n
	}
	able := c.o.People - 2 // the last two were never let in
	n.from = c.rng.IntN(able)
	n.to = (n.from + c.rng.IntN(min(able, 12))) % able // now and then himself
	return n
}

// spoil gives some messages what is wrong with them. The first hundred and every thousandth hundred have them all.
func (c *company) spoil(n *note, i int) {
	if i >= 100 && i/100%100 != 1 {
		c.truth.Messages++
		return
	}
	switch i % 100 {
	case 10:
		n.text = mojibake(n.text)
		c.truth.Reencoded += flag(n.text != "" && hangul(n.text))
	case 20:
		n.text += "\x07\x1b[2J\r\n끝"
		c.truth.Cleaned++
	case 30:
		n.text = strings.Repeat("가나다라마바사아자차\n", 1200)
		c.truth.Split++
		c.truth.Messages++ // it comes as two
	case 40:
		n.text, n.room, n.to = "  \n", "", (n.from+1)%(c.o.People-2)
		c.truth.Stay++
		return
	case 50: // of a room that is gone
		n.room, n.to = c.uuid(), -1
		c.truth.Stay++
		return
	case 51:
		n.room, n.to = emptyRoom, -1
		c.truth.Stay++
		return
	case 60: // from one who is gone to one who is there
		n.from, n.room, n.to = c.ghost(), "", 0
	case 61: // between two who are gone
		n.from, n.room = c.ghost(), ""
		n.to = c.ghost()
		c.truth.Stay++
		c.truth.Ghosts -= 2
		return
	case 70:
		n.at = nil
		c.truth.NoTime++
	case 71:
		n.at = "0000-00-00 00:00:00"
		c.truth.NoTime++
	}
	c.truth.Messages++
}

func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// hangul reports whether a garbled text was one with Hangul.
func hangul(garbled string) bool {
	return strings.ContainsFunc(garbled, func(r rune) bool { return r >= 0x80 })
}

// ghost is somebody who is not among the users.
func (c *company) ghost() int {
	c.truth.Ghosts++
	c.people = append(c.people, somebody{id: 900_000 + len(c.people), uuid: c.uuid(), ghost: true, name: "없음"})
	return len(c.people) - 1
}

func (c *company) add(n note) error {
	from := c.people[n.from]
	row := []any{from.id, nil, from.uuid, nil, nil, n.text, n.image, n.path, n.name, n.kind, n.at}
	if n.room != "" {
		row[4] = n.room
	} else {
		row[1], row[3] = c.people[n.to].id, c.people[n.to].uuid
	}
	c.rows = append(c.rows, row)
	if len(c.rows) < insertRows {
		return nil
	}
	return c.flush()
}

func (c *company) flush() error {
	if len(c.rows) == 0 {
		return nil
	}
	marks := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?),", len(c.rows)), ",")
	args := make([]any, 0, 11*len(c.rows))
	for _, r := range c.rows {
		args = append(args, r...)
	}
	c.rows = c.rows[:0]
	return c.exec(`insert into messages (sender_id, receiver_id, sender_uuid, receiver_uuid, room_uuid, message_text, image_path, file_path,
  file_name, file_type, timestamp) values `+marks, args...)
}
