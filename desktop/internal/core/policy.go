package core

import (
	"crypto/ed25519"
	"crypto/x509"
	"slices"
)

// Policy is what the administrator of this PC has set: what the file or the registry said, checked (package policy). The
// zero value sets nothing. It holds from start to end of the app.
type Policy struct {
	Source    string // where it comes from, for the diagnosis: a path or a registry key; empty: there is none
	ServerURL string // normalised; empty: the user types one
	// CAFile is where CAs were read from: certificates of the company that are trusted beside the system's.
	CAFile string
	CAs    []*x509.Certificate

	Autostart   *bool // start with the session; nil: the user chooses
	CloseToTray *bool // nil: the user chooses
	// IdleLockMinutes: the app locks itself at the latest after so many minutes; the user may only choose a shorter time.
	// 0: the user chooses.
	IdleLockMinutes int
	Hotkey          *string // brings the window up; empty: none; nil: the user chooses
	HidePreview     bool    // notifications never show what was written
	Ring            string  // of updates; empty: the server's usual one
	Updates         *bool   // false: the app does not look for updates; nil: it does
	// UpdateKeys are trusted to have signed updates, in place of those that the app was built with; empty: those hold.
	UpdateKeys []ed25519.PublicKey
	Proxy      *Proxy // nil: the user chooses
	// Faults are what could not be used. All else holds.
	Faults []PolicyFault
}

// PolicyFault is a part of the policy that is not used, and why.
type PolicyFault struct {
	Key    string `json:"key"`    // of the setting; empty: the policy as a whole
	Code   string `json:"code"`   // one of Fault…
	Detail string `json:"detail"` // for IT, in English
}

// Why a part of the policy is not used.
const (
	FaultUnknownKey = "unknown_key" // no setting has this name
	FaultWrongType  = "wrong_type"  // such as a text where a number belongs
	FaultBadValue   = "bad_value"   // right type, but it can't be
	FaultSyntax     = "syntax"      // a line that can't be read
	FaultUnreadable = "unreadable"  // the system did not let us read
	FaultUnsafe     = "unsafe"      // everybody on this PC may write it
	FaultTooBig     = "too_big"
	FaultNoFile     = "no_file" // a file that it names is not there or holds nothing of use
)

// IdleLockMost bounds Policy.IdleLockMinutes: a day.
const IdleLockMost = 24 * 60

// managedSettings are the settings that a policy can set. A new one is a line here, and a key in package policy.
var managedSettings = []struct {
	name  string // as in the JSON of Settings
	set   func(Policy) bool
	force func(Policy, *Settings)
	// keep copies the user's own choice, which waits until the policy goes away.
	keep func(from Settings, to *Settings)
}{
	{
		"autostart",
		func(p Policy) bool { return p.Autostart != nil },
		func(Policy, *Settings) {}, // it is set on the disk, and the setting says what is there
		func(from Settings, to *Settings) { to.Autostart = from.Autostart },
	},
	{
		"close_to_tray",
		func(p Policy) bool { return p.CloseToTray != nil },
		func(p Policy, s *Settings) { s.CloseToTray = *p.CloseToTray },
		func(from Settings, to *Settings) { to.CloseToTray = from.CloseToTray },
	},
	{
		"hotkey",
		func(p Policy) bool { return p.Hotkey != nil },
		func(p Policy, s *Settings) { s.Hotkey = *p.Hotkey },
		func(from Settings, to *Settings) { to.Hotkey = from.Hotkey },
	},
	{
		"preview_content",
		func(p Policy) bool { return p.HidePreview },
		func(_ Policy, s *Settings) { s.PreviewContent = false },
		func(from Settings, to *Settings) { to.PreviewContent = from.PreviewContent },
	},
	{
		"proxy",
		func(p Policy) bool { return p.Proxy != nil },
		func(p Policy, s *Settings) { s.Proxy = *p.Proxy },
		func(from Settings, to *Settings) { to.Proxy = from.Proxy },
	},
}

// over is what holds: the user's choices, and over them what the policy sets.
func (p Policy) over(s Settings) Settings {
	for _, m := range managedSettings {
		if m.set(p) {
			m.force(p, &s)
		}
	}
	s.IdleLockMinutes = p.lockMinutes(s.IdleLockMinutes)
	return s
}

// lockMinutes is after how long the app locks itself: the user may only choose a shorter time than the policy.
func (p Policy) lockMinutes(own int) int {
	if p.IdleLockMinutes > 0 && (own == 0 || own > p.IdleLockMinutes) {
		return p.IdleLockMinutes
	}
	return own
}

// keep is what is kept of what the page wants to save: it shows what holds, and that must not become the user's choice.
func (p Policy) keep(own, asked Settings) Settings {
	for _, m := range managedSettings {
		if m.set(p) {
			m.keep(own, &asked)
		}
	}
	if asked.IdleLockMinutes == p.lockMinutes(own.IdleLockMinutes) {
		asked.IdleLockMinutes = own.IdleLockMinutes // as the page showed it
	}
	return asked
}

// managed names the settings that the policy sets, sorted.
func (p Policy) managed() []string {
	names := []string{}
	for _, m := range managedSettings {
		if m.set(p) {
			names = append(names, m.name)
		}
	}
	slices.Sort(names)
	return names
}

// roots are the certificates that are trusted: the system's and the policy's; nil: just the system's. given are those of a
// test.
func (p Policy) roots(given *x509.CertPool) (*x509.CertPool, error) {
	if len(p.CAs) == 0 {
		return given, nil
	}
	pool, err := given, error(nil)
	if pool == nil {
		if pool, err = x509.SystemCertPool(); err != nil {
			pool = x509.NewCertPool() // the company's own are better than none
		}
	} else {
		pool = pool.Clone()
	}
	for _, ca := range p.CAs {
		pool.AddCert(ca)
	}
	return pool, err
}
