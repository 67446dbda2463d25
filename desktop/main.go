//go:build !bindings

// Command himsg is the desktop app of Hi_Msg: a window on a Go core.
//
// This file only reads the flags and puts the parts together: internal/core does the work, internal/shell is the window,
// the folders beside them are the operating system. The page is embedded from module frontend.
package main

import (
	"crypto/ed25519"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"himsg/desktop/internal/badge"
	"himsg/desktop/internal/clock"
	"himsg/desktop/internal/core"
	"himsg/desktop/internal/hotkey"
	"himsg/desktop/internal/icon"
	"himsg/desktop/internal/inspect"
	"himsg/desktop/internal/licence"
	"himsg/desktop/internal/notify"
	"himsg/desktop/internal/policy"
	"himsg/desktop/internal/proxy"
	"himsg/desktop/internal/seat"
	"himsg/desktop/internal/secret"
	"himsg/desktop/internal/shell"
	"himsg/desktop/internal/tray"
	"himsg/desktop/internal/update"
	"himsg/frontend"
	"himsg/shared/release"
)

func main() {
	if proxy.RanPAC() {
		return
	}
	err := run(os.Args[1:])
	if again := (*errAgain)(nil); errors.As(err, &again) {
		err = startAgain(again)
	}
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "himsg:", err)
	tell(err)
	os.Exit(1)
}

func run(args []string) error {
	f, err := parse(args)
	if err != nil {
		return err
	}
	if f.version {
		_, err := fmt.Fprintln(os.Stdout, "himsg", release.Version)
		return err
	}
	page, err := fs.Sub(frontend.Dist, "dist")
	if err != nil {
		return fmt.Errorf("open page: %w", err)
	}
	unlock, done, err := lockProfile(f)
	if err != nil || done {
		return err
	}
	logger, closeLog, err := openLog(f.profile)
	if err != nil {
		unlock()
		return &unstarted{f.profile, err}
	}
	defer closeLog()
	p := parts{flags: f, page: page, policy: policy.Load(policyOptions(logger)), logger: logger}
	if err := p.findUpdates(); err != nil {
		unlock()
		return err
	}
	unlock, done, err = p.installUpdate(unlock)
	defer unlock()
	if err != nil || done {
		return err
	}
	return open(p)
}

// parts are what the app is put together of.
type parts struct {
	flags
	page    fs.FS
	policy  core.Policy
	program string
	updates *update.Updater // nil: this app is not updated
	keys    []ed25519.PublicKey
	logger  *slog.Logger
}

// open puts the parts together and runs the window until the app ends.
func open(p parts) error {
	f, logger := p.flags, p.logger
	picture, err := icon.PNG(icon.Mark(128))
	if err != nil {
		return err
	}
	sh := shell.New(shell.Options{
		ProfileDir: f.profile, Hidden: f.hidden, Icon: picture, Settled: p.settled, Logger: logger,
	})
	notifier := notify.New(notify.Options{
		Icon: picture, Activate: sh.Activated, Answer: sh.Answered, Clock: clock.System{}, Logger: logger,
	})
	keyring := secret.New(secret.ServiceName(f.profile))
	defer closeKeyring(keyring, logger)

	keys := hotkey.New(sh.Raise)
	defer keys.Close()
	autostart := sessionStart(f, logger)
	app, err := core.New(core.Options{
		ProfileDir: f.profile, ServerPreset: f.server, Policy: p.policy,
		Version: release.Version, Language: shell.SystemLanguage(),
		Secrets: keyring, Notifier: notifier, Badge: sh, Opener: sh, Chooser: sh, Desktop: sh, Proxies: proxy.New(), Emitter: sh,
		Autostart: autostart, Checks: inspect.Checks(autostart), Seat: seat.New(logger), Hotkeys: keys, Clock: clock.System{}, Logger: logger,
		Installer: p.installer(), Restarter: sh, UpdateKeys: p.keys, Licences: licence.Embedded{},
	})
	if err != nil {
		return &unstarted{f.profile, fmt.Errorf("open profile: %w", err)}
	}
	sh.Connect(tray.New(tray.Options{
		Draw: icon.Tray, Open: sh.Raise, Presence: sh.SetPresence, Mute: sh.Mute, Lock: sh.Lock, Settings: sh.ShowSettings, Quit: sh.Quit,
		Logger: logger,
	}), badge.New(badge.Options{Draw: icon.Overlay, Logger: logger}), notifier, app)
	if f.link != "" {
		app.Follow(f.link)
	}
	defer hear(f, sh, logger)()
	if err := sh.Run(p.page); err != nil {
		return err
	}
	return p.again(sh.Again())
}
