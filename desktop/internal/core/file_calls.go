package core

import "himsg/shared/wire"

// This file holds what the page may ask for about files.

var errNoFiles = refuse(wire.Unavailable, "", "files can't be sent or saved by this version of the app")

// ChooseFiles asks for files and puts them into a room's composer.
func (c *Core) ChooseFiles(string) error { return errNoFiles }

// PasteFile puts a pasted picture into a room's composer.
func (c *Core) PasteFile(_, _ string) error { return errNoFiles }

// DropHeld takes files out of a composer again.
func (c *Core) DropHeld(string, []string) error { return errNoFiles }

// FileLimits says what the server takes.
func (c *Core) FileLimits() (FileLimits, error) { return FileLimits{Types: []string{}}, errNoFiles }

// CancelTransfer ends an upload or a download.
func (c *Core) CancelTransfer(string) error { return errNoFiles }

// RetryTransfer tries a failed one again.
func (c *Core) RetryTransfer(string) error { return errNoFiles }

// SaveFile asks where to and saves.
func (c *Core) SaveFile(string) (bool, error) { return false, errNoFiles }

// SaveFiles asks for a folder and saves.
func (c *Core) SaveFiles([]string) (bool, error) { return false, errNoFiles }

// DownloadFile saves into the downloads folder.
func (c *Core) DownloadFile(string) error { return errNoFiles }

// OpenFile opens a saved file.
func (c *Core) OpenFile(string) error { return errNoFiles }

// ShowFile shows a saved file in its folder.
func (c *Core) ShowFile(string) error { return errNoFiles }

// CopyPicture puts a picture on the clipboard.
func (c *Core) CopyPicture(string) error { return errNoFiles }

// RoomFiles lists a room's files.
func (c *Core) RoomFiles(string, FilesQuery) (FilesPage, error) {
	return FilesPage{Files: []RoomFile{}}, errNoFiles
}
