package files

import (
	"archive/zip"
	"bytes"
	"cmp"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Bounds of archives. They are inflated as a stream, entry by entry, into nothing: what an entry says of its own size is
// not believed.
const (
	maxZipEntries  = 20_000
	maxZipDirBytes = 8 << 20 // the directory is held in memory while an archive is looked at
	maxInflated    = 8 << 30 // of all entries
	maxOffice      = 1 << 30 // of a document's
	freeInflated   = 64 << 20
	maxRatio       = 120 // of inflated to packed, beyond freeInflated
	maxZipDepth    = 3   // an archive in an archive in an archive
	maxInnerZip    = 16 << 20
)

// unpacking is what is left to inflate of one file, over all archives in it.
type unpacking struct {
	ctx     context.Context
	most    int64
	packed  int64 // bytes of the whole file
	done    int64
	entries int
	locked  bool // there is an entry with a password
}

func checkZIP(ctx context.Context, b Blob) error {
	_, err := inspect(ctx, b, maxInflated)
	return err
}

// officeXML makes a check of a document of Office 2007 and later. One with a password is a compound file around it.
func officeXML(part string) func(context.Context, Blob) error {
	return func(ctx context.Context, b Blob) error {
		head, err := headOf(b, 8)
		if err != nil {
			return err
		}
		if string(head) == oleMagic {
			return ole("EncryptedPackage")(ctx, b)
		}
		names, err := inspect(ctx, b, maxOffice)
		if err != nil {
			return err
		}
		whole := slices.Contains(names, "[Content_Types].xml") &&
			slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, part) })
		if !whole {
			return contentRefused(fmt.Errorf("a document without %s", part))
		}
		if slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(strings.ToLower(n), "vbaproject.bin") }) {
			return contentRefused(errors.New("a document with macros under a name of one without"))
		}
		return nil
	}
}

// named makes a check of documents that say what they are in their first entry, "mimetype".
func named(mime string) func(context.Context, Blob) error {
	return func(ctx context.Context, b Blob) error {
		if _, err := inspect(ctx, b, maxOffice); err != nil {
			return err
		}
		r, err := zip.NewReader(b, b.Size())
		if err != nil {
			return contentRefused(err)
		}
		f, err := r.Open("mimetype")
		if err != nil {
			return contentRefused(err)
		}
		defer f.Close()
		said, err := io.ReadAll(io.LimitReader(f, int64(len(mime))+16))
		if err != nil {
			return contentRefused(err)
		}
		if strings.TrimSpace(string(said)) != mime {
			return contentRefused(errors.New("its mimetype is another"))
		}
		return nil
	}
}

// inspect looks at all entries of an archive and returns their names.
func inspect(ctx context.Context, b Blob, most int64) ([]string, error) {
	u := &unpacking{ctx: ctx, most: most, packed: b.Size()}
	return u.archive(b, b.Size(), 1)
}

// sizedReader gives findZipEnd a size.
type sizedReader struct {
	io.ReaderAt
	size int64
}

// Size is the number of bytes.
func (s sizedReader) Size() int64 { return s.size }

func (u *unpacking) archive(r io.ReaderAt, size int64, depth int) ([]string, error) {
	if depth > maxZipDepth {
		return nil, archiveRefused(errors.New("archives in archives, too deep"))
	}
	reader, err := openZIP(r, size)
	if err != nil {
		return nil, err
	}
	if u.entries += len(reader.File); u.entries > maxZipEntries {
		return nil, archiveRefused(errors.New("too many entries"))
	}
	if err := overlapping(reader); err != nil {
		return nil, err
	}
	names := make([]string, 0, len(reader.File))
	for _, f := range reader.File {
		err := checkEntryName(f)
		if err == nil {
			err = u.entry(f, depth)
		}
		if err != nil {
			return nil, err
		}
		names = append(names, f.Name)
	}
	return names, nil
}

// openZIP reads an archive's directory, of bounded size.
func openZIP(r io.ReaderAt, size int64) (*zip.Reader, error) {
	end, err := findZipEnd(sizedReader{r, size})
	switch {
	case err != nil:
		return nil, err
	case end == nil || end.at+zipEndBytes+end.comment != size:
		return nil, contentRefused(zip.ErrFormat)
	case !end.zip64 && (end.at-end.dirStart > maxZipDirBytes || end.entries > maxZipEntries):
		return nil, archiveRefused(errors.New("too many entries"))
	}
	bound := &bounded{ReaderAt: r, left: maxZipDirBytes}
	reader, err := zip.NewReader(bound, size)
	bound.left = math.MaxInt64
	switch {
	case errors.Is(err, errDirectory):
		return nil, archiveRefused(err)
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, contentRefused(err)
	}
	reader.RegisterDecompressor(zip.Deflate, flate.NewReader)
	return reader, nil
}

