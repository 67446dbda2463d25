package notify

import (
	"strconv"

	"himsg/desktop/internal/core"
)

// This file reads what comes back from Windows' and macOS' notification centre. It needs neither.

// What Wails calls a click on the notification itself, and what we call the rest.
const (
	defaultAction = "DEFAULT_ACTION"
	replyAction   = "TEXT_REPLY"
	readAction    = "mark-read"
)

// response is what somebody did with a notification.
type response struct {
	action string
	data   map[string]any // what dataOf gave it, by way of the system's own files
	text   string         // of a reply
}

// respond hands on what somebody did with a notification. It may be one that an earlier start of the app has shown.
func respond(opts Options, r response) {
	room, _ := r.data["room"].(string)
	answer := core.Answer{RoomUUID: room, NoteID: uint64(numberOf(r.data, "id")), Upto: numberOf(r.data, "upto")}
	switch r.action {
	case defaultAction:
		opts.Activate(room, numberOf(r.data, "seq"))
	case replyAction:
		if answer.Text = r.text; answer.Text != "" {
			opts.Answer(answer)
		}
	case readAction:
		opts.Answer(answer)
	}
}

// nameOf is what the system calls a notification: one of the same name takes the place of the one before.
func nameOf(n core.Notification) string {
	if n.RoomUUID != "" {
		return n.RoomUUID
	}
	return strconv.FormatUint(n.ID, 10)
}

// dataOf is what a notification keeps for respond: texts, since the system makes other numbers of numbers.
func dataOf(n core.Notification) map[string]any {
	return map[string]any{
		"room": n.RoomUUID, "seq": strconv.FormatInt(n.Seq, 10), "upto": strconv.FormatInt(n.Upto, 10),
		"id": strconv.FormatUint(n.ID, 10),
	}
}

// numberOf reads what dataOf wrote; 0: nobody did.
func numberOf(data map[string]any, name string) int64 {
	text, _ := data[name].(string)
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
