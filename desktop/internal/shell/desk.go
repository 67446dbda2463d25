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
	SetSize(width, height int)
	SetMinSize(width, height int)
	// Position is on the whole desktop, SetPosition on the screen that the window is on; neither where a system has no such
	// thing.
	Position() (x, y int)
	SetPosition(x, y int)
	Centre()
	// Screens are those that there are now; none: nobody tells.
	Screens() []screen
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
func (d wailsDesk) SetSize(width, height int)   { runtime.WindowSetSize(d.ctx, width, height) }
func (d wailsDesk) Position() (x, y int)        { return runtime.WindowGetPosition(d.ctx) }
func (d wailsDesk) SetPosition(x, y int)        { runtime.WindowSetPosition(d.ctx, x, y) }
func (d wailsDesk) Centre()                     { runtime.WindowCenter(d.ctx) }

func (d wailsDesk) SetMinSize(width, height int) { runtime.WindowSetMinSize(d.ctx, width, height) }

func (d wailsDesk) Screens() []screen {
	all, err := runtime.ScreenGetAll(d.ctx)
	if err != nil {
		return nil
	}
	out := make([]screen, len(all))
	for i, s := range all {
		out[i] = screen{Width: s.Size.Width, Height: s.Size.Height, Current: s.IsCurrent, Primary: s.IsPrimary}
	}
	return out
}

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
