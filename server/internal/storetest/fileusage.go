package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/server/internal/sqlstore"
	"himsg/shared/wire"
)

// keeping is files to which anything is done in any order.
type keeping struct {
	t      *testing.T
	db     *sqlstore.DB
	dice   *rand.Rand
	people []model.Actor
	room   model.Room
	now    int64
	files  []model.File
	sent   []model.Message
}

// usageIsWhatAnyOrderLeaves holds the counters against what is there, counted one by one, after uploads, refusals, sends,
// forwards, deletes, drops and the collector in any order.
func usageIsWhatAnyOrderLeaves(t *testing.T, db *sqlstore.DB) {
	people := People(t, db, 2)
	k := &keeping{t: t, db: db, people: people, room: Group(t, db, people...), now: Start + 2000}
	for seed := range uint64(3) {
		k.dice = rand.New(rand.NewPCG(seed, 4))
		for range 25 {
			what := k.step()
			k.compare(fmt.Sprintf("seed %d, after %s", seed, what))
			if t.Failed() {
				return
			}
		}
	}
}

func (k *keeping) step() string {
	ctx := context.Background()
	k.now++
	who := k.people[k.dice.IntN(2)]
	steps := map[int]func() (string, error){
		0: func() (string, error) {
			f, err := k.db.AddFile(ctx, newFile(who, "x.pdf", k.dice.Int64N(1000)+1), wire.FilePolicy{})
			k.files = append(k.files, f)
			return "an upload", err
		},
		1: func() (string, error) { k.upload(who); return "a whole upload", nil },
		2: func() (string, error) {
			f := k.upload(who)
			k.sent = append(k.sent, sendFiles(k.t, k.db, k.room, who, "", f))
			return "a message", nil
		},
		3: func() (string, error) {
			if len(k.sent) == 0 {
				return "nothing", nil
			}
			m := k.sent[k.dice.IntN(len(k.sent))]
			stored, err := k.db.Append(ctx, forward(k.room, k.people[0], m))
			if err == nil {
				k.sent = append(k.sent, stored.Message)
			}
			return "a forward", err
		},
		4: func() (string, error) { return "a delete", k.deleteOne() },
		5: func() (string, error) { return "a refusal, or a drop", k.endOne() },
		6: func() (string, error) { return "the collector", k.collect() },
	}
	what, err := steps[k.dice.IntN(len(steps))]()
	if err != nil {
		k.t.Fatalf("%s: %v", what, err)
	}
	return what
}

func (k *keeping) upload(who model.Actor) model.File {
	f := upload(k.t, k.db, who, "x.pdf", k.dice.Int64N(1000)+1, nil)
	k.files = append(k.files, f)
	return f
}

func (k *keeping) deleteOne() error {
	if len(k.sent) == 0 {
		return nil
	}
	i := k.dice.IntN(len(k.sent))
	m := k.sent[i]
	k.sent = append(k.sent[:i], k.sent[i+1:]...)
	for _, who := range k.people {
		if who.UserID == m.SenderID {
			_, _, err := k.db.Delete(context.Background(), who, m.ID, k.now)
			return err
		}
	}
	return nil
}

// endOne refuses or drops one of the files, if it is one that can be.
func (k *keeping) endOne() error {
	if len(k.files) == 0 {
		return nil
	}
	ctx := context.Background()
	f := k.files[k.dice.IntN(len(k.files))]
	held, err := k.db.OwnFile(ctx, f.UploaderID, f.UUID)
	switch {
	case err != nil || held.SentAt != 0:
		return nil //nolint:nilerr // it is gone, or must stay
	case held.State == wire.FileReceiving:
		return k.db.Refuse(ctx, f.ID, wire.Error{Code: wire.UnsupportedType}, k.now)
	}
	_, err = k.db.Drop(ctx, f.UploaderID, f.UUID)
	return err
}

// collect lets go what a look finds, as if all of it were found by two nodes; retention takes what was sent at first.
func (k *keeping) collect() error {
	ctx := context.Background()
	retained := int64(0)
	if k.dice.IntN(3) == 0 {
		retained = Start + 1001
	}
	waste, err := k.db.Waste(ctx, 0, retained, 5)
	for _, w := range append(waste, waste...) {
		if err == nil {
			_, err = k.db.Forget(ctx, w, k.now)
		}
	}
	if err == nil && retained != 0 { // whose bytes are gone can't be forwarded
		k.sent = nil
	}
	return err
}

