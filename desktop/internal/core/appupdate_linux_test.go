package core_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"himsg/desktop/internal/core"
	"himsg/desktop/internal/update"
	"himsg/shared/release"
)

// house is a server that hands out the app, well or badly.
type house struct {
	t       *testing.T
	public  ed25519.PublicKey
	private ed25519.PrivateKey
	http    *httptest.Server

	mu      sync.Mutex
	answer  any    // to GET /api/update; nil: 404
	file    []byte // what is sent
	cut     int    // the first answer ends after so many bytes; 0: it is whole
	busy    bool
	ranges  []string
	restart int
}

var installer = bytes.Repeat([]byte("installer "), 20_000)

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, file: installer}
	var err error
	if h.public, h.private, err = ed25519.GenerateKey(nil); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/update", func(w http.ResponseWriter, _ *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if h.answer == nil {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"code":"not_found","error":"none"}`))
			return
		}
		if text, ok := h.answer.(string); ok {
			_, _ = w.Write([]byte(text))
			return
		}
		_ = json.NewEncoder(w).Encode(h.answer)
	})
	mux.HandleFunc("GET /download/{sequence}/{name}", h.download)
	h.http = httptest.NewServer(mux)
	t.Cleanup(h.http.Close)
	return h
}

func (h *house) download(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.ranges = append(h.ranges, r.Header.Get("Range"))
	file, cut, busy := h.file, h.cut, h.busy
	h.cut = 0
	h.mu.Unlock()
	if busy {
		w.Header().Set("Retry-After", "30")
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = w.Write([]byte(`{"code":"unavailable","error":"later"}`))
		return
	}
	if cut > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(file)))
		_, _ = w.Write(file[:cut])
		return // net/http breaks the connection off
	}
	sum := sha256.Sum256(installer)
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file))
}

func (h *house) sign(change func(*release.Manifest), key ed25519.PrivateKey) release.Signed {
	h.t.Helper()
	sum := sha256.Sum256(installer)
	m := release.Manifest{
		Sequence: 20, Version: "1.1.0", Expires: time.Now().Add(time.Hour),
		Files: []release.File{{
			Name: "himsg-1.1.0-linux-amd64.tar.gz", System: "linux", Arch: "amd64", Kind: "tar.gz",
			SHA256: hex.EncodeToString(sum[:]), Size: int64(len(installer)),
		}},
	}
	if change != nil {
		change(&m)
	}
	signed, err := release.Sign(m, key)
	if err != nil {
		h.t.Fatal(err)
	}
	return signed
}

// Restart implements core.Restarter.
func (h *house) Restart() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.restart++
}

// app is an app of version 1.0.0 in a folder of its user's.
func (h *house) app(change func(*core.Options, *update.Options)) (*app, *update.Updater) {
	h.t.Helper()
	profile, folder := h.t.TempDir(), h.t.TempDir()
	program := filepath.Join(folder, "himsg")
	if err := os.WriteFile(program, nil, 0o600); err != nil {
		h.t.Fatal(err)
	}
	var updater *update.Updater
	a := startAs(h.t, nil, profile, newKeyring(), func(o *core.Options) {
		o.ServerPreset, o.Version, o.Restarter = h.http.URL, "1.0.0", h
		o.UpdateKeys = []ed25519.PublicKey{h.public}
		o.Pace.UpdateFirst, o.Pace.UpdateRetry, o.Pace.UpdateEvery = time.Millisecond, time.Hour, time.Hour
		uo := update.Options{ProfileDir: profile, Program: program, Version: "1.0.0", Keys: o.UpdateKeys, Clock: o.Clock, Logger: slog.New(slog.DiscardHandler)}
		if change != nil {
			change(o, &uo)
		}
		var err error
		if updater, err = update.New(uo); err != nil {
			h.t.Fatal(err)
		}
		if o.Installer == nil {
			o.Installer = updater
		}
	})
	return a, updater
}

