package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// Bounds of what an Excel file unpacks to.
const (
	maxInflated = 256 << 20 // bytes of the sheet, or of the shared strings
	maxSmall    = 4 << 20   // bytes of the parts that describe the workbook
	maxStrings  = 128 << 20 // bytes of all shared strings
	maxText     = 32 << 10  // bytes of a cell
	maxRow      = 1 << 20   // Excel's own
)

var errTooMuch = errs.E(wire.TooLarge, wire.ReasonImportFile, textBomb)

// bounded ends with an error where a part is larger than it may be.
type bounded struct {
	io.Reader
	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooMuch
	}
	return n, err
}

// book is an Excel file while it is read.
type book struct {
	parts   map[string]*zip.File
	strings []string
	date0   time.Time // what day 0 is
}

func readExcel(file io.ReaderAt, size int64, fn func(row int, cells []directory.Cell) error) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return noSheet(err)
	}
	b := &book{parts: map[string]*zip.File{}, date0: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	for _, f := range archive.File {
		b.parts[strings.TrimPrefix(f.Name, "/")] = f
	}
	sheet, err := b.firstSheet()
	if err != nil {
		return err
	}
	if err := b.readStrings(); err != nil {
		return err
	}
	return b.readRows(sheet, fn)
}

// walk hands over the tokens of a part. Tokens are raw: names without their namespaces, no entities but XML's own.
func (b *book) walk(name string, most int64, fn func(xml.Token) error) error {
	part, ok := b.parts[name]
	if !ok {
		return noSheet(errors.New("no part " + name))
	}
	in, err := part.Open()
	if err != nil {
		return noSheet(err)
	}
	defer in.Close()
	tokens := xml.NewDecoder(&bounded{in, most})
	for {
		token, err := tokens.RawToken()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, error(errTooMuch)):
			return errTooMuch
		case err != nil:
			return noSheet(err)
		}
		if err := fn(token); err != nil {
			return err
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// firstSheet finds the part of the workbook's first sheet, and which calendar its dates are of.
func (b *book) firstSheet() (name string, err error) {
	relation := ""
	err = b.walk("xl/workbook.xml", maxSmall, func(token xml.Token) error {
		e, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "workbookPr" && (attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"):
			b.date0 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		case e.Name.Local == "sheet" && relation == "":
			for _, a := range e.Attr {
				if a.Name.Space != "" && a.Name.Local == "id" {
					relation = a.Value
				}
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	err = b.walk("xl/_rels/workbook.xml.rels", maxSmall, func(token xml.Token) error {
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "Relationship" && attribute(e, "Id") == relation {
			name = attribute(e, "Target")
		}
		return nil
	})
	if strings.HasPrefix(name, "/") {
		return strings.TrimPrefix(name, "/"), err
	}
	return path.Join("xl", name), err
}

// readStrings reads the texts that cells refer to by number. Old files have none.
func (b *book) readStrings() error {
	const name = "xl/sharedStrings.xml"
	if _, ok := b.parts[name]; !ok {
		return nil
	}
	var text reading
	total := 0
	return b.walk(name, maxInflated, func(token xml.Token) error {
		ended := text.take(token)
		if ended != "si" {
			return nil
		}
		if total += len(text.value) + 16; total > maxStrings {
			return errTooMuch
		}
		b.strings = append(b.strings, string(text.value))
		text.value = text.value[:0]
		return nil
	})
}

// reading gathers the text of an item or a cell, without the readings that Japanese files write above it.
type reading struct {
	value   []byte
	inText  bool
	inAbove bool
}

// take reads on and returns the name of an element that ended.
func (r *reading) take(token xml.Token) (ended string) {
	switch e := token.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "t", "v":
			r.inText = true
		case "rPh":
			r.inAbove = true
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "t", "v":
			r.inText = false
		case "rPh":
			r.inAbove = false
		}
		return e.Name.Local
	case xml.CharData:
		if r.inText && !r.inAbove && len(r.value) <= maxText {
			r.value = append(r.value, e[:min(len(e), maxText)]...)
		}
	}
	return ""
}

// grid is a sheet while its rows are read.
type grid struct {
	book    *book
	text    reading
	row     int
	column  int
	kind    string
	formula bool
	cells   []directory.Cell
}

func (b *book) readRows(name string, fn func(row int, cells []directory.Cell) error) error {
	g := grid{book: b}
	return b.walk(name, maxInflated, func(token xml.Token) error {
		if e, ok := token.(xml.StartElement); ok {
			if err := g.start(e); err != nil {
				return err
			}
		}
		switch g.text.take(token) {
		case "c":
			g.put()
		case "row":
			return fn(g.row, g.cells)
		}
		return nil
	})
}

func (g *grid) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		g.row++
		if n, err := strconv.Atoi(attribute(e, "r")); err == nil {
			g.row = n
		}
		if g.row < 1 || g.row > maxRow {
			return noSheet(errors.New("a row beyond Excel's bounds"))
		}
		g.column, g.cells = 0, nil
	case "c":
		g.column++
		if n := columnOf(attribute(e, "r")); n > 0 {
			g.column = n
		}
		g.kind, g.formula, g.text.value = attribute(e, "t"), false, g.text.value[:0]
	case "f":
		g.formula = true
	}
	return nil
}

// columnOf is the number of a cell's column: 28 for "AB7". 0: it says none.
func columnOf(place string) int {
	n := 0
	for _, r := range place {
		if r < 'A' || r > 'Z' || n > maxColumns {
			break
		}
		n = n*26 + int(r-'A') + 1
	}
	return n
}

// put stores the cell that ended.
func (g *grid) put() {
	if g.column > maxColumns {
		return
	}
	for len(g.cells) < g.column {
		g.cells = append(g.cells, directory.Cell{})
	}
	cell := directory.Cell{Text: string(g.text.value), Formula: g.formula}
	switch g.kind {
	case "s":
		n, err := strconv.Atoi(cell.Text)
		cell.Text, cell.Broken = "", err != nil || n < 0 || n >= len(g.book.strings)
		if !cell.Broken {
			cell.Text = g.book.strings[n]
		}
	case "e":
		cell.Broken = true
	case "", "n":
		g.book.number(&cell)
	}
	cell.Broken = cell.Broken || !utf8.ValidString(cell.Text)
	g.cells[g.column-1] = cell
}

// lastDay is the last day that Excel knows, in 9999.
const lastDay = 2_958_465

// number writes a number as people do, and says which day it can be.
func (b *book) number(cell *directory.Cell) {
	value, err := strconv.ParseFloat(cell.Text, 64)
	if err != nil || math.Abs(value) >= 1e15 {
		return
	}
	if value == math.Trunc(value) {
		cell.Text = strconv.FormatInt(int64(value), 10)
	}
	if value >= 1 && value <= lastDay {
		cell.Day = b.date0.AddDate(0, 0, int(value)).Format(time.DateOnly)
	}
}
