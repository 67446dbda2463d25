package core_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

const onNotice = "/api/admin/notices/" + roomA

func TestNoticesOfAdministrators(t *testing.T) {
	s, a := admins(t)
	at := wire.TimeOfMilli(5_000)
	n := wire.AdminNotice{
		NoticeUUID: roomA, AuthorName: "김", Title: "공지", Confirm: true, CreatedAt: at, RemindedAt: &at, Rev: 7,
		NoticeCount: wire.NoticeCount{Asked: 9, Read: 5, Confirmed: 4},
	}
	s.with(func() {
		s.admin.answer = map[string]any{
			"GET /api/admin/notices?before=3": wire.AdminNoticeList{Notices: []wire.AdminNotice{n}, Next: 2},
			"GET " + onNotice: wire.NoticeStatus{Notice: n, Departments: []wire.NoticeDepartment{
				{Name: "팀", NoticeCount: wire.NoticeCount{Asked: 2}},
			}},
			"GET " + onNotice + "/people?after=4&department_uuid=none&settled=no": wire.NoticePeople{
				People: []wire.NoticePerson{{UserUUID: other, Name: "이", ReadAt: &at}}, Next: 6,
			},
			"POST " + onNotice + "/remind": wire.NoticeReminded{People: 5},
		}
	})
	page, err := a.AllNotices(3)
	if err != nil || page.Next != 2 || len(page.Notices) != 1 {
		t.Fatalf("page %+v, %v", page, err)
	}
	if got := page.Notices[0]; got.Asked != 9 || got.Read != 5 || got.Confirmed != 4 || got.RemindedAt != 5_000 || got.Rev != 7 ||
		got.WithdrawnAt != 0 || got.DepartmentUUIDs == nil {
		t.Errorf("notice %+v", got)
	}
	status, err := a.NoticeStatus(roomA)
	if err != nil || status.Notice.Title != "공지" || len(status.Departments) != 1 || status.Departments[0].Asked != 2 {
		t.Errorf("status %+v, %v", status, err)
	}
	people, err := a.NoticePeople(roomA, core.NoticePeopleQuery{Settled: "no", Department: "none", After: 4})
	if err != nil || people.Next != 6 || len(people.People) != 1 || people.People[0].ReadAt != 5_000 || people.People[0].ConfirmedAt != 0 {
		t.Errorf("people %+v, %v", people, err)
	}
	if count, err := a.RemindNotice(roomA); err != nil || count != 5 {
		t.Errorf("reminded %d, %v", count, err)
	}
	a.ok(a.EditNotice(roomA, core.NoticeChange{Title: "y", Text: "z", Confirm: true, DueAt: 6_000, AskAgain: true, BaseRev: 7}))
	a.ok(a.WithdrawNotice(roomA, "오타"))
	s.with(func() {
		for _, want := range []string{
			"PUT " + onNotice + ` {"title":"y","text":"z","confirm":true,"due_at":"1970-01-01T00:00:06.000Z","ask_again":true,"base_rev":7}`,
			"POST " + onNotice + `/withdraw {"reason":"오타"}`,
		} {
			if !slices.Contains(s.admin.calls, want) {
				t.Errorf("no %s among\n%s", want, strings.Join(s.admin.calls, "\n"))
			}
		}
	})
}

// written are the notice_uuids that the server was sent.
func (s *server) written() (ids []string) {
	s.with(func() {
		for _, c := range s.admin.calls {
			if body, found := strings.CutPrefix(c, "POST /api/admin/notices "); found {
				var in wire.NewNotice
				_ = json.Unmarshal([]byte(body), &in)
				ids = append(ids, in.NoticeUUID)
			}
		}
	})
	return ids
}

func TestANoticeIsPublishedOnce(t *testing.T) {
	s, a := admins(t)
	s.with(func() {
		s.admin.answer = map[string]any{"POST /api/admin/notices": wire.HTTPError{Error: "no", Code: wire.Unavailable}}
	})
	draft := core.NoticeDraft{Title: "x", Text: "y", DepartmentUUIDs: []string{roomB}}
	if a.WriteNotice(draft) == nil {
		t.Fatal("it was refused")
	}
	s.with(func() { clear(s.admin.answer) })
	a.ok(a.WriteNotice(draft)) // the same, again
	a.ok(a.WriteNotice(draft)) // another one with the same words
	ids := s.written()
	if len(ids) != 3 || ids[0] != ids[1] || ids[1] == ids[2] {
		t.Errorf("written as %v", ids)
	}
	changed := draft
	s.with(func() {
		s.admin.answer = map[string]any{"POST /api/admin/notices": wire.HTTPError{Error: "no", Code: wire.Unavailable}}
	})
	_ = a.WriteNotice(draft)
	s.with(func() { clear(s.admin.answer) })
	changed.Text = "z"
	a.ok(a.WriteNotice(changed)) // what was sent before may be there, and says something else
	if ids = s.written(); ids[3] == ids[4] {
		t.Errorf("other words went out as the same notice: %v", ids)
	}
}

func TestWhoConfirmedIsSaved(t *testing.T) {
	s, a := admins(t)
	target := filepath.Join(t.TempDir(), "notice.csv")
	s.with(func() { s.admin.file = []byte("name\n") })
	a.change(func() { a.picked = []string{target} })
	if saved, err := a.SaveNotice(roomA); !saved || err != nil {
		t.Fatalf("saved %v, %v", saved, err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "name\n" {
		t.Errorf("saved %q, %v", got, err)
	}
}

func TestWrongNoticesStayHere(t *testing.T) {
	s, a := admins(t)
	long := strings.Repeat("x", wire.MaxNameRunes+1)
	many := slices.Repeat([]string{roomA}, wire.MaxNoticeDepartments+1)
	for name, do := range map[string]func() error{
		"a page before the first": func() error { return second(a.AllNotices(-1)) },
		"a long title":            func() error { return a.WriteNotice(core.NoticeDraft{Title: long}) },
		"a long text": func() error {
			return a.WriteNotice(core.NoticeDraft{Text: strings.Repeat("가", wire.MaxTextRunes+1)})
		},
		"broken text":       func() error { return a.WriteNotice(core.NoticeDraft{Text: "\xff"}) },
		"due before time":   func() error { return a.WriteNotice(core.NoticeDraft{DueAt: -1}) },
		"many departments":  func() error { return a.WriteNotice(core.NoticeDraft{DepartmentUUIDs: many}) },
		"no department":     func() error { return a.WriteNotice(core.NoticeDraft{DepartmentUUIDs: []string{"x"}}) },
		"an edit of none":   func() error { return a.EditNotice("x", core.NoticeChange{}) },
		"a long edit":       func() error { return a.EditNotice(roomA, core.NoticeChange{Title: long}) },
		"a long reason":     func() error { return a.WithdrawNotice(roomA, strings.Repeat("x", 201)) },
		"a reminder of ..":  func() error { return second(a.RemindNotice("..")) },
		"a status of ..":    func() error { return second(a.NoticeStatus("..")) },
		"neither yes or no": func() error { return second(a.NoticePeople(roomA, core.NoticePeopleQuery{Settled: "maybe"})) },
		"people of ..":      func() error { return second(a.NoticePeople(roomA, core.NoticePeopleQuery{Department: ".."})) },
		"a file of ..":      func() error { return second(a.SaveNotice("..")) },
	} {
		t.Run(name, func(t *testing.T) { refusedAs(t, do(), wire.BadRequest) })
	}
	s.with(func() {
		for _, c := range s.admin.calls {
			if strings.Contains(c, "notices") {
				t.Errorf("the server was asked: %s", c)
			}
		}
	})
}
