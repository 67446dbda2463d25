package files

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
)

// Bounds of an animated GIF. Readers decode every frame, and keep some.
const (
	maxFrames      = 2000
	maxFramePixels = 400_000_000 // of all frames
)

var errBrokenGIF = errors.New("a broken gif")

// checkGIF counts the frames by walking over the blocks (GIF89a specification), without decoding one.
func checkGIF(ctx context.Context, b Blob) error {
	if err := noArchive(ctx, b); err != nil {
		return err
	}
	g := gifWalk{r: bufio.NewReaderSize(io.NewSectionReader(b, 0, b.Size()), 64<<10)}
	err := g.walk(ctx)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return contentRefused(errBrokenGIF)
	}
	return err
}

type gifWalk struct {
	r      *bufio.Reader
	frames int
	pixels int64
}

func (g *gifWalk) walk(ctx context.Context) error {
	const extension, picture, trailer = 0x21, 0x2c, 0x3b
	screen, err := g.take(13)
	if err == nil {
		err = g.palette(screen[10])
	}
	for err == nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		var mark byte
		if mark, err = g.r.ReadByte(); err != nil {
			break
		}
		switch mark {
		case trailer:
			if g.frames == 0 {
				return contentRefused(errBrokenGIF)
			}
			return nil
		case extension:
			if _, err = g.r.ReadByte(); err == nil {
				err = g.blocks()
			}
		case picture:
			err = g.frame()
		default:
			return contentRefused(errBrokenGIF)
		}
	}
	return fmt.Errorf("read a gif: %w", err)
}

func (g *gifWalk) frame() error {
	d, err := g.take(9)
	if err != nil {
		return err
	}
	g.frames++
	g.pixels += (int64(d[4]) | int64(d[5])<<8) * (int64(d[6]) | int64(d[7])<<8)
	if g.frames > maxFrames || g.pixels > maxFramePixels {
		return imageRefused(errors.New("too many frames"))
	}
	if err := g.palette(d[8]); err != nil {
		return err
	}
	if _, err := g.r.ReadByte(); err != nil { // width of the codes
		return err
	}
	return g.blocks()
}

// palette skips a table of colours, if the flags say that there is one.
func (g *gifWalk) palette(flags byte) error {
	if flags&0x80 == 0 {
		return nil
	}
	_, err := g.r.Discard(3 << (flags&7 + 1))
	return err
}

// blocks skips a chain of blocks.
func (g *gifWalk) blocks() error {
	for {
		n, err := g.r.ReadByte()
		if err != nil || n == 0 {
			return err
		}
		if _, err := g.r.Discard(int(n)); err != nil {
			return err
		}
	}
}

func (g *gifWalk) take(n int) ([]byte, error) {
	p := make([]byte, n)
	_, err := io.ReadFull(g.r, p)
	return p, err
}
