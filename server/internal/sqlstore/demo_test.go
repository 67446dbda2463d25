package sqlstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"himsg/server/internal/demo"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestDemoCompanyIsSound builds the company of `himsg-server demo` in both databases and checks that it looks as if its
// people had written through the services.
func TestDemoCompanyIsSound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		ctx, db := context.Background(), open(t)
		o := demo.Options{People: 60, Messages: 20_000, Acts: 500, PasswordHash: "x", Now: time.UnixMilli(storetest.Start), Seed: 1}
		begin := time.Now()
		s, err := demo.Build(ctx, db, o)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d people, %d rooms, %d messages in %s", s.People, s.Rooms, s.Messages, time.Since(begin))
		if s.Departments != 8 || s.People != 60 || s.Rooms != 40 || s.Messages != 20_000 {
			t.Errorf("made %+v", s)
		}
		for what, query := range map[string]string{
			"rooms whose numbers have gaps": `select r.id from rooms r left join messages m on m.room_id = r.id
 group by r.id, r.last_seq, r.rev
having count(m.id) <> r.last_seq or coalesce(max(m.seq), 0) <> r.last_seq or coalesce(max(m.rev), 0) > r.rev`,
			"doubled revs":         "select room_id from messages group by room_id, rev having count(*) > 1",
			"cursors beyond":       "select m.room_id from room_members m join rooms r on r.id = m.room_id where m.last_read_seq > r.last_seq",
			"tombstones with text": "select id from messages where deleted_at is not null and text <> ''",
			"replies to nothing": `select m.id from messages m left join messages p on p.room_id = m.room_id and p.seq = m.reply_to_seq
 where m.reply_to_seq is not null and (p.id is null or m.reply_to_seq >= m.seq)`,
			"strangers who write": `select m.id from messages m left join room_members x on x.room_id = m.room_id and x.user_id = m.sender_id
 where x.user_id is null`,
			"times out of order": `select m.id from messages m join messages p on p.room_id = m.room_id and p.seq = m.seq - 1
 where p.created_at > m.created_at`,
		} {
			if bad := queryLines(t, sqlstore.Writer(db), query); len(bad) != 0 {
				t.Errorf("%s: %d, first %s", what, len(bad), bad[0])
			}
		}
		if unread := queryLines(t, sqlstore.Writer(db), `select r.id from room_members m join rooms r on r.id = m.room_id
 where m.last_read_seq < r.last_seq`); len(unread) == 0 {
			t.Error("nobody has anything to read")
		}
		openItsRooms(t, db)
		if audit, err := db.CheckAudit(ctx); err != nil || !audit.Whole() || audit.Entries != 500 {
			t.Errorf("the audit: %+v, %v", audit, err)
		}
		if _, err := demo.Build(ctx, db, o); !errs.Is(err, wire.Conflict) {
			t.Errorf("a second company in one database: %v", err)
		}
	})
}

// openItsRooms has every pair of a direct room, and every keeper of a memo, open it: it must be the same room.
func openItsRooms(t *testing.T, db *sqlstore.DB) {
	t.Helper()
	rooms := queryLines(t, sqlstore.Writer(db), `select r.room_uuid, min(m.user_id), max(m.user_id)
  from rooms r join room_members m on m.room_id = r.id
 where r.kind in ('direct', 'self')
 group by r.room_uuid`)
	if len(rooms) == 0 {
		t.Error("no direct rooms")
	}
	for _, line := range rooms {
		id, a, b := splitRoom(t, line)
		c, err := db.DirectRoom(context.Background(), model.Actor{UserID: a}, b, uuid.NewString(), storetest.Start)
		if err != nil || c.Changed || c.Room.UUID != id {
			t.Errorf("opening %s makes %+v, %v", line, c, err)
		}
	}
}

func splitRoom(t *testing.T, line string) (id string, a, b int64) {
	t.Helper()
	if _, err := fmt.Sscanf(line, "%s | %d | %d", &id, &a, &b); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return id, a, b
}
