package sheet

import (
	"bytes"
	"context"
	"errors"
	"io"

	"himsg/server/internal/directory"
	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// maxColumns is how many columns are read; those behind them are no one's.
const maxColumns = 100

var (
	textNoSheet = errs.Text{KO: "Excel(.xlsx) 또는 CSV 파일이 아닙니다.", EN: "This is neither an Excel (.xlsx) nor a CSV file."}
	textBomb    = errs.Text{KO: "압축을 푼 크기가 너무 큽니다.", EN: "The file unpacks to too much."}
)

// Files implements directory.Sheets.
type Files struct{}

var _ directory.Sheets = Files{}

// magic of files that are known and not taken: old Excel, PDF.
var foreign = [][]byte{[]byte("\xd0\xcf\x11\xe0"), []byte("%PDF"), []byte("\x89PNG"), []byte("\xff\xd8\xff"), []byte("GIF8")}

// Read hands over the rows of a file: of an Excel file those of its first sheet. Numbers count as the file's editor does. It
// returns unsupported_type (import_file) for what is no such file, too_large for one that unpacks to too much, and fn's error.
func (Files) Read(ctx context.Context, file io.ReaderAt, size int64, fn func(row int, cells []directory.Cell) error) error {
	head := make([]byte, 8)
	n, err := file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	head = head[:n]
	for _, magic := range foreign {
		if bytes.HasPrefix(head, magic) {
			return noSheet(nil)
		}
	}
	each := func(row int, cells []directory.Cell) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return fn(row, cells)
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return readExcel(file, size, each)
	}
	return readCSV(io.NewSectionReader(file, 0, size), each)
}

// Write begins a file of a format: wire's "xlsx" or "csv".
func (Files) Write(w io.Writer, format string) (directory.SheetWriter, error) {
	if format == directory.FormatExcel {
		return newExcelWriter(w)
	}
	return newCSVWriter(w)
}

func noSheet(cause error) error {
	return &errs.Error{Code: wire.UnsupportedType, Reason: wire.ReasonImportFile, Text: textNoSheet, Err: cause}
}
