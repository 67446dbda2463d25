package storetest

import (
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"himsg/server/internal/admin"
	"himsg/server/internal/model"
	"himsg/server/internal/notice"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

func noticeCases() map[string]func(*testing.T, *sqlstore.DB) {
	return map[string]func(*testing.T, *sqlstore.DB){
		"NoticeReachesWhomItIsFor":  noticeReachesWhomItIsFor,
		"NoticeIsConfirmedOnce":     noticeIsConfirmedOnce,
		"NoticeAsksAgain":           noticeAsksAgain,
		"NoticeIsMarkedAsSeen":      noticeIsMarkedAsSeen,
		"NoticeIsWithdrawn":         noticeIsWithdrawn,
		"NoticeWaitsSoLong":         noticeWaitsSoLong,
		"NoticeReminders":           noticeReminders,
		"NoticePages":               noticePages,
		"NoticeListsWhoIsMissing":   noticeListsWhoIsMissing,
		"NoticesKeepTheAuditWhole":  noticesKeepTheAuditWhole,
		"NoticeIsEditedByOneAtOnce": noticeIsEditedByOneAtOnce,
	}
}

func noticeEntry(author model.Actor, at int64) model.AuditEntry {
	return model.AuditEntry{At: at, ActorID: author.UserID, Action: model.AuditNoticeWritten}
}

// writeNotice publishes a notice that is to be confirmed.
func writeNotice(t testing.TB, db *sqlstore.DB, author model.Actor, at int64, departments ...string) (noticeUUID string) {
	t.Helper()
	n := wire.NewNotice{NoticeUUID: uuid.NewString(), Title: "공지", Text: "내용", Confirm: true, DepartmentUUIDs: departments}
	rev, err := db.WriteNotice(context.Background(), n, noticeEntry(author, at))
	check(t, err)
	if again, err := db.WriteNotice(context.Background(), n, noticeEntry(author, at+1)); err != nil || again != 0 || rev == 0 {
		t.Errorf("written as %d, and again as %d: %v", rev, again, err)
	}
	return n.NoticeUUID
}

func noticesOf(t testing.TB, db *sqlstore.DB, who model.Actor) wire.NoticeList {
	t.Helper()
	list, err := db.Notices(context.Background(), notice.Query{UserID: who.UserID, Limit: 50})
	check(t, err)
	return list
}

func wantNotices(t testing.TB, db *sqlstore.DB, who model.Actor, what string, notices, unread, unsettled int) {
	t.Helper()
	list := noticesOf(t, db, who)
	if len(list.Notices) != notices || list.Unread != unread || list.Unsettled != unsettled {
		t.Errorf("%s: %d notices, %d unread, %d not confirmed; want %d, %d, %d", what, len(list.Notices), list.Unread, list.Unsettled,
			notices, unread, unsettled)
	}
}

func mark(t testing.TB, db *sqlstore.DB, who model.Actor, noticeUUID string, confirm bool, at int64) (changed bool) {
	t.Helper()
	changed, err := db.MarkNotice(context.Background(), notice.Mark{
		UserID: who.UserID, NoticeUUID: noticeUUID, Confirm: confirm, EditedAt: notice.AsItIs, At: at,
	})
	check(t, err)
	return changed
}

func noticeReachesWhomItIsFor(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	people := People(t, db, 5) // the author, at the top, in the team, elsewhere, nowhere
	top := Department(t, db, "본부", "")
	team := Department(t, db, "팀", top)
	other := Department(t, db, "다른 본부", "")
	Employ(t, db, top, people[1])
	Employ(t, db, team, people[2])
	Employ(t, db, other, people[3])
	forTop := writeNotice(t, db, people[0], Start+10, top)
	for i, want := range []int{1, 1, 1, 0, 0} {
		asked := want
		if i == 0 {
			asked = 0 // the author reads it and is not asked
		}
		wantNotices(t, db, people[i], people[i].UserUUID, want, asked, asked)
	}
	_, err := db.MarkNotice(ctx, notice.Mark{UserID: people[3].UserID, NoticeUUID: forTop, EditedAt: notice.AsItIs, At: Start + 11})
	wantCode(t, err, wire.NotFound)
	_, err = db.WriteNotice(ctx, wire.NewNotice{
		NoticeUUID: uuid.NewString(), Title: "x", Text: "x", DepartmentUUIDs: []string{uuid.NewString()},
	}, noticeEntry(people[0], Start))
	wantCode(t, err, wire.NotFound)

	// Who moves takes the notices of where he is now.
	Employ(t, db, team, people[3])
	wantNotices(t, db, people[3], "moved in", 1, 1, 1)
	Employ(t, db, other, people[2])
	wantNotices(t, db, people[2], "moved out", 0, 0, 0)

	// Who comes after a notice may read it, and is not asked.
	writeNotice(t, db, people[0], Start-1)
	wantNotices(t, db, people[4], "written before he came", 1, 0, 0)
	writeNotice(t, db, people[0], Start+20)
	wantNotices(t, db, people[4], "written after he came", 2, 1, 1)
}

func noticeWaitsSoLong(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	old := writeNotice(t, db, people[0], Start+10)
	writeNotice(t, db, people[0], Start+20)
	ask := func(since int64, known string) wire.NoticeList {
		t.Helper()
		list, err := db.Notices(context.Background(), notice.Query{UserID: people[1].UserID, AskedSince: since, Limit: 50, Known: known})
		check(t, err)
		return list
	}
	both := ask(Start+10, "")
	if both.Unread != 2 || both.Unsettled != 2 || both.Waiting != 2 || !both.Notices[1].Asked {
		t.Errorf("while both are asked: %+v", both)
	}
	if same := ask(Start+1, both.Stamp); !same.Unchanged {
		t.Error("time alone changed the stamp")
	}
	later := ask(Start+11, both.Stamp)
	if later.Unchanged || later.Unread != 1 || later.Unsettled != 1 || later.Waiting != 1 || len(later.Notices) != 2 || later.Notices[1].Asked {
		t.Errorf("when the old one waits no longer: %+v", later)
	}
	if !mark(t, db, people[1], old, true, Start+30) {
		t.Error("it can be confirmed all the same")
	}
	if after := ask(Start+11, later.Stamp); after.Unchanged || after.Waiting != 1 || after.Notices[1].ConfirmedAt == nil {
		t.Errorf("after that: %+v", after)
	}
}

func noticeIsConfirmedOnce(t *testing.T, db *sqlstore.DB) {
	ctx, people := context.Background(), People(t, db, 2)
	id := writeNotice(t, db, people[0], Start+10)
	before := noticesOf(t, db, people[1])
	if !mark(t, db, people[1], id, false, Start+20) || mark(t, db, people[1], id, false, Start+21) {
		t.Error("it is read once")
	}
	wantNotices(t, db, people[1], "read", 1, 0, 1)
	if n := noticesOf(t, db, people[1]).Waiting; n != 1 {
		t.Errorf("%d wait that are read and not confirmed", n)
	}
	if !mark(t, db, people[1], id, true, Start+30) || mark(t, db, people[1], id, true, Start+31) {
		t.Error("it is confirmed once")
	}
	after := noticesOf(t, db, people[1])
	n := after.Notices[0]
	if !n.Read || n.ConfirmedAt == nil || n.ConfirmedAt.UnixMilli() != Start+30 || before.Stamp == after.Stamp {
		t.Errorf("confirmed %+v, stamps %s and %s", n, before.Stamp, after.Stamp)
	}
	if after.Waiting != 0 {
		t.Errorf("%d wait, and all is done", after.Waiting)
	}
	same, err := db.Notices(ctx, notice.Query{UserID: people[1].UserID, Limit: 50, Known: after.Stamp})
	if err != nil || !same.Unchanged || len(same.Notices) != 0 {
		t.Errorf("unchanged %+v, %v", same, err)
	}
	quiet := wire.NewNotice{NoticeUUID: uuid.NewString(), Title: "x", Text: "x"}
	_, err = db.WriteNotice(ctx, quiet, noticeEntry(people[0], Start+40))
	check(t, err)
	_, err = db.MarkNotice(ctx, notice.Mark{UserID: people[1].UserID, NoticeUUID: quiet.NoticeUUID, Confirm: true, EditedAt: notice.AsItIs, At: Start + 41})
	wantCode(t, err, wire.Conflict)
}

func edit(t testing.TB, db *sqlstore.DB, author model.Actor, id string, in wire.NoticeChange, at int64) error {
	t.Helper()
	in.Title, in.Text = "새 제목", "새 내용"
	_, err := db.EditNotice(context.Background(), id, in, noticeEntry(author, at))
	return err
}

func statusOf(t testing.TB, db *sqlstore.DB, id string) wire.NoticeStatus {
	t.Helper()
	s, err := db.NoticeStatus(context.Background(), id)
	check(t, err)
	return s
}

func noticeAsksAgain(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	id := writeNotice(t, db, people[0], Start+10)
	mark(t, db, people[1], id, true, Start+20)
	rev := statusOf(t, db, id).Notice.Rev
	check(t, edit(t, db, people[0], id, wire.NoticeChange{Confirm: true, BaseRev: rev}, Start+30))
	wantNotices(t, db, people[1], "a correction", 1, 0, 0)
	wantRefusal(t, edit(t, db, people[0], id, wire.NoticeChange{BaseRev: rev}, Start+31), wire.Conflict, wire.ReasonEditConflict)
	check(t, edit(t, db, people[0], id, wire.NoticeChange{Confirm: true, AskAgain: true, BaseRev: statusOf(t, db, id).Notice.Rev}, Start+40))
	wantNotices(t, db, people[1], "asked again", 1, 1, 1)
	mark(t, db, people[1], id, true, Start+50)
	wantNotices(t, db, people[1], "confirmed again", 1, 0, 0)
	if n := noticesOf(t, db, people[1]).Notices[0]; n.Title != "새 제목" || n.EditedAt == nil {
		t.Errorf("edited %+v", n)
	}
}

// What was edited meanwhile is neither read nor confirmed by who saw it as it was before.
func noticeIsMarkedAsSeen(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	id := writeNotice(t, db, people[0], Start+10)
	check(t, edit(t, db, people[0], id, wire.NoticeChange{Confirm: true, BaseRev: statusOf(t, db, id).Notice.Rev}, Start+20))
	for _, confirm := range []bool{false, true} {
		for _, seen := range []int64{0, Start + 19} {
			_, err := db.MarkNotice(context.Background(), notice.Mark{
				UserID: people[1].UserID, NoticeUUID: id, Confirm: confirm, EditedAt: seen, At: Start + 30,
			})
			wantRefusal(t, err, wire.Conflict, wire.ReasonEditConflict)
		}
		wantNotices(t, db, people[1], "seen as it was", 1, 1, 1)
	}
	changed, err := db.MarkNotice(context.Background(), notice.Mark{
		UserID: people[1].UserID, NoticeUUID: id, Confirm: true, EditedAt: Start + 20, At: Start + 31,
	})
	if err != nil || !changed {
		t.Errorf("confirmed as it is: %v, %v", changed, err)
	}
	wantNotices(t, db, people[1], "seen as it is", 1, 0, 0)
}

func noticeIsEditedByOneAtOnce(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	id := writeNotice(t, db, people[0], Start+10)
	rev := statusOf(t, db, id).Notice.Rev
	var wg sync.WaitGroup
	refused := make([]error, 2)
	for i := range 2 {
		wg.Go(func() { refused[i] = edit(t, db, people[i], id, wire.NoticeChange{BaseRev: rev}, Start+20) })
	}
	wg.Wait()
	if (refused[0] == nil) == (refused[1] == nil) {
		t.Errorf("two edits at once: %v, %v", refused[0], refused[1])
	}
}

func noticeIsWithdrawn(t *testing.T, db *sqlstore.DB) {
	ctx, people := context.Background(), People(t, db, 2)
	id := writeNotice(t, db, people[0], Start+10)
	before := noticesOf(t, db, people[1]).Stamp
	for i, want := range []bool{true, false} {
		entry := noticeEntry(people[0], Start+20+int64(i))
		entry.Detail = "오타"
		rev, err := db.WithdrawNotice(ctx, id, entry)
		if err != nil || (rev != 0) != want {
			t.Errorf("withdrawn %d: %d, %v", i, rev, err)
		}
	}
	wantNotices(t, db, people[1], "withdrawn", 0, 0, 0)
	if noticesOf(t, db, people[1]).Stamp == before {
		t.Error("the stamp stayed")
	}
	_, err := db.MarkNotice(ctx, notice.Mark{UserID: people[1].UserID, NoticeUUID: id, Confirm: true, EditedAt: notice.AsItIs, At: Start + 30})
	wantCode(t, err, wire.NotFound)
	wantCode(t, edit(t, db, people[0], id, wire.NoticeChange{BaseRev: statusOf(t, db, id).Notice.Rev}, Start+31), wire.Conflict)
	if s := statusOf(t, db, id); s.Notice.WithdrawnAt == nil {
		t.Errorf("status %+v", s)
	}
	if last, err := db.AuditEntries(ctx, admin.AuditQuery{Limit: 1}); err != nil || last[0].Detail != "공지: 오타" {
		t.Errorf("the audit says %+v, %v", last, err)
	}
}

func noticeReminders(t *testing.T, db *sqlstore.DB) {
	ctx, people := context.Background(), People(t, db, 4)
	id := writeNotice(t, db, people[0], Start+10)
	mark(t, db, people[1], id, true, Start+20)
	remind := func(notSince int64) (int, error) {
		n, rev, err := db.RemindNotice(ctx, id, notSince, noticeEntry(people[0], Start+100))
		if (rev != 0) != (n > 0) {
			t.Errorf("%d reminded at rev %d", n, rev)
		}
		return n, err
	}
	if n, err := remind(Start); err != nil || n != 2 {
		t.Errorf("reminded %d, %v", n, err)
	}
	_, err := remind(Start + 99)
	wantRefusal(t, err, wire.Conflict, wire.ReasonReminded)
	if n := noticesOf(t, db, people[2]).Notices[0]; n.RemindedAt == nil || n.RemindedAt.UnixMilli() != Start+100 {
		t.Errorf("reminded of %+v", n)
	}
	for _, p := range people[2:] {
		mark(t, db, p, id, true, Start+200)
	}
	if n, err := remind(Start + 100); err != nil || n != 0 {
		t.Errorf("nobody is left: reminded %d, %v", n, err)
	}
}

func noticePages(t *testing.T, db *sqlstore.DB) {
	ctx, people := context.Background(), People(t, db, 2)
	var want, got, all []string
	for i := range 5 {
		want = append([]string{writeNotice(t, db, people[0], Start+10+int64(i))}, want...)
	}
	for before, first := int64(0), true; first || before != 0; first = false {
		list, err := db.Notices(ctx, notice.Query{UserID: people[1].UserID, Before: before, Limit: 2})
		check(t, err)
		for _, n := range list.Notices {
			got = append(got, n.NoticeUUID)
		}
		if before = list.Next; list.Unread != 5 {
			t.Errorf("unread %d", list.Unread)
		}
	}
	for before, first := int64(0), true; first || before != 0; first = false {
		list, err := db.AdminNotices(ctx, before, 2)
		check(t, err)
		for _, n := range list.Notices {
			all = append(all, n.NoticeUUID)
			if n.Asked != 1 || n.AuthorName == "" {
				t.Errorf("notice %+v", n)
			}
		}
		before = list.Next
	}
	if diff := cmp.Diff(want, got) + cmp.Diff(want, all); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func noticeListsWhoIsMissing(t *testing.T, db *sqlstore.DB) {
	ctx, people := context.Background(), People(t, db, 6) // 0 writes; 1, 2 in the team; 3, 4 nowhere; 5 leaves
	team := Department(t, db, "팀", "")
	Employ(t, db, team, people[1:3]...)
	id := writeNotice(t, db, people[0], Start+10)
	for _, p := range []model.Actor{people[1], people[3], people[5]} {
		mark(t, db, p, id, true, Start+20)
	}
	mark(t, db, people[4], id, false, Start+20)
	boss := people[0]
	boss.Role = wire.RoleOwner
	_, err := db.ChangeAccount(ctx, admin.AccountChange{
		Actor: boss, UserUUID: people[5].UserUUID, State: wire.UserDisabled, Entry: model.AuditEntry{At: Start, Action: model.AuditUserDisabled},
	})
	check(t, err)
	s := statusOf(t, db, id)
	if diff := cmp.Diff(wire.NoticeCount{Asked: 4, Read: 3, Confirmed: 2}, s.Notice.NoticeCount); diff != "" {
		t.Errorf("in all (-want +got):\n%s", diff)
	}
	for _, d := range s.Departments {
		if d.Asked != 2 || d.Confirmed != 1 {
			t.Errorf("department %+v", d)
		}
	}
	yes, no, nowhere := true, false, ""
	for _, tt := range []struct {
		name string
		q    notice.PeopleQuery
		want []model.Actor
	}{
		{"all", notice.PeopleQuery{}, people[1:]},
		{"who confirmed", notice.PeopleQuery{Settled: &yes}, []model.Actor{people[1], people[3], people[5]}},
		{"who did not", notice.PeopleQuery{Settled: &no}, []model.Actor{people[2], people[4]}},
		{"who did not, in the team", notice.PeopleQuery{Settled: &no, DepartmentUUID: &team}, people[2:3]},
		{"who did not, nowhere", notice.PeopleQuery{Settled: &no, DepartmentUUID: &nowhere}, people[4:5]},
	} {
		var want, got []string
		for _, p := range tt.want {
			want = append(want, p.UserUUID)
		}
		tt.q.Limit = 2
		for first := true; first || tt.q.After != 0; first = false {
			page, err := db.NoticePeople(ctx, id, tt.q)
			check(t, err)
			for _, p := range page.People {
				got = append(got, p.UserUUID)
				if p.Left != (p.UserUUID == people[5].UserUUID) {
					t.Errorf("%s: %+v", tt.name, p)
				}
			}
			tt.q.After = page.Next
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func noticesKeepTheAuditWhole(t *testing.T, db *sqlstore.DB) {
	ctx, people := context.Background(), People(t, db, 2)
	before, err := db.CheckAudit(ctx)
	check(t, err)
	id := writeNotice(t, db, people[0], Start+10)
	check(t, edit(t, db, people[0], id, wire.NoticeChange{Confirm: true, BaseRev: statusOf(t, db, id).Notice.Rev}, Start+20))
	_, _, err = db.RemindNotice(ctx, id, Start, noticeEntry(people[0], Start+30))
	check(t, err)
	_, err = db.WithdrawNotice(ctx, id, noticeEntry(people[0], Start+40))
	check(t, err)
	after, err := db.CheckAudit(ctx)
	if err != nil || !after.Whole() || after.Entries != before.Entries+4 {
		t.Errorf("audit %+v after %+v, %v", after, before, err)
	}
}