// compare counts what is there. What one person keeps shows at the edge of a quota.
func (k *keeping) compare(what string) {
	ctx := context.Background()
	bytes, count := map[int64]int64{}, int64(0)
	for _, f := range k.files {
		held, err := k.db.OwnFile(ctx, f.UploaderID, f.UUID)
		if err == nil && held.State != wire.FileRefused && held.GoneAt == 0 {
			bytes[f.UploaderID] += held.Size
			count++
		}
	}
	wantUsage(k.t, what, k.db, bytes[k.people[0].UserID]+bytes[k.people[1].UserID], count)
	who := k.people[k.dice.IntN(2)]
	quota := wire.FilePolicy{PersonQuota: bytes[who.UserID] + 1}
	_, err := k.db.AddFile(ctx, newFile(who, "x.pdf", 2), quota)
	wantReason(k.t, what+": one byte too many", err, wire.TooLarge, wire.ReasonPersonQuota)
	fits, err := k.db.AddFile(ctx, newFile(who, "x.pdf", 1), quota)
	check(k.t, err)
	_, err = k.db.Drop(ctx, who.UserID, fits.UUID)
	check(k.t, err)
}

// uploadHasOneWriter has nodes claim an upload at once, and one that stood still.
func uploadHasOneWriter(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	who := People(t, db, 1)[0]
	f, err := db.AddFile(ctx, newFile(who, "x.pdf", 10), wire.FilePolicy{})
	check(t, err)
	claim := func(writer string, now int64) bool {
		t.Helper()
		mine, err := db.ClaimUpload(ctx, f.ID, writer, now+100, now)
		check(t, err)
		return mine
	}
	keep := func(writer string, now int64) bool {
		t.Helper()
		mine, err := db.KeepUpload(ctx, f.ID, writer, now+100)
		check(t, err)
		return mine
	}
	var mu sync.Mutex
	var winners []string
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			name := fmt.Sprint("node ", i)
			if claim(name, Start) {
				mu.Lock()
				defer mu.Unlock()
				winners = append(winners, name)
			}
		})
	}
	wg.Wait()
	if len(winners) != 1 {
		t.Fatalf("winners %q", winners)
	}
	first := winners[0]
	got := fmt.Sprint(claim("late", Start+100), keep(first, Start+90), claim("late", Start+190), claim("late", Start+191),
		keep(first, Start+192), claim(first, Start+192))
	if want := "false true false true false false"; got != want {
		t.Errorf("claims: %s, want %s", got, want)
	}
	check(t, db.FreeUpload(ctx, f.ID, first)) // it is not his any more
	if claim(first, Start+193) {
		t.Error("another freed it")
	}
	for range 2 {
		check(t, db.FreeUpload(ctx, f.ID, "late"))
	}
	if keep(first, Start+193) || !claim(first, Start+193) {
		t.Error("free, it is for who claims it, and not for who had it before")
	}
	_, err = db.Checking(ctx, f.ID, 10, Start+194)
	check(t, err)
	if claim(first, Start+195) || keep(first, Start+195) {
		t.Error("nobody writes to what is being checked")
	}
}

// collectorsShareTheWaste has four nodes collect the same at once: each file is one node's, whose bytes it removes.
func collectorsShareTheWaste(t *testing.T, db *sqlstore.DB) {
	ctx := context.Background()
	who := People(t, db, 1)[0]
	for i := range 8 {
		FileOf(t, db, who, fmt.Sprint(i, ".pdf"))
	}
	waste, err := db.Waste(ctx, Start+1, 0, 10)
	if err != nil || len(waste) != 8 {
		t.Fatalf("waste %+v, %v", waste, err)
	}
	var mu sync.Mutex
	taken := map[int64]int{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, w := range waste {
				mine, err := db.Forget(ctx, w, Start+2)
				mu.Lock()
				if err != nil || w.Reason != files.WasteAbandoned {
					t.Errorf("forget %+v: %v", w, err)
				}
				if mine {
					taken[w.File.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for _, w := range waste {
		if taken[w.File.ID] != 1 {
			t.Errorf("file %d was taken %d times", w.File.ID, taken[w.File.ID])
		}
	}
	wantUsage(t, "all collected", db, 0, 0)
}
