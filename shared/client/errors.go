package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"himsg/shared/wire"
)

// The ways in which a server can't be reached. Errors of this package match them with errors.Is.
var (
	// ErrOffline: nobody answers at the address, or the connection was lost. Whether a request in flight was done is
	// unknown.
	ErrOffline = errors.New("server unreachable")
	// ErrTimeout: the answer did not come in time. Whether the request was done is unknown.
	ErrTimeout = errors.New("server did not answer in time")
	// ErrTLS: the encryption can't be trusted; see CertificateError for the certificate.
	ErrTLS = errors.New("encryption not trusted")
	// ErrPlainHTTP: https was asked of a port that speaks plain HTTP, or the other way round.
	ErrPlainHTTP = errors.New("encryption expected on one side only")
	// ErrClock: the certificate is not valid at this device's time: one of the two is wrong.
	ErrClock = errors.New("certificate not valid at this device's time")
	// ErrNotHimsg: something answers, but it is not a Hi_Msg server.
	ErrNotHimsg = errors.New("not a Hi_Msg server")
	// ErrAddress: what was typed is not a server address.
	ErrAddress = errors.New("not a server address")
	// ErrRevoked: the session ended and won't come back; sign in again. See RevokedError for the reason.
	ErrRevoked = errors.New("session ended")
	// ErrEpoch: the server's history is another one than what is held belongs to. See EpochError.
	ErrEpoch = errors.New("another history of the server")
)

// Error is a refusal by the server over HTTP.
type Error struct {
	Status     int
	RetryAfter time.Duration // 0 when the server did not say
	wire.HTTPError
}

// Error implements error.
func (e *Error) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("http %d %s (%s): %s", e.Status, e.Code, e.Reason, e.HTTPError.Error)
	}
	return fmt.Sprintf("http %d %s: %s", e.Status, e.Code, e.HTTPError.Error)
}

// RevokedError says why a session ended. It matches ErrRevoked.
type RevokedError struct {
	Reason wire.Reason // empty when the server did not say
	Err    error       // what showed it
}

// Error implements error.
func (e *RevokedError) Error() string { return fmt.Sprintf("%v (%s): %v", ErrRevoked, e.Reason, e.Err) }

// Unwrap makes errors.Is see ErrRevoked and the cause.
func (e *RevokedError) Unwrap() []error { return []error{ErrRevoked, e.Err} }

// EpochError says that a backup of the server was restored: what a replica holds is void. It matches ErrEpoch.
type EpochError struct {
	Epoch int64 // the server's
}

// Error implements error.
func (e *EpochError) Error() string { return fmt.Sprintf("%v: epoch %d", ErrEpoch, e.Epoch) }

// Is makes errors.Is see ErrEpoch.
func (e *EpochError) Is(target error) bool { return target == ErrEpoch }

// CertificateError is an untrusted certificate that a user may look at and accept by its Fingerprint. It matches ErrTLS,
// and ErrClock when the validity period is what fails.
type CertificateError struct {
	Fingerprint string // SHA-256 of the certificate, lower-case hex
	Subject     string
	Issuer      string
	NotBefore   time.Time
	NotAfter    time.Time
	Err         error
}

// Error implements error.
func (e *CertificateError) Error() string {
	return fmt.Sprintf("%v: certificate of %q by %q: %v", ErrTLS, e.Subject, e.Issuer, e.Err)
}

// Unwrap makes errors.Is see ErrTLS, ErrClock and the cause.
func (e *CertificateError) Unwrap() []error {
	var invalid x509.CertificateInvalidError
	if errors.As(e.Err, &invalid) && invalid.Reason == x509.Expired {
		return []error{ErrTLS, ErrClock, e.Err}
	}
	return []error{ErrTLS, e.Err}
}

// CodeOf returns the protocol's code for an error of this package: the server's own, wire.Unavailable for a network
// problem, wire.Unauthenticated for an ended session, "" for nil and for foreign errors.
func CodeOf(err error) wire.Code {
	var httpErr *Error
	var wsErr *wire.Error
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrRevoked):
		return wire.Unauthenticated
	case errors.As(err, &httpErr):
		return httpErr.Code
	case errors.As(err, &wsErr):
		return wsErr.Code
	case isNetwork(err):
		return wire.Unavailable
	}
	return ""
}

// ReasonOf returns the server's finer cause, or "".
func ReasonOf(err error) wire.Reason {
	var revoked *RevokedError
	var httpErr *Error
	var wsErr *wire.Error
	switch {
	case errors.As(err, &revoked) && revoked.Reason != "":
		return revoked.Reason
	case errors.As(err, &httpErr):
		return httpErr.Reason
	case errors.As(err, &wsErr):
		return wsErr.Reason
	}
	return ""
}

// Temporary reports whether the same request may succeed later without a change. Every network problem counts: nothing
// was refused. With a client_id a repeated send is harmless.
func Temporary(err error) bool {
	if err == nil || errors.Is(err, ErrRevoked) {
		return false
	}
	return isNetwork(err) || CodeOf(err).Temporary()
}

// RetryAfter returns how long the server asked to wait before a repeat; 0 if it did not say.
func RetryAfter(err error) time.Duration {
	var httpErr *Error
	if errors.As(err, &httpErr) {
		return httpErr.RetryAfter
	}
	var wsErr *wire.Error
	if errors.As(err, &wsErr) {
		return time.Duration(wsErr.RetryAfterMS) * time.Millisecond
	}
	return 0
}

func isNetwork(err error) bool {
	for _, kind := range []error{ErrOffline, ErrTimeout, ErrTLS, ErrPlainHTTP, ErrNotHimsg, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// classify gives a transport error its kind. A cancelled caller is not a problem of the network and stays as it is.
func classify(err error) error {
	var netErr net.Error
	var verify *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case err == nil, errors.Is(err, context.Canceled), isClassified(err):
		return err
	case errors.As(err, &verify) && len(verify.UnverifiedCertificates) > 0:
		return certificateError(verify.UnverifiedCertificates[0], verify.Err)
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%w: %w", ErrPlainHTTP, err)
	case errors.As(err, &alert):
		return fmt.Errorf("%w: %w", ErrTLS, err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return fmt.Errorf("%w: %w", ErrTimeout, err)
	}
	return fmt.Errorf("%w: %w", ErrOffline, err)
}

// isClassified is isNetwork without the caller's deadline, which has no kind yet.
func isClassified(err error) bool {
	return errors.Is(err, ErrTLS) || errors.Is(err, ErrOffline) || errors.Is(err, ErrTimeout) ||
		errors.Is(err, ErrPlainHTTP) || errors.Is(err, ErrNotHimsg)
}
