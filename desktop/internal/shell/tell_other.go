//go:build !windows

package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	goruntime "runtime"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// Tell shows a text in a dialog of the system's and waits until it is closed: for an app that can't start. It must be called on
// the main goroutine, and no Run may follow.
func Tell(text string) error {
	if goruntime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("no display to tell it on")
	}
	tell := func(ctx context.Context) {
		_, _ = runtime.MessageDialog(ctx, runtime.MessageDialogOptions{Type: runtime.ErrorDialog, Title: appName, Message: text})
		runtime.Quit(ctx)
	}
	err := wails.Run(&options.App{
		Title: appName, StartHidden: true,
		AssetServer: &assetserver.Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<!doctype html><title>Hi_Msg</title>")
		})},
		OnDomReady: func(ctx context.Context) { go tell(ctx) }, // ends with the process
	})
	if err != nil {
		return fmt.Errorf("show a dialog: %w", err)
	}
	return nil
}
