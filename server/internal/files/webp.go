package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// An animated WebP is a RIFF file of chunks (RFC 9649): VP8X with the size of the whole, and ANMF for each frame, which holds
// chunks as a still picture has them. Package picture decodes only stills, so the first frame is made one.

const (
	webpHeader    = 12
	webpChunk     = 8
	webpAnimation = 1 << 1   // flag of VP8X
	webpAlpha     = 1 << 4   // likewise
	maxWebPFrame  = 32 << 20 // bytes of the first frame; it is held in memory
	maxWebPSide   = 16_384
)

var errBrokenWebP = errors.New("a broken webp")

// movie is an animated WebP.
type movie struct {
	width, height int
	first         []byte // a still WebP
}

// checkWebP looks at the frames of an animated WebP; a still one is decoded later.
func checkWebP(ctx context.Context, b Blob) error {
	if err := onlyPicture(ctx, b); err != nil {
		return err
	}
	_, err := movieOf(ctx, b)
	return err
}

// movieOf reads the chunks of a WebP, none of its pixels; nil for a still picture.
func movieOf(ctx context.Context, b Blob) (*movie, error) {
	head := make([]byte, webpHeader+webpChunk+10)
	if b.Size() < int64(len(head)) {
		return nil, nil //nolint:nilnil // a still one, if it is one at all
	}
	if err := readFullAt(b, head, 0); err != nil {
		return nil, err
	}
	vp8x := head[webpHeader:]
	if string(vp8x[:4]) != "VP8X" || vp8x[8]&webpAnimation == 0 {
		return nil, nil //nolint:nilnil // a still one
	}
	m := &movie{width: uint24(vp8x[12:]) + 1, height: uint24(vp8x[15:]) + 1}
	if m.width > maxWebPSide || m.height > maxWebPSide {
		return nil, imageRefused(errors.New("too many pixels"))
	}
	err := m.walk(ctx, b)
	return m, err
}

func uint24(p []byte) int { return int(p[0]) | int(p[1])<<8 | int(p[2])<<16 }

// walk counts the frames and keeps the first.
func (m *movie) walk(ctx context.Context, b Blob) error {
	chunk := make([]byte, webpChunk+16)
	frames, pixels := 0, int64(0)
	at := int64(webpHeader)
	for b.Size()-at >= webpChunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := b.ReadAt(chunk, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read a webp: %w", err)
		}
		size := int64(binary.LittleEndian.Uint32(chunk[4:]))
		if size > b.Size()-at-webpChunk {
			return contentRefused(errBrokenWebP)
		}
		if string(chunk[:4]) == "ANMF" {
			if size < 16 || n < len(chunk) {
				return contentRefused(errBrokenWebP)
			}
			width, height := uint24(chunk[webpChunk+6:])+1, uint24(chunk[webpChunk+9:])+1
			frames++
			if pixels += int64(width) * int64(height); frames > maxFrames || pixels > maxFramePixels {
				return imageRefused(errors.New("too many frames"))
			}
			if frames == 1 && size <= maxWebPFrame {
				if m.first, err = still(b, at+webpChunk+16, size-16, width, height); err != nil {
					return err
				}
			}
		}
		at += webpChunk + size + size&1
	}
	if frames == 0 {
		return contentRefused(errBrokenWebP)
	}
	return nil
}

// still makes a picture of its own of the chunks of a frame.
func still(b Blob, at, size int64, width, height int) ([]byte, error) {
	chunks := make([]byte, size)
	if err := readFullAt(b, chunks, at); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if bytes.HasPrefix(chunks, []byte("ALPH")) {
		vp8x := []byte("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
		vp8x[8] = webpAlpha
		copy(vp8x[12:], []byte{byte(width - 1), byte((width - 1) >> 8), byte((width - 1) >> 16)})
		copy(vp8x[15:], []byte{byte(height - 1), byte((height - 1) >> 8), byte((height - 1) >> 16)})
		out.Write(vp8x)
	}
	out.Write(chunks)
	whole := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(out.Len()+4))
	return append(append(whole, "WEBP"...), out.Bytes()...), nil
}
