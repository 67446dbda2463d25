package sheet_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"

	"himsg/server/internal/directory"
	"himsg/server/internal/directory/sheet"
	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// read returns the rows of a file as texts, by their numbers.
func read(data []byte) (map[int][]directory.Cell, error) {
	rows := map[int][]directory.Cell{}
	err := sheet.Files{}.Read(context.Background(), bytes.NewReader(data), int64(len(data)),
		func(n int, cells []directory.Cell) error {
			rows[n] = cells
			return nil
		})
	return rows, err
}

func texts(cells []directory.Cell) (out []string) {
	for _, c := range cells {
		out = append(out, c.Text)
	}
	return out
}

func TestEncodingsOfCSV(t *testing.T) {
	const text = "이름,사번\r\n\"홍길동\n(대리)\",A1\r\n뷁,=cmd|' /C calc'!A0\r\n"
	encoded := func(e encoding.Encoding) []byte {
		b, err := e.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"UTF-8":             []byte(text),
		"UTF-8 with a mark": append([]byte("\xef\xbb\xbf"), text...),
		"UTF-16LE":          encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"UTF-16BE":          encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM)),
		"CP949":             encoded(korean.EUCKR),
		"semicolons":        []byte(strings.ReplaceAll(text, ",", ";")),
		"tabs":              []byte(strings.ReplaceAll(text, ",", "\t")),
	} {
		rows, err := read(data)
		if err != nil || !reflect.DeepEqual(texts(rows[1]), []string{"이름", "사번"}) ||
			!reflect.DeepEqual(texts(rows[2]), []string{"홍길동\n(대리)", "A1"}) ||
			!reflect.DeepEqual(texts(rows[3]), []string{"뷁", "=cmd|' /C calc'!A0"}) {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
	rows, err := read([]byte("이름,사번\n\xff\xfe\xfd,1\n"))
	if err != nil || !rows[2][0].Broken {
		t.Errorf("bytes that are no text: %+v, %v", rows, err)
	}
}

// book makes an Excel file of a sheet's XML.
func book(t testing.TB, sheetXML, stringsXML string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, body := range map[string]string{
		"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId7"/><sheet name="b" r:id="rId8"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId8" Target="worksheets/no.xml"/>` +
			`<Relationship Id="rId7" Target="/xl/worksheets/people.xml"/></Relationships>`,
		"xl/worksheets/people.xml": sheetXML, "xl/sharedStrings.xml": stringsXML,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestExcelCells(t *testing.T) {
	rows, err := read(book(t, `<worksheet><sheetData>
		<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><r><t>나</t></r><r><t>다</t></r></is></c></row>
		<row r="4"><c r="A4"><v>1.0E3</v></c><c r="B4" s="3"><v>33000</v></c><c r="C4"><f>1+1</f><v>2</v></c>
		<c r="D4" t="e"><v>#REF!</v></c><c r="E4" t="s"><v>99</v></c><c r="F4" t="str"><v>가&amp;나</v></c></row>
		</sheetData></worksheet>`, `<sst><si><t>가</t><rPh><t>읽는 법</t></rPh></si></sst>`))
	if err != nil {
		t.Fatal(err)
	}
	if got := texts(rows[1]); !reflect.DeepEqual(got, []string{"가", "", "나다"}) {
		t.Errorf("row 1: %q", got)
	}
	r := rows[4]
	if r[0].Text != "1000" || r[1].Day != "1990-05-07" || !r[2].Formula || !r[3].Broken || !r[4].Broken || r[5].Text != "가&나" {
		t.Errorf("row 4: %+v", r)
	}
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	want := [][]string{{"이름", "사번"}, {"홍 <길동> & \"씨\"", "007"}, {"=1+1", "+82 10"}, {" 앞뒤 ", ""}}
	for _, format := range []string{directory.FormatExcel, directory.FormatCSV} {
		var out bytes.Buffer
		w, err := sheet.Files{}.Write(&out, format)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range want {
			if err := w.Row(row); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		rows, err := read(out.Bytes())
		if err != nil || len(rows) != len(want) {
			t.Fatalf("%s: %v, %v", format, rows, err)
		}
		for i, cells := range want {
			for j, text := range cells {
				if format == directory.FormatCSV && directory.LooksLikeFormula(text) {
					text = "'" + text
				}
				if got := rows[i+1][j]; got.Text != text || got.Formula {
					t.Errorf("%s: row %d: %+v, want %q", format, i+1, got, text)
				}
			}
		}
	}
}

func TestForeignAndHostileFiles(t *testing.T) {
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	for _, name := range []string{"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		chunk := bytes.Repeat([]byte("<a/>"), 1<<18)
		for range 8 { // 8 MiB in 8 KiB
			if _, err := w.Write(chunk); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		code wire.Code
	}{
		"old Excel":          {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), wire.UnsupportedType},
		"PDF":                {[]byte("%PDF-1.7"), wire.UnsupportedType},
		"half a zip":         {book(t, "<worksheet/>", "<sst/>")[:200], wire.UnsupportedType},
		"another zip":        {emptyZip(t), wire.UnsupportedType},
		"broken XML":         {book(t, "<worksheet><row r=", "<sst/>"), wire.UnsupportedType},
		"an entity":          {book(t, `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><row><c t="str"><v>&a;</v></c></row></worksheet>`, "<sst/>"), wire.UnsupportedType},
		"row 99999999":       {book(t, `<worksheet><row r="99999999"><c><v>1</v></c></row></worksheet>`, "<sst/>"), wire.UnsupportedType},
		"it unpacks to more": {bomb.Bytes(), wire.TooLarge},
	} {
		if _, err := read(c.data); !errs.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	rows, err := read(book(t, `<worksheet><row><c r="ZZZZZZ1"><v>1</v></c><c r="B1"><v>2</v></c></row></worksheet>`, "<sst/>"))
	if err != nil || len(rows[1]) != 2 {
		t.Errorf("a column far out: %v, %v", rows, err)
	}
}

func emptyZip(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	_, err := z.Create("a.txt")
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// FuzzRead holds the readers against any bytes: they end, and what they hand over is bounded.
func FuzzRead(f *testing.F) {
	f.Add([]byte("이름,사번\n홍길동,1\n"))
	f.Add([]byte("\xff\xfe\x00\x01"))
	f.Add([]byte("a;b\n\"c\nd\";\"e"))
	f.Add(book(f, `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData></worksheet>`, "<sst><si><t>x</t></si></sst>"))
	f.Add(emptyZip(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		last := 0
		err := sheet.Files{}.Read(context.Background(), bytes.NewReader(data), int64(len(data)),
			func(n int, cells []directory.Cell) error {
				if len(cells) > 100 {
					return fmt.Errorf("row %d has %d cells", n, len(cells))
				}
				last = n
				return nil
			})
		if err != nil && errs.As(err).Code == wire.Internal {
			t.Errorf("after row %d: %v", last, err)
		}
	})
}
