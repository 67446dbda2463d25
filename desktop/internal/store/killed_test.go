package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// victimEnv has the path of a store: the test's binary writes into it until somebody kills it.
const victimEnv = "HIMSG_STORE_VICTIM"

func TestMain(m *testing.M) {
	if path := os.Getenv(victimEnv); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(3)
	}
	if path := os.Getenv(anewVictim); path != "" {
		if err := startAnewUntilKilled(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeUntilKilled sends and receives as fast as it can, and says of each outgoing message that it was kept.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, path, keyA, me)
	if err != nil {
		return err
	}
	last := int64(0)
	if r, err := s.Room(ctx, room); err == nil {
		last = r.LastSeq
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	for seq := last + 1; ; seq++ {
		summary := wire.RoomSummary{RoomUUID: room, Kind: wire.RoomGroup, LastSeq: seq, Rev: seq, My: &wire.My{}}
		held := client.Held{Rev: seq, Lo: 1, Hi: seq, LastSeq: seq}
		_, err := s.ApplyRooms(ctx, []client.RoomChange{{Summary: summary, Held: held}}, nil)
		if err == nil {
			_, err = s.ApplyMessages(ctx, []client.MessageBatch{{RoomUUID: room, Held: held, Messages: []wire.Message{msg(seq, seq, other, "받은 말")}}})
		}
		id := strconv.FormatInt(seq, 10)
		if err == nil {
			err = s.Enqueue(ctx, store.Outgoing{ClientID: id, RoomUUID: room, Text: id})
		}
		if err == nil {
			err = s.SetDraft(ctx, room, store.Draft{Text: id})
		}
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(os.Stdout, id); err != nil {
			return err
		}
	}
}

// kills is how often the writer is killed: at any moment of its work, every third time while it opens the file.
const kills = 21

// TestKilledWhileWriting: whatever a killed app was doing, its file is whole, and what it said to have kept is there.
func TestKilledWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var kept []string
	for life := range kills {
		kept = append(kept, killAfter(t, path, time.Duration(rand.IntN(60))*time.Millisecond, life%3 == 0)...)
		s := open(t, path)
		if err := s.Check(t.Context()); err != nil {
			t.Fatalf("after %d messages: %v", len(kept), err)
		}
		if len(kept) > 0 {
			isKept(t, s, kept)
		}
		must(t, s.Close())
	}
	if len(kept) < kills-kills/3 { // one at least of each that was waited for
		t.Errorf("%d messages in %d lives: killed before it wrote", len(kept), kills)
	}
	t.Logf("%d messages in %d lives", len(kept), kills)
}

// isKept checks that all of these are there: what was sent and received, and the draft of the last one or a later one.
func isKept(t *testing.T, s *store.Store, said []string) {
	t.Helper()
	seqs := make([]int64, len(said))
	for i, id := range said {
		o, err := s.Outgoing(t.Context(), id)
		if err != nil || o.Text != id {
			t.Fatalf("%s was kept and is gone: %+v, %v", id, o, err)
		}
		seqs[i], err = strconv.ParseInt(id, 10, 64)
		must(t, err)
	}
	received, err := s.MessagesBySeq(t.Context(), room, seqs)
	must(t, err)
	if len(received) != len(said) {
		t.Fatalf("%d of %d received messages are there", len(received), len(said))
	}
	r, err := s.Room(t.Context(), room)
	must(t, err)
	if draft, err := strconv.ParseInt(r.Draft.Text, 10, 64); err != nil || draft < seqs[len(seqs)-1] {
		t.Errorf("draft %q after %s", r.Draft.Text, said[len(said)-1])
	}
}

// killAfter lets a writer work for a time, from its first word or at once, kills it, and returns what it said.
func killAfter(t *testing.T, path string, work time.Duration, atOnce bool) (said []string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), victimEnv+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	end := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() }) // then nothing comes any more
	if atOnce {
		end.Reset(work)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if len(said) == 0 && !atOnce {
			end.Reset(work)
		}
		said = append(said, lines.Text())
	}
	_ = cmd.Wait() // it was killed
	return said
}
