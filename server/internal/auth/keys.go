package auth

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// secretLen is the length of the master secret in bytes.
const secretLen = 32

// jwtPeriod is how long one key signs access tokens. Then the next one does, on all nodes at the same time and without
// anyone's doing.
const jwtPeriod = 30 * 24 * time.Hour

// Secret is the server's master secret. All keys are derived from it, each for one purpose.
type Secret struct{ master []byte }

// LoadSecret reads the secret (64 hexadecimal digits) from a file, and makes the file when there is none. Two servers
// that start at once end up with the same one.
func LoadSecret(path string) (Secret, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the path is a setting of the operator
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeSecret(path)
	}
	if err != nil {
		return Secret{}, fmt.Errorf("read the master secret: %w", err)
	}
	master, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(master) != secretLen {
		return Secret{}, fmt.Errorf("the master secret in %s must be %d hexadecimal digits", path, 2*secretLen)
	}
	return Secret{master}, nil
}

func makeSecret(path string) ([]byte, error) {
	master := make([]byte, secretLen)
	_, _ = rand.Read(master) // it never fails
	text := []byte(hex.EncodeToString(master) + "\n")
	tmp, err := os.CreateTemp(filepath.Dir(path), ".secret-*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return nil, err
	}
	// A link fails if the file is there, where a rename would replace the secret that another server has just made.
	if err := os.Link(tmp.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return os.ReadFile(path) //nolint:gosec // the path is a setting of the operator
		}
		return nil, err
	}
	return text, syncDir(filepath.Dir(path))
}

// syncDir makes a new name in a directory survive a power cut. Windows has no such call and needs none: NTFS journals
// it.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir) //nolint:gosec // the path is a setting of the operator
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// AuditKey keys the chain of audit entries. It does not turn: the chain is one.
func (s Secret) AuditKey() []byte { return s.derive("audit") }

// HookKey signs what outgoing hooks post: the key of each follows from it.
func (s Secret) HookKey() []byte { return s.derive("hook") }

// Fingerprint tells whether two servers have the same secrets, and nothing else of them.
func Fingerprint(secrets ...Secret) string {
	sum := sha256.New()
	for _, s := range secrets {
		_, _ = sum.Write(s.derive("fingerprint")) // a hash never fails
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// NodesKey seals what the nodes of one company tell each other.
func (s Secret) NodesKey() []byte { return s.derive("nodes") }

// refreshKey derives a refresh token's follower.
func (s Secret) refreshKey() []byte { return s.derive("refresh") }

func (s Secret) derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, s.master, nil, "himsg "+purpose+" v1", secretLen)
	if err != nil {
		panic(err) // only for a length beyond 255 hashes
	}
	return key
}

// jwtKeys returns the key that signs at a time, its kid, and the two keys that are taken: that one and the nearer
// neighbour, so that tokens outlive the turn and nodes' clocks may differ.
func (s Secret) jwtKeys(now time.Time) (kid string, keys map[string][]byte) {
	period := jwtPeriod.Milliseconds()
	at := now.UnixMilli()
	generation := at / period
	neighbour := generation - 1
	if at%period > period/2 {
		neighbour = generation + 1
	}
	name := func(g int64) string { return "k" + strconv.FormatInt(g, 10) }
	return name(generation), map[string][]byte{
		name(generation): s.derive("jwt " + name(generation)),
		name(neighbour):  s.derive("jwt " + name(neighbour)),
	}
}
