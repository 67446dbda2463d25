// Package archive is the form of the backups of deleted people: a tar of pages that any browser shows, sealed with age
// (age-encryption.org) to the server's archive key, to a further recipient if one was named, and, if a passphrase was given, to
// that around it. It is package admin's port Archives; the command line opens what it wrote by Extract. Start with Sealer.
package archive

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"filippo.io/age"

	"himsg/server/internal/admin"
	"himsg/server/internal/errs"
)

// Sealer seals archives with the key in a file, which is made when the first one is.
type Sealer struct{ KeyFile string }

var (
	_ admin.Archives      = Sealer{}
	_ admin.ArchiveWriter = (*Writer)(nil)
)

var badRecipient = errs.Text{KO: "age 공개 키(age1…)가 아닙니다.", EN: "This is not an age public key (age1…)."}

// Keys are what seals an archive and opens it again.
type Keys struct {
	Server     *age.X25519Identity
	Recipient  age.Recipient // a further one who can open it; nil: none
	Passphrase string        // needed besides the key; empty: none
}

// keys adds the server's own.
func (s Sealer) keys(k admin.ArchiveKeys) (keys Keys, err error) {
	keys.Passphrase = k.Passphrase
	if k.Recipient != "" {
		if keys.Recipient, err = age.ParseX25519Recipient(k.Recipient); err != nil {
			return keys, errs.BadField("recipient", badRecipient)
		}
	}
	keys.Server, err = LoadKey(s.KeyFile)
	return keys, err
}

// Check implements admin.Archives.
func (s Sealer) Check(k admin.ArchiveKeys) error {
	_, err := s.keys(k)
	return err
}

// Create implements admin.Archives.
func (s Sealer) Create(w io.Writer, k admin.ArchiveKeys) (admin.ArchiveWriter, error) {
	keys, err := s.keys(k)
	if err != nil {
		return nil, err
	}
	return Create(w, keys)
}

// Read implements admin.Archives.
func (s Sealer) Read(
	r io.Reader, k admin.ArchiveKeys, each func(folder string, page []admin.ArchiveMessage) error,
) (admin.ArchiveSums, error) {
	keys, err := s.keys(k)
	if err != nil {
		return nil, err
	}
	entries, err := Read(r, keys, func(name string, _ int64, r io.Reader) error {
		folder, page := path.Split(name)
		if !strings.HasPrefix(page, "page-") || path.Ext(page) != ".json" {
			return nil
		}
		var list []admin.ArchiveMessage
		if err := json.NewDecoder(r).Decode(&list); err != nil {
			return err
		}
		return each(path.Clean(folder), list)
	})
	sums := make(admin.ArchiveSums, len(entries))
	for _, e := range entries {
		sums[e.Name] = e.SHA256
	}
	return sums, err
}

// scryptWork makes a try of a passphrase take about a second and 256 MiB.
const scryptWork = 18

// LoadKey reads the archive key from a file, and makes the file when there is none.
func LoadKey(name string) (*age.X25519Identity, error) {
	text, err := os.ReadFile(name) //nolint:gosec // the path is a setting of the operator
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeKey(name)
	}
	if err != nil {
		return nil, fmt.Errorf("read the archive key: %w", err)
	}
	key, err := age.ParseX25519Identity(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s holds no age identity", name)
	}
	return key, nil
}

func makeKey(name string) ([]byte, error) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	text := []byte(key.String() + "\n")
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the path is a setting of the operator
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(name) //nolint:gosec // another server has just made it
	}
	if err != nil {
		return nil, err
	}
	_, err = f.Write(text)
	return text, errors.Join(err, f.Sync(), f.Close())
}

// Writer writes an archive.
type Writer struct {
	tar     *tar.Writer
	layers  []io.WriteCloser // the innermost first
	entries []Entry
}

// Entry is a file in an archive.
type Entry struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

const manifestName = "manifest.json"

