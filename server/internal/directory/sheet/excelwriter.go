package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"strings"
)

// The parts of an Excel file that are always the same.
var frame = [][2]string{
	{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
		`</Types>`},
	{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>` +
		`</Relationships>`},
	{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="Hi_Msg" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>` +
		`</Relationships>`},
}

// excelWriter writes rows as they come; every cell is a text, never a formula.
type excelWriter struct {
	archive *zip.Writer
	sheet   io.Writer
}

func newExcelWriter(w io.Writer) (*excelWriter, error) {
	e := &excelWriter{archive: zip.NewWriter(w)}
	for _, part := range frame {
		if err := e.begin(part[0]); err != nil {
			return nil, err
		}
		if _, err := io.WriteString(e.sheet, part[1]); err != nil {
			return nil, err
		}
	}
	if err := e.begin("xl/worksheets/sheet1.xml"); err != nil {
		return nil, err
	}
	_, err := io.WriteString(e.sheet, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	return e, err
}

func (e *excelWriter) begin(name string) (err error) {
	if e.sheet, err = e.archive.Create(name); err == nil {
		_, err = io.WriteString(e.sheet, xml.Header)
	}
	return err
}

// Row implements directory.SheetWriter.
func (e *excelWriter) Row(cells []string) error {
	var row strings.Builder
	row.WriteString("<row>")
	for _, text := range cells {
		row.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">`)
		if err := xml.EscapeText(&row, []byte(text)); err != nil {
			return err
		}
		row.WriteString("</t></is></c>")
	}
	row.WriteString("</row>")
	_, err := io.WriteString(e.sheet, row.String())
	return err
}

// Close implements directory.SheetWriter.
func (e *excelWriter) Close() error {
	if _, err := io.WriteString(e.sheet, "</sheetData></worksheet>"); err != nil {
		return err
	}
	return e.archive.Close()
}
