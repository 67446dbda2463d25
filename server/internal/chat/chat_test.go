package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"himsg/server/internal/bus"
	"himsg/server/internal/chat"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/picture"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener")) // storetest's own, to the shared MariaDB
}

// company is a service on a real database, and what it published.
type company struct {
	*chat.Service
	db     *sqlstore.DB
	people []model.Actor

	deleted atomic.Int64 // how often the collector of files was told

	mu     sync.Mutex
	events []bus.Event
}

func (c *company) Publish(_ context.Context, e bus.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.events = append(c.events, e)
}

// published returns the revisioned events of a room so far.
func (c *company) published(roomUUID string) (out []bus.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, e := range c.events {
		if e.RoomUUID == roomUUID && e.Rev > 0 {
			out = append(out, e)
		}
	}
	return out
}

func each(t *testing.T, run func(t *testing.T, c *company)) {
	t.Helper()
	eachOf(t, 4, run)
}

// eachOf runs a test with so many people.
func eachOf(t *testing.T, people int, run func(t *testing.T, c *company)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(t testing.TB) *sqlstore.DB) {
		c := &company{db: open(t)}
		c.people = storetest.People(t, c.db, people)
		c.Service = chat.New(chat.Options{
			Messages: c.db, Rooms: c.db, Membership: c.db, Cursors: c.db, Search: c.db, Seating: c.db, Settings: c.db, Receipts: c.db,
			Painter: picture.NewPainter(), People: c.db, Directory: c.db,
			Publisher: c, Clock: time.Now, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
			Deleted: func() { c.deleted.Add(1) },
		})
		t.Cleanup(c.Close)
		run(t, c)
	})
}

// ok is used as ok(f())(t): what f returned, without its error.
func ok[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (c *company) group(t *testing.T, others ...int) string {
	t.Helper()
	req := wire.CreateRoomRequest{Name: "모임"}
	for _, i := range others {
		req.Members = append(req.Members, c.people[i].UserUUID)
	}
	return ok(c.CreateRoom(t.Context(), c.people[0], req))(t).RoomUUID
}

func (c *company) send(t *testing.T, room, text string) wire.SendReply {
	t.Helper()
	return ok(c.Send(t.Context(), c.people[0], wire.SendRequest{
		RoomUUID: room, ClientID: uuid.NewString(), Text: text,
	}))(t)
}

func TestChangesPageByPage(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		var last wire.SendReply
		for i := range 9 {
			last = c.send(t, room, fmt.Sprint(i))
		}
		var seqs []int64
		after, pages := int64(2), 0
		for more := true; more; pages++ {
			got, err := c.Changes(t.Context(), c.people[1], wire.ChangesRequest{RoomUUID: room, AfterRev: after, Limit: 4})
			if err != nil || got.Reset || got.Room != nil || got.Rev <= after {
				t.Fatalf("%+v, %v", got, err)
			}
			for _, m := range got.Messages {
				seqs = append(seqs, m.Seq)
			}
			after, more = got.Rev, got.More
		}
		if pages != 3 || !slices.Equal(seqs, []int64{2, 3, 4, 5, 6, 7, 8, 9, 10}) || after != last.Rev {
			t.Errorf("%d pages to rev %d: %v", pages, after, seqs)
		}
		fresh, err := c.Changes(t.Context(), c.people[1], wire.ChangesRequest{RoomUUID: room})
		if err != nil || fresh.Room == nil || fresh.Room.Other != nil || len(fresh.Messages) != 10 || fresh.More {
			t.Errorf("%+v, %v", fresh, err)
		}
		// Ahead of the server: an older database was restored.
		if got, err := c.Changes(t.Context(), c.people[1], wire.ChangesRequest{RoomUUID: room, AfterRev: 999}); err != nil ||
			!got.Reset || got.Rev != last.Rev || got.Room == nil || len(got.Messages) != 0 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestSyncComparesBothRevisions(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		one, two := c.group(t, 1), c.group(t, 1, 2)
		before := c.sync(t, nil)
		if len(before.Rooms) != 2 || before.DirectoryRev == 0 {
			t.Fatalf("%+v", before)
		}
		held := map[string][2]int64{"gone": {1, 1}}
		for _, r := range before.Rooms {
			held[r.RoomUUID] = [2]int64{r.Rev, r.My.Rev}
		}
		if again := c.sync(t, held); len(again.Rooms) != 0 || !slices.Equal(again.Removed, []string{"gone"}) {
			t.Errorf("%+v", again)
		}
		delete(held, "gone")
		c.send(t, one, "새 글")
		if err := c.MarkAllRead(t.Context(), c.people[1], two); err != nil {
			t.Fatal(err)
		}
		both := c.sync(t, held)
		if len(both.Rooms) != 2 || both.Rooms[0].RoomUUID != one || both.Rooms[0].My.UnreadCount != 2 ||
			both.Rooms[1].My.UnreadCount != 0 {
			t.Errorf("%+v", both)
		}
		many := map[string][2]int64{}
		for i := range wire.MaxSyncRooms + 1 {
			many[fmt.Sprint(i)] = [2]int64{}
		}
		if _, err := c.Sync(t.Context(), c.people[1], wire.SyncRequest{Rooms: many}, nil); !errs.Is(err, wire.BadRequest) {
			t.Errorf("too many rooms: %v", err)
		}
	})
}