// What a server offers is taken or refused, and the app says what it was.
func TestUpdatesAreTakenOrRefused(t *testing.T) {
	off := false
	for name, c := range map[string]struct {
		offer   func(h *house)
		app     func(*core.Options, *update.Options)
		seen    int64
		state   core.UpdateState
		problem string
		version string
	}{
		"a newer version": {offer: func(h *house) { h.answer = h.sign(nil, h.private) }, state: core.UpdateReady, version: "1.1.0"},
		"nothing":         {offer: func(*house) {}, state: core.UpdateUnknown},
		"the same version": {
			offer: func(h *house) { h.answer = h.sign(func(m *release.Manifest) { m.Version = "1.0.0" }, h.private) }, state: core.UpdateCurrent,
		},
		"signed by another key": {
			offer: func(h *house) {
				_, other, _ := ed25519.GenerateKey(nil)
				h.answer = h.sign(nil, other)
			},
			state: core.UpdateUnknown, problem: core.UpdateSignature,
		},
		"the manifest swapped": {
			offer: func(h *house) {
				one, other := h.sign(nil, h.private), h.sign(func(m *release.Manifest) { m.Sequence = 99 }, h.private)
				h.answer = release.Signed{Manifest: other.Manifest, Signature: one.Signature}
			},
			state: core.UpdateUnknown, problem: core.UpdateSignature,
		},
		"no manifest": {
			offer: func(h *house) {
				h.answer = release.Signed{Manifest: []byte("{}"), Signature: ed25519.Sign(h.private, []byte("himsg update manifest 1\n{}"))}
			},
			state: core.UpdateUnknown, problem: core.UpdateBroken,
		},
		"cut short": {offer: func(h *house) { h.answer = `{"manifest":"e30` }, state: core.UpdateUnknown, problem: core.UpdateOffline},
		"an old one, played again": {
			offer: func(h *house) { h.answer = h.sign(nil, h.private) }, seen: 21, state: core.UpdateUnknown, problem: core.UpdateReplayed,
		},
		"expired": {
			offer: func(h *house) {
				h.answer = h.sign(func(m *release.Manifest) { m.Expires = time.Now().Add(-time.Hour) }, h.private)
			},
			state: core.UpdateUnknown, problem: core.UpdateExpired,
		},
		"a ring of others": {
			offer: func(h *house) { h.answer = h.sign(func(m *release.Manifest) { m.Ring = "pilot" }, h.private) },
			state: core.UpdateUnknown, problem: core.UpdateRing,
		},
		"my ring": {
			offer: func(h *house) { h.answer = h.sign(func(m *release.Manifest) { m.Ring = "pilot" }, h.private) },
			app:   func(_ *core.Options, u *update.Options) { u.Ring = "pilot" },
			state: core.UpdateReady, version: "1.1.0",
		},
		"a downgrade": {
			offer: func(h *house) { h.answer = h.sign(func(m *release.Manifest) { m.Version = "0.9.0" }, h.private) },
			state: core.UpdateUnknown, problem: core.UpdateDowngrade,
		},
		"a roll-back": {
			offer: func(h *house) {
				h.answer = h.sign(func(m *release.Manifest) { m.Version, m.Rollback = "0.9.0", true }, h.private)
			},
			state: core.UpdateReady, version: "0.9.0",
		},
		"for another system": {
			offer: func(h *house) {
				h.answer = h.sign(func(m *release.Manifest) { m.Files[0].System = "windows" }, h.private)
			},
			state: core.UpdateUnknown, problem: core.UpdateNoFile,
		},
		"the file changed": {
			offer: func(h *house) {
				h.answer, h.file = h.sign(nil, h.private), bytes.Replace(installer, []byte("installer"), []byte("Installer"), 1)
			},
			state: core.UpdateOffered, problem: core.UpdateChecksum, version: "1.1.0",
		},
		"the file too large": {
			offer: func(h *house) { h.answer, h.file = h.sign(nil, h.private), append(bytes.Clone(installer), "more"...) },
			state: core.UpdateOffered, problem: core.UpdateChecksum, version: "1.1.0",
		},
		"the file cut": {
			offer: func(h *house) { h.answer, h.cut = h.sign(nil, h.private), 1000 },
			state: core.UpdateOffered, problem: core.UpdateOffline, version: "1.1.0",
		},
		"too many at once": {
			offer: func(h *house) { h.answer, h.busy = h.sign(nil, h.private), true },
			state: core.UpdateOffered, problem: core.UpdateBusy, version: "1.1.0",
		},
		"IT installs": {
			offer: func(h *house) { h.answer = h.sign(nil, h.private) },
			app:   func(_ *core.Options, u *update.Options) { u.Program = "/usr/bin/env" },
			state: core.UpdateOffered, version: "1.1.0",
		},
		"turned off": {
			offer: func(h *house) { h.answer = h.sign(nil, h.private) },
			app:   func(o *core.Options, _ *update.Options) { o.Policy.Updates = &off },
			state: core.UpdateOff, problem: core.UpdateByPolicy,
		},
		"no key": {
			offer: func(h *house) { h.answer = h.sign(nil, h.private) },
			app:   func(o *core.Options, _ *update.Options) { o.UpdateKeys = nil },
			state: core.UpdateOff, problem: core.UpdateNoKey,
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			c.offer(h)
			change := c.app
			if c.seen > 0 {
				change = func(o *core.Options, u *update.Options) {
					dir := filepath.Join(u.ProfileDir, "update")
					err := os.MkdirAll(dir, 0o700)
					if err == nil {
						err = os.WriteFile(filepath.Join(dir, "state.json"), []byte(`{"seen":`+strconv.FormatInt(c.seen, 10)+`}`), 0o600)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			a, u := h.app(change)
			a.until(t, "the end of a look", func() bool {
				return a.state.App.State == c.state && a.state.App.Problem == c.problem && (a.state.App.LookedAt > 0 || c.problem == core.UpdateOffline || c.state == core.UpdateOff)
			})
			if got := a.state.App; got.Version != c.version || got.Required {
				t.Errorf("%+v", got)
			}
			if _, version := u.Pending(); (version != "") != (c.state == core.UpdateReady) {
				t.Errorf("waits to be installed: %q", version)
			}
			err := a.RestartForUpdate()
			if h.mu.Lock(); (err == nil) != (c.state == core.UpdateReady) || (h.restart == 1) != (err == nil) {
				t.Errorf("%v, %d restarts", err, h.restart)
			}
			h.mu.Unlock()
		})
	}
}

// A download that broke off goes on where it ended, and what the server no longer offers is forgotten.
func TestUpdateGoesOn(t *testing.T) {
	h := newHouse(t)
	h.answer, h.cut = h.sign(func(m *release.Manifest) { m.MinVersion = "1.0.5" }, h.private), 70_000
	a, u := h.app(nil)
	a.until(t, "a broken download", func() bool { return a.state.App.Problem == core.UpdateOffline })
	if !a.state.App.Required {
		t.Error("it is not told that this version may not work any more")
	}
	a.ok(a.CheckForUpdate())
	a.until(t, "ready", func() bool { return a.state.App.State == core.UpdateReady && a.state.App.Problem == "" })
	h.mu.Lock()
	ranges := strings.Join(h.ranges, ",")
	h.answer = nil
	h.mu.Unlock()
	if ranges != ",bytes=70000-" {
		t.Errorf("asked for %q", ranges)
	}
	a.ok(a.CheckForUpdate())
	a.until(t, "forgotten", func() bool { return a.state.App.State == core.UpdateUnknown })
	if _, version := u.Pending(); version != "" {
		t.Errorf("%q waits on", version)
	}
}

// A version that did not come up here is not loaded again.
func TestUpdateThatFailedIsNotTriedAgain(t *testing.T) {
	h := newHouse(t)
	h.answer = h.sign(nil, h.private)
	a, _ := h.app(func(_ *core.Options, u *update.Options) {
		dir := filepath.Join(u.ProfileDir, "update")
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte(`{"seen":20,"failed":20}`), 0o600); err != nil {
			t.Fatal(err)
		}
	})
	a.until(t, "told", func() bool { return a.state.App.Problem == core.UpdateNotUp })
	h.mu.Lock()
	defer h.mu.Unlock()
	if a.state.App.Version != "1.1.0" || len(h.ranges) != 0 {
		t.Errorf("%+v, %d downloads", a.state.App, len(h.ranges))
	}
}
