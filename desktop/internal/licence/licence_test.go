package licence

import (
	"bytes"
	"compress/gzip"
	"errors"
	"testing"
	"testing/fstest"

	"himsg/desktop/internal/core"
)

func packed(t *testing.T, text string) fstest.MapFS {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{file: {Data: b.Bytes()}}
}

func TestList(t *testing.T) {
	l, err := read(packed(t, `{"components":[{"name":"chi","version":"v5.3.0","licence":"MIT","text":0}],"texts":["Permission is hereby granted"]}`))
	if err != nil || len(l.Components) != 1 || l.Components[0] != (core.Component{Name: "chi", Version: "v5.3.0", Licence: "MIT"}) {
		t.Errorf("read = %+v, %v", l, err)
	}
	if l, err := read(fstest.MapFS{}); err != nil || len(l.Components) != 0 {
		t.Errorf("a program without a list: %+v, %v", l, err)
	}
	whole := packed(t, `{"components":[],"texts":["a long enough text to cut"]}`)
	whole[file].Data = whole[file].Data[:len(whole[file].Data)-9]
	if _, err := read(whole); err == nil {
		t.Error("a list that is cut short was read")
	}
	if _, err := read(fstest.MapFS{file: {Data: []byte("not compressed")}}); err == nil {
		t.Error("a list that is not compressed was read")
	}
}

// The list is there when make built the app before; without it this program has none, and no text.
func TestEmbedded(t *testing.T) {
	components, err := Embedded{}.Components()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range components {
		if text, err := (Embedded{}).Text(c.Text); err != nil || c.Name == "" || c.Licence == "" || text == "" {
			t.Fatalf("%+v: a text of %d bytes, %v", c, len(text), err)
		}
	}
	for _, number := range []int{-1, 1 << 20} {
		if _, err := (Embedded{}).Text(number); !errors.Is(err, core.ErrNoLicence) {
			t.Errorf("Text(%d) = %v", number, err)
		}
	}
}
