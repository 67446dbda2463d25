package client

import (
	"context"
	"net/http"

	"himsg/shared/wire"
)

// This file holds the calls that need no sign-in.

// ServerInfo asks who the server is.
func (h *HTTP) ServerInfo(ctx context.Context) (wire.ServerInfo, error) {
	var out wire.ServerInfo
	err := h.do(ctx, call{method: http.MethodGet, path: "/api/server", out: &out})
	return out, err
}

// DepartmentNames lists the departments for the sign-up form.
func (h *HTTP) DepartmentNames(ctx context.Context) ([]string, error) {
	var out []string
	err := h.do(ctx, call{method: http.MethodGet, path: "/api/departments", out: &out})
	return out, err
}

// Register asks for an account. The reply's token is the secret with which RegisterStatus watches the decision.
func (h *HTTP) Register(ctx context.Context, form wire.RegisterRequest) (wire.RegisterReply, error) {
	var out wire.RegisterReply
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/register", in: form, out: &out})
	return out, err
}

// RegisterStatus asks where a sign-up stands.
func (h *HTTP) RegisterStatus(ctx context.Context, registerToken string) (wire.RegisterStatusReply, error) {
	var out wire.RegisterStatusReply
	in := wire.RegisterStatusRequest{RegisterToken: registerToken}
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/register/status", in: in, out: &out})
	return out, err
}

// Login signs in. TokensOf makes of its reply what NewSession takes.
func (h *HTTP) Login(ctx context.Context, in wire.LoginRequest) (wire.LoginReply, error) {
	var out wire.LoginReply
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/login", in: in, out: &out})
	return out, err
}

// BeginBrowser starts a sign-in by the browser.
func (h *HTTP) BeginBrowser(ctx context.Context, in wire.BrowserBeginRequest) (wire.BrowserBeginReply, error) {
	var out wire.BrowserBeginReply
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/sign-in/begin", in: in, out: &out})
	return out, err
}

// FinishBrowser trades what the browser brought back for a session.
func (h *HTTP) FinishBrowser(ctx context.Context, in wire.BrowserFinishRequest) (wire.LoginReply, error) {
	var out wire.LoginReply
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/sign-in/finish", in: in, out: &out})
	return out, err
}

// Refresh spends a refresh token for the next pair. Session does this by itself.
func (h *HTTP) Refresh(ctx context.Context, refreshToken string) (wire.RefreshReply, error) {
	var out wire.RefreshReply
	in := wire.RefreshRequest{RefreshToken: refreshToken}
	err := h.do(ctx, call{method: http.MethodPost, path: "/api/token/refresh", in: in, out: &out})
	return out, err
}
