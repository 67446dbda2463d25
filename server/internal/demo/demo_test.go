package demo_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"himsg/server/internal/demo"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// memory is a demo.Store that keeps what it is given.
type memory struct {
	demo.Batch
	users        int
	directoryRev int64
}

func (m *memory) UserCount(context.Context) (int, error) { return m.users + len(m.Users), nil }

func (m *memory) Load(_ context.Context, b demo.Batch) error {
	m.Departments = append(m.Departments, b.Departments...)
	m.Users = append(m.Users, b.Users...)
	m.Rooms = append(m.Rooms, b.Rooms...)
	m.Members = append(m.Members, b.Members...)
	m.Messages = append(m.Messages, b.Messages...)
	m.Reactions = append(m.Reactions, b.Reactions...)
	m.Acts = append(m.Acts, b.Acts...)
	return nil
}

func (m *memory) FinishLoad(_ context.Context, rev int64) error {
	m.directoryRev = rev
	return nil
}

func options() demo.Options {
	return demo.Options{
		People: 60, Messages: 20_000, Acts: 6_000, PasswordHash: "$hash", Seed: 1,
		Now: time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC),
	}
}

func build(t *testing.T, o demo.Options) (*memory, demo.Summary) {
	t.Helper()
	m := &memory{}
	s, err := demo.Build(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return m, s
}

func TestBuildMakesWhatIsAsked(t *testing.T) {
	m, s := build(t, options())
	want := demo.Summary{Departments: 8, People: 60, Rooms: 40, Messages: 20_000, Acts: 6_000, Company: demo.Company}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	if m.Users[0].Role != wire.RoleOwner || m.Users[1].Role != wire.RoleAdmin || m.Users[0].Username != "demo00001" {
		t.Errorf("the first two are %+v, %+v", m.Users[0], m.Users[1])
	}
	names := map[string]bool{}
	for _, u := range m.Users {
		names[u.Name] = true
	}
	if len(names) != 60 {
		t.Errorf("%d different names among 60 people", len(names))
	}
	unread := 0
	for _, p := range m.Members {
		if p.UserID == 1 && p.LastReadSeq < m.Rooms[p.RoomID-1].LastSeq {
			unread++
		}
	}
	if unread < 3 {
		t.Errorf("the first person has %d rooms with something to read, want a few", unread)
	}
}

func TestBuildIsDeterministic(t *testing.T) {
	a, _ := build(t, options())
	b, _ := build(t, options())
	if diff := cmp.Diff(a.Batch, b.Batch); diff != "" {
		t.Error(diff)
	}
}

// Times that go back would make the audit's filter by time look further than it must.
func TestTheAuditIsInTheOrderOfItsTime(t *testing.T) {
	o := options()
	m, _ := build(t, o)
	kinds := map[model.AuditAction]int{}
	for i, act := range m.Acts {
		if i > 0 && act.At < m.Acts[i-1].At || act.At > o.Now.UnixMilli() {
			t.Fatalf("act %d is at %d, after %d, now %d", i, act.At, m.Acts[max(i-1, 0)].At, o.Now.UnixMilli())
		}
		if known := act.ActorID >= 0 && act.ActorID <= int64(len(m.Users)); !known || act.Subject == "" {
			t.Fatalf("act %d: %+v", i, act)
		}
		kinds[act.Action]++
	}
	if len(kinds) < 10 {
		t.Errorf("only %v", kinds)
	}
}

// The rows must keep every rule that the server keeps: seq without gaps, revs that grow, cursors within bounds, ids in order.
func TestBuildKeepsTheRules(t *testing.T) {
	o := options()
	m, _ := build(t, o)
	byRoom := map[int64][]model.Message{}
	clientIDs := map[string]bool{}
	for i, msg := range m.Messages {
		if i > 0 && msg.ID <= m.Messages[i-1].ID {
			t.Fatalf("message ids do not grow at %d", i)
		}
		if clientIDs[msg.ClientID] {
			t.Fatalf("client_id %s twice", msg.ClientID)
		}
		clientIDs[msg.ClientID] = true
		byRoom[msg.RoomID] = append(byRoom[msg.RoomID], msg)
	}
	present := map[[2]int64]model.Member{}
	for _, p := range m.Members {
		present[[2]int64{p.RoomID, p.UserID}] = p
	}
	for id, messages := range byRoom {
		room := m.Rooms[id-1]
		slices.SortFunc(messages, func(a, b model.Message) int { return int(a.Seq - b.Seq) })
		for i, msg := range messages {
			checkMessage(t, o, room, msg, int64(i+1))
			if i > 0 && (msg.CreatedAt < messages[i-1].CreatedAt || msg.Rev <= messages[i-1].Rev) {
				t.Fatalf("room %d seq %d is before its predecessor", id, msg.Seq)
			}
			sender, ok := present[[2]int64{id, msg.SenderID}]
			if !ok || sender.LastReadSeq < msg.Seq {
				t.Fatalf("room %d seq %d: its sender is no member or has not read it", id, msg.Seq)
			}
		}
		if last := messages[len(messages)-1]; last.Seq != room.LastSeq || last.Rev > room.Rev {
			t.Fatalf("room %d ends at seq %d rev %d, its row says %d, %d", id, last.Seq, last.Rev, room.LastSeq, room.Rev)
		}
	}
}

func checkMessage(t *testing.T, o demo.Options, room demo.Room, msg model.Message, seq int64) {
	t.Helper()
	if msg.Seq != seq || msg.CreatedAt > o.Now.UnixMilli() || msg.CreatedAt < room.CreatedAt || msg.ReplyToSeq >= seq {
		t.Fatalf("room %d: message %+v at place %d", room.ID, msg, seq)
	}
	if msg.Kind == wire.MessageSystem || msg.DeletedAt != 0 {
		if msg.Text != "" {
			t.Fatalf("room %d seq %d has text %q", room.ID, seq, msg.Text)
		}
		return
	}
	if clean, err := model.MessageText(msg.Text); err != nil || clean != msg.Text || strings.ContainsAny(msg.Text, "{}|") {
		t.Fatalf("room %d seq %d: text %q: %v", room.ID, seq, msg.Text, err)
	}
}

func TestBuildRefuses(t *testing.T) {
	full := &memory{users: 1}
	if _, err := demo.Build(t.Context(), full, options()); !errs.Is(err, wire.Conflict) {
		t.Errorf("with an account there: %v, want conflict", err)
	}
	for name, o := range map[string]demo.Options{
		"one person":        {People: 1},
		"too many people":   {People: demo.MaxPeople + 1},
		"negative messages": {People: 10, Messages: -1},
		"too many messages": {People: 10, Messages: demo.MaxMessages + 1},
	} {
		if _, err := demo.Build(t.Context(), &memory{}, o); !errs.Is(err, wire.BadRequest) {
			t.Errorf("%s: %v, want bad_request", name, err)
		}
	}
}

func TestBuildSizes(t *testing.T) {
	for _, size := range [][2]int{{2, 0}, {2, 50}, {200, 0}, {3, 1}, {1_000, 3_000}} {
		o := options()
		o.People, o.Messages = size[0], size[1]
		m, s := build(t, o)
		if s.People != size[0] || s.Messages != size[1] || len(m.Messages) != size[1] {
			t.Errorf("%v: %+v", size, s)
		}
	}
}

// posted notes what is sent.
type posted map[string]int

func (p posted) Post(_ context.Context, actor model.Actor, _, _ string, files []demo.File) error {
	for _, f := range files {
		p[f.Name] = len(f.Content)
	}
	if actor.UserUUID == "" || len(files) == 0 {
		return errs.E(wire.BadRequest, "", errs.Text{})
	}
	return nil
}

func TestAFewSmallFilesAreSent(t *testing.T) {
	o, sent := options(), posted{}
	o.Messages, o.Poster = 1000, sent
	_, made := build(t, o)
	all := 0
	for name, size := range sent {
		if size == 0 {
			t.Errorf("%s is empty", name)
		}
		all += size
	}
	if made.Files < 15 || all > 1<<20 {
		t.Errorf("%d files of %d bytes", made.Files, all)
	}
}
