package legacy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// This file reads back what came.

var textDifferent = errs.Text{
	KO: "가져온 것이 기존 것과 다릅니다. 보고서를 보고, 빈 서버에서 다시 시작하세요.",
	EN: "What came is not what was there: see the report, and begin again in an empty server.",
}

// checking compares the two sides, each with a checksum of its own.
type checking struct {
	*Plan
	to          Target
	texts, back hash.Hash
	target      Sums
}

// check compares every message and every file with the original, and the numbers of rows.
func (p *Plan) check(ctx context.Context, to Target) error {
	c := &checking{Plan: p, to: to, texts: sha256.New(), back: sha256.New()}
	if err := c.messagesAgain(ctx); err != nil {
		return err
	}
	if err := c.filesAgain(ctx); err != nil {
		return err
	}
	if err := c.totals(ctx); err != nil {
		return err
	}
	p.Report.Source.Texts, c.target.Texts = hex.EncodeToString(c.texts.Sum(nil)), hex.EncodeToString(c.back.Sum(nil))
	p.Report.Target = &c.target
	p.Report.seal()
	if p.Report.Source != c.target || p.Report.Count(KindDifferent) > 0 {
		return errs.E(wire.Conflict, "", textDifferent)
	}
	return nil
}

func (c *checking) different(table string, row int64, note string) {
	c.Report.note(Problem{Table: table, Row: row, Kind: KindDifferent, Note: note})
}

// messagesAgain reads the original a second time, page by page, and what came of it.
func (c *checking) messagesAgain(ctx context.Context) error {
	for last := int64(0); ; {
		page, err := c.source.Messages(ctx, last, pageRows)
		if err != nil {
			return fmt.Errorf("read the original's messages: %w", err)
		}
		if len(page) == 0 {
			return nil
		}
		last = page[len(page)-1].ID
		var want []NewMessage
		var rows []int64
		for _, row := range page {
			for _, m := range c.newMessages(row) {
				want, rows = append(want, m), append(rows, row.ID)
			}
		}
		if err := c.compareMessages(ctx, want, rows); err != nil {
			return err
		}
		c.progress("messages compared, up to number", last)
	}
}

func (c *checking) compareMessages(ctx context.Context, want []NewMessage, rows []int64) error {
	places := make([]Place, len(want))
	for i, m := range want {
		places[i] = Place{m.RoomID, m.Seq}
	}
	found, err := c.to.Store.LegacyMessages(ctx, places)
	if err != nil {
		return fmt.Errorf("read messages back: %w", err)
	}
	byPlace := make(map[Place]NewMessage, len(found))
	for _, s := range found {
		byPlace[Place{s.RoomID, s.Seq}] = s
	}
	for i, m := range want {
		_, _ = io.WriteString(c.texts, m.Text+"\x00") // a hash never fails
		s, there := byPlace[places[i]]
		if !there {
			c.different(tableMessages, rows[i], "it is missing")
			continue
		}
		c.target.Messages++
		_, _ = io.WriteString(c.back, s.Text+"\x00") // the same
		if s != m {
			c.different(tableMessages, rows[i], "text, sender, time, place or file")
		}
	}
	return nil
}

// filesAgain reads every file that came, and its original.
func (c *checking) filesAgain(ctx context.Context) error {
	source, target := sha256.New(), sha256.New()
	for n, u := range c.uploadsInOrder() {
		if !u.comes() {
			continue
		}
		was, err := c.sumOf(u)
		if err != nil {
			return err
		}
		is, err := c.to.Files.Sum(ctx, u.stored)
		if err != nil {
			return fmt.Errorf("read the file of message %d back: %w", u.message, err)
		}
		_, _ = io.WriteString(source, was) // a hash never fails
		_, _ = io.WriteString(target, is)  // the same
		if was != is || u.stored.SHA256 != is {
			c.different(tableFiles, u.message, "its bytes")
		}
		c.target.Files++
		c.target.Bytes += u.stored.Size
		c.progress("files compared", int64(n+1))
	}
	c.Report.Source.Contents, c.target.Contents = hex.EncodeToString(source.Sum(nil)), hex.EncodeToString(target.Sum(nil))
	return nil
}

func (c *checking) sumOf(u *upload) (string, error) {
	content, err := c.uploads.Open(u.path)
	if err != nil {
		return "", fmt.Errorf("open a file of the original: %w", err)
	}
	sum := sha256.New()
	_, err = io.Copy(sum, content)
	if err = joinClose(err, content); err != nil {
		return "", fmt.Errorf("read a file of the original: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// totals looks whether there is more than came.
func (c *checking) totals(ctx context.Context) error {
	messages, seats, err := c.to.Store.LegacyTotals(ctx, c.roomIDs())
	if err != nil {
		return fmt.Errorf("count what came: %w", err)
	}
	want := int64(0)
	for i := range c.rooms {
		want += int64(len(c.seats(int32(i))))
	}
	if messages != c.Report.Source.Messages {
		c.different(tableMessages, 0, fmt.Sprintf("%d here, %d there", messages, c.Report.Source.Messages))
	}
	if seats != want {
		c.different(tableSeats, 0, fmt.Sprintf("%d here, %d there", seats, want))
	}
	return nil
}
