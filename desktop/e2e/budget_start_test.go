//go:build budget

package e2e

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/e2e/window"
	"himsg/desktop/internal/secret"
	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	keptRooms   = 200
	keptPerRoom = 500
	startRounds = 7
)

// startBeside measures from the start of the process until the list of rooms is painted, out of the store: the server is
// gone. Both windows carry the inspector, which reads when their pages were painted.
func (b *budget) startBeside(t *testing.T) {
	t.Helper()
	profile := b.keptProfile(t, "duri", b.other)
	b.fill(t, profile)
	b.server.Stop()
	program := binary(t, "HIMSG_E2E_APP")
	b.firstStart(t, program, profile)
	var seen, live, empty []float64
	for range startRounds { // in turns, so that what else the machine does meets both
		empty = append(empty, b.startOnce(t, binary(t, "HIMSG_E2E_EMPTY_DEVTOOLS"), profile+"-empty", "list")[0])
		ours := b.startOnce(t, program, profile, "picture", "list")
		seen, live = append(seen, ours[0]), append(live, ours[1])
	}
	work := fmt.Sprintf("%d rooms, %d messages", keptRooms, keptRooms*keptPerRoom)
	b.line("start until the list is seen, "+work, "ms", median(seen), median(empty), 1.3)
	b.line("start until the list can be used", "ms", median(live), median(empty), 0)
	b.line("the slowest of the starts until it is seen", "ms", slices.Max(seen), slices.Max(empty), 0)
}

// firstStart is the one after which the app has a launch picture of its list.
func (b *budget) firstStart(t *testing.T, program, profile string) {
	t.Helper()
	w := window.Open(t, b.desk, window.Options{Binary: program, Profile: profile})
	defer w.Process.Stop()
	w.WaitFor(t, `performance.getEntriesByName('list').length > 0`)
	w.WaitFor(t, `performance.getEntriesByName('launch_kept').length > 0`)
}

// startOnce returns the milliseconds until each of the page's marks.
func (b *budget) startOnce(t *testing.T, program, profile string, marks ...string) []float64 {
	t.Helper()
	begin := time.Now()
	w := window.Open(t, b.desk, window.Options{Binary: program, Profile: profile})
	defer w.Process.Stop()
	out := make([]float64, len(marks))
	for i, mark := range marks {
		w.WaitFor(t, fmt.Sprintf(`performance.getEntriesByName('list').length > 0 && performance.getEntriesByName(%q).length > 0`, mark))
		w.Eval(t, fmt.Sprintf(`performance.timeOrigin + performance.getEntriesByName(%q)[0].startTime`, mark), &out[i])
		out[i] -= float64(begin.UnixMicro()) / 1000
	}
	return out
}

// fill puts rooms and messages into the store of a profile that nobody uses now.
func (b *budget) fill(t *testing.T, profile string) {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", b.desk.Bus)
	paths, err := filepath.Glob(filepath.Join(profile, "stores", "*.db"))
	if err != nil || len(paths) != 1 {
		t.Fatalf("stores: %q, %v", paths, err)
	}
	s, err := store.Open(t.Context(), paths[0], b.keyOf(t, profile, paths[0]), b.other.UUID)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range keptRooms {
		fillRoom(t, s, i, b.other.UUID, b.colleagues[i%len(b.colleagues)].UUID)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(paths[0])
	if err != nil {
		t.Fatal(err)
	}
	b.line("store on the disk, bytes a message", "bytes", float64(info.Size())/(keptRooms*keptPerRoom), float64(len(sampleText(1))), 0)
}

func (b *budget) keyOf(t *testing.T, profile, path string) (key store.Key) {
	t.Helper()
	keyring := secret.New(secret.ServiceName(profile))
	text, err := keyring.Get(t.Context(), "store-key-"+strings.TrimSuffix(filepath.Base(path), ".db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := keyring.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := hex.Decode(key[:], []byte(text)); err != nil {
		t.Fatal(err)
	}
	return key
}

func fillRoom(t *testing.T, s *store.Store, i int, me, other string) {
	t.Helper()
	id := fmt.Sprintf("00000000-0000-7000-8000-%012d", i)
	held := client.Held{Rev: keptPerRoom, Lo: 1, Hi: keptPerRoom, LastSeq: keptPerRoom}
	summary := wire.RoomSummary{
		RoomUUID: id, Kind: wire.RoomGroup, Name: fmt.Sprintf("업무방 %d", i), Members: []string{me, other}, LastSeq: keptPerRoom,
	}
	_, err := s.ApplyRooms(t.Context(), []client.RoomChange{{Summary: summary, Held: held}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	batch := client.MessageBatch{RoomUUID: id, Held: held}
	now := time.Now()
	for seq := int64(1); seq <= keptPerRoom; seq++ {
		batch.Messages = append(batch.Messages, wire.Message{
			MessageID: int64(1e9) + int64(i*keptPerRoom) + seq, RoomUUID: id, Seq: seq, Rev: seq, Kind: wire.MessageUser,
			SenderUUID: other, ClientID: fmt.Sprintf("00000000-0000-7000-9000-%012d", seq),
			Timestamp: wire.TimeOf(now.Add(-time.Duration(keptPerRoom-seq) * time.Minute)), Text: sampleText(int(seq)),
		})
	}
	if _, err := s.ApplyMessages(t.Context(), []client.MessageBatch{batch}); err != nil {
		t.Fatal(err)
	}
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
