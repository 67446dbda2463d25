package ws

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"himsg/server/internal/errs"
	"himsg/shared/wire"
)

// A client that left while the database was busy is no fault of the server, in its log neither.
func TestRefusalOf(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want wire.Code
	}{
		"left":       {fmt.Errorf("read person: %w", context.Canceled), wire.Unavailable},
		"took long":  {fmt.Errorf("read person: %w", context.DeadlineExceeded), wire.Unavailable},
		"broken":     {errors.New("no such column"), wire.Internal},
		"refused":    {errs.E(wire.Forbidden, "", errs.Text{}), wire.Forbidden},
		"came again": {errs.Unavailable(doorRetry, context.Canceled), wire.Unavailable},
	} {
		if got := refusalOf(c.err).Code; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
