package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

func sumOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func TestAnUploadGoesOn(t *testing.T) {
	for name, between := range map[string]func(w *world){
		"at once":          func(*world) {},
		"after a restart":  (*world).restart,
		"after two starts": func(w *world) { w.restart(); w.restart() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			data := []byte(strings.Repeat("안녕하세요\n", 1000))
			f, err := w.Create(t.Context(), someone, files.NewUpload{
				Name: "인사.txt", Size: int64(len(data)), SHA256: strings.ToUpper(sumOf(data)),
			})
			if err != nil {
				t.Fatal(err)
			}
			broken := io.MultiReader(bytes.NewReader(data[:5000]), iotest.ErrReader(errors.New("cut")))
			at, err := w.Write(t.Context(), someone, f.UUID, files.Piece{Length: -1, Body: broken})
			if at.Offset != 5000 || !errs.Is(err, wire.Unavailable) {
				t.Fatalf("cut off: %+v %v", at, err)
			}
			between(w)
			if at, err = w.Offset(t.Context(), someone, f.UUID); err != nil || at.Offset != 5000 {
				t.Fatalf("offset: %+v %v", at, err)
			}
			if at, err = w.write(f, 5000, data[5000:]); err != nil || at.Offset != at.Size {
				t.Fatalf("the rest: %+v %v", at, err)
			}
			if st := w.checked(f); st.State != wire.FileReady || st.File.SHA256 != sumOf(data) {
				t.Fatalf("%+v", st)
			}
			_, b, err := w.Open(t.Context(), someone, f.UUID)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if got, err := io.ReadAll(b); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%d bytes come back of %d: %v", len(got), len(data), err)
			}
		})
	}
}

// TestProgressIsNotedNowAndThen: the row says that somebody is still at an upload, but not with each piece; where it stands,
// the bytes say.
func TestProgressIsNotedNowAndThen(t *testing.T) {
	w := newWorld(t)
	f := w.create("x.txt", 10)
	for i, want := range []int64{0, 0, 3} { // the third comes much later
		if i == 2 {
			w.clock.ahead.Store(int64(time.Hour))
		}
		if _, err := w.write(f, int64(i), []byte("x")); err != nil {
			t.Fatal(err)
		}
		row, err := w.store.OwnFile(t.Context(), someone.UserID, f.UUID)
		if err != nil || row.Received != want || (row.UpdatedAt > f.UpdatedAt) != (want > 0) {
			t.Errorf("after %d bytes: %d are noted, %v", i+1, row.Received, err)
		}
		if st, err := w.Status(t.Context(), someone, f.UUID, "en"); err != nil || st.Received != int64(i+1) {
			t.Errorf("after %d bytes: %+v %v", i+1, st, err)
		}
	}
}

