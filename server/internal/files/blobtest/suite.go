// Package blobtest is the suite of tests that every adapter of files.Blobs passes.
package blobtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"himsg/server/internal/errs"
	"himsg/server/internal/files"
	"himsg/shared/wire"
)

// Run runs the suite. open makes an empty store, which lives as long as the test.
func Run(t *testing.T, open func(t *testing.T) files.Blobs) {
	t.Helper()
	for _, one := range []struct {
		name string
		run  func(s *suite)
	}{
		{"grows piece by piece", (*suite).grows},
		{"a broken connection keeps what came", (*suite).keepsWhatCame},
		{"bytes beyond the offset are dropped", (*suite).dropsBeyond},
		{"an offset beyond the end is a conflict", (*suite).refusesGap},
		{"finish makes it readable and can be repeated", (*suite).finishes},
		{"reads ranges at any place", (*suite).readsRanges},
		{"a blob larger than a piece", (*suite).large},
		{"remove takes all of it, and can be repeated", (*suite).removes},
		{"list names what is older", (*suite).lists},
		{"names that are none are refused", (*suite).badNames},
		{"ping", (*suite).pings},
	} {
		t.Run(one.name, func(t *testing.T) { one.run(&suite{t: t, ctx: t.Context(), blobs: open(t)}) })
	}
}

type suite struct {
	t     *testing.T
	ctx   context.Context
	blobs files.Blobs
}

func (s *suite) name() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}

func (s *suite) append(name string, offset int64, data []byte) {
	s.t.Helper()
	n, err := s.blobs.Append(s.ctx, name, offset, bytes.NewReader(data))
	if err != nil || n != int64(len(data)) {
		s.t.Fatalf("append at %d: %d, %v", offset, n, err)
	}
}

func (s *suite) size(name string, want int64) {
	s.t.Helper()
	if n, err := s.blobs.Size(s.ctx, name); err != nil || n != want {
		s.t.Fatalf("size: %d, %v; want %d", n, err, want)
	}
}

func (s *suite) holds(name string, want []byte) {
	s.t.Helper()
	b, err := s.blobs.Open(s.ctx, name)
	if err != nil {
		s.t.Fatalf("open: %v", err)
	}
	defer b.Close()
	got, err := io.ReadAll(b)
	if err != nil || !bytes.Equal(got, want) || b.Size() != int64(len(want)) {
		s.t.Fatalf("read %d bytes of %d (said %d): %v", len(got), len(want), b.Size(), err)
	}
}

func (s *suite) finish(name string) {
	s.t.Helper()
	if err := s.blobs.Finish(s.ctx, name); err != nil {
		s.t.Fatalf("finish: %v", err)
	}
}

func (s *suite) grows() {
	name := s.name()
	s.size(name, 0)
	s.append(name, 0, []byte("하나 "))
	s.append(name, 7, []byte("둘 "))
	s.size(name, 11)
	s.holds(name, []byte("하나 둘 "))
	s.append(name, 11, nil)
	s.append(name, 11, []byte("셋"))
	s.finish(name)
	s.holds(name, []byte("하나 둘 셋"))
}

func (s *suite) keepsWhatCame() {
	name, broken := s.name(), errors.New("broken")
	n, err := s.blobs.Append(s.ctx, name, 0, io.MultiReader(strings.NewReader("12345"), iotest.ErrReader(broken)))
	if n != 5 || !errors.Is(err, broken) {
		s.t.Fatalf("append: %d, %v", n, err)
	}
	s.size(name, 5)
	s.append(name, 5, []byte("678"))
	s.finish(name)
	s.holds(name, []byte("12345678"))
}

func (s *suite) dropsBeyond() {
	name := s.name()
	s.append(name, 0, []byte("12345"))
	s.append(name, 5, []byte("67890"))
	s.append(name, 3, []byte("xy"))
	s.size(name, 5)
	s.append(name, 5, []byte("z"))
	s.finish(name)
	s.holds(name, []byte("123xyz"))
}

func (s *suite) refusesGap() {
	name := s.name()
	s.append(name, 0, []byte("12345"))
	_, err := s.blobs.Append(s.ctx, name, 6, strings.NewReader("x"))
	if !errs.Is(err, wire.Conflict) {
		s.t.Fatalf("append behind a gap: %v", err)
	}
	s.size(name, 5)
}

