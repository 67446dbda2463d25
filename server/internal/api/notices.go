package api

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"

	"himsg/server/internal/errs"
	"himsg/server/internal/model"
	"himsg/server/internal/notice"
	"himsg/shared/wire"
)

const (
	adminNotices = "/api/admin/notices"
	adminNotice  = adminNotices + "/{notice_uuid}"
)

// noticeRoutes are those of notices: the first block is everybody's.
func (a *API) noticeRoutes(doc huma.API) {
	signedIn(a, doc, op("GET /api/notices", "Notices that I may read, the newest first"), a.notices)
	signedIn(a, doc, op("PUT /api/notices/{notice_uuid}/read", "I have read a notice"), a.readNotice)
	signedIn(a, doc, op("PUT /api/notices/{notice_uuid}/confirm", "I confirm a notice"), a.confirmNotice)

	signedIn(a, doc, op("GET "+adminNotices, "All notices, the newest first (administrators)"), a.allNotices)
	signedIn(a, doc, op("POST "+adminNotices, "Publish a notice (administrators)").created().upTo(maxPeopleBody), a.writeNotice)
	signedIn(a, doc, op("GET "+adminNotice, "How far each department is with a notice (administrators)"), a.noticeStatus)
	signedIn(a, doc, op("PUT "+adminNotice, "Edit a notice (administrators)").upTo(maxPeopleBody), a.editNotice)
	signedIn(a, doc, op("POST "+adminNotice+"/withdraw", "Take a notice from its readers (administrators)"), a.withdrawNotice)
	signedIn(a, doc, op("POST "+adminNotice+"/remind", "Remind who has not confirmed, once an hour (administrators)"), a.remindNotice)
	signedIn(a, doc, op("GET "+adminNotice+"/people", "Who has confirmed a notice, or not (administrators)"), a.noticePeople)
}

type noticesInput struct {
	Before int64  `query:"before" minimum:"0" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"0" maximum:"50" doc:"Most notices of the page; 0 means 50"`
	Stamp  string `query:"stamp" maxLength:"64" doc:"The stamp of the first page that is held"`
}

func (a *API) notices(ctx context.Context, actor model.Actor, in *noticesInput) (*output[wire.NoticeList], error) {
	list, err := a.o.Notices.List(ctx, actor, in.Before, in.Limit, in.Stamp)
	if err != nil {
		return nil, err
	}
	return answer(list), nil
}

type noticeInput struct {
	NoticeUUID string `path:"notice_uuid" maxLength:"64"`
}

type noticeMarkInput struct {
	NoticeUUID string `path:"notice_uuid" maxLength:"64"`
	EditedAt   int64  `query:"edited_at" minimum:"-1" default:"-1" doc:"When that was edited which I saw, UTC milliseconds, 0: never; -1: I don't say"`
}

func (a *API) readNotice(ctx context.Context, actor model.Actor, in *noticeMarkInput) (*output[wire.MessageReply], error) {
	if err := a.o.Notices.Read(ctx, actor, in.NoticeUUID, in.EditedAt); err != nil {
		return nil, err
	}
	return said(ctx, "읽음으로 표시했습니다.", "It is marked as read."), nil
}

func (a *API) confirmNotice(ctx context.Context, actor model.Actor, in *noticeMarkInput) (*output[wire.MessageReply], error) {
	if err := a.o.Notices.Confirm(ctx, actor, in.NoticeUUID, in.EditedAt); err != nil {
		return nil, err
	}
	return said(ctx, "공지를 확인했습니다.", "You confirmed the notice."), nil
}

type allNoticesInput struct {
	Before int64 `query:"before" minimum:"0" doc:"next of the page before"`
}

func (a *API) allNotices(ctx context.Context, actor model.Actor, in *allNoticesInput) (*output[wire.AdminNoticeList], error) {
	list, err := a.o.Notices.All(ctx, actor, in.Before)
	if err != nil {
		return nil, err
	}
	return answer(list), nil
}

func (a *API) writeNotice(
	ctx context.Context, actor model.Actor, in *struct{ Body wire.NewNotice },
) (*output[wire.MessageReply], error) {
	if err := a.o.Notices.Write(ctx, actor, in.Body); err != nil {
		return nil, err
	}
	return said(ctx, "공지를 게시했습니다.", "The notice was published."), nil
}

