package shelf

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"himsg/shared/release"
)

// This file is for who makes releases: it needs no server, no data and no network.

// Why a key can't be used.
var (
	ErrPassphrase   = errors.New("the key is encrypted: give its passphrase with --passphrase-stdin")
	ErrNoPrivateKey = errors.New("not a private key of releases")
)

const maxKeyFile = 16 << 10

// NewKey makes a pair, keeps the private key in a new file that only this user may read, encrypted if there is a passphrase, and
// returns the public one.
func NewKey(path, passphrase string) (ed25519.PublicKey, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if passphrase != "" {
		if text, err = lock(text, passphrase); err != nil {
			return nil, fmt.Errorf("encrypt the key: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // G304: the operator names it
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s is there already; a key is never written over", path)
	}
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("make a key: %w", err), os.Remove(path))
	}
	return public, nil
}

// lock encrypts with a passphrase (scrypt).
func lock(text []byte, passphrase string) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	armored := armor.NewWriter(&out)
	sealed, err := age.Encrypt(armored, recipient)
	if err != nil {
		return nil, err
	}
	_, err = sealed.Write(text)
	err = errors.Join(err, sealed.Close(), armored.Close())
	return out.Bytes(), err
}

func unlock(text []byte, passphrase string) ([]byte, error) {
	if passphrase == "" {
		return nil, ErrPassphrase
	}
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		return nil, err
	}
	opened, err := age.Decrypt(armor.NewReader(bytes.NewReader(text)), identity)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPrivateKey, err)
	}
	return io.ReadAll(io.LimitReader(opened, maxKeyFile))
}

// ReadKey reads a private key that NewKey wrote, or that another tool wrote as PKCS #8. It returns ErrPassphrase when it is
// encrypted and passphrase is empty.
func ReadKey(path, passphrase string) (ed25519.PrivateKey, error) {
	f, err := os.Open(path) //nolint:gosec // G304: the operator names it
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile))
	if err != nil {
		return nil, fmt.Errorf("read the key: %w", err)
	}
	if bytes.HasPrefix(text, []byte(armor.Header)) {
		if text, err = unlock(text, passphrase); err != nil {
			return nil, err
		}
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, ErrNoPrivateKey
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoPrivateKey, err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, ErrNoPrivateKey
	}
	return key, nil
}

// Draft is what a manifest is made of.
type Draft struct {
	Paths      []string // of the app's installers, all of one version, as make installers names them
	Sequence   int64    // 0: the seconds since 1970
	Ring       string
	MinVersion string
	Rollback   bool
	Days       int // how long it holds
	Now        time.Time
}

// ErrNoInstaller marks a file that is no installer of the app.
var ErrNoInstaller = errors.New("no installer of the app: it must be named as make installers does, such as himsg-1.2.3-linux-amd64.tar.gz")

// Sign makes a manifest's file of a draft.
func Sign(d Draft, key ed25519.PrivateKey) (m release.Manifest, text []byte, err error) {
	m = release.Manifest{
		Sequence: d.Sequence, Ring: d.Ring, MinVersion: d.MinVersion, Rollback: d.Rollback,
		Expires: d.Now.UTC().Truncate(time.Second).AddDate(0, 0, d.Days),
	}
	if m.Sequence == 0 {
		m.Sequence = d.Now.Unix()
	}
	for _, path := range d.Paths {
		file, version, ok := release.Recognise(filepath.Base(path))
		if !ok {
			return m, nil, fmt.Errorf("%s: %w", filepath.Base(path), ErrNoInstaller)
		}
		if m.Version != "" && m.Version != version {
			return m, nil, fmt.Errorf("installers of %s and of %s: a manifest is of one version", m.Version, version)
		}
		m.Version = version
		if err := release.Measure(path, &file); err != nil {
			return m, nil, err
		}
		m.Files = append(m.Files, file)
	}
	signed, err := release.Sign(m, key)
	if err != nil {
		return m, nil, err
	}
	text, err = signed.Encode()
	return m, text, err
}
