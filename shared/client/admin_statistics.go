package client

import (
	"context"
	"net/http"
	"strconv"

	"himsg/shared/wire"
)

// Statistics returns the figures of the last days, for administrators and auditors.
func (s *Session) Statistics(ctx context.Context, days int) (wire.Statistics, error) {
	var out wire.Statistics
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/admin/statistics?days=" + strconv.Itoa(days), out: &out})
	return out, err
}
