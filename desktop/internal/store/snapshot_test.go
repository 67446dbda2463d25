package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/client/clienttest"
	"himsg/shared/wire"
)

// onDisk shows a Store to the property test of replicas.
type onDisk struct {
	*store.Store
	t *rapid.T
}

func (d onDisk) check(err error) {
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		d.t.Errorf("store: %v", err)
	}
}

func (d onDisk) ApplyRooms(ctx context.Context, changed []client.RoomChange, removed []string) error {
	_, err := d.Store.ApplyRooms(ctx, changed, removed)
	return err
}

func (d onDisk) ApplyMessages(ctx context.Context, list []client.MessageBatch) error {
	_, err := d.Store.ApplyMessages(ctx, list)
	return err
}

func (d onDisk) ApplyReads(ctx context.Context, read wire.Read) error {
	for _, r := range read.Reads {
		if r.UserUUID == clienttest.Me {
			return d.ApplyRead(ctx, read.RoomUUID, r.Seq)
		}
	}
	return nil
}

func (d onDisk) ApplyDirectory(ctx context.Context, page wire.DirectoryPage) error {
	_, err := d.Store.ApplyDirectory(ctx, page)
	return err
}

func (d onDisk) View(ctx context.Context, roomUUID string) (clienttest.View, bool) {
	r, err := d.Room(ctx, roomUUID)
	if err != nil {
		d.check(err)
		return clienttest.View{}, false
	}
	hidden, err := d.Hidden(ctx, roomUUID)
	d.check(err)
	view := clienttest.View{
		Held: r.Held, Name: r.Name, Members: r.Members, History: r.History, Pins: r.Pins, LastSeq: r.LastSeq, Last: r.Last,
		LastReadSeq: r.LastReadSeq, MentionSeqs: r.MentionSeqs, Hidden: hidden, Messages: map[int64]wire.Message{},
		My: wire.My{
			Role: r.Role, JoinedSeq: r.JoinedSeq, Favourite: r.Favourite, Pinned: r.Pinned, Locked: r.Locked, Notify: r.Notify,
			HiddenRev: r.Held.HiddenRev,
		},
	}
	if r.MutedUntil != 0 {
		until := wire.TimeOfMilli(r.MutedUntil)
		view.My.MutedUntil = &until
	}
	all := make([]int64, r.LastSeq)
	for i := range all {
		all[i] = int64(i) + 1
	}
	messages, err := d.MessagesBySeq(ctx, roomUUID, all)
	d.check(err)
	for _, m := range messages {
		view.Messages[m.Seq] = m
	}
	return view, true
}

func (d onDisk) PersonRev(ctx context.Context, userUUID string) int64 {
	p, err := d.Person(ctx, userUUID)
	d.check(err)
	return p.Rev
}

func (d onDisk) SaveLoose(ctx context.Context, roomUUID string, messages []wire.Message, rev int64) {
	if err := d.Store.SaveLoose(ctx, roomUUID, messages, rev); !errors.Is(err, store.ErrOutdated) {
		d.check(err)
	}
}

// TestSnapshotEqualsStorePlusChanges runs the property test of replicas on the real, encrypted file.
func TestSnapshotEqualsStorePlusChanges(t *testing.T) {
	dir := t.TempDir()
	clienttest.Run(t, 1, func(t *rapid.T) (clienttest.Subject, func()) {
		path := filepath.Join(dir, "a.db")
		s, err := store.Open(context.Background(), path, keyA, clienttest.Me)
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		return onDisk{s, t}, func() {
			if err := errors.Join(s.Close(), store.Wipe(path)); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	})
}
