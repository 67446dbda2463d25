package files

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

var errNotText = errors.New("it is no text")

// checkText takes UTF-8, UTF-16 with a mark, and CP949 (EUC-KR with Microsoft's extension, what Korean Windows writes), none of
// them with control characters that no text has.
func checkText(ctx context.Context, b Blob) error {
	if b.Size() == 0 {
		return contentRefused(errNotText)
	}
	head, err := headOf(b, 2)
	if err != nil {
		return err
	}
	if string(head) == "\xff\xfe" || string(head) == "\xfe\xff" {
		return eachChunk(ctx, b, &utf16Text{big: head[0] == 0xfe})
	}
	err = eachChunk(ctx, b, &utf8Text{})
	if errors.Is(err, errNotText) {
		err = eachChunk(ctx, b, &cp949Text{})
	}
	return err
}

// judge looks at a text, chunk by chunk. last says that the chunk is the last one.
type judge interface {
	chunk(p []byte, last bool) bool
}

func eachChunk(ctx context.Context, b Blob, j judge) error {
	r := bufio.NewReaderSize(io.NewSectionReader(b, 0, b.Size()), 64<<10)
	p := make([]byte, 64<<10)
	for left := b.Size(); left > 0; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(r, p[:min(int64(len(p)), left)])
		if err != nil {
			return fmt.Errorf("read a text: %w", err)
		}
		left -= int64(n)
		if !j.chunk(p[:n], left == 0) {
			return contentRefused(errNotText)
		}
	}
	return nil
}

// controls are the bytes below 0x20 that texts have: tab, line feeds, form feed, and escape (logs have colours).
func badControl(c byte) bool {
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b && c != 0x08 && c != 0x1a || c == 0x7f
}

// utf8Text keeps the bytes of a rune that a chunk cut.
type utf8Text struct{ rest []byte }

func (t *utf8Text) chunk(p []byte, last bool) bool {
	if bytes.ContainsFunc(p, func(r rune) bool { return r < 0x80 && badControl(byte(r)) }) {
		return false
	}
	if len(t.rest) > 0 {
		p = append(t.rest, p...)
	}
	t.rest = nil
	if !last {
		for cut := 1; cut < utf8.UTFMax && cut <= len(p); cut++ {
			if tail := p[len(p)-cut:]; utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) {
				t.rest, p = bytes.Clone(tail), p[:len(p)-cut]
				break
			}
		}
	}
	return utf8.Valid(p)
}

// utf16Text wants whole pairs of surrogates and no control characters.
type utf16Text struct {
	big  bool
	half bool // a high surrogate waits for its low one
}

func (t *utf16Text) chunk(p []byte, last bool) bool {
	if len(p)%2 != 0 { // chunks have an even size but for the last
		return false
	}
	for i := 0; i < len(p); i += 2 {
		hi, lo := p[i+1], p[i]
		if t.big {
			hi, lo = lo, hi
		}
		unit := uint16(hi)<<8 | uint16(lo)
		low, high := unit >= 0xdc00 && unit < 0xe000, unit >= 0xd800 && unit < 0xdc00
		if low != t.half || unit < 0x80 && badControl(lo) {
			return false
		}
		t.half = high
	}
	return !last || !t.half
}

// cp949Text wants pairs of a lead and a trail byte.
type cp949Text struct{ lead bool }

func (t *cp949Text) chunk(p []byte, last bool) bool {
	for _, c := range p {
		switch {
		case t.lead:
			if !isTrail(c) {
				return false
			}
			t.lead = false
		case c >= 0x81 && c <= 0xfe:
			t.lead = true
		case c >= 0x80 || badControl(c):
			return false
		}
	}
	return !last || !t.lead
}

// isTrail tells whether a byte can be the second of a pair.
func isTrail(c byte) bool {
	return c >= 0x41 && c <= 0x5a || c >= 0x61 && c <= 0x7a || c >= 0x81 && c <= 0xfe
}
