package core_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"himsg/shared/search"
	"himsg/shared/wire"
)

// The fake server's ops and routes of a whole conversation.

func (r *srvRoom) visible() []wire.Message {
	out := []wire.Message{}
	for _, m := range r.messages {
		if !r.hidden[m.Seq] {
			out = append(out, m)
		}
	}
	return out
}

func (s *server) history(in wire.HistoryRequest) wire.HistoryReply {
	r := s.rooms[in.RoomUUID]
	s.histories++
	all := r.visible()
	from := func(ok func(wire.Message) bool) int {
		if i := slices.IndexFunc(all, ok); i >= 0 {
			return i
		}
		return len(all)
	}
	start, end := max(0, len(all)-in.Limit), len(all)
	out := wire.HistoryReply{Rev: r.summary.Rev}
	around := in.AroundSeq
	if in.At != nil {
		if i := from(func(m wire.Message) bool { return !m.Timestamp.Before(in.At.Time) }); i < len(all) {
			around, out.TargetSeq = all[i].Seq, all[i].Seq
		}
	}
	switch {
	case around > 0:
		middle := from(func(m wire.Message) bool { return m.Seq >= around })
		start, end = max(0, middle-in.Limit/2), min(len(all), middle+in.Limit-in.Limit/2)
	case in.BeforeSeq > 0:
		end = from(func(m wire.Message) bool { return m.Seq >= in.BeforeSeq })
		start = max(0, end-in.Limit)
	case in.AfterSeq > 0:
		start = from(func(m wire.Message) bool { return m.Seq > in.AfterSeq })
		end = min(len(all), start+in.Limit)
	}
	out.Messages, out.HasMore, out.HasNewer = slices.Clone(all[start:end]), start > 0, end < len(all)
	return out
}

func (s *server) byID(id int64) (*srvRoom, *wire.Message) {
	for _, r := range s.rooms {
		for i := range r.messages {
			if r.messages[i].MessageID == id {
				return r, &r.messages[i]
			}
		}
	}
	return nil, nil
}

// more answers the ops that change messages and rooms. The second value is a refusal, the third what follows the reply.
func (s *server) more(req wire.Request) (any, *wire.Error, func()) {
	s.ops = append(s.ops, req)
	switch req.Op {
	case wire.OpMessages:
		in := decode[wire.MessagesRequest](req)
		r := s.rooms[in.RoomUUID]
		out := wire.MessagesReply{Messages: []wire.Message{}, Rev: r.summary.Rev}
		for _, m := range r.visible() {
			if slices.Contains(in.Seqs, m.Seq) {
				out.Messages = append(out.Messages, m)
			}
		}
		return out, nil, nil
	case wire.OpEdit:
		in := decode[wire.EditRequest](req)
		return s.touch(in.MessageID, func(m *wire.Message) *wire.Error {
			if in.BaseRev > 0 && in.BaseRev != m.Rev && in.Text != m.Text {
				return &wire.Error{Code: wire.Conflict, Reason: wire.ReasonEditConflict}
			}
			at := wire.TimeOf(time.Now())
			m.Text, m.EditedAt, m.Mentions, m.MentionAll = in.Text, &at, in.Mentions, in.MentionAll
			return nil
		})
	case wire.OpDelete:
		return s.touch(decode[wire.DeleteRequest](req).MessageID, func(m *wire.Message) *wire.Error {
			at := wire.TimeOf(time.Now())
			m.Text, m.DeletedAt, m.Reactions = "", &at, nil
			return nil
		})
	case wire.OpReact:
		in := decode[wire.ReactRequest](req)
		return s.touch(in.MessageID, func(m *wire.Message) *wire.Error {
			m.Reactions = nil
			if in.On {
				m.Reactions = []wire.Reaction{{Emoji: in.Emoji, UserUUIDs: []string{other, me}}}
			}
			return nil
		})
	case wire.OpPin:
		in := decode[wire.PinRequest](req)
		return s.touch(in.MessageID, func(m *wire.Message) *wire.Error { m.Pinned = in.On; return nil })
	case wire.OpHide:
		for _, id := range decode[wire.HideRequest](req).MessageIDs {
			if r, m := s.byID(id); r != nil {
				s.hide(r, m.Seq)
			}
		}
		return wire.Empty{}, nil, nil
	case wire.OpHidden:
		in := decode[wire.HiddenRequest](req)
		r := s.rooms[in.RoomUUID]
		out := wire.HiddenReply{Seqs: []int64{}, Rev: r.summary.My.Rev}
		for seq := range r.hidden {
			out.Seqs = append(out.Seqs, seq)
		}
		return out, nil, nil
	case wire.OpMy:
		return s.setMy(decode[wire.MyRequest](req))
	case wire.OpReaders:
		in := decode[wire.ReadersRequest](req)
		at := wire.TimeOf(time.UnixMilli(77))
		if in.AfterUUID != "" {
			return wire.ReadersReply{Users: []wire.Reader{{UserUUID: third}}, ReadCount: 2, UnreadCount: 1}, nil, nil
		}
		return wire.ReadersReply{Users: []wire.Reader{{UserUUID: other, ReadAt: &at}}, More: true, ReadCount: 2, UnreadCount: 1}, nil, nil
	case wire.OpSearch:
		return s.search(decode[wire.SearchRequest](req))
	}
	return wire.Empty{}, nil, nil
}

