package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"himsg/shared/wire"
)

// CheckResult is what Check found out, as far as it came.
type CheckResult struct {
	Address     string // normalised
	Encrypted   bool
	Info        wire.ServerInfo
	ClockOffset time.Duration // server's clock minus ours; more than a minute is worth telling
	// Certificate is set when it is not trusted; accept its Fingerprint in Options to go on.
	Certificate *CertificateError
}

// Check tells whether a Hi_Msg server answers at o.Address. The error matches one of ErrAddress, ErrOffline, ErrTimeout,
// ErrTLS (with result.Certificate), ErrClock, ErrPlainHTTP, ErrNotHimsg, or is the server's own refusal. An address without
// a scheme is never tried without encryption unless it is this machine itself.
func Check(ctx context.Context, o Options) (CheckResult, error) {
	address, err := ParseAddress(o.Address)
	if err != nil {
		return CheckResult{}, err
	}
	bare := !strings.Contains(o.Address, "://")
	o.Address = address
	result, err := checkOne(ctx, o)
	if bare && errors.Is(err, ErrPlainHTTP) && strings.HasPrefix(address, "http://") {
		o.Address = "https" + strings.TrimPrefix(address, "http") // this machine's server may well be encrypted
		return checkOne(ctx, o)
	}
	return result, err
}

func checkOne(ctx context.Context, o Options) (CheckResult, error) {
	h, err := NewHTTP(o)
	if err != nil {
		return CheckResult{}, err
	}
	defer h.Close()
	result := CheckResult{Address: h.Address(), Encrypted: strings.HasPrefix(h.Address(), "https://")}
	asked := h.options.Now()
	info, err := h.ServerInfo(ctx)
	if err != nil {
		var certificate *CertificateError
		if errors.As(err, &certificate) {
			result.Certificate = certificate
		}
		return result, foreign(err)
	}
	if info.Protocol != wire.Subprotocol {
		return result, fmt.Errorf("%w: protocol %q", ErrNotHimsg, info.Protocol)
	}
	answered := h.options.Now()
	result.Info = info
	result.ClockOffset = info.ServerTime.Sub(asked.Add(answered.Sub(asked) / 2))
	return result, nil
}

// foreign: a server that has no /api/server, in whatever form it says so, is not ours.
func foreign(err error) error {
	if CodeOf(err) == wire.NotFound {
		return fmt.Errorf("%w: %w", ErrNotHimsg, err)
	}
	return err
}
