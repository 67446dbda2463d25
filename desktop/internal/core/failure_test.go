package core

import (
	"errors"
	"fmt"
	"io"
	"syscall"
	"testing"

	"himsg/desktop/internal/store"
	"himsg/shared/wire"
)

func TestFullDiskIsNamed(t *testing.T) {
	for name, row := range map[string]struct {
		err    error
		reason string
	}{
		"the store has no room":        {errors.Join(errStore, fmt.Errorf("enqueue: %w", store.ErrFull)), string(wire.ReasonDiskFull)},
		"a file's copy has none":       {fmt.Errorf("write a sealed file: %w", syscall.ENOSPC), string(wire.ReasonDiskFull)},
		"a quota is used up":           {errors.Join(errStore, errDiskFull), string(wire.ReasonDiskFull)},
		"the store fails another way":  {errors.Join(errStore, io.ErrUnexpectedEOF), ""},
		"a store of a newer version":   {errors.Join(errStore, store.ErrNewer), reasonNewerStore},
		"a store that is not readable": {errors.Join(errStore, store.ErrDamaged), ""},
	} {
		if got := toFailure(row.err); got.Code != codeStore || got.Reason != row.reason {
			t.Errorf("%s: %s %q", name, got.Code, got.Reason)
		}
	}
}