// A list of a moment ago says what changed before it, and takes nothing away that has come since.
func TestSyncByAList(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		one := c.group(t, 1)
		listed := ok(c.db.RoomList(t.Context(), c.people[1].UserID))(t)
		two := c.group(t, 1)
		held := map[string][2]int64{one: {listed[0].Rev, listed[0].MyRev}, two: {1, 1}}
		by := func(held map[string][2]int64) wire.SyncReply {
			t.Helper()
			return ok(c.Sync(t.Context(), c.people[1], wire.SyncRequest{Rooms: held}, listed))(t)
		}
		if got := by(held); len(got.Removed) != 0 || len(got.Rooms) != 1 || got.Rooms[0].RoomUUID != two {
			t.Errorf("one has come since: %+v", got)
		}
		delete(held, two)
		c.send(t, one, "새 글")
		if got := by(held); len(got.Rooms)+len(got.Removed) != 0 {
			t.Errorf("held as it was listed: %+v", got)
		}
		held[one] = [2]int64{1, 0}
		if got := by(held); len(got.Rooms) != 1 || got.Rooms[0].LastMessage.Text != "새 글" {
			t.Errorf("a listed room that differs is told as it is now: %+v", got)
		}
	})
}

func (c *company) sync(t *testing.T, held map[string][2]int64) wire.SyncReply {
	t.Helper()
	return ok(c.Sync(t.Context(), c.people[1], wire.SyncRequest{Rooms: held}, nil))(t)
}

