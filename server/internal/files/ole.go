package files

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"
)

// What Office wrote before 2007, and Hangul until today, is a file system in a file ([MS-CFB]). Only its directory is read.

const (
	oleMagic        = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	oleMaxSectors   = 4096 // of the directory that are looked at
	oleEndOfChain   = 0xfffffffe
	oleHeaderDIFAT  = 109
	oleEntryBytes   = 128
	oleNothing      = 0 // type of an entry that is not used
	oleHeaderLength = 512
)

var errBrokenOLE = errors.New("a broken compound file")

// ole makes a check that one of these streams is there.
func ole(streams ...string) func(context.Context, Blob) error {
	return func(ctx context.Context, b Blob) error {
		names, err := oleNames(b)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(streams, func(s string) bool { return slices.Contains(names, s) }) {
			return contentRefused(fmt.Errorf("a compound file without %s", streams[0]))
		}
		return noArchive(ctx, b)
	}
}

// checkHWP: Hangul 5 is a compound file, Hangul 3 began with its name.
func checkHWP(ctx context.Context, b Blob) error {
	head, err := headOf(b, 8)
	if err != nil {
		return err
	}
	if string(head) != oleMagic {
		return noArchive(ctx, b)
	}
	return ole("FileHeader")(ctx, b)
}

// oleNames lists the names in the directory.
func oleNames(b Blob) ([]string, error) {
	header := make([]byte, oleHeaderLength)
	if err := readFullAt(b, header, 0); err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	shift := le.Uint16(header[30:])
	if string(header[:8]) != oleMagic || shift != 9 && shift != 12 {
		return nil, contentRefused(errBrokenOLE)
	}
	x := oleFile{b: b, sector: 1 << shift, header: header}
	var names []string
	entries := make([]byte, x.sector)
	next := le.Uint32(header[48:])
	for range oleMaxSectors {
		if next >= oleEndOfChain {
			return names, nil
		}
		if err := readFullAt(b, entries, x.at(next)); err != nil {
			return nil, err
		}
		for e := range slices.Chunk(entries, oleEntryBytes) {
			if name := oleName(e); name != "" {
				names = append(names, name)
			}
		}
		var err error
		if next, err = x.follow(next); err != nil {
			return nil, err
		}
	}
	return nil, contentRefused(errBrokenOLE)
}

type oleFile struct {
	b      Blob
	sector int64
	header []byte
}

func (x oleFile) at(sector uint32) int64 { return (int64(sector) + 1) * x.sector }

// follow finds the sector behind one in its chain. Tables beyond the header's list of them (files over 6.8 MB whose
// directory lies late) are found by walking the list's own chain.
func (x oleFile) follow(sector uint32) (uint32, error) {
	perTable := uint32(x.sector / 4)
	table, err := x.table(sector / perTable)
	if err != nil {
		return 0, err
	}
	entry := make([]byte, 4)
	if err := readFullAt(x.b, entry, x.at(table)+int64(sector%perTable)*4); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(entry), nil
}

func (x oleFile) table(i uint32) (uint32, error) {
	le := binary.LittleEndian
	if i < oleHeaderDIFAT {
		return le.Uint32(x.header[76+4*i:]), nil
	}
	i -= oleHeaderDIFAT
	perSector := uint32(x.sector/4 - 1)
	list := le.Uint32(x.header[68:])
	word := make([]byte, 4)
	for range oleMaxSectors {
		if list >= oleEndOfChain {
			break
		}
		at := x.at(list) + int64(min(i, perSector))*4 // the entry, or the link to the next part of the list
		if err := readFullAt(x.b, word, at); err != nil {
			return 0, err
		}
		if i < perSector {
			return le.Uint32(word), nil
		}
		i -= perSector
		list = le.Uint32(word)
	}
	return 0, contentRefused(errBrokenOLE)
}

// oleName is the name of a directory's entry.
func oleName(entry []byte) string {
	length := int(binary.LittleEndian.Uint16(entry[64:])) // in bytes, with the zero at the end
	if entry[66] == oleNothing || length < 4 || length > 64 {
		return ""
	}
	units := make([]uint16, length/2-1)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(entry[2*i:])
	}
	return string(utf16.Decode(units))
}

// readFullAt reads all of p; beyond the end is a broken file.
func readFullAt(b Blob, p []byte, at int64) error {
	if at < 0 || at > b.Size()-int64(len(p)) {
		return contentRefused(io.ErrUnexpectedEOF)
	}
	if _, err := b.ReadAt(p, at); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read at %d: %w", at, err)
	}
	return nil
}
