package core

import (
	"context"
	"io"
	"slices"

	"github.com/google/uuid"

	"himsg/shared/client"
	"himsg/shared/wire"
)

// AllNotices returns a page of all notices, withdrawn ones too. before is the Next of the page before, 0 at first.
func (c *Core) AllNotices(before int64) (AdminNotices, error) {
	out := AdminNotices{Notices: []AdminNotice{}}
	var wrong error
	if before < 0 {
		wrong = refuse(wire.BadRequest, "", "no such page")
	}
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		list, err := s.auth.AllNotices(ctx, before)
		for _, n := range list.Notices {
			out.Notices = append(out.Notices, viewAdminNotice(n))
		}
		out.Next = list.Next
		return err
	})
	return out, offered(err)
}

func viewAdminNotice(n wire.AdminNotice) AdminNotice {
	return AdminNotice{
		NoticeUUID: n.NoticeUUID, AuthorUUID: n.AuthorUUID, AuthorName: n.AuthorName, Title: n.Title, Text: n.Text, Confirm: n.Confirm,
		DueAt: milliOf(n.DueAt), DepartmentUUIDs: orEmpty(n.DepartmentUUIDs), Rev: n.Rev, CreatedAt: n.CreatedAt.UnixMilli(),
		EditedAt: milliOf(n.EditedAt), RemindedAt: milliOf(n.RemindedAt), WithdrawnAt: milliOf(n.WithdrawnAt),
		Asked: n.Asked, Read: n.Read, Confirmed: n.Confirmed,
	}
}

// writing is a notice that was sent to the server, and whose answer is not there: sent again it must not be a second one.
type writing struct {
	noticeUUID string
	draft      NoticeDraft
}

func (w writing) is(draft NoticeDraft) bool {
	was := w.draft
	return w.noticeUUID != "" && was.Title == draft.Title && was.Text == draft.Text && was.Confirm == draft.Confirm &&
		was.DueAt == draft.DueAt && slices.Equal(was.DepartmentUUIDs, draft.DepartmentUUIDs)
}

// WriteNotice publishes a notice. When the answer got lost, a repeat with the same content is the same notice.
func (c *Core) WriteNotice(draft NoticeDraft) error {
	return c.change(checkNoticeDraft(draft), func(ctx context.Context, s *session) error {
		try := s.writing.Get()
		if !try.is(draft) {
			id, err := uuid.NewV7()
			if err != nil {
				return err
			}
			try = writing{noticeUUID: id.String(), draft: draft}
		}
		s.writing.Set(try)
		err := s.auth.WriteNotice(ctx, wire.NewNotice{
			NoticeUUID: try.noticeUUID, Title: draft.Title, Text: draft.Text, Confirm: draft.Confirm, DueAt: timeOrNone(draft.DueAt),
			DepartmentUUIDs: draft.DepartmentUUIDs,
		})
		if err == nil {
			s.writing.Set(writing{})
		}
		return err
	})
}

func checkNoticeDraft(d NoticeDraft) error {
	if err := checkNoticeText(d.Title, d.Text, d.DueAt); err != nil {
		return err
	}
	if len(d.DepartmentUUIDs) == 0 {
		return nil
	}
	return checkIDs(d.DepartmentUUIDs, wire.MaxNoticeDepartments)
}

func checkNoticeText(title, text string, dueAt int64) error {
	if dueAt < 0 {
		return refuse(wire.BadRequest, "", "no such time")
	}
	if err := checkField(title, wire.MaxNameRunes); err != nil {
		return err
	}
	return checkField(text, wire.MaxTextRunes)
}

func timeOrNone(ms int64) *wire.Time {
	if ms == 0 {
		return nil
	}
	at := wire.TimeOfMilli(ms)
	return &at
}

// EditNotice changes what a notice says; wire.Conflict (edit_conflict) when another administrator did so first.
func (c *Core) EditNotice(noticeUUID string, change NoticeChange) error {
	wrong := checkID(noticeUUID)
	if wrong == nil {
		wrong = checkNoticeText(change.Title, change.Text, change.DueAt)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error {
		return s.auth.EditNotice(ctx, noticeUUID, wire.NoticeChange{
			Title: change.Title, Text: change.Text, Confirm: change.Confirm, DueAt: timeOrNone(change.DueAt),
			AskAgain: change.AskAgain, BaseRev: change.BaseRev,
		})
	})
}

// WithdrawNotice takes a notice from its readers; the reason goes to the audit.
func (c *Core) WithdrawNotice(noticeUUID, reason string) error {
	wrong := checkID(noticeUUID)
	if wrong == nil {
		wrong = checkField(reason, wire.MaxFieldRunes)
	}
	return c.change(wrong, func(ctx context.Context, s *session) error { return s.auth.WithdrawNotice(ctx, noticeUUID, reason) })
}

// RemindNotice tells those who have not confirmed so, and returns how many they are; wire.Conflict (reminded) within an hour of
// the last time.
func (c *Core) RemindNotice(noticeUUID string) (people int, err error) {
	err = c.change(checkID(noticeUUID), func(ctx context.Context, s *session) error {
		people, err = s.auth.RemindNotice(ctx, noticeUUID)
		return err
	})
	return people, err
}

// NoticeStatus returns a notice, and how far each department is.
func (c *Core) NoticeStatus(noticeUUID string) (NoticeStatus, error) {
	out := NoticeStatus{Notice: AdminNotice{DepartmentUUIDs: []string{}}, Departments: []wire.NoticeDepartment{}}
	err := c.change(checkID(noticeUUID), func(ctx context.Context, s *session) error {
		status, err := s.auth.NoticeStatus(ctx, noticeUUID)
		if err == nil {
			out = NoticeStatus{Notice: viewAdminNotice(status.Notice), Departments: orEmpty(status.Departments)}
		}
		return err
	})
	return out, err
}

// NoticePeople returns a page of those whom a notice asks.
func (c *Core) NoticePeople(noticeUUID string, query NoticePeopleQuery) (NoticePeople, error) {
	out := NoticePeople{People: []NoticePerson{}}
	wrong := checkID(noticeUUID)
	if wrong == nil {
		wrong = query.check()
	}
	err := c.change(wrong, func(ctx context.Context, s *session) error {
		page, err := s.auth.NoticePeople(ctx, noticeUUID, client.NoticePeopleQuery{
			Settled: query.Settled, Department: query.Department, After: query.After,
		})
		for _, p := range page.People {
			out.People = append(out.People, NoticePerson{
				UserUUID: p.UserUUID, Name: p.Name, EmployeeID: p.EmployeeID, Department: p.Department, Left: p.Left,
				ReadAt: milliOf(p.ReadAt), ConfirmedAt: milliOf(p.ConfirmedAt),
			})
		}
		out.Next = page.Next
		return err
	})
	return out, err
}

func (q NoticePeopleQuery) check() error {
	if !slices.Contains([]string{"", "yes", "no"}, q.Settled) || q.After < 0 {
		return refuse(wire.BadRequest, "", "no such people")
	}
	if q.Department == "" || q.Department == "none" {
		return nil
	}
	return checkID(q.Department)
}

// SaveNotice asks where to, and saves who has confirmed a notice and who has not, as CSV. false: the user chose none.
func (c *Core) SaveNotice(noticeUUID string) (bool, error) {
	name := "himsg-notice-" + c.o.Clock.Now().Format("2006-01-02") + ".csv"
	return c.saveAs(checkID(noticeUUID), name, func(ctx context.Context, s *session, into io.Writer) error {
		return s.auth.SaveNotice(ctx, noticeUUID, into)
	})
}