func TestCreateRoom(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		key := uuid.NewString()
		req := wire.CreateRoomRequest{Members: []string{c.people[1].UserUUID, c.people[1].UserUUID}, Name: " 모임 ", ClientID: key}
		first, err := c.CreateRoom(t.Context(), c.people[0], req)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.CreateRoom(t.Context(), c.people[0], req)
		if err != nil || again != first || len(c.published(first.RoomUUID)) != 2 {
			t.Errorf("repeat %+v of %+v, %v, %d events", again, first, err, len(c.published(first.RoomUUID)))
		}
		other, err := c.CreateRoom(t.Context(), c.people[1], wire.CreateRoomRequest{
			Members: []string{c.people[0].UserUUID}, ClientID: key,
		})
		if err != nil || other == first {
			t.Errorf("another's key gave %+v, %v", other, err)
		}
		members, err := c.RoomMembers(t.Context(), c.people[1], first.RoomUUID)
		if err != nil || len(members) != 2 {
			t.Errorf("%d members, %v", len(members), err)
		}
		crowd := make([]string, wire.MaxRoomMembers+1)
		for i := range crowd {
			crowd[i] = uuid.NewString()
		}
		for name, tt := range map[string]struct {
			req    wire.CreateRoomRequest
			reason wire.Reason
		}{
			"nobody":         {wire.CreateRoomRequest{}, wire.ReasonTooFewPeople},
			"only oneself":   {wire.CreateRoomRequest{Members: []string{c.people[0].UserUUID}}, wire.ReasonTooFewPeople},
			"a crowd":        {wire.CreateRoomRequest{Members: crowd}, wire.ReasonTooManyPeople},
			"unknown person": {wire.CreateRoomRequest{Members: []string{uuid.NewString()}}, ""},
			"no UUID":        {wire.CreateRoomRequest{Members: []string{"../x"}}, ""},
			"long name": {wire.CreateRoomRequest{
				Members: []string{c.people[1].UserUUID}, Name: strings.Repeat("가", wire.MaxNameRunes+1),
			}, ""},
			"bad key": {wire.CreateRoomRequest{Members: []string{c.people[1].UserUUID}, ClientID: "7"}, ""},
		} {
			if _, err := c.CreateRoom(t.Context(), c.people[0], tt.req); !errs.Is(err, wire.BadRequest) ||
				errs.As(err).Reason != tt.reason {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestDirectAndMemo(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		a, b := c.people[0], c.people[1]
		room := ok(c.OpenDirect(t.Context(), a, b.UserUUID))(t)
		if same := ok(c.OpenDirect(t.Context(), b, a.UserUUID))(t); same != room {
			t.Errorf("two rooms of one pair: %s, %s", room, same)
		}
		memo := ok(c.OpenDirect(t.Context(), a, a.UserUUID))(t)
		if memo == room || len(c.published(memo)) != 1 {
			t.Errorf("memo %s", memo)
		}
		if _, err := c.OpenDirect(t.Context(), a, uuid.NewString()); !errs.Is(err, wire.NotFound) {
			t.Errorf("unknown person: %v", err)
		}
		c.send(t, room, "안녕하세요")
		page, other, err := c.DirectHistory(t.Context(), b, a.UserUUID, 0, 0)
		if err != nil || len(page.Messages) != 1 || other.UUID != a.UserUUID {
			t.Errorf("%+v with %+v, %v", page, other, err)
		}
		for _, nobody := range []string{c.people[2].UserUUID, uuid.NewString(), "x"} {
			if page, _, err := c.DirectHistory(t.Context(), b, nobody, 0, 0); err != nil || page.Messages == nil || len(page.Messages) != 0 {
				t.Errorf("with %s: %+v, %v", nobody, page, err)
			}
		}
		if _, err := c.LeaveRoom(t.Context(), b, c.people[2].UserUUID, false); !errs.Is(err, wire.NotFound) {
			t.Errorf("hiding what is not there: %v", err)
		}
		if _, err := c.LeaveRoom(t.Context(), b, room, true); !errs.Is(err, wire.Forbidden) {
			t.Errorf("closing a conversation: %v", err)
		}
		if direct, err := c.LeaveRoom(t.Context(), b, a.UserUUID, false); err != nil || !direct {
			t.Errorf("hide: %v, %v", direct, err)
		}
		if list, err := c.RoomSummaries(t.Context(), b); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if again := ok(c.OpenDirect(t.Context(), b, a.UserUUID))(t); again != room {
			t.Errorf("opened %s", again)
		}
		if list, err := c.RoomSummaries(t.Context(), b); err != nil || len(list) != 1 || list[0].Other.UserUUID != a.UserUUID {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestClosingAGroupIsTheOwnersAndAudited(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1, 2)
		if _, err := c.LeaveRoom(t.Context(), c.people[1], room, true); !errs.Is(err, wire.Forbidden) {
			t.Errorf("a member closed it: %v", err)
		}
		if _, err := c.LeaveRoom(t.Context(), c.people[3], room, true); !errs.Is(err, wire.NotFound) {
			t.Errorf("a stranger closed it: %v", err)
		}
		if _, err := c.LeaveRoom(t.Context(), c.people[0], room, true); err != nil {
			t.Errorf("the owner: %v", err)
		}
		if _, err := c.LeaveRoom(t.Context(), c.people[0], room, true); err != nil {
			t.Errorf("the owner once more, since the answer was lost: %v", err)
		}
		if _, err := c.LeaveRoom(t.Context(), c.people[1], room, true); !errs.Is(err, wire.NotFound) {
			t.Errorf("a former member: %v", err)
		}
		if audit := ok(c.db.CheckAudit(t.Context()))(t); audit.Entries != int64(len(c.people))+1 || !audit.Whole() {
			t.Errorf("audit %+v", audit)
		}
		events := c.published(room)
		if last := events[len(events)-1]; len(last.Leave)+len(events[len(events)-2].Leave) != 3 {
			t.Errorf("%+v", last)
		}
	})
}

// TestRepairRebuildsWhatWasPublished: whoever gets the rebuilt events instead of the lost ones knows the same.
func TestRepairRebuildsWhatWasPublished(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1, 2)
		var sent []wire.SendReply
		for i := range 5 {
			sent = append(sent, c.send(t, room, fmt.Sprint(i)))
		}
		ok(c.Delete(t.Context(), c.people[0], sent[1].MessageID))(t)
		ok(c.LeaveRoom(t.Context(), c.people[2], room, false))(t)
		published := c.published(room)
		for after := range published {
			rebuilt, resync, err := c.EventsSince(t.Context(), published[0].RoomID, int64(after))
			if err != nil || resync {
				t.Fatalf("after %d: %v, %v", after, resync, err)
			}
			live, again := state(t, published[after:]), state(t, rebuilt)
			for seq, m := range live {
				if again[seq] != m {
					t.Errorf("after %d: message %d is %s, rebuilt %s", after, seq, m, again[seq])
				}
			}
			revs := make([]int64, len(rebuilt))
			for i, e := range rebuilt {
				revs[i] = e.Rev
			}
			if !slices.IsSorted(revs) || revs[len(revs)-1] != int64(len(published)) || revs[0] <= int64(after) {
				t.Errorf("after %d: revs %v", after, revs)
			}
		}
		if rebuilt, _, err := c.EventsSince(t.Context(), published[0].RoomID, int64(len(published))); err != nil || len(rebuilt) != 0 {
			t.Errorf("up to date: %v, %v", rebuilt, err)
		}
	})
}