func TestLies(t *testing.T) {
	w := newWorld(t)
	data := []byte("0123456789")
	t.Run("of the offset", func(t *testing.T) {
		f := w.create("x.txt", 10)
		for _, offset := range []int64{1, 10, 11, 1 << 40} {
			if at, err := w.write(f, offset, []byte("x")); reasonOf(err) != "conflict" || at.Offset != 0 {
				t.Errorf("offset %d: %+v %v", offset, at, err)
			}
		}
	})
	t.Run("of the size, said", func(t *testing.T) {
		f := w.create("x.txt", 5)
		if _, err := w.write(f, 0, data); !errs.Is(err, wire.TooLarge) {
			t.Errorf("%v", err)
		}
	})
	t.Run("of the size, unsaid", func(t *testing.T) {
		f := w.create("x.txt", 5)
		at, err := w.Write(t.Context(), someone, f.UUID, files.Piece{Length: -1, Body: bytes.NewReader(data)})
		if !errs.Is(err, wire.TooLarge) || at.Offset != 5 {
			t.Errorf("%+v %v", at, err)
		}
		w.checked(f) // until then its five bytes are being moved, and may be seen at both places
		if stored, _ := w.bytesOnDisk(); stored > 5 {
			t.Errorf("%d bytes are stored", stored)
		}
	})
	t.Run("of the checksum", func(t *testing.T) {
		f, err := w.Create(t.Context(), someone, files.NewUpload{Name: "x.txt", Size: 10, SHA256: sumOf([]byte("other"))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.write(f, 0, data); err != nil {
			t.Fatal(err)
		}
		if st := w.checked(f); st.Refusal == nil || st.Refusal.Reason != wire.ReasonFileChecksum {
			t.Errorf("%+v", st)
		}
	})
	for name, u := range map[string]files.NewUpload{
		"file_too_large": {Name: "x.txt", Size: 65 << 20}, "bad_request": {Name: "x.txt", Size: -1},
		"file_checksum": {Name: "x.txt", Size: 1, SHA256: "abc"}, "not_found": {Name: "x.txt", Size: 1, RoomUUID: closedRoom},
	} {
		if _, err := w.Create(t.Context(), someone, u); reasonOf(err) != name {
			t.Errorf("%+v: %v, want %s", u, err, name)
		}
	}
}

// gate is a body that says when it is read, and waits.
type gate struct {
	entered, open chan struct{}
	rest          io.Reader
}

func (g *gate) Read(p []byte) (int, error) {
	if g.entered != nil {
		close(g.entered)
		g.entered = nil
		<-g.open
	}
	return g.rest.Read(p)
}

func TestOneWriterAtATime(t *testing.T) {
	w := newWorld(t)
	f := w.create("x.txt", 10)
	g := &gate{entered: make(chan struct{}), open: make(chan struct{}), rest: strings.NewReader("0123456789")}
	entered := g.entered
	first := make(chan error, 1)
	go func() {
		_, err := w.Write(t.Context(), someone, f.UUID, files.Piece{Length: 10, Body: g})
		first <- err
	}()
	<-entered
	if _, err := w.write(f, 0, []byte("abcdefghij")); !errs.Is(err, wire.Conflict) {
		t.Errorf("the second at the same offset: %v", err)
	}
	close(g.open)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if _, err := w.write(f, 0, []byte("abcdefghij")); !errs.Is(err, wire.Conflict) {
		t.Errorf("once more: %v", err)
	}
	if at, err := w.write(f, 10, nil); err != nil || at.Offset != 10 {
		t.Errorf("an empty piece at the end: %+v %v", at, err)
	}
	if st := w.checked(f); st.State != wire.FileReady || st.File.SHA256 != sumOf([]byte("0123456789")) {
		t.Errorf("%+v", st)
	}
}

func TestOnlyTheUploader(t *testing.T) {
	w := newWorld(t)
	f := w.create("x.txt", 10)
	other := model.Actor{UserID: 8}
	_, offset := w.Offset(t.Context(), other, f.UUID)
	_, write := w.Write(t.Context(), other, f.UUID, files.Piece{Length: 1, Body: strings.NewReader("x")})
	_, status := w.Status(t.Context(), other, f.UUID, "ko")
	_, _, open := w.Open(t.Context(), other, f.UUID)
	for what, err := range map[string]error{
		"offset": offset, "write": write, "cancel": w.Cancel(t.Context(), other, f.UUID), "status": status, "open": open,
	} {
		if !errs.Is(err, wire.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestCancelLeavesNothing(t *testing.T) {
	w := newWorld(t)
	f := w.create("x.png", 1<<20)
	if _, err := w.write(f, 0, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	ready := w.put("y.png", pngOf(t, 300, 300))
	for _, id := range []string{f.UUID, ready.File.FileID} {
		if err := w.Cancel(t.Context(), someone, id); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Offset(t.Context(), someone, f.UUID); !errs.Is(err, wire.NotFound) {
		t.Errorf("offset: %v", err)
	}
	if _, count := w.bytesOnDisk(); count != 0 {
		t.Errorf("%d files are left", count)
	}
}

func TestChecksGoOnAfterARestart(t *testing.T) {
	w := newWorld(t)
	f := w.create("x.txt", 10)
	w.Close() // nobody checks any more
	if _, err := w.write(f, 0, []byte("0123456789")); err != nil {
		t.Fatal(err)
	}
	if st, err := w.Status(t.Context(), someone, f.UUID, "ko"); err != nil || st.State != wire.FileChecking {
		t.Fatalf("%+v %v", st, err)
	}
	w.start()
	if st := w.checked(f); st.State != wire.FileReady || st.File.SHA256 != sumOf([]byte("0123456789")) {
		t.Errorf("%+v", st)
	}
}

func TestTheLastByteWithoutAWordOfIt(t *testing.T) {
	w := newWorld(t)
	f := w.create("x.txt", 10)
	if _, err := w.blobs.Append(t.Context(), f.Blob, 0, strings.NewReader("0123456789")); err != nil {
		t.Fatal(err) // as a server that was killed before it told the database
	}
	if at, err := w.Offset(t.Context(), someone, f.UUID); err != nil || at.Offset != 10 {
		t.Fatalf("%+v %v", at, err)
	}
	if st := w.checked(f); st.State != wire.FileReady {
		t.Errorf("%+v", st)
	}
}

func TestCollector(t *testing.T) {
	w := newWorld(t)
	w.put("sent.png", pngOf(t, 300, 300))
	w.store.mu.Lock()
	for _, f := range w.store.byID {
		f.SentAt = 1
	}
	w.store.mu.Unlock()
	_, kept := w.bytesOnDisk()
	f := w.create("left.txt", 10)
	if _, err := w.write(f, 0, []byte("01234")); err != nil {
		t.Fatal(err)
	}
	w.put("unsent.png", pngOf(t, 300, 300))
	if _, err := w.blobs.Append(t.Context(), strings.Repeat("ab", 16), 0, strings.NewReader("nobody's")); err != nil {
		t.Fatal(err)
	}
	w.Collect(t.Context())
	if _, count := w.bytesOnDisk(); count != kept+5 {
		t.Errorf("too early: %d files, want %d", count, kept+5)
	}
	w.clock.ahead.Store(int64(25 * time.Hour))
	w.Collect(t.Context())
	w.CollectOrphans(t.Context())
	if _, count := w.bytesOnDisk(); count != kept {
		t.Errorf("a day later: %d files, want %d", count, kept)
	}
}

func TestAForm(t *testing.T) {
	w := newWorld(t)
	w.store.rule(func(p *wire.FilePolicy) { p.MaxBytes = 1000 })
	receive := func(name string, data []byte) (model.File, error) {
		return w.Receive(t.Context(), someone, name, 1<<40, bytes.NewReader(data))
	}
	f, err := receive("보고서.txt", []byte("안녕"))
	if err != nil {
		t.Fatal(err)
	}
	reply, err := w.Deliver(t.Context(), someone, f, wire.SendRequest{RoomUUID: "room"})
	if err != nil || reply.FileName != "보고서.txt" || reply.FileSize != 6 || reply.MessageID == 0 {
		t.Errorf("%+v %v", reply, err)
	}
	_, before := w.bytesOnDisk()
	_, tooLarge := receive("x.txt", make([]byte, 1001))
	_, empty := receive("x.txt", nil)
	f, err = receive("x.png", []byte("<html>"))
	if err != nil {
		t.Fatal(err)
	}
	_, content := w.Deliver(t.Context(), someone, f, wire.SendRequest{RoomUUID: "room"})
	if f, err = receive("x.txt", []byte("x")); err != nil {
		t.Fatal(err)
	}
	_, stranger := w.Deliver(t.Context(), someone, f, wire.SendRequest{RoomUUID: closedRoom})
	for want, err := range map[string]error{
		"file_too_large": tooLarge, "file_empty": empty, "file_content": content, "not_found": stranger,
	} {
		if reasonOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, count := w.bytesOnDisk(); count != before {
		t.Errorf("%d files are left, %d were there", count, before)
	}
}

// fullDisk has room for so many bytes in all.
type fullDisk struct {
	files.Blobs
	room int64
}

func (d *fullDisk) Append(ctx context.Context, name string, offset int64, r io.Reader) (int64, error) {
	n, err := d.Blobs.Append(ctx, name, offset, io.LimitReader(r, d.room))
	if d.room -= n; err == nil && d.room == 0 {
		err = errs.E(wire.Unavailable, wire.ReasonDiskFull, errs.Text{})
	}
	return n, err
}

func TestAFullDiskAndRoomAgain(t *testing.T) {
	full := &fullDisk{room: 4}
	w := newWorld(t, func(w *world) { full.Blobs, w.blobs = w.blobs, full })
	f := w.create("x.txt", 10)
	if at, err := w.write(f, 0, []byte("0123456789")); at.Offset != 4 || reasonOf(err) != "disk_full" {
		t.Fatalf("%+v %v", at, err)
	}
	full.room = 1 << 20
	if _, err := w.write(f, 4, []byte("456789")); err != nil {
		t.Fatal(err)
	}
	if st := w.checked(f); st.State != wire.FileReady || st.File.SHA256 != sumOf([]byte("0123456789")) {
		t.Errorf("%+v", st)
	}
}

// zeros are so many bytes that are nowhere in memory.
type zeros int64

func (z *zeros) Read(p []byte) (int, error) {
	if *z == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), int64(*z))
	clear(p[:n])
	*z -= zeros(n)
	return int(n), nil
}

func TestMemoryStaysFlat(t *testing.T) {
	w := newWorld(t)
	const size = 256 << 20
	w.store.rule(func(p *wire.FilePolicy) { p.MaxBytes = size })
	f := w.create("x.7z", size)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	body := zeros(size)
	if _, err := w.Write(t.Context(), someone, f.UUID, files.Piece{Length: size, Body: &body}); err != nil {
		t.Fatal(err)
	}
	if st := w.checked(f); st.State != wire.FileRefused {
		t.Fatalf("%+v", st)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.TotalAlloc - before.TotalAlloc); grown > 8<<20 {
		t.Errorf("%d MiB were allocated for %d MiB", grown>>20, size>>20)
	}
	if stored, _ := w.bytesOnDisk(); stored != 0 {
		t.Errorf("%d bytes are left", stored)
	}
}
