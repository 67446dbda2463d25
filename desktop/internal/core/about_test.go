package core_test

import (
	"testing"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

type licences struct{}

func (licences) Components() ([]core.Component, error) {
	return []core.Component{{Name: "github.com/go-chi/chi/v5", Version: "v5.3.0", Licence: "MIT", Text: 0}}, nil
}

func (licences) Text(number int) (string, error) {
	if number != 0 {
		return "", core.ErrNoLicence
	}
	return "Permission is hereby granted", nil
}

func TestLicences(t *testing.T) {
	a := startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) { o.Licences = licences{} })
	components, err := a.Licences()
	if err != nil || len(components) != 1 {
		t.Fatalf("Licences = %+v, %v", components, err)
	}
	if text, err := a.LicenceText(components[0].Text); err != nil || text != "Permission is hereby granted" {
		t.Errorf("LicenceText = %q, %v", text, err)
	}
	_, err = a.LicenceText(7)
	if f := failure(t, err); f.Code != string(wire.NotFound) {
		t.Errorf("a number without a text: %v", f)
	}
}

func TestProgramWithoutLicences(t *testing.T) {
	a := start(t, nil, t.TempDir(), newKeyring())
	if components, err := a.Licences(); err != nil || components == nil || len(components) != 0 {
		t.Errorf("Licences = %#v, %v", components, err)
	}
	_, err := a.LicenceText(0)
	if f := failure(t, err); f.Code != string(wire.NotFound) {
		t.Errorf("LicenceText: %v", f)
	}
}
