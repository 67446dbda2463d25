//go:build bindings

// The build that writes the TypeScript types of the bridge (make generate; the Wails CLI does the same). It opens
// nothing: wails.Run reads the methods of what is bound, writes frontend/src/wailsjs and returns.
package main

import (
	"fmt"
	"os"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/options"

	"himsg/desktop/internal/shell"
)

func main() {
	if err := wails.Run(&options.App{Bind: []any{shell.NewBridge(nil)}}); err != nil {
		fmt.Fprintln(os.Stderr, "write bindings:", err)
		os.Exit(1)
	}
}
