package policy_test

import (
	"log/slog"
	"strings"
	"testing"

	"golang.org/x/sys/windows/registry"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/policy"
)

const testKey = `Software\Policies\Hi_Msg of a test`

// written is the policy that a key of this user's says.
func written(t *testing.T, write func(registry.Key) error) core.Policy {
	t.Helper()
	key, _, err := registry.CreateKey(registry.CURRENT_USER, testKey, registry.ALL_ACCESS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = registry.DeleteKey(registry.CURRENT_USER, testKey) })
	defer key.Close()
	if err := write(key); err != nil {
		t.Fatal(err)
	}
	return policy.Load(policy.Options{Path: `HKCU\` + testKey, Logger: slog.New(slog.DiscardHandler)})
}

func TestPolicyOfTheRegistry(t *testing.T) {
	t.Setenv("HIMSG_TEST_HOST", "talk.corp.local")
	p := written(t, func(key registry.Key) error {
		for name, text := range map[string]string{"Hotkey": "ctrl+alt+h", "ring": "early", "proxy": "proxy.corp.local:3128"} {
			if err := key.SetStringValue(name, text); err != nil {
				return err
			}
		}
		for name, number := range map[string]uint32{"autostart": 1, "close_to_tray": 0, "idle_lock_minutes": 10} {
			if err := key.SetDWordValue(name, number); err != nil {
				return err
			}
		}
		if err := key.SetQWordValue("preview_content", 0); err != nil {
			return err
		}
		return key.SetExpandStringValue("server_url", "https://%HIMSG_TEST_HOST%:5050")
	})
	if len(p.Faults) > 0 || p.ServerURL != "https://talk.corp.local:5050" || !*p.Autostart || *p.CloseToTray || p.IdleLockMinutes != 10 ||
		*p.Hotkey != "ctrl+alt+h" || !p.HidePreview || p.Ring != "early" || p.Proxy.Address != "http://proxy.corp.local:3128" {
		t.Fatalf("%+v", p)
	}
}

// A good value stands beside each fault: it must hold.
func TestFaultsInTheRegistry(t *testing.T) {
	for name, c := range map[string]struct {
		write func(registry.Key) error
		key   string
		code  string
	}{
		"an unknown value":   {func(k registry.Key) error { return k.SetStringValue("server", "x") }, "server", core.FaultUnknownKey},
		"a list":             {func(k registry.Key) error { return k.SetStringsValue("proxy", []string{"a", "b"}) }, "proxy", core.FaultWrongType},
		"bytes":              {func(k registry.Key) error { return k.SetBinaryValue("ring", []byte{1}) }, "ring", core.FaultWrongType},
		"a number of a text": {func(k registry.Key) error { return k.SetDWordValue("server_url", 7) }, "server_url", core.FaultWrongType},
		"neither on nor off": {func(k registry.Key) error { return k.SetDWordValue("autostart", 2) }, "autostart", ""},
		"too long":           {func(k registry.Key) error { return k.SetStringValue("ring", strings.Repeat("a", 5000)) }, "ring", core.FaultTooBig},
	} {
		t.Run(name, func(t *testing.T) {
			p := written(t, func(key registry.Key) error {
				if err := key.SetDWordValue("preview_content", 0); err != nil {
					return err
				}
				return c.write(key)
			})
			if !p.HidePreview {
				t.Error("the good value does not hold")
			}
			if len(p.Faults) != 1 || p.Faults[0].Key != c.key || c.code != "" && p.Faults[0].Code != c.code {
				t.Errorf("%+v", p.Faults)
			}
		})
	}
}

func TestNoPolicyInTheRegistry(t *testing.T) {
	p := policy.Load(policy.Options{Path: `HKCU\` + testKey + ` that is not there`, Logger: slog.New(slog.DiscardHandler)})
	if p.Source != "" || len(p.Faults) > 0 {
		t.Fatalf("%+v", p)
	}
}
