package shell

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
)

// Run opens the window and returns when the app has ended. assets is the built page. It must be called on the main
// goroutine.
func (s *Shell) Run(assets fs.FS) error {
	stopSignals := s.quitOnSignal()
	defer stopSignals()
	o := s.options(assets)
	undo := tuneWebView()
	o.OnDomReady = func(ctx context.Context) {
		undo()
		s.domReady(ctx)
	}
	if err := wails.Run(o); err != nil {
		return fmt.Errorf("run window: %w", err)
	}
	return nil
}

func (s *Shell) options(assets fs.FS) *options.App {
	dark := isDark(s.memory.Theme)
	bg := background(dark)
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
		AssetServer:      &assetserver.Options{Assets: assets, Handler: pictureHandler(s.app), Middleware: s.launchHandler(assets, dark)},
		Logger:           wailsLog{s.opts.Logger},

		OnStartup:     func(ctx context.Context) { s.startup(ctx, wailsDesk{ctx}) },
		OnBeforeClose: s.beforeClose,
		OnShutdown:    func(context.Context) { s.shutdown() },

		Bind:           []any{NewBridge(s.app)},
		ErrorFormatter: formatError,
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
			Messages:            webViewWords(SystemLanguage()),
		},
		// There the system hands a link to the app that runs, and starts it without one.
		Mac: &mac.Options{OnUrlOpen: func(link string) { s.Called(false, link) }},
	}
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
