// Command himsg-empty is a window of Wails with nothing in it: what the app's start and memory are measured beside. Never
// shipped.
package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
)

//go:embed page
var content embed.FS

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "himsg-empty:", err)
		os.Exit(1)
	}
}

// run opens a window as large as the app's, drawn as the app's is.
func run() error {
	page, err := fs.Sub(content, "page")
	if err != nil {
		return fmt.Errorf("open page: %w", err)
	}
	err = wails.Run(&options.App{
		Title: "Hi_Msg empty", Width: 1180, Height: 760,
		AssetServer: &assetserver.Options{Assets: page},
		Linux:       &linux.Options{WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
	})
	if err != nil {
		return fmt.Errorf("run window: %w", err)
	}
	return nil
}
