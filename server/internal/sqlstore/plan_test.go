package sqlstore_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"himsg/server/internal/chat"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// TestPlans runs the frequent operations over 300 rooms with 30,000 messages, takes down every statement that reaches
// the database, and asks the database how it runs it: no table may be read from end to end.
func TestPlans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		c := fillCompany(t, db)
		for name, op := range hotOperations(db, c) {
			statements := sqlstore.Recorded(t, db, func() {
				if err := op(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			})
			if len(statements) == 0 {
				t.Errorf("%s: no statement was recorded", name)
			}
			for _, query := range statements {
				checkPlan(t, db, name, query)
			}
		}
	})
}

type company struct {
	people []model.Actor
	rooms  []model.Room
	member model.Member // the first person's in the first room
	last   model.Message
	other  int64 // a message of the first person in the first room
}

func fillCompany(t *testing.T, db *sqlstore.DB) company {
	c := company{people: storetest.People(t, db, 60)}
	for i := range 300 {
		c.rooms = append(c.rooms, storetest.Group(t, db, c.people[0], c.people[i%60], c.people[(i+7)%60]))
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := sqlstore.Writer(db).ExecContext(context.Background(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	// 100 messages for each room, beside the system line.
	exec(`insert into messages (room_id, seq, rev, kind, sender_id, client_id, text, created_at)
with recursive n(i) as (select 1 union all select i + 1 from n where i < 100)
select r.id, n.i + 1, n.i + 2, 'user', ?, `+concat(db, "'c'", "r.id", "'-'", "n.i")+`, '회의 자료 report', 0 from rooms r, n`,
		c.people[0].UserID)
	exec("update rooms set last_seq = 101, rev = 102")
	exec("insert into mentions (room_id, user_id, seq, message_id) select room_id, ?, seq, id from messages where seq > 50", c.people[1].UserID)
	exec("insert into pins (room_id, seq, message_id, pinned_by, pinned_at) select room_id, seq, id, sender_id, seq from messages where seq between 20 and 25")
	exec("insert into message_hides (user_id, room_id, seq, my_rev) select ?, room_id, seq, 7 from messages where seq between 30 and 60", c.people[1].UserID)
	exec("insert into reactions (message_id, user_id, emoji, created_at) select id, ?, '👍', 0 from messages where seq > 90",
		c.people[1].UserID)
	if sqlstore.MySQL(db) {
		exec("analyze table messages, rooms, room_members, users, mentions, reactions, pins, message_hides")
	}
	if _, err := db.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
	room, member, err := db.RoomFor(context.Background(), c.people[0].UserID, c.rooms[0].UUID)
	if err != nil {
		t.Fatal(err)
	}
	c.rooms[0], c.member = room, member
	stored, err := db.Append(context.Background(), storetest.Draft(room, c.people[0], "x"))
	if err != nil {
		t.Fatal(err)
	}
	c.last = stored.Message
	page, _, err := db.History(context.Background(), room, member, 60, 1)
	if err != nil {
		t.Fatal(err)
	}
	c.other = page[0].ID
	return c
}

func concat(db *sqlstore.DB, parts ...string) string {
	if sqlstore.MySQL(db) {
		return "concat(" + strings.Join(parts, ", ") + ")"
	}
	return strings.Join(parts, " || ")
}

func hotOperations(db *sqlstore.DB, c company) map[string]func() error {
	ctx, me, room := context.Background(), c.people[0], c.rooms[0]
	var ids []int64
	for _, r := range c.rooms[:10] {
		ids = append(ids, r.ID)
	}
	return map[string]func() error{
		"append": func() error {
			d := storetest.Draft(room, me, "x")
			d.Mentions = []int64{c.people[1].UserID}
			_, err := db.Append(ctx, d)
			return err
		},
		"append again": func() error {
			d := storetest.Draft(room, me, "x")
			d.ClientID = c.last.ClientID
			_, err := db.Append(ctx, d)
			return err
		},
		"append with all that it can refer to": func() error {
			d := storetest.Draft(room, me, "x")
			d.ReplyToSeq, d.ForwardedFrom, d.MentionAll = c.last.Seq-1, c.last.ID-1, true
			_, err := db.Append(ctx, d)
			return err
		},
		"edit": func() error {
			_, _, err := db.Edit(ctx, me, chat.Edit{
				MessageID: c.other, Text: "y", Mentions: []string{c.people[1].UserUUID}, MentionAll: true, BaseRev: 1 << 40, Now: 1,
			})
			return err
		},
		"react": func() error {
			_, _, err := db.React(ctx, me, chat.Reaction{MessageID: c.other, Emoji: "👍", On: true, Now: 1})
			return err
		},
		"pin": func() error {
			_, err := db.Pin(ctx, me, chat.Pin{MessageID: c.other, On: true, Now: 1})
			return err
		},
		"hide": func() error {
			_, err := db.Hide(ctx, me, []int64{c.other, c.other - 1})
			return err
		},
		"hidden": func() error { _, _, _, err := db.Hidden(ctx, c.member, 0, 100); return err },
		"hidden among": func() error {
			_, err := db.HiddenAmong(ctx, me.UserID, []chat.Spot{{RoomID: room.ID, Seq: 5}})
			return err
		},
		"pins":         func() error { _, err := db.Pins(ctx, room.ID); return err },
		"history from": func() error { _, _, err := db.HistoryFrom(ctx, room, c.member, 40, 50); return err },
		"first at":     func() error { _, err := db.FirstAt(ctx, room, c.member, 7); return err },
		"messages at":  func() error { _, err := db.MessagesAt(ctx, room, c.member, []int64{7, 60}); return err },
		"source":       func() error { _, err := db.Source(ctx, me.UserID, c.other); return err },
		"mentioned":    func() error { _, err := db.Mentioned(ctx, room.ID, []string{me.UserUUID}); return err },
		"views of one who is called": func() error {
			_, err := db.RoomViews(ctx, c.people[1].UserID, ids)
			return err
		},
		"mark read": func() error {
			_, _, err := db.MarkRead(ctx, chat.Mark{RoomID: c.rooms[1].ID, UserID: c.people[8].UserID, Seq: 5, Now: 1})
			return err
		},
		"delete": func() error {
			_, _, err := db.Delete(ctx, me, c.last.ID, 1)
			return err
		},
		"history": func() error {
			_, _, err := db.History(ctx, room, c.member, 60, 50)
			return err
		},
		"latest": func() error {
			_, _, err := db.History(ctx, room, c.member, 0, 50)
			return err
		},
		"changes": func() error {
			_, err := db.Changes(ctx, room, c.member, 60, 30)
			return err
		},
		"readers": func() error {
			_, err := db.Readers(ctx, room, c.member, chat.ReadersQuery{Seq: 50, Read: true, Limit: 100})
			return err
		},
		"purge times":  func() error { _, err := db.PurgeReadTimes(ctx, 1, 100); return err },
		"members page": func() error { _, err := db.MembersPage(ctx, room.ID, chat.MemberPlace{}, 100); return err },
		"set my": func() error {
			on := true
			_, _, err := db.SetMy(ctx, me.UserID, room.UUID, chat.MyUpdate{Favourite: &on})
			return err
		},
		"picture": func() error {
			_, err := db.PictureFor(ctx, me.UserID, "00000000-0000-0000-0000-000000000001")
			if strings.Contains(err.Error(), string(wire.NotFound)) {
				return nil
			}
			return err
		},
		"cursors":    func() error { _, err := db.Cursors(ctx, room.ID); return err },
		"members":    func() error { _, err := db.Members(ctx, room.ID); return err },
		"room for":   func() error { _, _, err := db.RoomFor(ctx, me.UserID, room.UUID); return err },
		"room list":  func() error { _, err := db.RoomList(ctx, c.people[3].UserID); return err },
		"room views": func() error { _, err := db.RoomViews(ctx, me.UserID, ids); return err },
		"one view":   func() error { _, err := db.RoomViews(ctx, me.UserID, ids[:1]); return err },
		"direct room": func() error {
			_, err := db.DirectRoom(ctx, me, c.people[1].UserID, "00000000-0000-0000-0000-000000000001", 1)
			return err
		},
		"rooms of":       func() error { _, err := db.RoomsOf(ctx, c.people[3].UserID); return err },
		"changed rooms":  func() error { _, err := db.ChangedRooms(ctx, storetest.Start+1, 100); return err },
		"members of":     func() error { _, _, err := db.MembersOf(ctx, room.ID); return err },
		"revoked":        func() error { _, err := db.RevokedSince(ctx, storetest.Start, 100); return err },
		"active users":   func() error { _, err := db.ActiveUsers(ctx, []string{me.UserUUID}); return err },
		"rooms to index": func() error { _, err := sqlstore.RoomsBehind(ctx, db, storetest.Start+1); return err },
		"index":          func() error { _, err := sqlstore.IndexPart(ctx, db); return err },
		"search": func() error {
			return searches(ctx, db, c.people[3].UserID, "", "")
		},
		"search in a room": func() error {
			return searches(ctx, db, me.UserID, room.UUID, me.UserUUID)
		},
		"system line": func() error {
			_, err := db.LeaveRoom(ctx, c.people[7], room.UUID, 1)
			if err == nil || strings.Contains(err.Error(), string(wire.NotFound)) {
				return nil
			}
			return err
		},
	}
}

// searches asks the index in both ways, and reads what it yields.
func searches(ctx context.Context, db *sqlstore.DB, userID int64, roomUUID, senderUUID string) error {
	query, _ := search.Parse("회의 자료 report")
	s := chat.Sought{
		UserID: userID, Query: query, RoomUUID: roomUUID, SenderUUID: senderUUID, From: 1, To: 1 << 50, Limit: 20,
	}
	if _, err := sqlstore.Candidates(ctx, db, s); err != nil {
		return err
	}
	_, _, err := db.Search(ctx, s)
	return err
}

// sqliteScan finds tables that SQLite reads from end to end. v is a list of values in the statement.
var sqliteScan = regexp.MustCompile(`^SCAN (messages|m|x|f|n|files|file_\w+|r|h|k|holds|notices|notice_\w+|audit|access_requests|backups|b|retention_runs|online_slots|message_hours|password_resets|rooms|u|users|s|sessions|room_members|d|departments|mentions|pins|p|pictures|read_times|search_messages|search_progress|message_\w+)\b`)

func checkPlan(t *testing.T, db *sqlstore.DB, name, query string) {
	t.Helper()
	verb, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(query)), " ")
	switch verb {
	case "select", "update", "delete", "with":
	default:
		return
	}
	index := strings.Contains(query, "search_")
	if index || !sqlstore.MySQL(db) {
		pool := sqlstore.Reader(db)
		if index {
			pool = sqlstore.Index(db)
		}
		for _, line := range queryLines(t, pool, "explain query plan "+query) {
			detail := line[strings.LastIndex(line, " | ")+3:]
			if sqliteScan.MatchString(detail) && !strings.Contains(detail, "VIRTUAL TABLE") {
				t.Errorf("%s reads a whole table: %s\n%s", name, detail, query)
			}
		}
		return
	}
	for _, line := range queryLines(t, sqlstore.Reader(db), "explain "+query) {
		f := strings.Split(line, " | ") // id, select_type, table, type, possible_keys, key, key_len, ref, rows, Extra
		table, access := f[2], f[3]
		if (access == "ALL" || access == "index") && !strings.HasPrefix(table, "<") && table != "" {
			t.Errorf("%s reads a whole table: %s\n%s", name, line, query)
		}
	}
}