func (a *API) noticeStatus(ctx context.Context, actor model.Actor, in *noticeInput) (*output[wire.NoticeStatus], error) {
	status, err := a.o.Notices.Status(ctx, actor, in.NoticeUUID)
	if err != nil {
		return nil, err
	}
	return answer(status), nil
}

type noticeChangeInput struct {
	NoticeUUID string `path:"notice_uuid" maxLength:"64"`
	Body       wire.NoticeChange
}

func (a *API) editNotice(ctx context.Context, actor model.Actor, in *noticeChangeInput) (*output[wire.MessageReply], error) {
	if err := a.o.Notices.Edit(ctx, actor, in.NoticeUUID, in.Body); err != nil {
		return nil, err
	}
	return said(ctx, "공지를 수정했습니다.", "The notice was changed."), nil
}

type withdrawInput struct {
	NoticeUUID string `path:"notice_uuid" maxLength:"64"`
	Body       *wire.ReasonRequest
}

func (a *API) withdrawNotice(ctx context.Context, actor model.Actor, in *withdrawInput) (*output[wire.MessageReply], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	if err := a.o.Notices.Withdraw(ctx, actor, in.NoticeUUID, reason); err != nil {
		return nil, err
	}
	return said(ctx, "공지를 취소했습니다.", "The notice was withdrawn."), nil
}

func (a *API) remindNotice(ctx context.Context, actor model.Actor, in *noticeInput) (*output[wire.NoticeReminded], error) {
	people, err := a.o.Notices.Remind(ctx, actor, in.NoticeUUID)
	if err != nil {
		return nil, err
	}
	text := errs.Text{KO: fmt.Sprintf("%d명에게 다시 알렸습니다.", people), EN: fmt.Sprintf("%d people were reminded.", people)}
	return answer(wire.NoticeReminded{Message: text.In(recordOf(ctx).lang), People: people}), nil
}

type noticePeopleInput struct {
	NoticeUUID string `path:"notice_uuid" maxLength:"64"`
	Settled    string `query:"settled" enum:"yes,no" doc:"Who has done what the notice asks for, or who has not; left out: both"`
	Department string `query:"department_uuid" maxLength:"64" doc:"People of this department only; none: of no department"`
	After      int64  `query:"after" minimum:"0" doc:"next of the page before"`
}

func (a *API) noticePeople(ctx context.Context, actor model.Actor, in *noticePeopleInput) (*output[wire.NoticePeople], error) {
	q := notice.PeopleQuery{After: in.After}
	if in.Settled != "" {
		settled := in.Settled == "yes"
		q.Settled = &settled
	}
	switch in.Department {
	case "":
	case "none":
		q.DepartmentUUID = new(string)
	default:
		q.DepartmentUUID = &in.Department
	}
	page, err := a.o.Notices.People(ctx, actor, in.NoticeUUID, q)
	if err != nil {
		return nil, err
	}
	return answer(page), nil
}

// noticeExport streams who has confirmed a notice and who has not, as CSV.
func (a *API) noticeExport(w http.ResponseWriter, r *http.Request) {
	paced := &pacedWriter{w, a.pace(w)}
	out, begun := csv.NewWriter(paced), false
	head := errs.Text{KO: "이름,사번,부서,대상,읽은 시각,확인 시각", EN: "name,employee id,department,asked,read at,confirmed at"}.
		In(recordOf(r.Context()).lang)
	begin := func() {
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="notice.csv"`)
		// Without the byte order mark Excel takes Korean for something else.
		_, _ = paced.Write([]byte("\ufeff" + head + "\n")) // a lost client shows at the next Flush
	}
	err := a.o.Notices.Export(r.Context(), recordOf(r.Context()).actor, chi.URLParam(r, "notice_uuid"), begin,
		func(people []wire.NoticePerson) error {
			for _, p := range people {
				_ = out.Write([]string{ // the error comes back from Error
					noFormula(p.Name), noFormula(p.EmployeeID), noFormula(p.Department), map[bool]string{false: "Y", true: "N"}[p.Left],
					csvTime(p.ReadAt), csvTime(p.ConfirmedAt),
				})
			}
			out.Flush()
			return out.Error()
		})
	switch {
	case err != nil && !begun:
		fail(w, r, err)
	case err != nil:
		panic(http.ErrAbortHandler) // what was sent is not all: the client must notice
	}
}

func csvTime(at *wire.Time) string {
	if at == nil {
		return ""
	}
	return at.String()
}
