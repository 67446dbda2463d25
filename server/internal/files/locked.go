package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/ulikunitz/xz/lzma"
)

// Archives and documents with a password can't be looked into, neither here nor by a malware scanner. The policy says whether
// they are taken; only if not, this file looks for the password's traces: flags and names, nothing is decrypted. What was
// Office before 2007, Hangul's and a PDF are not looked at.

// locked tells whether a file has a password.
func locked(ctx context.Context, k kind, b Blob) (bool, error) {
	head, err := headOf(b, 8)
	if err != nil {
		return false, err
	}
	switch {
	case k.extension == "rar":
		return rarLocked(b)
	case k.extension == "7z":
		return sevenLocked(b)
	case string(head) == oleMagic && slices.Contains([]string{"docx", "xlsx", "pptx"}, k.extension):
		return true, nil
	case bytes.HasPrefix(head, []byte(zipMagic)):
		u := &unpacking{ctx: ctx, most: maxInflated, packed: b.Size()}
		_, err := u.archive(b, b.Size(), 1)
		return u.locked, err
	}
	return false, nil
}

// maxHeaders bounds how many headers of a rar are looked at.
const maxHeaders = maxZipEntries

func rarLocked(b Blob) (bool, error) {
	head, err := headOf(b, 8)
	switch {
	case err != nil:
		return false, err
	case bytes.HasPrefix(head, []byte("Rar!\x1a\x07\x01\x00")):
		return rar5Locked(b)
	}
	return rar4Locked(b)
}

// rar4Locked walks the blocks of RAR 2.9 to 4: CRC, type, flags, size, and for some how many bytes follow.
func rar4Locked(b Blob) (bool, error) {
	const archive, file, end = 0x73, 0x74, 0x7b
	block := make([]byte, 11)
	at := int64(7)
	for range maxHeaders {
		n, err := b.ReadAt(block, at)
		if err != nil && !errors.Is(err, io.EOF) {
			return false, fmt.Errorf("read a rar: %w", err)
		}
		if n < 7 {
			return false, nil
		}
		flags, size := binary.LittleEndian.Uint16(block[3:]), int64(binary.LittleEndian.Uint16(block[5:]))
		switch {
		case block[2] == archive && flags&0x80 != 0, block[2] == file && flags&0x04 != 0:
			return true, nil
		case block[2] == end, size < 7:
			return false, nil
		}
		if flags&0x8000 != 0 || block[2] == file {
			size += int64(binary.LittleEndian.Uint32(block[7:]))
		}
		at += size
	}
	return false, nil
}

// rar5Locked walks the headers of RAR 5.
func rar5Locked(b Blob) (bool, error) {
	const encryption, file, end = 4, 2, 5
	at := int64(8)
	buffer := make([]byte, 4096)
	for range maxHeaders {
		head := buffer[:min(int64(len(buffer)), max(b.Size()-at, 0))]
		if err := readFullAt(b, head, at); err != nil {
			return false, err
		}
		h, ok := parseRAR5(head, b.Size())
		switch {
		case !ok, h.kind == end:
			return false, nil
		case h.kind == encryption, h.kind == file && hasCrypt(h.extra):
			return true, nil
		}
		at += h.whole
	}
	return false, nil
}

// rar5Header is a header of RAR 5: CRC, size, type, flags, sizes of the extra area and of the data behind the header.
type rar5Header struct {
	kind  uint64
	extra []byte // empty too if it lies beyond what was read
	whole int64  // bytes up to the next header
}

func parseRAR5(head []byte, fileSize int64) (h rar5Header, ok bool) {
	const crc, maxHeader, hasExtra, hasData = 4, 2 << 20, 1, 2
	if len(head) < crc {
		return h, false
	}
	v := &vints{p: head[crc:]}
	size := v.next()
	end := uint64(len(head)-len(v.p)) + size
	h.kind = v.next()
	flags := v.next()
	extra, data := uint64(0), uint64(0)
	if flags&hasExtra != 0 {
		extra = v.next()
	}
	if flags&hasData != 0 {
		data = v.next()
	}
	if v.bad || size == 0 || size > maxHeader || data > uint64(fileSize) {
		return h, false
	}
	if extra <= size && end <= uint64(len(head)) {
		h.extra = head[end-extra : end]
	}
	h.whole = int64(end + data)
	return h, true
}

// hasCrypt looks for the record of encryption, type 1, in the extra area of a file's header.
func hasCrypt(extra []byte) bool {
	for len(extra) > 0 {
		v := &vints{p: extra}
		size := v.next()
		rest := v.p
		if v.bad || size == 0 || size > uint64(len(rest)) {
			return false
		}
		if v.next() == 1 {
			return true
		}
		extra = rest[size:]
	}
	return false
}

