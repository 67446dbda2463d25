package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
)

// TestFullDisk: what does not fit is said to be not kept, and is not kept by half; what was kept stays; with room it goes on.
func TestFullDisk(t *testing.T) {
	s := fresh(t)
	addRoom(t, s, client.Held{})
	must(t, store.LimitPages(t.Context(), s, 1)) // never below what it has
	var kept []string
	write := func(i int) error {
		id := fmt.Sprintf("m%d", i)
		err := s.EnqueueAll(t.Context(), []store.Outgoing{
			{ClientID: id, RoomUUID: room, Text: strings.Repeat("가", 1000)}, {ClientID: id + "b", RoomUUID: room, Text: id},
		})
		if err == nil {
			kept = append(kept, id, id+"b")
		}
		return err
	}
	var err error
	for i := range 1000 {
		if err = write(i); err != nil {
			break
		}
	}
	if !errors.Is(err, store.ErrFull) {
		t.Fatalf("%d kept, then %v", len(kept), err)
	}
	if err := s.SetDraft(t.Context(), room, store.Draft{Text: strings.Repeat("나", 4000)}); !errors.Is(err, store.ErrFull) {
		t.Errorf("a draft: %v", err)
	}
	waiting := func() (ids []string) {
		out, err := s.Outbox(t.Context(), room)
		must(t, err)
		for _, o := range out {
			ids = append(ids, o.ClientID)
		}
		return ids
	}
	equal(t, "with a full disk", waiting(), kept)
	must(t, s.Check(t.Context()))

	must(t, store.LimitPages(t.Context(), s, 1<<20))
	must(t, write(1000))
	equal(t, "with room again", waiting(), kept)
}