// Create begins an archive. Close ends it.
func Create(w io.Writer, k Keys) (*Writer, error) {
	a := &Writer{}
	seal := func(to ...age.Recipient) error {
		layer, err := age.Encrypt(w, to...)
		if err != nil {
			return fmt.Errorf("seal: %w", err)
		}
		a.layers, w = append([]io.WriteCloser{layer}, a.layers...), layer
		return nil
	}
	if k.Passphrase != "" {
		to, err := age.NewScryptRecipient(k.Passphrase)
		if err != nil {
			return nil, fmt.Errorf("seal: %w", err)
		}
		to.SetWorkFactor(scryptWork)
		if err := seal(to); err != nil {
			return nil, err
		}
	}
	to := []age.Recipient{k.Server.Recipient()}
	if k.Recipient != nil {
		to = append(to, k.Recipient)
	}
	if err := seal(to...); err != nil {
		return nil, err
	}
	a.tar = tar.NewWriter(w)
	return a, nil
}

// AddFile implements admin.ArchiveWriter.
func (a *Writer) AddFile(name string, size int64, r io.Reader) (sum string, err error) {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, Typeflag: tar.TypeReg}); err != nil {
		return "", fmt.Errorf("add %s: %w", name, err)
	}
	hash := sha256.New()
	n, err := io.Copy(a.tar, io.TeeReader(r, hash))
	if err == nil && n != size {
		err = fmt.Errorf("it has %d bytes, not %d", n, size)
	}
	if err != nil {
		return "", fmt.Errorf("add %s: %w", name, err)
	}
	sum = hex.EncodeToString(hash.Sum(nil))
	a.entries = append(a.entries, Entry{name, size, sum})
	return sum, nil
}

func (a *Writer) addText(name, text string) error {
	_, err := a.AddFile(name, int64(len(text)), strings.NewReader(text))
	return err
}

// Close writes the manifest and ends the archive.
func (a *Writer) Close() error {
	text, err := json.MarshalIndent(a.entries, "", " ")
	if err == nil {
		err = a.addText(manifestName, string(text))
	}
	err = errors.Join(err, a.tar.Close())
	for _, layer := range a.layers {
		err = errors.Join(err, layer.Close())
	}
	return err
}

// Read opens an archive and hands every file to each, in order, with the SHA-256 of what each has not read too. At the end it
// compares all of them with the manifest: an archive that was changed or cut is an error.
func Read(r io.Reader, k Keys, each func(name string, size int64, r io.Reader) error) ([]Entry, error) {
	plain, err := unseal(r, k)
	if err != nil {
		return nil, err
	}
	var found, listed []Entry
	for in := tar.NewReader(plain); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
		hash := sha256.New()
		body := io.TeeReader(in, hash)
		if h.Name == manifestName {
			if err := json.NewDecoder(body).Decode(&listed); err != nil {
				return nil, fmt.Errorf("read the manifest: %w", err)
			}
			continue
		}
		if err := each(h.Name, h.Size, body); err != nil {
			return nil, fmt.Errorf("%s: %w", h.Name, err)
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return nil, fmt.Errorf("read archive: %w", err)
		}
		found = append(found, Entry{h.Name, h.Size, hex.EncodeToString(hash.Sum(nil))})
	}
	if _, err := io.Copy(io.Discard, plain); err != nil { // its last chunk says that nothing was cut off
		return nil, fmt.Errorf("read archive: %w", err)
	}
	return found, asListed(found, listed)
}

// unseal opens the layers of an archive.
func unseal(r io.Reader, k Keys) (io.Reader, error) {
	if k.Passphrase != "" {
		id, err := age.NewScryptIdentity(k.Passphrase)
		if err != nil {
			return nil, fmt.Errorf("open archive: %w", err)
		}
		id.SetMaxWorkFactor(scryptWork)
		if r, err = age.Decrypt(r, id); err != nil {
			return nil, fmt.Errorf("open archive with the passphrase: %w", err)
		}
	}
	plain, err := age.Decrypt(r, k.Server)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	return plain, nil
}

func asListed(found, listed []Entry) error {
	if len(found) != len(listed) {
		return fmt.Errorf("the manifest lists %d files, %d are there", len(listed), len(found))
	}
	for i, e := range found {
		if e != listed[i] {
			return fmt.Errorf("%s is not what the manifest says", e.Name)
		}
	}
	return nil
}

// Extract opens an archive into a directory, which must not hold any of its files yet. Nothing is written outside of it.
func Extract(r io.Reader, k Keys, dir string) (files int, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return 0, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0, err
	}
	defer root.Close()
	entries, err := Read(r, k, func(name string, _ int64, r io.Reader) error {
		if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
			return err
		}
		f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, r)
		return errors.Join(err, f.Close())
	})
	return len(entries), err
}
