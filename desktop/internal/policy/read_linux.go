package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/BurntSushi/toml"

	"himsg/desktop/internal/core"
)

const defaultPath = "/etc/himsg/policy.toml"

// The numbers that stand for true and false; a file has words for them.
const (
	onNumber  = "1"
	offNumber = "0"
)

// maxMends bounds how many broken lines are left out.
const maxMends = 16

// openNow does not wait for the other end of a pipe.
func openNow(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // G304: ours, or named by the administrator
}

// read returns what the file says; nil: there is none.
func read(path string) (values, []core.PolicyFault) {
	content, err := readRegular(path, maxBytes)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, errTooBig):
		return nil, []core.PolicyFault{{Code: core.FaultTooBig, Detail: err.Error()}}
	case err != nil:
		return nil, []core.PolicyFault{{Code: core.FaultUnreadable, Detail: err.Error()}}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o002 != 0 {
		return nil, []core.PolicyFault{{Code: core.FaultUnsafe, Detail: "everybody may write it (chmod o-w)"}}
	}
	return parse(string(content))
}

// parse reads TOML. A line that is none is left out and the rest read again, so that a slip in one line does not free the
// users from all others. A broken head of a table ends it: what follows would fall to another table.
func parse(content string) (values, []core.PolicyFault) {
	lines := strings.Split(strings.TrimPrefix(content, "\ufeff"), "\n")
	var faults []core.PolicyFault
	for range maxMends {
		found := values{}
		_, err := toml.Decode(strings.Join(lines, "\n"), &found)
		if err == nil {
			return found, faults
		}
		var broken toml.ParseError
		if !errors.As(err, &broken) || broken.Position.Line < 1 || broken.Position.Line > len(lines) {
			return nil, append(faults, core.PolicyFault{Code: core.FaultSyntax, Detail: shown(err.Error())})
		}
		at := broken.Position.Line - 1
		for at > 0 && strings.TrimSpace(lines[at]) == "" {
			at-- // the end of a line was found missing where the next one begins
		}
		faults = append(faults, core.PolicyFault{
			Key: keyOf(lines[at]), Code: core.FaultSyntax, Detail: fmt.Sprintf("line %d: %s", at+1, broken.Message),
		})
		if strings.HasPrefix(strings.TrimSpace(lines[at]), "[") {
			lines = lines[:at]
			continue
		}
		lines[at] = ""
	}
	return nil, append(faults, core.PolicyFault{Code: core.FaultSyntax, Detail: "too many lines that can't be read: none is used"})
}

// keyOf is what stands before a line's =, if it is one of our keys.
func keyOf(line string) string {
	name, _, _ := strings.Cut(line, "=")
	if name = strings.TrimSpace(name); keys[name] != nil {
		return name
	}
	return ""
}
