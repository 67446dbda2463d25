package sqlstore_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/wire"
)

// TestPlansOfFiles is TestPlans for what has to do with files: 9,000 of them, on 30,000 messages.
func TestPlansOfFiles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		c := fillCompany(t, db)
		fillFiles(t, db, c)
		for name, op := range fileOperations(t, db, c) {
			for _, query := range sqlstore.Recorded(t, db, func() {
				if err := op(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}) {
				if !strings.Contains(query, "from audit") { // its newest entry, by the primary key
					checkPlan(t, db, name, query)
				}
			}
		}
	})
}

// fillFiles hangs a file on the older of the messages, and leaves some unsent.
func fillFiles(t *testing.T, db *sqlstore.DB, c company) {
	t.Helper()
	uuid, blob := concat(db, "'00000000-0000-0000-0000-'", "(id + 100000000000)"), concat(db, "'b'", "id")
	for _, query := range []string{
		`insert into files (id, file_uuid, uploader_id, name, name_key, extension, size, state, blob_name, created_at, updated_at, sent_at)
select id, ` + uuid + `, ?, 'a.pdf', 'a.pdf', 'pdf', 10, 'ready', ` + blob + `, id, id, case when seq > 30 then null else id end
  from messages where seq between 2 and 32`,
		`insert into message_files (message_id, position, file_id, room_id, seq)
select id, 0, id, room_id, seq from messages where seq between 2 and 30`,
	} {
		var args []any
		if query[:17] == "insert into files" {
			args = []any{c.people[0].UserID}
		}
		if _, err := sqlstore.Writer(db).ExecContext(context.Background(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	if sqlstore.MySQL(db) {
		if _, err := sqlstore.Writer(db).ExecContext(context.Background(), "analyze table files, message_files"); err != nil {
			t.Fatal(err)
		}
	}
}

func fileOperations(t *testing.T, db *sqlstore.DB, c company) map[string]func() error {
	ctx, me, room := context.Background(), c.people[0], c.rooms[0]
	page, _, err := db.HistoryFrom(ctx, room, c.member, 10, 3)
	if err != nil || len(page) != 3 || len(page[0].Files) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	mine := func() model.File { return storetest.FileOf(t, db, me, "x.pdf") }
	waste, err := db.Waste(ctx, 1000, 1000, 10)
	if err != nil || len(waste) == 0 {
		t.Fatalf("waste %+v, %v", waste, err)
	}
	return map[string]func() error{
		"upload": func() error { mine(); return nil },
		"append": func() error {
			d := storetest.Draft(room, me, "")
			d.FileIDs = []string{mine().UUID, mine().UUID}
			_, err := db.Append(ctx, d)
			return err
		},
		"forward": func() error {
			d := storetest.Draft(room, me, "")
			d.ForwardedFrom, d.ForwardedFiles = page[0].ID, 1
			_, err := db.Append(ctx, d)
			return err
		},
		"delete":   func() error { _, _, err := db.Delete(ctx, me, page[1].ID, 1); return err },
		"own file": func() error { _, err := db.OwnFile(ctx, me.UserID, page[0].Files[0].FileID); return err },
		"no such file": func() error {
			if _, err := db.VisibleFile(ctx, me.UserID, "00000000-0000-0000-0000-000000000000"); !errs.Is(err, wire.NotFound) {
				return fmt.Errorf("no refusal: %w", err)
			}
			return nil
		},
		"visible file":   func() error { _, err := db.VisibleFile(ctx, me.UserID, page[0].Files[0].FileID); return err },
		"message's file": func() error { _, err := db.MessageFile(ctx, me.UserID, page[0].ID); return err },
		"drop":           func() error { _, err := db.Drop(ctx, me.UserID, mine().UUID); return err },
		"unfinished":     func() error { _, err := db.Unfinished(ctx, 10); return err },
		"known blobs":    func() error { _, err := db.Blobs(ctx, []string{"b1", "b2"}); return err },
		"file usage":     func() error { _, _, err := db.FileUsage(ctx); return err },
		"waste":          func() error { _, err := db.Waste(ctx, 1000, 1000, 10); return err },
		"room files": func() error {
			_, err := db.RoomFiles(ctx, files.RoomFiles{UserID: me.UserID, RoomUUID: room.UUID, Kind: "other", Query: "a", Before: "20.0", Limit: 10})
			return err
		},
		"forget": func() error {
			i := slices.IndexFunc(waste, func(w files.Waste) bool { return w.Reason == files.WasteRetention })
			_, err := db.Forget(ctx, waste[max(i, 0)], 1)
			return err
		},
		"search": func() error { return searches(ctx, db, me.UserID, room.UUID, me.UserUUID) },
	}
}

// TestMessagesWithoutFilesCostNothing: the hot path has no statement about files.
func TestMessagesWithoutFilesCostNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		people := storetest.People(t, db, 2)
		room := storetest.Group(t, db, people...)
		statements := sqlstore.Recorded(t, db, func() {
			if _, err := db.Append(context.Background(), storetest.Draft(room, people[0], "x")); err != nil {
				t.Error(err)
			}
		})
		if len(statements) < 4 {
			t.Errorf("only %d statements were recorded", len(statements))
		}
		for _, query := range statements {
			if strings.Contains(query, "files") {
				t.Errorf("a message without files asks: %s", query)
			}
		}
	})
}
