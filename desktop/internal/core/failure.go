package core

import (
	"context"
	"errors"
	"net/http"

	"himsg/desktop/internal/store"
	"himsg/shared/client"
	"himsg/shared/wire"
)

// The client's own failure codes; Failure's comment says what they mean.
const (
	codeOffline    = "offline"
	codeTimeout    = "timeout"
	codeTLS        = "tls"
	codeNotHimsg   = "not_himsg"
	codeBadAddress = "bad_address"
	codeClock      = "clock"
	codeStore      = "store"
	codeTooOld     = "too_old"
	codeAutostart  = "autostart"
	codeProxy      = "proxy"
)

// The client's own reasons about what it keeps on this PC.
const (
	reasonNewerStore   = "newer_store"   // store: a newer version of the app wrote it; nothing was changed
	reasonStoreAnew    = "store_anew"    // no failure: that one was set aside, and who signs in again gets everything anew
	reasonProfileReset = "profile_reset" // store: profile.json could not be read and was set aside
)

// reasonOlderServer is the client's own, of not_found: the server does not have what was asked for, since it is older than this app.
const reasonOlderServer = "older_server"

// byError says which code an error of the network or the store has. The first that matches counts: an expired
// certificate is both clock and tls.
var byError = []struct {
	err    error
	code   string
	reason string
}{
	{client.ErrRevoked, string(wire.Unauthenticated), ""},
	{client.ErrAddress, codeBadAddress, ""},
	{client.ErrClock, codeClock, ""},
	{client.ErrPlainHTTP, codeTLS, "plain_http"},
	{client.ErrTLS, codeTLS, ""},
	{client.ErrNotHimsg, codeNotHimsg, ""},
	{client.ErrTimeout, codeTimeout, ""},
	{context.DeadlineExceeded, codeTimeout, ""},
	{client.ErrOffline, codeOffline, ""},
	{context.Canceled, codeOffline, ""},
	{store.ErrNotFound, string(wire.NotFound), ""},
	{store.ErrDamaged, codeStore, ""},
	{store.ErrNewer, codeStore, reasonNewerStore},
	{errStore, codeStore, ""},
}

// errStore marks errors of the local store for the page.
var errStore = errors.New("local store")

// toFailure makes what the page gets of any error; nil stays nil.
func toFailure(err error) *Failure {
	if err == nil {
		return nil
	}
	var own *Failure
	if errors.As(err, &own) {
		return own
	}
	f := refusalOf(err)
	if f != nil {
		return f
	}
	var proxy *client.ProxyError
	if errors.As(err, &proxy) {
		return &Failure{Code: codeProxy, Reason: proxyReason(proxy), Message: proxy.Address}
	}
	if DiskFull(err) {
		return &Failure{Code: codeStore, Reason: string(wire.ReasonDiskFull), Message: err.Error()}
	}
	for _, k := range byError {
		if errors.Is(err, k.err) {
			reason := k.reason
			if reason == "" {
				reason = string(client.ReasonOf(err))
			}
			return &Failure{Code: k.code, Reason: reason, Message: err.Error()}
		}
	}
	return &Failure{Code: string(wire.Internal), Message: err.Error()}
}

// proxyReason says what a proxy does.
func proxyReason(e *client.ProxyError) string {
	switch e.Status {
	case 0:
		return "proxy_down"
	case http.StatusProxyAuthRequired:
		return "proxy_auth"
	}
	return "proxy_refused"
}

// refusalOf is toFailure for a refusal by the server.
func refusalOf(err error) *Failure {
	if errors.Is(err, client.ErrRevoked) {
		return nil
	}
	retry := client.RetryAfter(err).Milliseconds()
	var overHTTP *client.Error
	if errors.As(err, &overHTTP) {
		return &Failure{
			Code: string(overHTTP.Code), Reason: string(overHTTP.Reason), Message: overHTTP.HTTPError.Error,
			RequestID: overHTTP.RequestID, RetryMS: retry, Fields: overHTTP.Details,
		}
	}
	var overSocket *wire.Error
	if errors.As(err, &overSocket) {
		return &Failure{
			Code: string(overSocket.Code), Reason: string(overSocket.Reason), Message: overSocket.Message,
			RequestID: overSocket.RequestID, RetryMS: retry,
		}
	}
	return nil
}

// fail is toFailure as the error of a call; it keeps nil a plain nil.
func fail(err error) error {
	if f := toFailure(err); f != nil {
		return f
	}
	return nil
}

// offered is for lists and settings that each server has which knows of them: not found, they say that it is older.
func offered(err error) error {
	var f *Failure
	if !errors.As(err, &f) || f.Code != string(wire.NotFound) || f.Reason != "" {
		return err
	}
	older := *f
	older.Reason = reasonOlderServer
	return &older
}

func refuse(code wire.Code, reason wire.Reason, message string) *Failure {
	return &Failure{Code: string(code), Reason: string(reason), Message: message}
}
