package files_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"himsg/shared/wire"
)

// scanner knows one signature and can be away. Package clamd is tested with one that speaks the protocol.
type scanner struct{ down atomic.Bool }

func (s *scanner) Ping(context.Context) error {
	if s.down.Load() {
		return errors.New("down")
	}
	return nil
}

func (s *scanner) Scan(ctx context.Context, r io.Reader) (string, error) {
	if err := s.Ping(ctx); err != nil {
		return "", err
	}
	data, err := io.ReadAll(r)
	if strings.Contains(string(data), eicar) {
		return "Eicar", err
	}
	return "", err
}

func TestScanner(t *testing.T) {
	scan := &scanner{}
	w := newWorld(t, func(w *world) { w.scan = scan })
	if st := w.put("x.txt", []byte(eicar)); st.Refusal == nil || st.Refusal.Reason != wire.ReasonFileInfected {
		t.Errorf("EICAR, on: %+v", st)
	}
	if st := w.put("x.txt", []byte("clean")); st.State != wire.FileReady {
		t.Errorf("clean, on: %+v", st)
	}

	scan.down.Store(true)
	w.store.rule(func(p *wire.FilePolicy) { p.Unscanned = wire.UnscannedAllow })
	if st := w.put("x.txt", []byte(eicar)); st.State != wire.FileReady {
		t.Errorf("EICAR, down, allowed: %+v", st)
	}
	if !w.store.anyUnscanned() {
		t.Error("nobody is told that it was not scanned")
	}

	w.store.rule(func(p *wire.FilePolicy) { p.Unscanned = wire.UnscannedRefuse })
	waits := w.create("x.txt", 5)
	if _, err := w.write(waits, 0, []byte("clean")); err != nil {
		t.Fatal(err)
	}
	w.AwaitLook(waits)
	if st, err := w.Status(t.Context(), someone, waits.UUID, "ko"); err != nil || st.State != wire.FileChecking {
		t.Fatalf("down, at first: %+v %v", st, err)
	}
	scan.down.Store(false)
	w.LookAgain(t.Context())
	if st := w.checked(waits); st.State != wire.FileReady {
		t.Errorf("clean, up again: %+v", st)
	}

	scan.down.Store(true)
	lost := w.create("x.txt", int64(len(eicar)))
	if _, err := w.write(lost, 0, []byte(eicar)); err != nil {
		t.Fatal(err)
	}
	w.AwaitLook(lost)
	w.clock.ahead.Store(int64(10 * time.Minute))
	w.LookAgain(t.Context())
	if st := w.checked(lost); st.Refusal == nil || st.Refusal.Reason != wire.ReasonFileUnscanned {
		t.Errorf("EICAR, down for long: %+v", st)
	}
}

func (m *memStore) anyUnscanned() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.byID {
		if f.Unscanned {
			return true
		}
	}
	return false
}
