package demo

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"path"
	"strings"
)

// sample makes the content of a file by its extension: small, and what it says to be. look makes pictures differ.
func sample(name string, look int) ([]byte, error) {
	switch ext := path.Ext(name); ext {
	case ".jpg":
		var b bytes.Buffer
		err := jpeg.Encode(&b, landscape(960, 720, look), &jpeg.Options{Quality: 80})
		return b.Bytes(), err
	case ".png":
		var b bytes.Buffer
		err := png.Encode(&b, landscape(480, 640, look))
		return b.Bytes(), err
	case ".pdf":
		return samplePDF(), nil
	case ".xlsx":
		return sampleZip(sheetParts)
	case ".zip":
		return sampleZip([][2]string{{"읽어 주세요.txt", "배너 시안 세 가지입니다.\n"}})
	case ".txt":
		return []byte("회의록\n\n1. 설비 도입 일정 확인\n2. 예산안 검토\n3. 다음 회의: 다음 주 화요일 10시\n"), nil
	default:
		return nil, fmt.Errorf("no sample of %q", ext)
	}
}

// landscape is a sky over three ranges of hills, in colours that look decides.
func landscape(width, height, look int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	hue := float64(look) * 0.83
	tone := func(part, shade float64) color.RGBA {
		channel := func(shift float64) uint8 { return uint8((0.5 + 0.35*math.Sin(hue+part+shift)) * shade * 255) }
		return color.RGBA{channel(0), channel(2.1), channel(4.2), 255}
	}
	for x := range width {
		at := float64(x) / float64(width)
		var edges [3]int
		for i := range edges {
			wave := math.Sin(at*(5+3*float64(i))+hue*float64(i+1)) * 0.07
			edges[i] = int((0.45 + 0.17*float64(i) + wave) * float64(height))
		}
		for y := range height {
			part, shade := 0.0, 1.1-0.4*float64(y)/float64(height)
			for i, edge := range edges {
				if y > edge {
					part, shade = 0.6*float64(i+1), 0.75-0.18*float64(i)
				}
			}
			img.SetRGBA(x, y, tone(part, shade))
		}
	}
	return img
}

// samplePDF is one empty page.
func samplePDF() []byte {
	var b bytes.Buffer
	var offsets []int
	b.WriteString("%PDF-1.4\n")
	for i, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
	} {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := b.Len()
	b.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", start)
	return b.Bytes()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// sheetParts are a workbook with one line.
var sheetParts = [][2]string{
	{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ` +
		`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ` +
		`ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Target="xl/workbook.xml" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>`},
	{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Target="worksheets/sheet1.xml" ` +
		`Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>`},
	{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ` +
		`xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">` +
		`<sheets><sheet name="목록" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/worksheets/sheet1.xml", xmlHead + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
		`<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>품목</t></is></c></row></sheetData></worksheet>`},
}

func sampleZip(parts [][2]string) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range parts {
		w, err := z.Create(part[0])
		if err != nil {
			return nil, err
		}
		if _, err := strings.NewReader(part[1]).WriteTo(w); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}
