package backup

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FuzzRows: whatever a line says, it is refused or read, and what was read is written and read again as the same.
func FuzzRows(f *testing.F) {
	for _, line := range []string{`[1,"a",null]`, `[{"b":"AAE="},{"t":"//4="},-9223372036854775808]`, `[{},1,2]`, `[1.5,true,[]]`, `[`, ``} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := parseRow(line, 3)
		if err != nil {
			return
		}
		var text bytes.Buffer
		if err := appendRow(&text, row); err != nil {
			t.Fatal(err)
		}
		again, err := parseRow(text.Bytes(), 3)
		if err != nil || !cmp.Equal(row, again) {
			t.Fatalf("%q becomes %q: %v", line, text.String(), err)
		}
	})
}
