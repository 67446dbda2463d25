package clienttest

import (
	"fmt"
	"slices"
	"sort"

	"himsg/shared/wire"
)

// Answer answers a request as things stand now. The types of requests are those of package wire.
func (m *Model) Answer(request any) (any, error) {
	switch in := request.(type) {
	case wire.SyncRequest:
		return m.sync(in), nil
	case wire.ChangesRequest:
		return answerIn(m, in.RoomUUID, in, m.changes)
	case wire.HistoryRequest:
		return answerIn(m, in.RoomUUID, in, m.history)
	case wire.HiddenRequest:
		return answerIn(m, in.RoomUUID, in, m.hiddenPage)
	case wire.MessagesRequest:
		return answerIn(m, in.RoomUUID, in, m.messages)
	}
	return nil, fmt.Errorf("no answer to %T", request)
}

// answerIn answers in a room that Me is in.
func answerIn[In, Out any](m *Model, uuid string, in In, answer func(*Room, In) Out) (any, error) {
	r := m.rooms[uuid]
	if r == nil || !r.mineNow() {
		return nil, &wire.Error{Code: wire.NotFound}
	}
	return answer(r, in), nil
}

func (m *Model) sync(in wire.SyncRequest) wire.SyncReply {
	out := wire.SyncReply{DirectoryRev: m.directoryRev}
	for uuid, r := range m.rooms {
		held, named := in.Rooms[uuid]
		switch {
		case !r.mineNow() && named:
			out.Removed = append(out.Removed, uuid)
		case r.mineNow() && (!named || held != [2]int64{r.rev, r.mine.Rev}):
			out.Rooms = append(out.Rooms, r.Summary())
		}
	}
	return out
}

func (m *Model) changes(r *Room, in wire.ChangesRequest) wire.ChangesReply {
	if r.rev-in.AfterRev > m.MaxBehind {
		summary := r.Summary()
		return wire.ChangesReply{Reset: true, Room: &summary}
	}
	out := wire.ChangesReply{Rev: r.rev}
	for _, msg := range r.messages {
		if msg.Rev > in.AfterRev && r.visible(msg) {
			out.Messages = append(out.Messages, msg)
		}
	}
	sort.Slice(out.Messages, func(i, j int) bool { return out.Messages[i].Rev < out.Messages[j].Rev })
	if len(out.Messages) > in.Limit {
		out.Messages, out.More = out.Messages[:in.Limit], true
		out.Rev = out.Messages[in.Limit-1].Rev
	}
	if r.metaRev > in.AfterRev {
		summary := r.Summary()
		out.Room = &summary
	}
	return out
}

func (m *Model) history(r *Room, in wire.HistoryRequest) wire.HistoryReply {
	out := wire.HistoryReply{Rev: r.rev}
	for _, msg := range slices.Backward(r.messages) {
		if !r.visible(msg) || in.BeforeSeq != 0 && msg.Seq >= in.BeforeSeq {
			continue
		}
		if len(out.Messages) == in.Limit {
			out.HasMore = true
			break
		}
		out.Messages = append(out.Messages, msg)
	}
	slices.Reverse(out.Messages)
	return out
}

// hiddenPage gives two at a time, whatever the limit: so that there are pages.
func (m *Model) hiddenPage(r *Room, in wire.HiddenRequest) wire.HiddenReply {
	out := wire.HiddenReply{Rev: r.mine.Rev}
	for _, h := range r.hidden {
		if h.rev <= in.AfterRev {
			continue
		}
		if len(out.Seqs) == 2 {
			out.More = true
			break
		}
		out.Seqs, out.Rev = append(out.Seqs, h.seq), h.rev
	}
	return out
}

func (m *Model) messages(r *Room, in wire.MessagesRequest) wire.MessagesReply {
	out := wire.MessagesReply{Rev: r.rev}
	for _, msg := range r.messages {
		if r.visible(msg) && slices.Contains(in.Seqs, msg.Seq) {
			out.Messages = append(out.Messages, msg)
		}
	}
	return out
}

func (m *Model) page(afterRev int64) wire.DirectoryPage {
	out := wire.DirectoryPage{Rev: m.directoryRev}
	for _, p := range m.people {
		if p.Rev > afterRev {
			out.Users = append(out.Users, p)
		}
	}
	return out
}
