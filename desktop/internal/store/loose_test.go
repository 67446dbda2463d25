package store_test

import (
	"errors"
	"fmt"
	"testing"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

func deleted(seq, rev int64) wire.Message {
	m := msg(seq, rev, other, "")
	at := wire.TimeOf(base)
	m.DeletedAt = &at
	return m
}

func bySeq(t *testing.T, s *store.Store, seqs ...int64) []string {
	t.Helper()
	found, err := s.MessagesBySeq(t.Context(), room, seqs)
	must(t, err)
	return texts(found)
}

func TestLooseMessages(t *testing.T) {
	held := client.Held{Rev: 20, Lo: 18, Hi: 20, LastSeq: 20}
	after := func(rev, lo int64) client.Held {
		h := held
		h.Rev, h.Lo = rev, lo
		return h
	}
	save := func(t *testing.T, s *store.Store, rev int64, ms ...wire.Message) error {
		return s.SaveLoose(t.Context(), room, ms, rev)
	}
	cases := map[string]struct {
		do   func(t *testing.T, s *store.Store)
		want []string
	}{
		"kept beside the stretch": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, msg(3, 3, other, "셋"), msg(5, 5, other, "다섯")))
		}, []string{"셋", "다섯"}},
		"one of the stretch is not taken": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, msg(19, 30, other, "from elsewhere")))
		}, []string{}},
		"a newer form replaces it": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, msg(3, 3, other, "셋")))
			out := apply(t, s, after(21, 18), msg(3, 21, other, "고침"))
			if len(out[0].Outside) != 1 || len(out[0].Changed) != 0 {
				t.Errorf("applied %+v", out[0])
			}
		}, []string{"고침"}},
		"a deleted one has no text": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, msg(3, 3, other, "셋")))
			apply(t, s, after(21, 18), deleted(3, 21))
		}, []string{""}},
		"read before the deletion, saved after it": {func(t *testing.T, s *store.Store) {
			apply(t, s, after(21, 18), deleted(3, 21))
			must(t, save(t, s, 20, msg(3, 3, other, "셋")))
		}, []string{""}},
		"read before changes that nobody told of": {func(t *testing.T, s *store.Store) {
			_, err := s.ApplyMessages(t.Context(), []client.MessageBatch{{RoomUUID: room, Held: after(5000, 18), Reset: true}})
			must(t, err)
			if err := save(t, s, 20, msg(3, 3, other, "셋")); !errors.Is(err, store.ErrOutdated) {
				t.Errorf("save: %v", err)
			}
		}, []string{}},
		"the stretch reaches it": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, deleted(3, 15)))
			apply(t, s, after(20, 3), msg(3, 3, other, "an old page"), msg(4, 4, other, "넷"))
			if page := read(t, s); len(page) != 2 || page[0].DeletedAt == nil {
				t.Errorf("page %+v", page)
			}
		}, []string{""}},
		"the history setting takes it away": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, msg(3, 3, other, "셋")))
			h := after(21, 18)
			h.Border, h.JoinedSeq = 10, 10
			addRoom(t, s, h)
			must(t, save(t, s, 21, msg(5, 5, other, "다섯")))
		}, []string{}},
		"hidden": {func(t *testing.T, s *store.Store) {
			must(t, save(t, s, 20, msg(3, 3, other, "셋")))
			must(t, s.ApplyHidden(t.Context(), room, []int64{3}, 2))
		}, []string{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := fresh(t)
			addRoom(t, s, held)
			c.do(t, s)
			equal(t, "3 and 5", bySeq(t, s, 3, 5), c.want)
		})
	}
}

// A summary told of a message, and what became of it since is read before anybody tells it.
func TestLooseMessageIsTheLastOne(t *testing.T) {
	s := fresh(t)
	last := msg(20, 20, other, "지워질 말")
	summary := wire.RoomSummary{RoomUUID: room, Kind: wire.RoomGroup, LastSeq: 20, Rev: 20, LastMessage: &last, My: &wire.My{}}
	_, err := s.ApplyRooms(t.Context(), []client.RoomChange{{Summary: summary, Held: client.Held{Rev: 20, LastSeq: 20}}}, nil)
	must(t, err)
	must(t, s.SaveLoose(t.Context(), room, []wire.Message{deleted(20, 21)}, 21))
	r, err := s.Room(t.Context(), room)
	must(t, err)
	if r.Last == nil || r.Last.DeletedAt == nil || r.Last.Text != "" {
		t.Errorf("the list shows %+v", r.Last)
	}
	must(t, s.SaveLoose(t.Context(), room, []wire.Message{last}, 21))
	r, err = s.Room(t.Context(), room)
	must(t, err)
	if r.Last.DeletedAt == nil {
		t.Error("an older form came back")
	}
}

func TestLooseMessagesAreBounded(t *testing.T) {
	s := fresh(t)
	addRoom(t, s, client.Held{Rev: 2000, Lo: 2000, Hi: 2000, LastSeq: 2000})
	for i := range int64(50) {
		var page []wire.Message
		for seq := i*20 + 1; seq <= i*20+20; seq++ {
			page = append(page, msg(seq, seq, other, fmt.Sprintf("m%d", seq)))
		}
		must(t, s.SaveLoose(t.Context(), room, page, 2000))
		equal(t, "the one that is looked at again and again", bySeq(t, s, 1), []string{"m1"})
	}
	all := make([]int64, 2000)
	for i := range all {
		all[i] = int64(i) + 1
	}
	if kept := bySeq(t, s, all...); len(kept) != 500 || kept[len(kept)-1] != "m1000" {
		t.Errorf("%d are kept, the last is %s", len(kept), kept[len(kept)-1])
	}
}
