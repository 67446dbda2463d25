package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"himsg/server/internal/errs"
)

// The strength of new hashes (OWASP Password Storage: argon2id with 19 MiB, 2 passes, 1 lane).
const (
	argonMemory  = 19 * 1024 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonSaltLen = 16
	argonKeyLen  = 32
)

const (
	hashWait    = 10 * time.Second // how long a sign-in waits for its turn
	hashQueue   = 512              // and how many may wait
	hashRetryIn = 3 * time.Second  // what the others are told
)

// Hasher turns passwords into PHC strings and checks them. Each hash takes 19 MiB and a core for about 20 ms, so only a
// few run at once and the others wait for their turn, bounded in number and time: beyond that wire.Unavailable.
type Hasher struct {
	running chan struct{}
	waiting chan struct{}
	dummy   string
}

// NewHasher makes a hasher that runs at most n hashes at once.
func NewHasher(n int) *Hasher {
	h := &Hasher{running: make(chan struct{}, max(n, 1)), waiting: make(chan struct{}, hashQueue)}
	today := argonParams{memory: argonMemory, passes: argonPasses, lanes: argonLanes}
	h.dummy = encode(today, make([]byte, argonSaltLen), make([]byte, argonKeyLen))
	return h
}

// Hash returns the PHC string of a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, argonSaltLen)
	_, _ = rand.Read(salt) // it never fails
	p := argonParams{memory: argonMemory, passes: argonPasses, lanes: argonLanes}
	key, err := h.derive(ctx, password, salt, p, argonKeyLen)
	if err != nil {
		return "", err
	}
	return encode(p, salt, key), nil
}

// HashOld returns the string to store for a password of which only the original's hash is known: SHA-256 in hex, without salt.
// It is argon2id over that hash, so what is stored is as hard to guess as any other; Verify calls it weak, and the next sign-in
// replaces it.
func (h *Hasher) HashOld(ctx context.Context, sha256Hex string) (string, error) {
	if raw, err := hex.DecodeString(sha256Hex); err != nil || len(raw) != sha256.Size {
		return "", errors.New("not a SHA-256 in hex")
	}
	phc, err := h.Hash(ctx, strings.ToLower(sha256Hex))
	return strings.Replace(phc, "$"+argonName+"$", "$"+argonOfOldName+"$", 1), err
}

// Verify reports whether password is the one that phc was made of, and whether a new hash would be stronger.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (ok, weak bool, err error) {
	p, salt, want, err := decode(phc)
	if err != nil {
		return false, false, err
	}
	if p.ofOld {
		// The original hashed what the keyboard sent, as it was.
		sum := sha256.Sum256([]byte(password))
		password = hex.EncodeToString(sum[:])
	}
	key, err := h.derive(ctx, password, salt, p, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	weak = p.ofOld || p.memory < argonMemory || p.passes < argonPasses || len(want) < argonKeyLen
	return subtle.ConstantTimeCompare(key, want) == 1, weak, nil
}

// VerifyNobody takes as long as Verify and never succeeds: for user names that nobody has.
func (h *Hasher) VerifyNobody(ctx context.Context, password string) error {
	_, _, err := h.Verify(ctx, h.dummy, password)
	return err
}

// How a stored string begins: the second is argon2id over the original's hash of the password (HashOld).
const (
	argonName      = "argon2id"
	argonOfOldName = "argon2id-sha256"
)

type argonParams struct {
	memory, passes uint32
	lanes          uint8
	ofOld          bool
}

func (h *Hasher) derive(ctx context.Context, password string, salt []byte, p argonParams, n uint32) ([]byte, error) {
	if err := h.enter(ctx); err != nil {
		return nil, err
	}
	defer func() { <-h.running }()
	return argon2.IDKey([]byte(foldPassword(password)), salt, p.passes, p.memory, p.lanes, n), nil
}

func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.waiting <- struct{}{}:
	default:
		return errs.Unavailable(hashRetryIn, errors.New("too many sign-ins wait"))
	}
	defer func() { <-h.waiting }()
	turn := time.NewTimer(hashWait)
	defer turn.Stop()
	select {
	case h.running <- struct{}{}:
		return nil
	case <-turn.C:
		return errs.Unavailable(hashRetryIn, errors.New("waited too long to hash a password"))
	case <-ctx.Done():
		return errs.Unavailable(hashRetryIn, ctx.Err())
	}
}

// encode writes a PHC string: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func encode(p argonParams, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$%s$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argonName, argon2.Version, p.memory, p.passes, p.lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errNotPHC = errors.New("the stored password is not an argon2id hash")

func decode(phc string) (p argonParams, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != argonName && parts[1] != argonOfOldName || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errNotPHC
	}
	p.ofOld = parts[1] == argonOfOldName
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return p, nil, nil, errNotPHC
	}
	// Our own limits: a stored hash must not be able to ask for all memory.
	if p.memory > 1<<20 || p.passes == 0 || p.passes > 16 || p.lanes == 0 {
		return p, nil, nil, errNotPHC
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) < 16 || len(key) > 64 {
		return p, nil, nil, errNotPHC
	}
	return p, salt, key, nil
}
