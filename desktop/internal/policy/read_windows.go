package policy

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/sys/windows/registry"

	"himsg/desktop/internal/core"
)

const defaultPath = `HKLM\Software\Policies\Hi_Msg`

// The numbers that stand for true and false in a DWORD.
const (
	onNumber  = int64(1)
	offNumber = int64(0)
)

func openNow(path string) (*os.File, error) {
	return os.Open(path) //nolint:gosec // G304: named by the administrator
}

// read returns what the key's values say; nil: there is no such key.
func read(path string) (values, []core.PolicyFault) {
	root := registry.LOCAL_MACHINE
	name, ok := strings.CutPrefix(path, `HKLM\`)
	if !ok { // a test's
		root, name = registry.CURRENT_USER, strings.TrimPrefix(path, `HKCU\`)
	}
	key, err := registry.OpenKey(root, name, registry.QUERY_VALUE|registry.WOW64_64KEY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []core.PolicyFault{{Code: core.FaultUnreadable, Detail: err.Error()}}
	}
	defer func() { _ = key.Close() }() // it was only read
	names, err := key.ReadValueNames(maxKeys + 1)
	if err != nil && len(names) == 0 && !errors.Is(err, io.EOF) {
		return nil, []core.PolicyFault{{Code: core.FaultUnreadable, Detail: err.Error()}}
	}
	found, faults := values{}, []core.PolicyFault(nil)
	for _, name := range names {
		value, fault := readValue(key, name)
		if fault != nil {
			faults = append(faults, core.PolicyFault{Key: shown(name), Code: fault.code, Detail: fault.detail})
			continue
		}
		found[strings.ToLower(name)] = value
	}
	return found, faults
}

func readValue(key registry.Key, name string) (any, *refusal) {
	size, kind, err := key.GetValue(name, nil)
	switch {
	case err != nil:
		return nil, &refusal{core.FaultUnreadable, err.Error()}
	case size > 2*maxText+2: // UTF-16 and its end
		return nil, &refusal{core.FaultTooBig, "the value is too long"}
	}
	switch kind {
	case registry.SZ, registry.EXPAND_SZ:
		text, _, err := key.GetStringValue(name)
		if err != nil {
			return nil, &refusal{core.FaultUnreadable, err.Error()}
		}
		if kind == registry.EXPAND_SZ {
			if text, err = registry.ExpandString(text); err != nil {
				return nil, badValue(err.Error())
			}
		}
		return text, nil
	case registry.DWORD, registry.QWORD:
		n, _, err := key.GetIntegerValue(name)
		if err != nil {
			return nil, &refusal{core.FaultUnreadable, err.Error()}
		}
		return int64(n), nil
	}
	return nil, &refusal{core.FaultWrongType, "REG_SZ or REG_DWORD is expected"}
}
