package natstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Authority signs certificates for tests; it is as old as the test.
type Authority struct {
	CA  string // its own certificate (PEM)
	dir string
	own *x509.Certificate
	key *ecdsa.PrivateKey
}

// NewAuthority makes one whose files lie in a directory. now begins its life of a week.
func NewAuthority(dir string, now time.Time) (*Authority, error) {
	a := &Authority{CA: filepath.Join(dir, "ca.pem"), dir: dir}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	a.own = template("himsg test authority", now)
	a.own.IsCA, a.own.BasicConstraintsValid, a.own.KeyUsage = true, true, x509.KeyUsageCertSign
	signed, err := x509.CreateCertificate(rand.Reader, a.own, a.own, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate: %w", err)
	}
	if a.own, err = x509.ParseCertificate(signed); err != nil {
		return nil, fmt.Errorf("read a certificate: %w", err)
	}
	return a, write(a.CA, "CERTIFICATE", signed)
}

// Pool trusts it.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.own)
	return pool
}

func template(name string, now time.Time) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(7 * 24 * time.Hour),
	}
}

// Sign makes a certificate with its key for an address, good for both ends of a connection, and returns their files (PEM).
func (a *Authority) Sign(address string, now time.Time) (cert, key string, err error) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return "", "", fmt.Errorf("make a key: %w", err)
	}
	t := template(address, now)
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	t.IPAddresses = []net.IP{net.ParseIP(address)}
	signed, err := x509.CreateCertificate(rand.Reader, t, a.own, &own.PublicKey, a.key)
	if err != nil {
		return "", "", fmt.Errorf("sign a certificate: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		return "", "", fmt.Errorf("encode a key: %w", err)
	}
	cert, key = filepath.Join(a.dir, address+".pem"), filepath.Join(a.dir, address+".key")
	if err := write(cert, "CERTIFICATE", signed); err != nil {
		return "", "", err
	}
	return cert, key, write(key, "PRIVATE KEY", secret)
}

func write(path, kind string, body []byte) error {
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: body}), 0o600); err != nil {
		return fmt.Errorf("write a certificate: %w", err)
	}
	return nil
}
