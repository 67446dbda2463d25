package shelf_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"himsg/server/internal/shelf"
	"himsg/shared/release"
)

func TestCheckFindsWhatIsWrong(t *testing.T) {
	const archive = "himsg-1.0.0-linux-amd64.tar.gz"
	later := now.AddDate(0, 0, 31)
	other := newVendor(t)
	for name, row := range map[string]struct {
		harm func(folder string) error
		keys []ed25519.PublicKey
		late bool
		want error
	}{
		"nothing":              {},
		"without keys":         {keys: []ed25519.PublicKey{}},
		"another key":          {keys: []ed25519.PublicKey{other.public}, want: release.ErrSignature},
		"expired":              {late: true, want: release.ErrExpired},
		"a file missing":       {harm: func(d string) error { return os.Remove(filepath.Join(d, archive)) }, want: shelf.ErrMissing},
		"a file cut short":     {harm: func(d string) error { return os.Truncate(filepath.Join(d, archive), 3) }, want: shelf.ErrFile},
		"one byte changed":     {harm: func(d string) error { return flip(filepath.Join(d, archive)) }, want: shelf.ErrFile},
		"no manifest":          {harm: func(d string) error { return os.Remove(filepath.Join(d, "update.json")) }, want: shelf.ErrMissing},
		"a manifest cut short": {harm: func(d string) error { return os.Truncate(filepath.Join(d, "update.json"), 40) }, want: release.ErrBroken},
	} {
		t.Run(name, func(t *testing.T) {
			v, data := newVendor(t), t.TempDir()
			s := shelf.Open(data, quiet)
			if err := v.add(s, nil, v.release("1.0.0", nil)); err != nil {
				t.Fatal(err)
			}
			if row.harm != nil {
				if err := row.harm(filepath.Join(data, "releases", "1")); err != nil {
					t.Fatal(err)
				}
			}
			keys, at := row.keys, now
			if keys == nil {
				keys = []ed25519.PublicKey{v.public}
			}
			if row.late {
				at = later
			}
			all, err := s.Check(context.Background(), keys, at)
			if err != nil || len(all) != 1 || all[0].Sequence != 1 || all[0].Unchecked != 0 {
				t.Fatalf("Check = %+v, %v", all, err)
			}
			faults := all[0].Faults
			if len(faults) > 0 { // it can be taken away, whatever it is
				sequence, err := s.ByVersion("1")
				if err := errors.Join(err, s.Remove(sequence)); err != nil {
					t.Errorf("remove: %v", err)
				}
			}
			if (row.want == nil) != (len(faults) == 0) || row.want != nil && !errors.Is(faults[0], row.want) {
				t.Errorf("faults %v, want %v", faults, row.want)
			}
		})
	}
}

func TestCheckOfAnEmptyShelfAndInAHurry(t *testing.T) {
	v, data := newVendor(t), t.TempDir()
	s := shelf.Open(data, quiet)
	if all, err := s.Check(context.Background(), nil, now); err != nil || len(all) != 0 {
		t.Errorf("nothing there: %v, %v", all, err)
	}
	if err := v.add(s, nil, v.release("1.0.0", nil)); err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	all, err := s.Check(ended, nil, now)
	if err != nil || len(all) != 1 || all[0].Unchecked != 2 || len(all[0].Faults) != 0 {
		t.Errorf("out of time: %+v, %v", all, err)
	}
}

// flip changes the first byte of a file.
func flip(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	content[0] ^= 1
	return os.WriteFile(path, content, 0o600)
}