// touch changes a message, and tells of it after the reply.
func (s *server) touch(id int64, fn func(m *wire.Message) *wire.Error) (any, *wire.Error, func()) {
	r, m := s.byID(id)
	if r == nil {
		return nil, &wire.Error{Code: wire.NotFound}, nil
	}
	if refusal := fn(m); refusal != nil {
		return nil, refusal, nil
	}
	r.summary.Rev++
	m.Rev = r.summary.Rev
	if m.Seq == r.summary.LastSeq {
		copied := *m
		r.summary.LastMessage = &copied
	}
	changed := *m
	return wire.RevReply{Rev: m.Rev}, nil, func() { s.tell(wire.EvMessage, changed) }
}

// hide hides a message for me, as this device or another one of mine does.
func (s *server) hide(r *srvRoom, seq int64) {
	r.hidden[seq] = true
	r.summary.My.Rev++
	r.summary.My.HiddenRev = r.summary.My.Rev
	s.tell(wire.EvRoom, s.summary(r))
}

func (s *server) setMy(in wire.MyRequest) (any, *wire.Error, func()) {
	r := s.rooms[in.RoomUUID]
	my := r.summary.My
	for _, f := range []struct{ to, from *bool }{{&my.Favourite, in.Favourite}, {&my.Pinned, in.Pinned}, {&my.Locked, in.Locked}} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if in.MuteMinutes != nil {
		until := wire.TimeOf(time.Now().Add(time.Duration(*in.MuteMinutes) * time.Minute))
		switch {
		case *in.MuteMinutes < 0:
			my.MutedUntil = &wire.MutedForever
		case *in.MuteMinutes == 0:
			my.MutedUntil = nil
		default:
			my.MutedUntil = &until
		}
	}
	if in.Notify != nil {
		my.Notify = *in.Notify
	}
	my.Rev++
	return wire.MyReply{My: *my}, nil, func() { s.tell(wire.EvRoom, s.summary(r)) }
}

func (s *server) search(in wire.SearchRequest) (any, *wire.Error, func()) {
	if s.searchSleeps {
		return nil, nil, nil
	}
	words, _ := search.Parse(in.Query)
	out := wire.SearchReply{Messages: []wire.Message{}}
	for _, r := range s.rooms {
		for _, m := range r.visible() {
			if words.Match(m.Text) && (in.RoomUUID == "" || in.RoomUUID == m.RoomUUID) && (in.Before == 0 || m.MessageID < in.Before) {
				out.Messages = append(out.Messages, m)
			}
		}
	}
	slices.SortFunc(out.Messages, func(a, b wire.Message) int { return int(b.MessageID - a.MessageID) })
	if len(out.Messages) > in.Limit {
		out.Messages = out.Messages[:in.Limit]
		out.Next = out.Messages[in.Limit-1].MessageID
	}
	return out, nil, nil
}

// groupRoutes answers the calls about groups; it notes what came.
func (s *server) groupRoutes(mux *http.ServeMux) {
	mux.HandleFunc("/api/chat-rooms/", s.groupCall)
	mux.HandleFunc("DELETE /api/delete-chat-room/", s.groupCall)
	mux.HandleFunc("GET /api/pictures/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.pictureGets++
		content, ok := s.pictures[r.PathValue("id")]
		if !ok {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_ = json.NewEncoder(w).Encode(wire.HTTPError{Error: "no", Code: wire.NotFound})
			return
		}
		w.Header().Set("Content-Type", "image/png")
		_, _ = w.Write(content)
	})
}

func (s *server) groupCall(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	call := r.Method + " " + strings.NewReplacer(roomB, "ROOM", other, "OTHER", third, "THIRD").Replace(r.URL.String()+" "+string(body))
	s.calls = append(s.calls, strings.TrimSpace(call))
	if s.dropCalls > 0 {
		s.dropCalls--
		panic(http.ErrAbortHandler) // done, and the reply is lost
	}
	w.Header().Set("Content-Type", "application/json")
	var out any = wire.MessageReply{}
	switch {
	case s.refuseCall != nil:
		w.WriteHeader(http.StatusForbidden)
		out = s.refuseCall
	case r.Method == http.MethodGet:
		out = wire.RoomMembers{Next: "more", Members: []wire.RoomMemberEntry{
			{UserUUID: other, Role: wire.RoomOwner, JoinedAt: wire.TimeOfMilli(5)},
		}}
	case strings.HasSuffix(r.URL.Path, "/picture"):
		out = wire.PictureReply{PictureUUID: third}
	}
	_ = json.NewEncoder(w).Encode(out)
}
