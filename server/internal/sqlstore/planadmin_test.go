package sqlstore_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/notice"
	"himsg/server/internal/retention"
	"himsg/server/internal/sqlstore"
	"himsg/server/internal/storetest"
	"himsg/shared/search"
	"himsg/shared/wire"
)

// TestPlansOfAdministration is TestPlans for the tab of administrators and what works for it by itself: statistics, notices,
// requests to read, retention, holds, backups and the audit.
func TestPlansOfAdministration(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(testing.TB) *sqlstore.DB) {
		db := open(t)
		c := fillCompany(t, db)
		fillFiles(t, db, c)
		fillOffice(t, db, c)
		for _, op := range officeOperations(t, db, c) {
			for _, query := range sqlstore.Recorded(t, db, func() {
				if err := op.do(); err != nil {
					t.Errorf("%s: %v", op.name, err)
				}
			}) {
				if !readsTheNewest(query) && !readsFew(query) {
					checkPlan(t, db, op.name, query)
				}
			}
		}
	})
}

// newest is how a statement ends that reads a table backwards, by its primary key, and stops soon.
var newest = regexp.MustCompile(`order by (\w\.)?id desc\s+limit '?\d+'?$`)

func readsTheNewest(query string) bool {
	return newest.MatchString(strings.TrimSpace(query)) && !strings.Contains(query, "where")
}

// readsFew reports whether a statement reads what a company has few of, the departments or the notices, from end to end, or counts the people whom a notice asks: they are most of all.
func readsFew(query string) bool {
	return strings.Contains(query, "from notices n") && strings.Contains(query, "where n.withdrawn_at is null") ||
		strings.Contains(query, "from departments d") || strings.Contains(query, "with asked (id)")
}

// counted yields the numbers from 1 to n.
const counted = "with recursive c(i) as (select 1 union all select i + 1 from c where i < 999) "

// fillOffice adds 1,998 people, 20,000 entries of the audit, 300 notices with 18,000 marks, and 999 of each other thing.
func fillOffice(t *testing.T, db *sqlstore.DB, c company) {
	t.Helper()
	uuid := func(first, id string) string {
		return concat(db, "'"+first+"0000000-0000-0000-0000-'", "(100000000000 + "+id+")")
	}
	many := func(table, columns, values string) string {
		return "insert into " + table + " (" + columns + ") " + counted + "select " + values + " from c"
	}
	boss := c.people[0].UserID
	const user = "user_uuid, username, employee_id, email, name, password_hash, role, state, created_at, updated_at"
	for _, q := range []struct {
		text string
		args []any
	}{
		{many("users", user, uuid("a", "i")+", 'u', 'e', 'm', 'n', '', 'user', 'active', i, 0"), nil},
		{many("users", user, uuid("b", "i")+", 'u', 'e', 'm', 'n', '', 'user', 'rejected', i, 0"), nil},
		{`insert into audit (at, actor_id, action, subject, detail, remote_addr, version, prev_hash, hash)
` + counted + `select c.i * 20 + r.id, ?, 'x', 's', '{}', '', 1, '', '' from c, rooms r where r.id <= 20 order by c.i, r.id`, []any{boss}},
		{"insert into notices (notice_uuid, author_id, title, text, everybody, confirm, rev, created_at, asked_at) select " +
			uuid("c", "id") + ", ?, 't', 'x', 1, 1, 1, id, id from rooms", []any{boss}},
		{"insert into notice_marks (notice_id, user_id, read_at) select r.id, u.id, 1 from rooms r, users u where u.id <= 60", nil},
		{many("access_requests", "access_uuid, subject_kind, subject_id, reason, period_from, period_to, state, requested_by, "+
			"requested_at, expires_at", uuid("d", "i")+", 'person', ?, 'r', 0, 1, 'rejected', ?, i, i"), []any{boss, boss}},
		{many("holds", "hold_uuid, kind, subject_id, reason, placed_by, placed_at, ended_at",
			uuid("e", "i")+", 'room', i, 'r', ?, i, case when i < 990 then i end"), []any{boss}},
		{many("retention_runs", "run_uuid, state, phase, in_window, started_at, updated_at", uuid("f", "i")+", 'done', 'files', 1, i, i"), nil},
		{many("backups", "backup_uuid, user_id, name, reason, state, requested_at, updated_at, expires_at",
			uuid("0", "i")+", ?, 'n', 'r', 'done', i, i, i"), []any{boss}},
		{"update messages set created_at = 0 where seq = 1", nil},
		{many("online_slots", "slot, node, people", "i, 'n', 1"), nil},
		{many("message_hours", "hour, messages", "i, 1"), nil},
	} {
		if _, err := sqlstore.Writer(db).ExecContext(context.Background(), q.text, q.args...); err != nil {
			t.Fatalf("%s: %v", q.text, err)
		}
	}
	if sqlstore.MySQL(db) {
		const filled = "users, audit, notices, notice_marks, access_requests, holds, retention_runs, backups, online_slots, message_hours"
		if _, err := sqlstore.Writer(db).ExecContext(context.Background(), "analyze table "+filled); err != nil {
			t.Fatal(err)
		}
	}
}

