package release

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// forms are the names that make installers gives the app's files.
var forms = []struct {
	name               *regexp.Regexp // its first part is the version
	system, arch, kind string
}{
	{regexp.MustCompile(`^himsg-([0-9.]+)-windows-amd64\.msi$`), "windows", "amd64", KindMSI},
	{regexp.MustCompile(`^himsg-([0-9.]+)-windows-amd64-setup\.exe$`), "windows", "amd64", KindSetup},
	{regexp.MustCompile(`^himsg-([0-9.]+)-windows-amd64\.zip$`), "windows", "amd64", KindZip},
	{regexp.MustCompile(`^himsg_([0-9.]+)-1_amd64\.deb$`), "linux", "amd64", KindDeb},
	{regexp.MustCompile(`^himsg-([0-9.]+)-1\.x86_64\.rpm$`), "linux", "amd64", KindRPM},
	{regexp.MustCompile(`^himsg-([0-9.]+)-linux-amd64\.tar\.gz$`), "linux", "amd64", KindArchive},
}

// Recognise says by its name what an installer of the app is; ok is false for another file.
func Recognise(name string) (file File, version string, ok bool) {
	for _, form := range forms {
		if parts := form.name.FindStringSubmatch(name); len(parts) == 2 && IsVersion(parts[1]) {
			return File{Name: name, System: form.system, Arch: form.arch, Kind: form.kind}, parts[1], true
		}
	}
	return File{}, "", false
}

// Measure takes a file's size and checksum.
func Measure(path string, file *File) error {
	f, err := os.Open(path) //nolint:gosec // G304: whoever signs names it
	if err != nil {
		return fmt.Errorf("read an installer: %w", err)
	}
	defer func() { _ = f.Close() }() // it was only read
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(f, MaxFileBytes+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", filepath.Base(path), err)
	}
	if n > MaxFileBytes {
		return fmt.Errorf("%s has more than %d bytes", filepath.Base(path), MaxFileBytes)
	}
	file.Size, file.SHA256 = n, hex.EncodeToString(sum.Sum(nil))
	return nil
}
