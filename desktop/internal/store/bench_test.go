package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// BenchmarkStart is what stands between the app's start and its first paint: 200 rooms, 100,000 messages.
func BenchmarkStart(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.db")
	fill(b, path)
	for b.Loop() {
		s, err := store.Open(b.Context(), path, keyA, me)
		if err != nil {
			b.Fatal(err)
		}
		rooms, err := s.Rooms(b.Context())
		if err != nil || len(rooms) != 200 {
			b.Fatal(len(rooms), err)
		}
		if _, err := s.Page(b.Context(), rooms[7].UUID, 0, 50); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func fill(b *testing.B, path string) {
	b.Helper()
	s, err := store.Open(b.Context(), path, keyA, me)
	if err != nil {
		b.Fatal(err)
	}
	const perRoom = 500
	for i := range 200 {
		id := fmt.Sprintf("00000000-0000-7000-8000-%012d", i)
		h := client.Held{Rev: perRoom, Lo: 1, Hi: perRoom, LastSeq: perRoom}
		_, err := s.ApplyRooms(b.Context(), []client.RoomChange{{
			Summary: wire.RoomSummary{RoomUUID: id, Kind: wire.RoomGroup, Members: []string{me, other}, LastSeq: perRoom}, Held: h,
		}}, nil)
		if err != nil {
			b.Fatal(err)
		}
		batch := client.MessageBatch{RoomUUID: id, Held: h}
		for seq := int64(1); seq <= perRoom; seq++ {
			batch.Messages = append(batch.Messages, wire.Message{
				MessageID: int64(i*perRoom) + seq, RoomUUID: id, Seq: seq, Rev: seq, Kind: wire.MessageUser, SenderUUID: other,
				ClientID: fmt.Sprintf("00000000-0000-7000-9000-%012d", seq), Timestamp: wire.TimeOf(base.Add(time.Duration(seq))),
				Text: "회의는 세 시에 합니다, please bring the numbers of last week and the plan for the next one. 감사합니다.",
			})
		}
		if _, err := s.ApplyMessages(b.Context(), []client.MessageBatch{batch}); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