// vints reads numbers of seven bits a byte, the low ones first.
type vints struct {
	p   []byte
	bad bool
}

func (v *vints) next() (n uint64) {
	for shift := 0; shift < 63; shift += 7 {
		if len(v.p) == 0 {
			break
		}
		c := v.p[0]
		v.p = v.p[1:]
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
	v.bad = true
	return 0
}

const (
	max7zHeader = 8 << 20
	aes7z       = "\x06\xf1\x07\x01" // id of the coder, in what says how something was packed
	packed7z    = 0x17               // a header that is packed itself
)

var errBroken7z = errors.New("a broken 7z")

// sevenLocked reads the header at the end of a 7z archive, which is usually packed with LZMA, and looks for AES.
func sevenLocked(b Blob) (bool, error) {
	start := make([]byte, 32)
	if err := readFullAt(b, start, 0); err != nil {
		return false, err
	}
	at, size := binary.LittleEndian.Uint64(start[12:]), binary.LittleEndian.Uint64(start[20:])
	if size == 0 {
		return false, nil // an empty archive
	}
	if size > max7zHeader || at > uint64(b.Size()) {
		return false, contentRefused(errBroken7z)
	}
	header := make([]byte, size)
	if err := readFullAt(b, header, 32+int64(at)); err != nil {
		return false, err
	}
	if bytes.Contains(header, []byte(aes7z)) {
		return true, nil
	}
	if header[0] != packed7z {
		return false, nil
	}
	inner, err := unpack7zHeader(b, header[1:])
	if err != nil {
		return false, err
	}
	return bytes.Contains(inner, []byte(aes7z)), nil
}

// unpack7zHeader unpacks a header that was packed as 7-Zip does it: one stream, one coder, LZMA.
func unpack7zHeader(b Blob, said []byte) ([]byte, error) {
	p, ok := parse7zPacked(said)
	if !ok || p.size > max7zHeader || p.at > uint64(b.Size()) {
		return nil, contentRefused(errBroken7z)
	}
	at := int64(p.at) + 32
	// What says how far back it refers need not be believed: not further than to its beginning.
	dict := max(uint32(p.size), lzma.MinDictCap)
	head := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(p.props[:1:1], dict), p.size)
	packed := io.NewSectionReader(b, at, b.Size()-at)
	r, err := lzma.ReaderConfig{DictCap: lzma.MinDictCap}.NewReader(io.MultiReader(bytes.NewReader(head), packed))
	if err != nil {
		return nil, contentRefused(err)
	}
	inner, err := io.ReadAll(io.LimitReader(r, max7zHeader))
	if err != nil {
		return nil, contentRefused(err)
	}
	return inner, nil
}

// packed7zHeader says where a packed header lies, how it was packed and how long it is.
type packed7zHeader struct {
	at, size uint64
	props    []byte
}

// parse7zPacked reads the part of 7zFormat.txt's StreamsInfo that a packed header has.
func parse7zPacked(said []byte) (h packed7zHeader, ok bool) {
	const packInfo, unpackInfo, folder, sizes, lzmaID = 0x06, 0x07, 0x0b, 0x0c, "\x23\x03\x01\x01\x05"
	if len(said) < 2 || said[0] != packInfo {
		return h, false
	}
	var rest []byte
	if h.at, rest, ok = number7z(said[1:]); !ok {
		return h, false
	}
	i := bytes.Index(rest, []byte{unpackInfo, folder, 1, 0, 1})
	if i < 0 {
		return h, false
	}
	rest = rest[i+5:]
	if !bytes.HasPrefix(rest, []byte(lzmaID)) || len(rest) < len(lzmaID)+7 {
		return h, false
	}
	h.props, rest = rest[len(lzmaID):len(lzmaID)+5], rest[len(lzmaID)+5:]
	if rest[0] != sizes {
		return h, false
	}
	h.size, _, ok = number7z(rest[1:])
	return h, ok
}

// number7z reads a number: the ones at the top of the first byte say how many bytes follow.
func number7z(p []byte) (n uint64, rest []byte, ok bool) {
	if len(p) == 0 {
		return 0, nil, false
	}
	first, mask := p[0], byte(0x80)
	for i := range 8 {
		if first&mask == 0 {
			return n + uint64(first&(mask-1))<<(8*i), p[1+i:], true
		}
		if len(p) < 2+i {
			return 0, nil, false
		}
		n |= uint64(p[1+i]) << (8 * i)
		mask >>= 1
	}
	return n, p[9:], true
}