func (s *suite) finishes() {
	name := s.name()
	if _, err := s.blobs.Open(s.ctx, name); err == nil {
		s.t.Fatal("opened what is not there")
	}
	if err := s.blobs.Finish(s.ctx, name); err == nil {
		s.t.Fatal("finished what is not there")
	}
	s.append(name, 0, []byte("whole"))
	s.finish(name)
	s.finish(name)
	s.holds(name, []byte("whole"))
	s.size(name, 5)
}

func (s *suite) readsRanges() {
	name := s.name()
	s.append(name, 0, []byte("0123"))
	s.append(name, 4, []byte("4567"))
	s.append(name, 8, []byte("89"))
	for _, state := range []string{"growing", "whole"} {
		b, err := s.blobs.Open(s.ctx, name)
		if err != nil {
			s.t.Fatal(err)
		}
		p := make([]byte, 4)
		for _, at := range []int64{6, 0, 2, 5} {
			if n, err := b.ReadAt(p, at); n != 4 || err != nil || string(p) != "0123456789"[at:at+4] {
				s.t.Errorf("%s: read at %d: %q %v", state, at, p[:n], err)
			}
		}
		if n, err := b.ReadAt(p, 8); n != 2 || !errors.Is(err, io.EOF) {
			s.t.Errorf("%s: read at the end: %d %v", state, n, err)
		}
		if _, err := b.Seek(-3, io.SeekEnd); err != nil {
			s.t.Error(err)
		}
		if rest, err := io.ReadAll(b); err != nil || string(rest) != "789" {
			s.t.Errorf("%s: read on: %q %v", state, rest, err)
		}
		if err := b.Close(); err != nil {
			s.t.Error(err)
		}
		s.finish(name)
	}
}

func (s *suite) large() {
	name := s.name()
	data := make([]byte, 20<<20+17)
	_, _ = rand.Read(data)
	s.append(name, 0, data)
	s.size(name, int64(len(data)))
	s.holds(name, data)
	s.finish(name)
	s.holds(name, data)
}

func (s *suite) removes() {
	growing, whole := s.name(), s.name()
	s.append(growing, 0, []byte("x"))
	s.append(growing, 1, []byte("y"))
	s.append(whole, 0, []byte("z"))
	s.finish(whole)
	for range 2 {
		for _, name := range []string{growing, whole} {
			if err := s.blobs.Remove(s.ctx, name); err != nil {
				s.t.Fatal(err)
			}
			s.size(name, 0)
			if _, err := s.blobs.Open(s.ctx, name); err == nil {
				s.t.Fatal("opened what was removed")
			}
		}
	}
}

func (s *suite) lists() {
	want := []string{s.name(), s.name(), s.name()}
	for i, name := range want {
		s.append(name, 0, []byte("x"))
		if i > 0 {
			s.finish(name)
		}
	}
	s.append(want[0], 1, []byte("y"))
	for before, all := range map[int64][]string{0: nil, math.MaxInt64: want} {
		var got []string
		err := s.blobs.List(s.ctx, before, func(name string) error {
			got = append(got, name)
			return nil
		})
		slices.Sort(got)
		slices.Sort(all)
		if err != nil || !slices.Equal(got, all) {
			s.t.Errorf("list before %d: %v %v, want %v", before, got, err, all)
		}
	}
	stop := errors.New("stop")
	if err := s.blobs.List(s.ctx, math.MaxInt64, func(string) error { return stop }); !errors.Is(err, stop) {
		s.t.Errorf("list that is stopped: %v", err)
	}
}

func (s *suite) badNames() {
	for _, name := range []string{"", "x", "../../../../etc/passwd", strings.Repeat("g", 32), strings.Repeat("a", 31), strings.Repeat("a", 34)} {
		if _, err := s.blobs.Append(s.ctx, name, 0, strings.NewReader("x")); err == nil {
			s.t.Errorf("append to %q", name)
		}
		if _, err := s.blobs.Open(s.ctx, name); err == nil {
			s.t.Errorf("open %q", name)
		}
		if err := s.blobs.Remove(s.ctx, name); err == nil {
			s.t.Errorf("remove %q", name)
		}
	}
}

func (s *suite) pings() {
	if err := s.blobs.Ping(s.ctx); err != nil {
		s.t.Error(err)
	}
}
