package notify

import (
	"encoding/json"
	"testing"

	"himsg/desktop/internal/core"
)

// What a notification keeps goes through the system's own files, as JSON, and comes back as it was.
func TestWhatANotificationKeeps(t *testing.T) {
	note := core.Notification{ID: 1 << 62, RoomUUID: "018f6f2e-room", Seq: 1<<53 + 1, Upto: 1<<53 + 3}
	raw, err := json.Marshal(dataOf(note))
	if err != nil {
		t.Fatal(err)
	}
	var data map[string]any
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatal(err)
	}
	whole := core.Answer{RoomUUID: note.RoomUUID, NoteID: note.ID, Upto: note.Upto}
	reply := whole
	reply.Text = "네, 갈게요"
	for name, c := range map[string]struct {
		given  response
		room   string
		seq    int64
		answer *core.Answer
	}{
		"a click":           {response{defaultAction, data, ""}, note.RoomUUID, note.Seq, nil},
		"a reply":           {response{replyAction, data, reply.Text}, "", 0, &reply},
		"an empty reply":    {response{replyAction, data, ""}, "", 0, nil},
		"read":              {response{readAction, data, ""}, "", 0, &whole},
		"unknown":           {response{"DISMISS", data, ""}, "", 0, nil},
		"of another form":   {response{readAction, map[string]any{"room": 7, "id": 1.5, "upto": "x"}, ""}, "", 0, &core.Answer{}},
		"click on nothing":  {response{defaultAction, nil, ""}, "", 0, nil},
		"a number too long": {response{readAction, map[string]any{"upto": "99999999999999999999"}, ""}, "", 0, &core.Answer{}},
	} {
		t.Run(name, func(t *testing.T) {
			var room string
			var seq int64
			var answer *core.Answer
			respond(Options{
				Activate: func(r string, s int64) { room, seq = r, s },
				Answer:   func(a core.Answer) { answer = &a },
			}, c.given)
			if room != c.room || seq != c.seq {
				t.Errorf("opened %q at %d", room, seq)
			}
			if (answer == nil) != (c.answer == nil) || answer != nil && *answer != *c.answer {
				t.Errorf("answered %+v", answer)
			}
		})
	}
}

func TestNamesOfNotifications(t *testing.T) {
	if name := nameOf(core.Notification{ID: 7, RoomUUID: "a"}); name != "a" {
		t.Error(name)
	}
	if name := nameOf(core.Notification{ID: 7}); name != "7" {
		t.Error(name)
	}
}
