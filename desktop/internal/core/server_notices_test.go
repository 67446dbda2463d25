package core_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"himsg/shared/wire"
)

// srvNotices is the server's part about notices, the newest first.
type srvNotices struct {
	list  []wire.Notice
	rev   int64
	asked int      // lists that were asked for
	whole int      // those that were not unchanged
	calls []string // marks, in their order
}

func (s *server) noticeRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/notices", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		answerJSON(w, s.noticeList(r))
	})
	mux.HandleFunc("PUT /api/notices/{notice}/{act}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.notices.calls = append(s.notices.calls, r.PathValue("act")+" "+r.PathValue("notice"))
		n := s.findNotice(r.PathValue("notice"))
		if n == nil {
			s.refuseHTTP(w, http.StatusNotFound, wire.HTTPError{Error: "no", Code: wire.NotFound})
			return
		}
		if seen := r.URL.Query().Get("edited_at"); seen != strconv.FormatInt(milli(n.EditedAt), 10) {
			s.refuseHTTP(w, http.StatusConflict, wire.HTTPError{Error: "no", Code: wire.Conflict, Reason: wire.ReasonEditConflict})
			return
		}
		n.Read = true
		if r.PathValue("act") == "confirm" {
			at := wire.TimeOf(time.Now())
			n.ConfirmedAt = &at
		}
		s.notices.rev++
		answerJSON(w, wire.MessageReply{})
		s.tell(wire.EvNotices, wire.NoticesChanged{Rev: 1})
	})
}

func milli(at *wire.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMilli()
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (s *server) findNotice(id string) *wire.Notice {
	for i := range s.notices.list {
		if s.notices.list[i].NoticeUUID == id {
			return &s.notices.list[i]
		}
	}
	return nil
}

func (s *server) noticeList(r *http.Request) wire.NoticeList {
	s.notices.asked++
	out := wire.NoticeList{Notices: []wire.Notice{}, Stamp: "rev " + strconv.FormatInt(s.notices.rev, 10)}
	if r.URL.Query().Get("stamp") == out.Stamp {
		out.Unchanged = true
		return out
	}
	s.notices.whole++
	for _, n := range s.notices.list {
		unsettled := n.Asked && n.Confirm && n.ConfirmedAt == nil
		if n.Asked && !n.Read {
			out.Unread++
		}
		if unsettled {
			out.Unsettled++
		}
		if unsettled || n.Asked && !n.Read {
			out.Waiting++
		}
	}
	from, _ := strconv.Atoi(r.URL.Query().Get("before"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	until := min(from+limit, len(s.notices.list))
	out.Notices = append(out.Notices, s.notices.list[from:until]...)
	if until < len(s.notices.list) {
		out.Next = int64(until)
	}
	return out
}

// changeNotices does something to the notices, and tells of it.
func (s *server) changeNotices(fn func(n *srvNotices)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fn(&s.notices)
	s.notices.rev++
	s.tell(wire.EvNotices, wire.NoticesChanged{Rev: s.notices.rev})
}

// newNotice is one that asks everybody to confirm it, written a number of minutes after all that counts from there.
func newNotice(number int) wire.Notice {
	return wire.Notice{
		NoticeUUID: noticeID(number), AuthorUUID: other, Title: "공지 " + strconv.Itoa(number), Text: "**내용**", Confirm: true, Asked: true,
		CreatedAt: wire.TimeOfMilli(1_795_000_000_000 + int64(number)*60_000),
	}
}

func noticeID(number int) string {
	digits := strconv.Itoa(number)
	return "00000000-0000-7000-8000-" + strings.Repeat("0", 12-len(digits)) + digits
}