// state is what is known of messages after some events, by seq.
func state(t *testing.T, events []bus.Event) map[int64]string {
	t.Helper()
	out := map[int64]string{}
	for _, e := range events {
		if e.Ev != wire.EvMessage {
			continue
		}
		var m wire.Message
		if err := json.Unmarshal(e.Data, &m); err != nil {
			t.Fatal(err)
		}
		out[m.Seq] = fmt.Sprint(m.Rev, m.Text, m.DeletedAt != nil, m.System != nil)
	}
	return out
}

func TestMentionsAreOfMembersOnly(t *testing.T) {
	each(t, func(t *testing.T, c *company) {
		room := c.group(t, 1)
		_, err := c.Send(t.Context(), c.people[0], wire.SendRequest{
			RoomUUID: room, ClientID: uuid.NewString(), Text: "@모두",
			Mentions: []string{c.people[1].UserUUID, c.people[3].UserUUID, uuid.NewString()},
		})
		if err != nil {
			t.Fatal(err)
		}
		page, err := c.History(t.Context(), c.people[1], wire.HistoryRequest{RoomUUID: room})
		if err != nil || !slices.Equal(page.Messages[1].Mentions, []string{c.people[1].UserUUID}) {
			t.Errorf("%+v, %v", page, err)
		}
	})
}
