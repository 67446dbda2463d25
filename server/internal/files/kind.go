package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// kind is what a file with an extension must be. Everything that the server can check is in the table; a policy can name
// nothing else.
type kind struct {
	extension string
	mime      string
	picture   bool // package picture can decode it: it is decoded, and gets thumbnails
	// magic says whether the first headBytes bytes begin as such a file does.
	magic func(head []byte) bool
	// inside looks at the rest; nil if there is nothing to look at. Its refusals are *errs.Error, other errors are of the
	// store.
	inside func(ctx context.Context, b Blob) error
}

// headBytes is how much of a file magic sees.
const headBytes = 4096

func kinds() []kind {
	const office = "application/vnd.openxmlformats-officedocument."
	const odf = "application/vnd.oasis.opendocument."
	return []kind{
		{"png", "image/png", true, starts("\x89PNG\r\n\x1a\n"), onlyPicture},
		{"jpg", "image/jpeg", true, starts("\xff\xd8\xff"), onlyPicture},
		{"jpeg", "image/jpeg", true, starts("\xff\xd8\xff"), onlyPicture},
		{"gif", "image/gif", true, starts("GIF87a", "GIF89a"), checkGIF},
		{"webp", "image/webp", true, riff("WEBP"), checkWebP},
		{"bmp", "image/bmp", true, starts("BM"), onlyPicture},
		{"heic", "image/heic", false, brands("heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"), checkBoxes},
		{"heif", "image/heif", false, brands("heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"), checkBoxes},
		{"pdf", "application/pdf", false, starts("%PDF-"), checkPDF},
		{"doc", "application/msword", false, starts(oleMagic), ole("WordDocument")},
		{"xls", "application/vnd.ms-excel", false, starts(oleMagic), ole("Workbook", "Book")},
		{"ppt", "application/vnd.ms-powerpoint", false, starts(oleMagic), ole("PowerPoint Document")},
		{"hwp", "application/x-hwp", false, starts(oleMagic, "HWP Document File V"), checkHWP},
		{"docx", office + "wordprocessingml.document", false, starts(zipMagic, oleMagic), officeXML("word/document")},
		{"xlsx", office + "spreadsheetml.sheet", false, starts(zipMagic, oleMagic), officeXML("xl/workbook")},
		{"pptx", office + "presentationml.presentation", false, starts(zipMagic, oleMagic), officeXML("ppt/presentation")},
		{"hwpx", "application/hwp+zip", false, starts(zipMagic), named("application/hwp+zip")},
		{"odt", odf + "text", false, starts(zipMagic), named(odf + "text")},
		{"ods", odf + "spreadsheet", false, starts(zipMagic), named(odf + "spreadsheet")},
		{"odp", odf + "presentation", false, starts(zipMagic), named(odf + "presentation")},
		{"zip", "application/zip", false, starts(zipMagic, "PK\x05\x06"), checkZIP},
		{"7z", "application/x-7z-compressed", false, starts("7z\xbc\xaf\x27\x1c"), nil},
		{"rar", "application/vnd.rar", false, starts("Rar!\x1a\x07\x00", "Rar!\x1a\x07\x01\x00"), nil},
		{"txt", "text/plain", false, anything, checkText},
		{"csv", "text/csv", false, anything, checkText},
		{"log", "text/plain", false, anything, checkText},
		{"md", "text/markdown", false, anything, checkText},
		{"mp4", "video/mp4", false, brands("isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash", "3gp"), checkBoxes},
		{"mov", "video/quicktime", false, quickTime, checkBoxes},
		{"m4a", "audio/mp4", false, brands("M4A ", "M4B ", "mp42", "isom"), checkBoxes},
		{"mp3", "audio/mpeg", false, mp3, noArchive},
		{"wav", "audio/wav", false, riff("WAVE"), noArchive},
	}
}

// kindOf finds the kind of an extension.
func kindOf(extension string) (kind, bool) {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return k.extension == extension })
	if i < 0 {
		return kind{}, false
	}
	return all[i], true
}

// KnownTypes are the extensions whose contents can be checked.
func KnownTypes() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.extension)
	}
	return names
}

// check tells whether a blob is what the kind says, by its first bytes and by what is inside.
func (k kind) check(ctx context.Context, b Blob) error {
	head, err := headOf(b, headBytes)
	if err != nil {
		return err
	}
	if !k.magic(head) {
		return contentRefused(errors.New("it begins as something else"))
	}
	if k.extension != "pdf" && k.inside != nil && !isText(k) && bytes.Contains(head[:min(1024, len(head))], []byte("%PDF-")) {
		return contentRefused(errors.New("it is a pdf too")) // readers look for the mark within the first 1,024 bytes
	}
	if k.inside == nil {
		return nil
	}
	return k.inside(ctx, b)
}

func isText(k kind) bool { return k.mime[:5] == "text/" }

// headOf reads the first bytes of a blob, at most n.
func headOf(b Blob, n int64) ([]byte, error) {
	head := make([]byte, min(n, b.Size()))
	if _, err := io.ReadFull(io.NewSectionReader(b, 0, b.Size()), head); err != nil {
		return nil, fmt.Errorf("read the beginning: %w", err)
	}
	return head, nil
}

func anything([]byte) bool { return true }

func starts(marks ...string) func([]byte) bool {
	return func(head []byte) bool {
		return slices.ContainsFunc(marks, func(m string) bool { return bytes.HasPrefix(head, []byte(m)) })
	}
}

// riff: "RIFF", a length, and the form.
func riff(form string) func([]byte) bool {
	return func(head []byte) bool {
		return len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == form
	}
}

// brands: ISO base media files (ISO/IEC 14496-12) begin with a box ftyp, which lists what they are compatible with.
func brands(known ...string) func([]byte) bool {
	return func(head []byte) bool {
		if len(head) < 16 || string(head[4:8]) != "ftyp" {
			return false
		}
		size := int(head[2])<<8 | int(head[3])
		if head[0] != 0 || head[1] != 0 || size < 16 || size > len(head) {
			return false
		}
		for at := 8; at+4 <= size; at += 4 {
			brand := string(head[at : at+4])
			if at != 12 && slices.ContainsFunc(known, func(k string) bool { return brand == k || len(k) == 3 && brand[:3] == k }) {
				return true
			}
		}
		return false
	}
}

// quickTime files have the brand, or begin with one of the boxes of the time before there were brands.
func quickTime(head []byte) bool {
	if brands("qt  ", "mp42", "isom")(head) {
		return true
	}
	return len(head) >= 8 && slices.Contains([]string{"moov", "mdat", "wide", "free", "skip", "pnot"}, string(head[4:8]))
}

// mp3: an ID3 tag, or a frame's header of MPEG audio layer III.
func mp3(head []byte) bool {
	if bytes.HasPrefix(head, []byte("ID3")) {
		return true
	}
	return len(head) >= 4 && head[0] == 0xff && head[1]&0xe6 == 0xe2 && // sync, layer III
		head[2]>>4 != 0xf && head[2]>>4 != 0 && head[2]&0x0c != 0x0c // a bit rate and a sample rate
}