// operation is what is done in its turn: some need what others leave.
type operation struct {
	name string
	do   func() error
}

func officeOperations(t *testing.T, db *sqlstore.DB, c company) []operation {
	t.Helper()
	ctx, boss, other := context.Background(), c.people[0], c.people[1]
	return append(append([]operation{
		{"statistics", func() error { _, err := db.Statistics(ctx, storetest.Start, 990*3_600_000, 900*300_000); return err }},
		{"count written", func() error { _, err := db.CountWritten(ctx, 1<<50); return err }},
		{"statistics, counted", func() error { _, err := db.Statistics(ctx, storetest.Start, 990*3_600_000, 900*300_000); return err }},
		{"kinds of files", func() error { _, err := db.FileKinds(ctx); return err }},
		{"note online", func() error { return db.NoteOnline(ctx, "n", 1000, 3, 1) }},
		{"audit", func() error { _, err := db.AuditEntries(ctx, admin.AuditQuery{Limit: 100}); return err }},
		{"audit of a period", func() error {
			_, err := db.AuditEntries(ctx, admin.AuditQuery{From: 5_000, To: 6_000, Limit: 100})
			return err
		}},
		{"audit of an actor", func() error {
			_, err := db.AuditEntries(ctx, admin.AuditQuery{ActorUUID: other.UserUUID, From: 5_000, Limit: 100})
			return err
		}},
		{"audit of an action", func() error {
			_, err := db.AuditEntries(ctx, admin.AuditQuery{Action: "y", Subject: "z", To: 6_000, Before: 900, Limit: 100})
			return err
		}},
		{"append audit", func() error { return db.AppendAudit(ctx, model.AuditEntry{At: 1, Action: "x"}) }},
		{"backups", func() error { _, err := db.Backups(ctx, 500, 100); return err }},
		{"expired backups", func() error { _, err := db.ExpiredBackups(ctx, 5); return err }},
		{"unfinished backups", func() error { _, err := db.UnfinishedBackups(ctx); return err }},
	}, noticeOperations(db, boss, other)...), append(accessOperations(t, db, c), retentionOperations(t, db, c)...)...)
}

func noticeOperations(db *sqlstore.DB, boss, other model.Actor) []operation {
	const uuid = "c0000000-0000-0000-0000-100000000150"
	ctx, entry, settled := context.Background(), model.AuditEntry{At: 5, ActorID: boss.UserID, Action: "x"}, false
	return []operation{
		{"notices", func() error {
			_, err := db.Notices(ctx, notice.Query{UserID: other.UserID, AskedSince: 280, Limit: 30})
			return err
		}},
		{"notices before one", func() error {
			_, err := db.Notices(ctx, notice.Query{UserID: other.UserID, Before: 100, AskedSince: 280, Limit: 30})
			return err
		}},
		{"notices, unchanged", func() error {
			_, err := db.Notices(ctx, notice.Query{UserID: other.UserID, AskedSince: 280, Limit: 30, Known: "x"})
			return err
		}},
		{"mark notice", func() error {
			_, err := db.MarkNotice(ctx, notice.Mark{UserID: other.UserID, NoticeUUID: uuid, Confirm: true, EditedAt: notice.AsItIs, At: 9_000})
			return err
		}},
		{"write notice", func() error {
			_, err := db.WriteNotice(ctx, wire.NewNotice{NoticeUUID: "c1", Title: "t", Text: "x"}, entry)
			return err
		}},
		{"remind", func() error { _, _, err := db.RemindNotice(ctx, uuid, 1<<50, entry); return err }},
		{"edit notice", func() error {
			_, err := db.EditNotice(ctx, uuid, wire.NoticeChange{Title: "t", Text: "y", Confirm: true, BaseRev: 1}, entry)
			return err
		}},
		{"admin notices", func() error { _, err := db.AdminNotices(ctx, 100, 20); return err }},
		{"notice status", func() error { _, err := db.NoticeStatus(ctx, uuid); return err }},
		{"notice people", func() error {
			_, err := db.NoticePeople(ctx, uuid, notice.PeopleQuery{Settled: &settled, After: 10, Limit: 100})
			return err
		}},
		{"withdraw notice", func() error { _, err := db.WithdrawNotice(ctx, uuid, entry); return err }},
	}
}

