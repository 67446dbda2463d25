// Package desktopfile writes and reads the desktop entries (freedesktop.org) by which a Linux session starts the app:
// autostart and scheme use it. It knows no more of the format than they need.
package desktopfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// maxBytes bounds what is read of an entry that somebody else may have written.
const maxBytes = 64 << 10

// Entry are the keys of a file's group [Desktop Entry], without those of a language.
type Entry map[string]string

// True reports whether a key says so; absent, it has the value given.
func (e Entry) True(key string, absent bool) bool {
	value, found := e[key]
	if !found {
		return absent
	}
	return value == "true"
}

// Read reads an entry. A file that is not there is an error for which errors.Is(err, fs.ErrNotExist) holds.
func Read(path string) (Entry, error) {
	f, err := os.Open(path) //nolint:gosec // G304: a fixed name in the user's folders
	if err != nil {
		return nil, fmt.Errorf("open desktop entry: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxBytes))
	if err != nil {
		return nil, fmt.Errorf("read desktop entry: %w", err)
	}
	entry, inside := Entry{}, false
	for line := range strings.SplitSeq(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = line == "[Desktop Entry]"
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if inside && found && !strings.HasPrefix(line, "#") {
			entry[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return entry, nil
}

// Write puts a file in its place as a whole, unless that very text is there already. Folders are made.
func Write(path, text string) error {
	//nolint:gosec // G304: a fixed name in the user's folders
	if held, err := os.ReadFile(path); err == nil && bytes.Equal(held, []byte(text)) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the entry's folder: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return fmt.Errorf("write desktop entry: %w", err)
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write desktop entry: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

// Exec words a command for the key Exec: each argument in quotes, so that blanks, dollars and percent signs are its own
// (Desktop Entry Specification, "The Exec key", and escaped once more as any string).
func Exec(args ...string) string {
	quote := strings.NewReplacer(`"`, `\"`, "`", "\\`", `$`, `\$`, `\`, `\\`, `%`, `%%`)
	escape := strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`)
	words := make([]string, len(args))
	for i, arg := range args {
		words[i] = escape.Replace(`"` + quote.Replace(arg) + `"`)
	}
	return strings.Join(words, " ")
}

// Program is the program that an Exec starts, "" if there is none.
func Program(exec string) string {
	exec = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t", `\r`, "\r", `\s`, " ").Replace(exec)
	var out strings.Builder
	begun, quoted := false, false
	for i := 0; i < len(exec); i++ {
		switch c := exec[i]; {
		case c == '"':
			begun, quoted = true, !quoted
		case c == '\\' && quoted && i+1 < len(exec):
			i++
			out.WriteByte(exec[i])
		case c == '%' && i+1 < len(exec) && exec[i+1] == '%':
			begun = true
			i++
			out.WriteByte('%')
		case c == ' ' && !quoted && begun:
			return out.String()
		case c == ' ' && !quoted:
		default:
			begun = true
			out.WriteByte(c)
		}
	}
	return out.String()
}
