// Package licence holds the licences of what others made and is in the app.
//
// packaging/components.mjs writes the list, from the same components that the packages' licences and SBOM are of. It is
// embedded compressed and read when somebody asks, so that it costs a start nothing. main.go gives it to core.
package licence

import (
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"himsg/desktop/internal/core"
)

// data holds app.json.gz; Go code compiles without it.
//
//go:embed all:data
var data embed.FS

const (
	file    = "data/app.json.gz"
	maxSize = 16 << 20 // bytes, uncompressed; it has about one million
)

// Embedded is the list that this program was built with. A program that was built without one has an empty list.
type Embedded struct{}

var _ core.Licences = Embedded{}

// list is what the file holds. A component's Text is an index into Texts: many share one.
type list struct {
	Components []core.Component `json:"components"`
	Texts      []string         `json:"texts"`
}

// Components implements core.Licences.
func (Embedded) Components() ([]core.Component, error) {
	l, err := read(data)
	return l.Components, err
}

// Text implements core.Licences.
func (Embedded) Text(number int) (string, error) {
	l, err := read(data)
	if err != nil {
		return "", err
	}
	if number < 0 || number >= len(l.Texts) {
		return "", core.ErrNoLicence
	}
	return l.Texts[number], nil
}

func read(from fs.FS) (list, error) {
	f, err := from.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return list{}, nil
	}
	if err != nil {
		return list{}, fmt.Errorf("open the licences: %w", err)
	}
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return list{}, errors.Join(fmt.Errorf("unpack the licences: %w", err), f.Close())
	}
	var l list
	err = json.NewDecoder(io.LimitReader(unpacked, maxSize)).Decode(&l)
	if err := errors.Join(err, unpacked.Close(), f.Close()); err != nil {
		return list{}, fmt.Errorf("read the licences: %w", err)
	}
	return l, nil
}
