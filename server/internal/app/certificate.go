package app

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"

	"himsg/server/internal/cert"
	"himsg/server/internal/config"
	"himsg/server/internal/ops"
	"himsg/shared/wire"
)

// tlsDir is where a certificate of an ACME server is kept.
func tlsDir(c config.Store) string { return filepath.Join(c.Data, "tls") }

// openCertificate reads the certificate, or prepares to get one, and returns how to speak TLS; nil without a certificate.
func (a *App) openCertificate() (secure *tls.Config, err error) {
	c := a.o.Config
	keep := cert.KeeperOptions{CertFile: c.TLSCert, KeyFile: c.TLSKey, Now: a.o.Now, Logger: a.o.Logger}
	switch {
	case c.ACME.URL != "":
		if a.acme, err = openACME(a.o, func() { a.kept.Wake() }); err != nil {
			return nil, err
		}
		keep.CertFile, keep.Later = cert.PairFile(tlsDir(c.Store)), true
		keep.KeyFile = keep.CertFile
	case c.TLSCert == "":
		return nil, nil
	}
	if a.kept, err = cert.NewKeeper(keep); err != nil {
		return nil, err
	}
	a.metrics.Gauge("certificate_expires_seconds", "When the TLS certificate ends, as Unix time; 0 without one.", func() float64 {
		if held := a.kept.Status().Held; held != nil {
			return float64(held.Leaf.NotAfter.Unix())
		}
		return 0
	})
	a.metrics.Gauge("certificate_faulty", "1 when a new TLS certificate is there that can't be used, or none can be got.", func() float64 {
		if a.certificateFault() != nil {
			return 1
		}
		return 0
	})
	secure = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: a.kept.Get}
	if a.acme != nil && answersACME(c) == config.ACMEMain {
		secure.GetCertificate, secure.NextProtos = a.shownOnMain, []string{"h2", "http/1.1", cert.ALPN}
	}
	return secure, nil
}

// openACME prepares to get a certificate.
func openACME(o Options, done func()) (*cert.ACME, error) {
	c := o.Config.ACME
	key, err := secretOf(c.KeyFile)
	if err != nil {
		return nil, err
	}
	// RFC 8555 says base64url without padding; what is copied from a page may have it.
	mac, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(key), "="))
	if err != nil {
		return nil, fmt.Errorf("%s must hold the ACME server's MAC key in base64", c.KeyFile)
	}
	return cert.NewACME(cert.ACMEOptions{
		URL: c.URL, CAFile: c.CA, Hosts: c.Hosts, Email: c.Email, Challenge: c.Challenge, KeyID: c.KeyID, MACKey: mac,
		Dir: tlsDir(o.Config.Store), Done: done, Now: o.Now, Logger: o.Logger,
	})
}

// answersACME is where challenges are answered: an address, or config.ACMEMain.
func answersACME(c config.Serve) string {
	switch {
	case c.ACME.Listen != "":
		return c.ACME.Listen
	case c.ACME.Challenge == cert.HTTP01:
		return ":80"
	case strings.HasSuffix(c.Listen, ":443"):
		return config.ACMEMain
	}
	return ":443"
}

// openACMEDoor listens where an ACME server looks for answers, if that is not the main door. Nothing else is answered there.
func (a *App) openACMEDoor(ctx context.Context) error {
	if a.acme == nil || answersACME(a.o.Config) == config.ACMEMain {
		return nil
	}
	handler := http.Handler(a.acme)
	var secure *tls.Config
	if a.o.Config.ACME.Challenge == cert.TLSALPN01 {
		handler = http.NotFoundHandler()
		secure = &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{cert.ALPN}, GetCertificate: a.shownToACME}
	}
	d, err := a.openDoor(ctx, answersACME(a.o.Config), handler)
	if err != nil {
		return err
	}
	d.server.TLSConfig, d.secure = secure, secure != nil
	a.proof = &d
	return nil
}

// shownOnMain is for a main door that answers challenges too.
func (a *App) shownOnMain(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if shown, ok, err := a.acme.Challenge(hello); ok {
		return shown, err
	}
	return a.kept.Get(hello)
}

func (a *App) shownToACME(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	shown, _, err := a.acme.Challenge(hello)
	return shown, err
}

// keepCertificate looks for a new certificate until ctx ends.
func (a *App) keepCertificate(ctx context.Context) {
	if a.kept != nil {
		a.kept.Run(ctx)
	}
}

// getCertificate gets one from an ACME server, and renews it, until ctx ends.
func (a *App) getCertificate(ctx context.Context) {
	if a.acme != nil {
		a.acme.Run(ctx)
	}
}

// Reload looks at once whether there is a new certificate.
func (a *App) Reload() {
	if a.kept != nil {
		a.kept.Wake()
	}
}

// certificateFault is why the certificate that is there now is not used, or why none can be got.
func (a *App) certificateFault() error {
	if fault := a.kept.Status().Fault; fault != nil || a.acme == nil {
		return fault
	}
	return a.acme.Fault()
}

func (a *App) certificateHealth() wire.HealthLine {
	line := wire.HealthLine{Name: wire.HealthCertificate, State: wire.HealthOff, Cause: "none"}
	if a.kept == nil {
		return line
	}
	status := a.kept.Status()
	if status.Held == nil {
		line.State, line.Cause = wire.HealthBad, "not_yet"
		return line
	}
	leaf := status.Held.Leaf
	line.Figures = map[string]int64{"until": leaf.NotAfter.UnixMilli()}
	now := a.o.Now()
	switch left := leaf.NotAfter.Sub(now); {
	case left <= 0:
		line.State, line.Cause = wire.HealthBad, "expired"
	case now.Before(leaf.NotBefore):
		line.State, line.Cause = wire.HealthBad, "early"
	case status.Fault != nil:
		line.State, line.Cause = wire.HealthWarn, "not_taken"
	case a.acme != nil && a.acme.Fault() != nil:
		line.State, line.Cause = wire.HealthWarn, "not_renewed"
	case left < cert.SoonFor(leaf):
		line.State, line.Cause = wire.HealthWarn, "soon"
	default:
		line.State, line.Cause = wire.HealthOK, ""
	}
	return line
}

// acmeServer looks whether a certificate can be got.
func (x examination) acmeServer(ctx context.Context) []ops.Finding {
	if x.c.ACME.URL == "" {
		return nil
	}
	got, err := openACME(Options{Config: x.c.Serve, Now: SystemClock, Logger: x.log}, nil)
	if err == nil {
		err = got.Ping(ctx)
	}
	if err != nil {
		return one(ops.Bad("%v: is --acme-url the directory's address, and --acme-ca the authority of that server?", err))
	}
	return one(ops.OK("%s answers", x.c.ACME.URL))
}
