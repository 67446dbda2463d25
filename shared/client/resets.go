package client

import (
	"context"
	"net/http"

	"himsg/shared/wire"
)

// This file holds the calls of who lost his password. They need no sign-in.

// RequestReset asks for a new password. The reply's secret belongs to this device alone; the answer is the same whether
// anybody matches or not.
func (h *HTTP) RequestReset(ctx context.Context, in wire.ResetRequest) (wire.ResetReceived, error) {
	var out wire.ResetReceived
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/password-reset/request", in: in, out: &out})
	return out, err
}

// ResetStatus asks where the request stands that a secret belongs to.
func (h *HTTP) ResetStatus(ctx context.Context, secret string) (wire.ResetStatusReply, error) {
	var out wire.ResetStatusReply
	in := wire.ResetStatusRequest{Secret: secret}
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/password-reset/status", in: in, out: &out})
	return out, err
}

// ResetPassword sets a new password, with the secret of an approved request or with a one-time code. All sessions of the
// person end.
func (h *HTTP) ResetPassword(ctx context.Context, in wire.PasswordResetRequest) error {
	return h.do(ctx, call{method: http.MethodPost, path: "/api/password-reset/reset", in: in})
}
