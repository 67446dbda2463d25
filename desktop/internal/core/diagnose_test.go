package core_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/shared/client/proxytest"
)

// finding runs the diagnosis and returns what it says of one check.
func (a *app) finding(check string) core.Finding {
	a.t.Helper()
	d, err := a.Diagnose()
	a.ok(err)
	if d.Running || d.At == 0 {
		a.t.Errorf("not over: %+v", d)
	}
	i := slices.IndexFunc(d.Findings, func(f core.Finding) bool { return f.Check == check })
	if i < 0 {
		a.t.Fatalf("no %s in %+v", check, d.Findings)
	}
	for _, f := range d.Findings {
		if f.State == core.FindingWaiting || f.Code == "" {
			a.t.Errorf("%s was not looked at: %+v", f.Check, f)
		}
	}
	return d.Findings[i]
}

// at starts an app whose server is at an address, as the command line would say it.
func at(t *testing.T, address string, change func(*core.Options)) *app {
	t.Helper()
	return startAs(t, nil, t.TempDir(), newKeyring(), func(o *core.Options) {
		o.ServerPreset = address
		if change != nil {
			change(o)
		}
	})
}

// encryptedServer serves over TLS, with httptest's certificate for example.com and 127.0.0.1.
func encryptedServer(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(newServer(t).routes())
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func says(ways core.Ways) func(*core.Options) {
	return func(o *core.Options) { o.Proxies = &system{ways: ways} }
}

// Each fault is named by the check that it belongs to, and those that rest on it are not blamed.
func TestDiagnosisNamesTheFault(t *testing.T) {
	cases := map[string]struct {
		begin  func(t *testing.T) *app
		check  string
		code   []string
		state  core.FindingState
		rested string // a check that is skipped then
	}{
		"no server yet": {func(t *testing.T) *app { return at(t, "", nil) }, "proxy", []string{"no_server"}, core.FindingSkipped, "route"},
		"a wrong name": {
			func(t *testing.T) *app { return at(t, "http://himsg.invalid:5050", nil) },
			"name",
			[]string{"not_found", "no_answer"},
			core.FindingBad, "route", // what a network without names says
		},
		"a closed port": {
			func(t *testing.T) *app { return at(t, "http://"+proxytest.ClosedPort(t), nil) },
			"route",
			[]string{"refused"},
			core.FindingBad, "server",
		},
		"no encryption there": {
			func(t *testing.T) *app {
				return at(t, strings.Replace(newServer(t).address(), "http:", "https:", 1), nil)
			},
			"tls",
			[]string{"plain_http"},
			core.FindingBad, "certificate",
		},
		"encryption is wanted": {
			func(t *testing.T) *app {
				return at(t, strings.Replace(encryptedServer(t).URL, "https:", "http:", 1), nil)
			},
			"tls",
			[]string{"wants_encryption"},
			core.FindingBad, "token",
		},
		"another server's certificate": {
			func(t *testing.T) *app {
				return at(t, strings.Replace(encryptedServer(t).URL, "127.0.0.1", "localhost", 1), nil)
			},
			"certificate",
			[]string{"wrong_name"},
			core.FindingBad, "socket",
		},
		"an unknown authority": {
			func(t *testing.T) *app { return at(t, encryptedServer(t).URL, nil) },
			"certificate",
			[]string{"unknown_authority"},
			core.FindingBad, "socket",
		},
		"a clock a year off": {
			func(t *testing.T) *app {
				a := at(t, newServer(t).address(), nil)
				a.clock.forward(-365 * 24 * time.Hour)
				return a
			},
			"clock",
			[]string{"behind"},
			core.FindingBad, "socket",
		},
		"a clock for which the certificate is over": {
			func(t *testing.T) *app {
				a := at(t, encryptedServer(t).URL, nil)
				a.clock.forward(100 * 365 * 24 * time.Hour)
				return a
			},
			"certificate",
			[]string{"clock"},
			core.FindingBad, "socket",
		},
		"a proxy that is down": {
			func(t *testing.T) *app { return at(t, behind, says(waysBy(t, "http://"+proxytest.ClosedPort(t)))) },
			"route",
			[]string{"proxy_down"},
			core.FindingBad, "tls",
		},
		"a proxy that wants a sign-in": {
			func(t *testing.T) *app {
				proxy := proxytest.New(t)
				proxy.Answer(http.StatusProxyAuthRequired)
				return at(t, behind, says(waysBy(t, proxy.URL())))
			},
			"route",
			[]string{"proxy_auth"},
			core.FindingBad, "tls",
		},
		"a PAC file": {
			func(t *testing.T) *app {
				ways := waysBy(t, "http://"+proxytest.ClosedPort(t))
				ways.Script = "http://wpad.himsg.test/proxy.pac"
				return at(t, behind, says(ways))
			},
			"proxy",
			[]string{"by_script"},
			core.FindingOK, "tls",
		},
		"a PAC file that is for the direct way": {
			func(t *testing.T) *app { return at(t, behind, says(core.Ways{Script: "/etc/proxy.pac"})) },
			"proxy",
			[]string{"direct_by_script"},
			core.FindingOK, "route",
		},
		"a PAC file that can't be used": {
			func(t *testing.T) *app {
				return at(t, behind, func(o *core.Options) {
					o.Proxies = &system{ways: core.Ways{Script: "/etc/proxy.pac"}, err: errors.New("the server answers 404")}
				})
			},
			"proxy",
			[]string{"script"},
			core.FindingWarn, "route",
		},
		"another program": {
			func(t *testing.T) *app {
				site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					_, _ = io.WriteString(w, "<html>It works!</html>")
				}))
				t.Cleanup(site.Close)
				return at(t, site.URL, nil)
			},
			"server",
			[]string{"not_himsg"},
			core.FindingBad, "token",
		},
		"a locked keyring": {
			func(t *testing.T) *app {
				a := at(t, newServer(t).address(), nil)
				a.keyring.set(true)
				return a
			},
			"keyring",
			[]string{"failed"},
			core.FindingBad, "",
		},
		"a policy with errors": {
			func(t *testing.T) *app {
				return at(t, newServer(t).address(), func(o *core.Options) {
					o.Policy = core.Policy{Source: "/etc/x", Faults: []core.PolicyFault{{Key: "ring", Code: core.FaultBadValue}}}
				})
			},
			"policy",
			[]string{"faults"},
			core.FindingWarn, "",
		},
		"a look that never ends": {
			func(t *testing.T) *app {
				return at(t, "", func(o *core.Options) {
					o.Pace.Look = 20 * time.Millisecond
					o.Checks = []core.Check{{Name: "tray", Look: func(context.Context) core.Finding {
						<-t.Context().Done()
						return core.Finding{}
					}}}
				})
			},
			"tray",
			[]string{"timeout"},
			core.FindingBad, "",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			a := c.begin(t)
			f := a.finding(c.check)
			if !slices.Contains(c.code, f.Code) || f.State != c.state {
				t.Fatalf("%+v", f)
			}
			if c.rested != "" {
				if f := a.finding(c.rested); f.State != core.FindingSkipped {
					t.Errorf("blamed too: %+v", f)
				}
			}
		})
	}
}

