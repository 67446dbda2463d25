package shell

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// desk is what the shell does with the window and the page. wailsDesk does it for real; tests look on.
type desk interface {
	Show()
	Hide()
	Unminimise()
	SetTitle(title string)
	SetBackground(c colour)
	Size() (width, height int)
	Maximised() bool
	Emit(event string, data any)
	OpenURL(address string)
	// ChooseFile waits for the user; the path is empty when he chose none.
	ChooseFile(title, kind, names string) (path string, err error)
	// The other dialogs do the same.
	ChooseFiles(title string) (paths []string, err error)
	ChooseTarget(title, folder, name string) (path string, err error)
	ChooseFolder(title string) (path string, err error)
	Quit()
}

// wailsDesk calls Wails' runtime. ctx is the one of OnStartup: Wails keeps the app itself in it, and ends the process when
// it gets another.
type wailsDesk struct{ ctx context.Context }

func (d wailsDesk) Show()                       { runtime.WindowShow(d.ctx) }
func (d wailsDesk) Hide()                       { runtime.WindowHide(d.ctx) }
func (d wailsDesk) Unminimise()                 { runtime.WindowUnminimise(d.ctx) }
func (d wailsDesk) SetTitle(title string)       { runtime.WindowSetTitle(d.ctx, title) }
func (d wailsDesk) Size() (width, height int)   { return runtime.WindowGetSize(d.ctx) }
func (d wailsDesk) Maximised() bool             { return runtime.WindowIsMaximised(d.ctx) }
func (d wailsDesk) Emit(event string, data any) { runtime.EventsEmit(d.ctx, event, data) }
func (d wailsDesk) OpenURL(address string)      { runtime.BrowserOpenURL(d.ctx, address) }
func (d wailsDesk) Quit()                       { runtime.Quit(d.ctx) }

func (d wailsDesk) ChooseFile(title, kind, names string) (string, error) {
	return runtime.OpenFileDialog(d.ctx, runtime.OpenDialogOptions{
		Title: title, Filters: []runtime.FileFilter{{DisplayName: kind, Pattern: names}},
	})
}

func (d wailsDesk) ChooseFiles(title string) ([]string, error) {
	return runtime.OpenMultipleFilesDialog(d.ctx, runtime.OpenDialogOptions{Title: title})
}

func (d wailsDesk) ChooseTarget(title, folder, name string) (string, error) {
	return runtime.SaveFileDialog(d.ctx, runtime.SaveDialogOptions{
		Title: title, DefaultDirectory: folder, DefaultFilename: name, CanCreateDirectories: true,
	})
}

func (d wailsDesk) ChooseFolder(title string) (string, error) {
	return runtime.OpenDirectoryDialog(d.ctx, runtime.OpenDialogOptions{Title: title, CanCreateDirectories: true})
}

func (d wailsDesk) SetBackground(c colour) {
	runtime.WindowSetBackgroundColour(d.ctx, c.r, c.g, c.b, 255)
}
