package client

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"strings"
	"time"
)

// Fingerprint is how a certificate is shown to a user and kept once accepted: SHA-256 in lower-case hex.
func Fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

func certificateError(cert *x509.Certificate, err error) *CertificateError {
	return &CertificateError{
		Fingerprint: Fingerprint(cert),
		Subject:     cert.Subject.String(),
		Issuer:      cert.Issuer.String(),
		NotBefore:   cert.NotBefore,
		NotAfter:    cert.NotAfter,
		Err:         err,
	}
}

// tlsConfig trusts the system's roots (or roots), and beside them exactly the certificate with the given fingerprint.
func tlsConfig(roots *x509.CertPool, fingerprint string, now func() time.Time) *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, Time: now}
	if fingerprint == "" {
		return config
	}
	// The usual verification knows no single accepted certificate, so it is done here, after the comparison.
	config.InsecureSkipVerify = true // VerifyConnection verifies every handshake instead
	config.VerifyConnection = func(state tls.ConnectionState) error {
		return verify(state, roots, fingerprint, now())
	}
	return config
}

func verify(state tls.ConnectionState, roots *x509.CertPool, fingerprint string, at time.Time) error {
	if len(state.PeerCertificates) == 0 {
		return errors.New("no certificate")
	}
	leaf := state.PeerCertificates[0]
	if strings.EqualFold(Fingerprint(leaf), normalFingerprint(fingerprint)) {
		return nil
	}
	between := x509.NewCertPool()
	for _, cert := range state.PeerCertificates[1:] {
		between.AddCert(cert)
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		DNSName: state.ServerName, Roots: roots, Intermediates: between, CurrentTime: at,
	})
	if err != nil {
		return certificateError(leaf, err)
	}
	return nil
}

// normalFingerprint takes the forms in which people copy fingerprints: with colons, spaces, capitals.
func normalFingerprint(s string) string {
	return strings.NewReplacer(":", "", " ", "").Replace(strings.ToLower(s))
}
