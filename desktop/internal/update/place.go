package update

import (
	"context"
	"errors"

	"himsg/shared/release"
)

// place is where the app is installed.
type place interface {
	// kind is the kind of file that can be installed here by the app itself; empty: only IT can.
	kind() string
	// program is the app's file.
	program() string
	// put checks a file while it reads it, keeps the former version and takes the place of it.
	put(ctx context.Context, path string, file release.File, rollback bool) error
	// restore takes back what put did.
	restore() error
	// finish tidies up after the new version has come up.
	finish()
}

// errChanged is why a file is not installed.
var errChanged = errors.New("the file is not the one that was signed")

// foreign is a place that the app must leave alone.
type foreign struct{ path string }

func (foreign) kind() string      { return "" }
func (f foreign) program() string { return f.path }
func (foreign) restore() error    { return errNothing }
func (foreign) finish()           {}
func (foreign) put(context.Context, string, release.File, bool) error {
	return errNothing
}
