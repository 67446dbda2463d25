package files_test

import (
	"strings"
	"testing"
	"time"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/shared/wire"
)

// nodes are two Services over the same rows and the same folder.
func nodes(t *testing.T) (one, two *world) {
	t.Helper()
	one = newWorld(t)
	two = &world{t: t, dir: one.dir, store: one.store, blobs: one.blobs, chat: one.chat, clock: one.clock}
	two.start()
	t.Cleanup(two.Close)
	return one, two
}

func TestOneWriterAmongTheNodes(t *testing.T) {
	one, two := nodes(t)
	f := one.create("x.txt", 10)
	g := &gate{entered: make(chan struct{}), open: make(chan struct{}), rest: strings.NewReader("01234")}
	entered := g.entered
	first := make(chan error, 1)
	go func() {
		_, err := one.Write(t.Context(), someone, f.UUID, files.Piece{Length: 5, Body: g})
		first <- err
	}()
	<-entered
	if _, err := two.write(f, 0, []byte("abcdefghij")); !errs.Is(err, wire.Conflict) || reasonOf(err) != "busy" {
		t.Errorf("the other node at the same time: %v", err)
	}
	close(g.open)
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if _, err := two.write(f, 5, []byte("56789")); err != nil {
		t.Fatalf("the other node afterwards: %v", err)
	}
	if st := two.checked(f); st.State != wire.FileReady || st.File.SHA256 != sumOf([]byte("0123456789")) {
		t.Errorf("%+v", st)
	}
}

// TestANodeThatStoodStillHasLostItsTurn: nothing that it reads afterwards is stored.
func TestANodeThatStoodStillHasLostItsTurn(t *testing.T) {
	one, two := nodes(t)
	f := one.create("x.txt", 10)
	g := &gate{entered: make(chan struct{}), open: make(chan struct{}), rest: strings.NewReader("abcdefghij")}
	entered := g.entered
	first := make(chan error, 1)
	go func() {
		_, err := one.Write(t.Context(), someone, f.UUID, files.Piece{Length: 10, Body: g})
		first <- err
	}()
	<-entered
	one.clock.ahead.Store(int64(time.Minute))
	if _, err := two.write(f, 0, []byte("01234")); err != nil {
		t.Fatalf("the other node, a minute later: %v", err)
	}
	if _, err := two.write(f, 5, []byte("5")); err != nil {
		t.Fatal(err)
	}
	close(g.open)
	if err := <-first; !errs.Is(err, wire.Unavailable) {
		t.Errorf("the one that stood still: %v", err)
	}
	if _, err := two.write(f, 6, []byte("6789")); err != nil {
		t.Fatal(err)
	}
	if st := two.checked(f); st.State != wire.FileReady || st.File.SHA256 != sumOf([]byte("0123456789")) {
		t.Errorf("%+v", st)
	}
}
