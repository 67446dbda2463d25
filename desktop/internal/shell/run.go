package shell

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
)

// Run opens the window and returns when the app has ended. assets is the built page. It must be called on the main
// goroutine.
func (s *Shell) Run(assets fs.FS) error {
	stopSignals := s.quitOnSignal()
	defer stopSignals()
	if err := wails.Run(s.options(assets)); err != nil {
		return fmt.Errorf("run window: %w", err)
	}
	return nil
}

// HandOver is the second start of a profile: it makes the first one's window come up, and ends the process (on Linux
// with code 1: Wails decides that). If the first can't be reached it returns an error. assets is the built page, which
// is not shown.
func HandOver(profileDir string, assets fs.FS) error {
	reached := true
	err := wails.Run(&options.App{
		StartHidden:        true,
		AssetServer:        &assetserver.Options{Assets: assets},
		SingleInstanceLock: &options.SingleInstanceLock{UniqueId: instanceID(profileDir)},
		OnDomReady: func(ctx context.Context) {
			reached = false // nobody took the lock from us
			wailsDesk{ctx}.Quit()
		},
	})
	if err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	if !reached {
		return fmt.Errorf("the app that runs with profile %s can't be reached", profileDir)
	}
	return nil
}

func (s *Shell) options(assets fs.FS) *options.App {
	bg := background(s.memory.Theme)
	state := options.Normal
	if s.memory.Maximised {
		state = options.Maximised
	}
	return &options.App{
		Title:  appName,
		Width:  s.memory.Width,
		Height: s.memory.Height,

		MinWidth:         minWidth,
		MinHeight:        minHeight,
		WindowStartState: state,
		StartHidden:      s.opts.Hidden,
		BackgroundColour: options.NewRGB(bg.r, bg.g, bg.b),
		AssetServer:      &assetserver.Options{Assets: assets, Handler: pictureHandler(s.app)},
		Logger:           wailsLog{s.opts.Logger},

		OnStartup:     func(ctx context.Context) { s.startup(ctx, wailsDesk{ctx}) },
		OnDomReady:    s.domReady,
		OnBeforeClose: s.beforeClose,
		OnShutdown:    func(context.Context) { s.shutdown() },

		Bind:           []any{NewBridge(s.app)},
		ErrorFormatter: formatError,
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId: instanceID(s.opts.ProfileDir),
			OnSecondInstanceLaunch: func(second options.SecondInstanceData) {
				if !slices.Contains(second.Args, "--hidden") { // the session's autostart asks for no window
					s.Raise()
				}
			},
		},
		// Wails then shows the menu over text fields and selected text only.
		EnableDefaultContextMenu: true,

		Linux: &linux.Options{
			Icon:             s.opts.Icon,
			ProgramName:      "himsg",
			WebviewGpuPolicy: linux.WebviewGpuPolicyNever,
		},
		Windows: &windows.Options{
			WebviewUserDataPath: filepath.Join(s.opts.ProfileDir, "webview"),
			DisablePinchZoom:    true,
		},
	}
}

// instanceID tells the running apps of different profiles apart. The same folder by another spelling is the same.
func instanceID(profileDir string) string {
	if whole, err := filepath.Abs(profileDir); err == nil {
		profileDir = whole
	}
	if whole, err := filepath.EvalSymlinks(profileDir); err == nil {
		profileDir = whole
	}
	sum := sha256.Sum256([]byte(profileDir))
	return "himsg-" + hex.EncodeToString(sum[:8])
}

// quitOnSignal ends the app in order when the session or a person ends the process.
func (s *Shell) quitOnSignal() (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		select {
		case <-signals:
			s.Quit()
		case <-done:
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}