func accessOperations(t *testing.T, db *sqlstore.DB, c company) []operation {
	t.Helper()
	ctx, entry := context.Background(), model.AuditEntry{At: 5, ActorID: c.people[0].UserID, Action: "x"}
	a := model.Access{
		UUID: "d1", Kind: wire.AccessPerson, SubjectUUID: c.people[1].UserUUID, Reason: "r", From: 0, To: 1 << 50, State: wire.AccessPending,
		RequestedByID: c.people[0].UserID, RequestedAt: 5, ExpiresAt: 1 << 50, Hours: 1,
	}
	var rooms []model.BackupRoom
	query, _ := search.Parse("회의 자료")
	var file string
	if err := sqlstore.Writer(db).QueryRowContext(ctx, "select min(file_uuid) from files where sent_at is not null").Scan(&file); err != nil {
		t.Fatal(err)
	}
	return []operation{
		{"add access", func() (err error) { a, err = db.AddAccess(ctx, a, entry); return err }},
		{"access list", func() error { _, err := db.AccessList(ctx, 500, 50); return err }},
		{"count access", func() error { _, err := db.CountAccess(ctx, c.people[3].UserID, 5); return err }},
		{"who watches access", func() error { _, err := db.AccessWatchers(ctx); return err }},
		{"access", func() error { _, err := db.Access(ctx, a.UUID); return err }},
		{"decide access", func() error {
			_, err := db.DecideAccess(ctx, admin.AccessDecision{
				UUID: a.UUID, From: []wire.AccessState{wire.AccessPending}, To: wire.AccessApproved, By: c.people[2].UserID, Entry: entry,
			})
			return err
		}},
		{"access rooms", func() (err error) { rooms, err = db.AccessRooms(ctx, a); return err }},
		{"access page", func() error { _, err := db.AccessPage(ctx, a, rooms[0], 50, 30); return err }},
		{"access search", func() error {
			_, _, err := db.AccessSearch(ctx, a, rooms, admin.AccessSought{Query: query, Limit: 20})
			return err
		}},
		{"file to read", func() error {
			if _, err := db.AccessFile(ctx, a, rooms, file); !errs.Is(err, wire.NotFound) {
				return err
			}
			return nil // it hangs in another room
		}},
		{"rooms of people", func() error {
			_, err := db.FindRooms(ctx, []string{c.people[3].UserUUID, c.people[4].UserUUID}, 5000, 20)
			return err
		}},
	}
}

func retentionOperations(t *testing.T, db *sqlstore.DB, c company) []operation {
	t.Helper()
	const now = int64(400 * 24 * 3_600_000)
	ctx, boss := context.Background(), c.people[0]
	entry := model.AuditEntry{At: now, ActorID: boss.UserID, Action: "x"}
	policy := wire.RetentionPolicy{Rules: []wire.RetentionRule{{Class: wire.ClassGroup, MessageDays: 30, FileDays: 30}}}
	rules := retention.RulesAt(policy, now)
	r := retention.Run{UUID: "f1", Worker: "w", Phase: wire.PhaseMessages}
	var rooms, files []int64
	var hold wire.Hold
	var most int64 // of the files that hang somewhere are before it: a page is a small part of them
	row := sqlstore.Writer(db).QueryRowContext(ctx, "select file_id from message_files order by file_id desc limit 1 offset 200")
	if err := row.Scan(&most); err != nil {
		t.Fatal(err)
	}
	return []operation{
		{"set rules", func() (err error) { policy, err = db.SetRetentionPolicy(ctx, policy, entry); return err }},
		{"count old messages", func() error { _, _, err := db.CountOldMessages(ctx, rules, 10); return err }},
		{"count old files", func() error { _, _, err := db.CountOldFiles(ctx, rules, most); return err }},
		{"add run", func() error { return db.AddRun(ctx, r, policy.Rev, entry) }},
		{"runs", func() error { _, err := db.RunList(ctx, 20); return err }},
		{"claim run", func() (err error) { r, _, err = db.ClaimRun(ctx, r.Worker, 0, now); return err }},
		{"due rooms", func() (err error) { rooms, err = db.DueRooms(ctx, 10, now, 50); return err }},
		{"retire messages", func() error { _, err := db.RetireMessages(ctx, r, rooms[0], now, 200); return err }},
		{"due files", func() (err error) { files, _, err = db.DueFiles(ctx, most, now); return err }},
		{"passed by", func() error { _, err := db.PassedBy(ctx, rooms[0], 200); return err }},
		{"retire file", func() error { _, err := db.RetireFile(ctx, r, files[0], now); return err }},
		{"end run", func() error { _, err := db.EndRun(ctx, r, wire.RunDone, entry); return err }},
		{"holds", func() error { _, err := db.HoldList(ctx, 0, 100); return err }},
		{"holds that ended", func() error { _, err := db.HoldList(ctx, 500, 100); return err }},
		{"add hold", func() (err error) {
			hold, err = db.AddHold(ctx, "e1", wire.NewHold{SubjectKind: wire.AccessPerson, SubjectUUID: c.people[1].UserUUID, Reason: "r"}, entry)
			return err
		}},
		{"end hold", func() error { _, err := db.EndHold(ctx, hold.HoldUUID, "r", entry); return err }},
	}
}