var errDirectory = errors.New("the archive's directory is too large")

// bounded counts what is read while the directory is parsed: its entries are held in memory, and their number in the end
// record may be a lie.
type bounded struct {
	io.ReaderAt
	left int64
}

// ReadAt implements io.ReaderAt.
func (b *bounded) ReadAt(p []byte, at int64) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errDirectory
	}
	return b.ReaderAt.ReadAt(p, at)
}

// overlapping refuses an archive whose entries share bytes: a small file that inflates without end.
func overlapping(r *zip.Reader) error {
	type span struct{ start, end int64 }
	spans := make([]span, 0, len(r.File))
	for _, f := range r.File {
		start, err := f.DataOffset()
		if err != nil {
			return contentRefused(err)
		}
		if f.CompressedSize64 > 0 {
			spans = append(spans, span{start, start + int64(min(f.CompressedSize64, 1<<62))})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	for i := 1; i < len(spans); i++ {
		if spans[i].start < spans[i-1].end {
			return archiveRefused(errors.New("its entries overlap"))
		}
	}
	return nil
}

// checkEntryName refuses names that a careless program would unpack outside of its folder, and links.
func checkEntryName(f *zip.File) error {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	switch {
	case strings.HasPrefix(name, "/"), len(name) > 1 && name[1] == ':',
		slices.Contains(strings.Split(name, "/"), ".."):
		return archiveRefused(errors.New("an entry leads out of the archive"))
	case strings.ContainsFunc(name, func(r rune) bool { return r < 0x80 && unicode.IsControl(r) }):
		return archiveRefused(errors.New("an entry has control characters in its name"))
	case f.Mode()&fs.ModeSymlink != 0:
		return archiveRefused(errors.New("an entry is a link"))
	}
	return nil
}

const encrypted = 1 // a flag of an entry

// entry inflates an entry into nothing, and looks into one that is an archive.
func (u *unpacking) entry(f *zip.File, depth int) error {
	u.locked = u.locked || f.Flags&encrypted != 0
	if f.Flags&encrypted != 0 || f.Method != zip.Store && f.Method != zip.Deflate {
		return u.grow(int64(min(f.UncompressedSize64, 1<<62))) // it can't be looked into; what it says of its size counts
	}
	r, err := f.Open()
	if err != nil {
		return contentRefused(err)
	}
	defer r.Close()
	head := make([]byte, len(zipMagic))
	n, err := io.ReadFull(r, head)
	if err := u.grow(int64(n)); err != nil {
		return err
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	case err != nil:
		return contentRefused(err)
	}
	rest := io.Reader(&counted{u, r})
	if string(head) == zipMagic && f.UncompressedSize64 <= maxInnerZip {
		return u.inner(io.MultiReader(bytes.NewReader(head), rest), depth)
	}
	return u.drained(io.Copy(io.Discard, rest))
}

// inner looks into an archive in an archive, in memory. One that is broken is just an entry.
func (u *unpacking) inner(r io.Reader, depth int) error {
	data, err := io.ReadAll(io.LimitReader(r, maxInnerZip+1))
	if err != nil {
		return u.drained(0, err)
	}
	_, err = u.archive(bytes.NewReader(data), int64(len(data)), depth+1)
	if isContent(err) {
		return nil
	}
	return err
}

// drained sorts what ended the reading of an entry: our own bounds, a broken entry, the store.
func (u *unpacking) drained(_ int64, err error) error {
	switch {
	case err == nil:
		return nil
	case isRefusal(err), u.ctx.Err() != nil:
		return err
	}
	return contentRefused(err)
}

// grow counts inflated bytes.
func (u *unpacking) grow(n int64) error {
	u.done += n
	if n < 0 || u.done > u.most || u.done > freeInflated && u.done/maxRatio > u.packed {
		return archiveRefused(errors.New("it inflates to too much"))
	}
	return nil
}

// counted is a reader of inflated bytes.
type counted struct {
	u *unpacking
	r io.Reader
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	if err := c.u.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if failed := c.u.grow(int64(n)); failed != nil {
		return n, failed
	}
	return n, err
}
