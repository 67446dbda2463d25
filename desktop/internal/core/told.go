package core

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

const (
	// maxBody and maxLabel bound the text of a notification and a name in it, in code points; desktops show less.
	maxBody  = 200
	maxLabel = 60
)

func (n *notes) showRoom(ctx context.Context, r store.Room, fresh []wire.Message) {
	n.mu.Lock()
	all := newest(append(n.shown[r.UUID][:len(n.shown[r.UUID]):len(n.shown[r.UUID])], fresh...))
	n.shown[r.UUID] = all
	place := ""
	if n.fold.folded[r.UUID] { // it has one of its own again
		place = n.fold.leave(r.UUID)
	}
	n.mu.Unlock()
	if place != "" {
		n.s.o.Notifier.Withdraw(place)
	}
	n.show(n.compose(ctx, r, all))
}

// showMany shows one notification for all rooms of a burst, in place of those that the first of them got.
func (n *notes) showMany(rooms []store.Room, due map[string][]wire.Message) {
	n.mu.Lock()
	for _, r := range rooms {
		n.shown[r.UUID] = newest(append(n.shown[r.UUID][:len(n.shown[r.UUID]):len(n.shown[r.UUID])], due[r.UUID]...))
	}
	var alone []string
	total := 0
	for id := range n.fold.recent {
		if len(n.shown[id]) == 0 {
			continue // read meanwhile
		}
		if !n.fold.folded[id] {
			alone = append(alone, id)
		}
		n.fold.folded[id] = true
	}
	for id := range n.fold.folded {
		total += len(n.shown[id])
	}
	count := len(n.fold.folded)
	n.mu.Unlock()
	for _, id := range alone {
		n.s.o.Notifier.Withdraw(id)
	}
	n.show(Notification{RoomUUID: summaryPlace, Title: appName, Body: n.s.words().many(total, count)})
}

// showMissed tells of what came while the connection was gone for long.
func (n *notes) showMissed(missed int64) {
	n.desk.Lock()
	defer n.desk.Unlock()
	n.mu.Lock()
	n.fold.missed = true
	n.mu.Unlock()
	n.show(Notification{RoomUUID: summaryPlace, Title: appName, Body: n.s.words().summary(missed)})
}

// forgetMissed takes that back: the user looks at the app.
func (n *notes) forgetMissed() {
	n.desk.Lock()
	defer n.desk.Unlock()
	n.mu.Lock()
	stood := n.fold.missed && len(n.fold.folded) == 0
	n.fold.missed = false
	n.mu.Unlock()
	if stood {
		n.s.o.Notifier.Withdraw(summaryPlace)
	}
}

// compose tells of a room's messages. What is hidden by the lock is more than what the setting, or the administrator,
// hides: then who wrote, and where, is told, and not that it was a mention. Nobody answers what he does not see.
func (n *notes) compose(ctx context.Context, r store.Room, told []wire.Message) Notification {
	out := Notification{
		RoomUUID: r.UUID, Seq: told[0].Seq, Upto: told[len(told)-1].Seq, Title: appName, Body: n.s.words().newMessage,
	}
	if n.s.lock.Locked() {
		return out
	}
	about := n.mostConcerning(told)
	sender, room := label(n.s.personName(ctx, about.SenderUUID)), label(n.s.roomTitle(ctx, r))
	keyword := ""
	preview := n.s.account.settings().PreviewContent
	if preview {
		out.Body = cut(plainText(n.s.words().shown(about)), maxBody)
		out.Actions = n.s.words().actions(!r.ReadOnly && !r.Locked)
		keyword = keywordIn(about.Text, n.s.account.settings().Keywords)
	}
	switch called := preview && n.s.callsMe(about); {
	case called, keyword != "":
		out.Title = n.s.words().mentioned(sender)
		if !called {
			out.Title = n.s.words().said(sender, label(keyword))
		}
		if r.Kind != wire.RoomDirect {
			out.Body = room + ": " + out.Body
		}
	case r.Kind == wire.RoomDirect:
		out.Title = sender
	default:
		out.Title = room
		if sender != "" {
			out.Body = sender + ": " + out.Body
		}
	}
	if len(told) > 1 {
		out.Title += " (" + counted(len(told)) + ")"
	}
	return out
}

// mostConcerning is the newest message that mentions the user or holds a keyword, or else the newest.
func (n *notes) mostConcerning(told []wire.Message) wire.Message {
	for i := len(told) - 1; i >= 0; i-- {
		if n.s.concernsMe(told[i]) {
			return told[i]
		}
	}
	return told[len(told)-1]
}

// counted is a number of messages of which no more than maxTold are known.
func counted(n int) string {
	if n >= maxTold {
		return strconv.Itoa(maxTold-1) + "+"
	}
	return strconv.Itoa(n)
}

// label is a name as a notification can show it: one line, not long, and with nothing that turns what stands beside it.
func label(name string) string { return cut(plainText(oneLine(name)), maxLabel) }

// plainText leaves out what is not seen and changes how other text looks.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// show is for who holds n.desk.
func (n *notes) show(note Notification) {
	n.mu.Lock()
	n.nextID++
	note.ID = n.nextID
	n.mu.Unlock()
	note.Silent = !n.s.account.settings().Sound
	n.s.o.Notifier.Show(note)
}

// alert asks for attention in the task bar, unless the user looks at the app.
func (n *notes) alert() {
	n.mu.Lock()
	due := !n.focused && n.s.account.settings().Flash
	n.alerted = n.alerted || due
	n.mu.Unlock()
	if due {
		n.s.o.Badge.Alert(true)
	}
}

// Say shows what is no message, if the user wants to be told of anything now.
func (n *notes) Say(note Notification) {
	if !n.allowed() {
		return
	}
	n.desk.Lock()
	defer n.desk.Unlock()
	n.show(note)
	n.alert()
}
