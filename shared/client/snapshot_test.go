package client_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"himsg/shared/client"
	"himsg/shared/client/clienttest"
	"himsg/shared/wire"
)

// inMemory shows a Memory to the property test.
type inMemory struct{ *client.Memory }

func newInMemory() inMemory { return inMemory{client.NewMemoryOf(clienttest.Me)} }

func (m inMemory) View(_ context.Context, roomUUID string) (clienttest.View, bool) {
	room, ok := m.Room(roomUUID)
	if !ok {
		return clienttest.View{}, false
	}
	s := room.Summary
	view := clienttest.View{
		Held: room.Held, Name: s.Name, Members: s.Members, History: s.History, Pins: s.Pins, LastSeq: s.LastSeq,
		LastReadSeq: room.Reads[clienttest.Me], MentionSeqs: room.MentionSeqs(clienttest.Me),
		Hidden: slices.Sorted(maps.Keys(room.Hidden)), Messages: room.Messages,
	}
	if s.My != nil {
		view.My, view.LastReadSeq = *s.My, max(view.LastReadSeq, s.My.LastReadSeq)
	}
	maps.DeleteFunc(view.Messages, func(seq int64, _ wire.Message) bool { return room.Hidden[seq] })
	view.Last = s.LastMessage
	if view.Last != nil && room.Hidden[view.Last.Seq] {
		view.Last = nil
		if len(view.Messages) > 0 {
			newest := view.Messages[slices.Max(slices.Collect(maps.Keys(view.Messages)))]
			view.Last = &newest
		}
	}
	return view, true
}

func (m inMemory) PersonRev(_ context.Context, userUUID string) int64 {
	return m.People()[userUUID].Rev
}

func (inMemory) SaveLoose(context.Context, string, []wire.Message, int64) {}

func TestSnapshotEqualsStorePlusChanges(t *testing.T) {
	clienttest.Run(t, 10, func(*rapid.T) (clienttest.Subject, func()) { return newInMemory(), func() {} })
}
