package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// ten gives a room that holds messages 11…20 of 20.
func ten(t *testing.T) *store.Store {
	t.Helper()
	s := fresh(t)
	h := client.Held{Rev: 20, Lo: 11, Hi: 20, LastSeq: 20}
	addRoom(t, s, h)
	var ms []wire.Message
	for i := int64(11); i <= 20; i++ {
		ms = append(ms, msg(i, i, other, fmt.Sprintf("m%d", i)))
	}
	apply(t, s, h, ms...)
	return s
}

func TestPagesSayWhatTheyLookedAt(t *testing.T) {
	s := ten(t)
	ctx := t.Context()
	must(t, s.ApplyHidden(ctx, room, []int64{11, 15, 20}, 3))
	must(t, s.ApplyHidden(ctx, room, []int64{15}, 2)) // a repeat
	cases := map[string]struct {
		page        func() (store.Stretch, error)
		want        string
		first, last int64
	}{
		"newest":          {func() (store.Stretch, error) { return s.Page(ctx, room, 0, 3) }, "[m17 m18 m19]", 17, 20},
		"before, to Lo":   {func() (store.Stretch, error) { return s.Page(ctx, room, 14, 9) }, "[m12 m13]", 11, 13},
		"before Lo":       {func() (store.Stretch, error) { return s.Page(ctx, room, 11, 9) }, "[]", 0, 0},
		"after":           {func() (store.Stretch, error) { return s.PageAfter(ctx, room, 13, 2) }, "[m14 m16]", 14, 16},
		"after, to Hi":    {func() (store.Stretch, error) { return s.PageAfter(ctx, room, 17, 9) }, "[m18 m19]", 18, 20},
		"after Hi":        {func() (store.Stretch, error) { return s.PageAfter(ctx, room, 20, 9) }, "[]", 0, 0},
		"around":          {func() (store.Stretch, error) { return s.PageAround(ctx, room, 16, 4) }, "[m13 m14 m16 m17]", 13, 17},
		"around a hidden": {func() (store.Stretch, error) { return s.PageAround(ctx, room, 15, 2) }, "[m14 m16]", 14, 16},
		"around unheld":   {func() (store.Stretch, error) { return s.PageAround(ctx, room, 4, 4) }, "[]", 0, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := c.page()
			must(t, err)
			if fmt.Sprint(texts(got.Messages)) != c.want || got.FirstSeq != c.first || got.LastSeq != c.last {
				t.Errorf("%v in %d…%d", texts(got.Messages), got.FirstSeq, got.LastSeq)
			}
		})
	}
	r, err := s.Room(ctx, room)
	must(t, err)
	if r.Last == nil || r.Last.Text != "m19" || r.LastSeq != 20 || r.Held.HiddenRev != 3 {
		t.Errorf("last %+v, room %+v", r.Last, r)
	}
	if _, err := s.MessageByID(ctx, 1015); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("hidden message by id: %v", err)
	}
}

func TestSeqAt(t *testing.T) {
	s := ten(t)
	at := func(seconds int) int64 { return base.Add(time.Duration(seconds) * time.Second).UnixMilli() }
	for name, c := range map[string]struct {
		ms, want int64
		err      error
	}{
		"exactly":      {at(14), 14, nil},
		"between":      {at(14) + 1, 15, nil},
		"after all":    {at(99), 0, nil},
		"before all":   {at(3), 0, store.ErrNotFound},
		"at the first": {at(11), 0, store.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			if seq, err := s.SeqAt(t.Context(), room, c.ms); seq != c.want || !errors.Is(err, c.err) {
				t.Errorf("%d, %v", seq, err)
			}
		})
	}
	whole := client.Held{Rev: 20, Lo: 11, Hi: 20, LastSeq: 20, Border: 10, JoinedSeq: 10}
	addRoom(t, s, whole)
	if seq, err := s.SeqAt(t.Context(), room, at(3)); seq != 11 || err != nil {
		t.Errorf("all is held: %d, %v", seq, err)
	}
}

func TestDraftsAndPlacesSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	ctx := t.Context()
	addRoom(t, s, client.Held{})
	draft := store.Draft{Text: "@홍길동 ", ReplyToSeq: 4, Mentions: []string{other}, MentionAll: true}
	place := store.Place{Seq: 7, Offset: -12}
	must(t, s.SetDraft(ctx, room, draft))
	must(t, s.SetPlace(ctx, room, place))
	must(t, s.EnqueueAll(ctx, []store.Outgoing{
		{ClientID: "f1", RoomUUID: room, Text: "전달", ForwardedFrom: 77},
		{ClientID: "f2", RoomUUID: room, Text: "둘", Mentions: []string{other}, MentionAll: true},
	}))
	must(t, s.Close())
	s = open(t, path)
	r, err := s.Room(ctx, room)
	must(t, err)
	if !r.Draft.Equal(draft) || r.Place != place {
		t.Errorf("draft %+v, place %+v", r.Draft, r.Place)
	}
	first, err := s.NextOutgoing(ctx, room)
	must(t, err)
	second, err := s.Outgoing(ctx, "f2")
	must(t, err)
	if first.ForwardedFrom != 77 || !slices.Equal(second.Mentions, []string{other}) || !second.MentionAll {
		t.Errorf("outgoing %+v, %+v", first, second)
	}
	must(t, s.SetDraft(ctx, room, store.Draft{}))
	must(t, s.SetPlace(ctx, room, store.Place{}))
	if r, err = s.Room(ctx, room); err != nil || !r.Draft.Empty() || r.Place != (store.Place{}) {
		t.Errorf("emptied: %+v %+v %v", r.Draft, r.Place, err)
	}
	if err := s.SetPlace(ctx, other, place); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("place in an unknown room: %v", err)
	}
}

func TestMentionsOutsideOfTheStretch(t *testing.T) {
	s := ten(t)
	ctx := t.Context()
	calling := func(seq, rev int64) wire.Message {
		m := msg(seq, rev, other, "@나")
		m.Mentions = []string{me}
		return m
	}
	want := func(seqs ...int64) {
		t.Helper()
		r, err := s.Room(ctx, room)
		must(t, err)
		equal(t, "mentions", r.MentionSeqs, seqs)
	}
	h := client.Held{Rev: 22, Lo: 11, Hi: 21, LastSeq: 21}
	apply(t, s, h, calling(3, 22), calling(21, 21))
	want(3, 21)
	_, err := s.Prune(ctx, 4)
	must(t, err)
	want(3, 21)
	h.Rev, h.Lo = 23, 18
	apply(t, s, h, msg(3, 23, other, "edited away"))
	want(21)
	_, _, err = s.MarkRead(ctx, room, 21)
	must(t, err)
	want()
}
