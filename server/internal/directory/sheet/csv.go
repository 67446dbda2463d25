package sheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"himsg/server/internal/directory"
)

const sampleBytes = 4096

// readCSV reads a table whose cells are parted by comma, semicolon or tab, in UTF-8, UTF-16 or CP949.
func readCSV(file *io.SectionReader, fn func(row int, cells []directory.Cell) error) error {
	text, err := decoded(file)
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(text, sampleBytes*4)
	table := csv.NewReader(in)
	table.Comma, table.LazyQuotes, table.FieldsPerRecord, table.ReuseRecord = separator(in), true, -1, true
	wrapped := 0 // lines that were within cells: the editor counts their row once
	for {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return noSheet(err)
		}
		line, _ := table.FieldPos(0)
		row := line - wrapped
		cells := make([]directory.Cell, 0, len(record))
		for _, value := range record {
			wrapped += strings.Count(value, "\n")
			if len(cells) < maxColumns {
				cells = append(cells, directory.Cell{Text: value, Broken: strings.ContainsRune(value, utf8.RuneError)})
			}
		}
		if err := fn(row, cells); err != nil {
			return err
		}
	}
}

// decoded is the text of a file as UTF-8. What says nothing of itself is UTF-8 if all of it can be, UTF-16 if every other byte
// is zero, and otherwise what Korean Excel writes.
func decoded(file *io.SectionReader) (io.Reader, error) {
	head := make([]byte, sampleBytes)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		from = unicode.UTF8BOM
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case zeros(head, 1):
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros(head, 0):
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	default:
		valid, err := validUTF8(file)
		if err != nil {
			return nil, err
		}
		from = unicode.UTF8
		if !valid {
			from = korean.EUCKR // with CP949's letters, as the WHATWG has it
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return transform.NewReader(file, from.NewDecoder()), nil
}

// zeros reports whether many of the bytes at odd or even places are zero and hardly any of the others: Latin in UTF-16.
func zeros(head []byte, odd int) bool {
	var here, there int
	for i, b := range head {
		switch {
		case b != 0:
		case i%2 == odd:
			here++
		default:
			there++
		}
	}
	return here > len(head)/20 && there <= here/20
}

func validUTF8(file *io.SectionReader) (bool, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	in := bufio.NewReaderSize(file, 1<<16)
	for {
		r, size, err := in.ReadRune()
		switch {
		case errors.Is(err, io.EOF):
			return true, nil
		case err != nil:
			return false, err
		case r == utf8.RuneError && size == 1:
			return false, nil
		}
	}
}

// separator is what parts the cells of the first line.
func separator(in *bufio.Reader) rune {
	head, _ := in.Peek(sampleBytes) // what can't be read the next read tells
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, other := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(other))); n > most {
			best, most = other, n
		}
	}
	return best
}

// csvWriter writes UTF-8 with a mark, by which Excel knows it.
type csvWriter struct{ *csv.Writer }

func newCSVWriter(w io.Writer) (csvWriter, error) {
	_, err := io.WriteString(w, "\ufeff")
	c := csvWriter{csv.NewWriter(w)}
	c.UseCRLF = true
	return c, err
}

// Row implements directory.SheetWriter. What a spreadsheet would take for a formula gets an apostrophe, which it shows as text.
func (c csvWriter) Row(cells []string) error {
	safe := make([]string, len(cells))
	for i, text := range cells {
		if directory.LooksLikeFormula(text) {
			text = "'" + text
		}
		safe[i] = text
	}
	return c.Write(safe)
}

// Close implements directory.SheetWriter.
func (c csvWriter) Close() error {
	c.Flush()
	return c.Error()
}
