package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

func TestNoticesAreHeldAsTheyWereListed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := open(t, path)
	if list, err := s.Notices(t.Context()); err != nil || list.Stamp != "" || len(list.Notices) != 0 {
		t.Fatalf("at first %+v, %v", list, err)
	}
	at := wire.TimeOfMilli(1_795_000_000_000)
	list := wire.NoticeList{
		Notices: []wire.Notice{
			{NoticeUUID: "b", AuthorUUID: me, Title: "둘", Text: "내용", Confirm: true, DueAt: &at, CreatedAt: at, Asked: true},
			{NoticeUUID: "a", Title: "하나", CreatedAt: at, Read: true, ConfirmedAt: &at},
		},
		Next: 7, Unread: 1, Unsettled: 2, Waiting: 3, Stamp: "x",
	}
	must(t, s.SaveNotices(t.Context(), wire.NoticeList{Notices: []wire.Notice{{NoticeUUID: "old"}}, Stamp: "w"}))
	must(t, s.SaveNotices(t.Context(), list))
	must(t, s.Close())
	s = open(t, path)
	got, err := s.Notices(t.Context())
	must(t, err)
	if diff := cmp.Diff(list, got); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
}

func TestReadNoticesWaitForTheServer(t *testing.T) {
	s := fresh(t)
	first, later := store.NoticeRead{NoticeUUID: "a"}, store.NoticeRead{NoticeUUID: "a", EditedAt: 5}
	must(t, s.NoteNoticeRead(t.Context(), first))
	must(t, s.NoteNoticeRead(t.Context(), later))
	must(t, s.NoticeReadTold(t.Context(), first)) // it was read again since
	got, err := s.NoticeReads(t.Context())
	must(t, err)
	if diff := cmp.Diff([]store.NoticeRead{later}, got); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	must(t, s.NoticeReadTold(t.Context(), later))
	if got, err = s.NoticeReads(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("left %v, %v", got, err)
	}
}