// A proxy that takes the word Upgrade out lets HTTP through, and no WebSocket.
func TestDiagnosisNamesABlockedSocket(t *testing.T) {
	s, proxy := newServer(t), proxytest.New(t)
	proxy.Host(strings.TrimPrefix(behind, "http://"), strings.TrimPrefix(s.address(), "http://"))
	a := at(t, behind, says(waysBy(t, proxy.URL())))
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline })
	if f := a.finding("socket"); f.State != core.FindingOK || f.Code != "opens" {
		t.Fatalf("before: %+v", f)
	}
	proxy.DropUpgrades()
	if f := a.finding("token"); f.State != core.FindingOK {
		t.Fatalf("HTTP: %+v", f)
	}
	if f := a.finding("socket"); f.State != core.FindingBad || f.Code != "blocked" {
		t.Fatalf("%+v", f)
	}
}

// What IT gets holds nothing that opens an account, no message, and not the user's name.
func TestDiagnosisTextHoldsNoSecret(t *testing.T) {
	profile := t.TempDir()
	t.Setenv("HOME", profile)
	s := newServer(t)
	a := startAs(t, s, profile, newKeyring(), func(o *core.Options) {
		o.Checks = []core.Check{{Name: "tray", Look: func(context.Context) core.Finding {
			return core.Finding{State: core.FindingOK, Code: "shown", Fields: map[string]string{
				"path": profile + "/x", "long": strings.Repeat("가", 5000), "lines": "one\ntwo",
			}}
		}}}
	})
	a.ok(a.SignIn("minji", "right password", true))
	a.until(t, "online", func() bool { return a.state.Link == core.LinkOnline && len(a.rooms) == 2 })
	a.send(roomA, "카나리아 메시지")
	if f := a.finding("store"); f.State == core.FindingBad || !strings.HasPrefix(f.Fields["path"], "~") {
		t.Errorf("store: %+v", f)
	}
	text, err := a.DiagnosisText()
	a.ok(err)
	if !strings.Contains(text, "socket") || !strings.Contains(text, "opens") || len(text) > 6000 {
		t.Errorf("text: %s", text)
	}
	a.keyring.mu.Lock()
	defer a.keyring.mu.Unlock()
	canaries := []string{"right password", "카나리아", profile, "minji", "김민지", "one\ntwo"}
	for _, kept := range a.keyring.values {
		canaries = append(canaries, kept)
	}
	for _, canary := range canaries {
		if strings.Contains(text, canary) {
			t.Errorf("%q stands in the text", canary)
		}
	}
}
