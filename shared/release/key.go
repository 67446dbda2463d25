package release

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Keys are the public keys that this build takes manifests from, separated by commas, each as FormatKey writes it. The linker sets
// them (make installers UPDATE_KEYS=…); empty: this build takes none, and is not updated by itself.
var Keys = ""

// ErrKey marks what is no public key.
var ErrKey = errors.New("not a public key of releases (ed25519:…)")

const (
	keyPrefix = "ed25519:"
	maxKeys   = 8 // that hold at the same time: an old and a new one, and some to spare
)

// FormatKey is the form in which people hand on a public key.
func FormatKey(key ed25519.PublicKey) string {
	return keyPrefix + base64.StdEncoding.EncodeToString(key)
}

// TrustedKeys are the public keys that were given, each text one or more of them as ParseKeys reads them; without any, those that
// this build was made with.
func TrustedKeys(given []string) ([]ed25519.PublicKey, error) {
	if len(given) == 0 {
		return ParseKeys(Keys)
	}
	return ParseKeys(strings.Join(given, ","))
}

// ParseKeys reads public keys, separated by commas; none from an empty text. It returns ErrKey for what is none.
func ParseKeys(text string) ([]ed25519.PublicKey, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	parts := strings.Split(text, ",")
	if len(parts) > maxKeys {
		return nil, fmt.Errorf("%w: more than %d", ErrKey, maxKeys)
	}
	keys := make([]ed25519.PublicKey, len(parts))
	for i, part := range parts {
		encoded, ok := strings.CutPrefix(strings.TrimSpace(part), keyPrefix)
		key, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil || len(key) != ed25519.PublicKeySize {
			return nil, ErrKey
		}
		keys[i] = key
	}
	return keys, nil
}
