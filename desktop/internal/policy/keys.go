package policy

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"path/filepath"

	"himsg/desktop/internal/core"
	"himsg/shared/client"
	"himsg/shared/release"
)

// refusal says why a value is not used.
type refusal struct{ code, detail string }

func wrongType(want string, got any) *refusal {
	return &refusal{core.FaultWrongType, fmt.Sprintf("%s is expected, not %T", want, got)}
}

func badValue(detail string) *refusal { return &refusal{core.FaultBadValue, detail} }

// keys are the settings of a policy. Their names are those of the file's keys and of the registry's values.
var keys = map[string]func(*core.Policy, any) *refusal{
	"server_url": text(func(p *core.Policy, v string) *refusal {
		address, err := client.ParseAddress(v)
		if err != nil {
			return badValue("not the address of a server: " + shown(v))
		}
		p.ServerURL = address
		return nil
	}),
	"ca_file":         text(takeCAs),
	"autostart":       yesNo(func(p *core.Policy, v bool) { p.Autostart = &v }),
	"close_to_tray":   yesNo(func(p *core.Policy, v bool) { p.CloseToTray = &v }),
	"preview_content": yesNo(func(p *core.Policy, v bool) { p.HidePreview = !v }), // true leaves it to the user
	"idle_lock_minutes": func(p *core.Policy, v any) *refusal {
		n, ok := v.(int64)
		if !ok {
			return wrongType("a whole number", v)
		}
		if n < 1 || n > core.IdleLockMost {
			return badValue(fmt.Sprintf("1 to %d minutes, not %d", core.IdleLockMost, n))
		}
		p.IdleLockMinutes = int(n)
		return nil
	},
	"hotkey": text(func(p *core.Policy, v string) *refusal {
		if v == hotkeyOff {
			v = ""
		} else if _, ok := core.ParseHotkey(v); !ok {
			return badValue(`"off", or keys such as "ctrl+alt+h": ctrl, alt, shift, super in this order, and a letter, digit, f1 to f12 or space`)
		}
		p.Hotkey = &v
		return nil
	}),
	"ring": text(func(p *core.Policy, v string) *refusal {
		if !release.IsRing(v) {
			return badValue("small letters, digits and - , at most 32")
		}
		p.Ring = v
		return nil
	}),
	"updates": yesNo(func(p *core.Policy, v bool) { p.Updates = &v }),
	"update_keys": text(func(p *core.Policy, v string) *refusal {
		keys, err := release.ParseKeys(v)
		if err != nil || len(keys) == 0 {
			return badValue("public keys such as ed25519:…, separated by commas")
		}
		p.UpdateKeys = keys
		return nil
	}),
	"proxy": text(func(p *core.Policy, v string) *refusal {
		switch v {
		case core.ProxySystem, core.ProxyNone:
			p.Proxy = &core.Proxy{Mode: v}
			return nil
		}
		address, ok := core.ParseProxy(v)
		if !ok {
			return badValue(`"system", "none" or an address such as http://proxy.example.com:3128`)
		}
		p.Proxy = &core.Proxy{Mode: core.ProxyManual, Address: address}
		return nil
	}),
}

// hotkeyOff is the policy's word for no hotkey at all.
const hotkeyOff = "off"

func text(take func(*core.Policy, string) *refusal) func(*core.Policy, any) *refusal {
	return func(p *core.Policy, v any) *refusal {
		s, ok := v.(string)
		switch {
		case !ok:
			return wrongType("a text", v)
		case len(s) > maxText:
			return &refusal{core.FaultTooBig, fmt.Sprintf("at most %d bytes", maxText)}
		}
		return take(p, s)
	}
}

// yesNo takes true and false, and the numbers 1 and 0 that stand for them in the registry.
func yesNo(take func(*core.Policy, bool)) func(*core.Policy, any) *refusal {
	return func(p *core.Policy, v any) *refusal {
		switch v {
		case true, onNumber:
			take(p, true)
		case false, offNumber:
			take(p, false)
		default:
			return wrongType("true or false", v)
		}
		return nil
	}
}

// takeCAs reads the certificates that ca_file names. All of them must be readable: half a chain would fail later, and
// nobody would know why.
func takeCAs(p *core.Policy, path string) *refusal {
	if !filepath.IsAbs(path) {
		return badValue("the whole path is needed")
	}
	content, err := readRegular(path, maxCABytes)
	if err != nil {
		return &refusal{core.FaultNoFile, err.Error()}
	}
	var found []*x509.Certificate
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return &refusal{core.FaultNoFile, err.Error()}
		}
		if found = append(found, certificate); len(found) > maxCAs {
			return &refusal{core.FaultTooBig, fmt.Sprintf("at most %d certificates", maxCAs)}
		}
	}
	if len(found) == 0 {
		return &refusal{core.FaultNoFile, "no certificate in it (PEM is expected)"}
	}
	p.CAFile, p.CAs = path, found
	return nil
}

// readRegular reads a file that is one: no pipe that never ends, no folder.
func readRegular(path string, most int64) ([]byte, error) {
	f, err := openNow(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", path)
	}
	content, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return nil, err
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("%s: %w", path, errTooBig)
	}
	return content, nil
}
