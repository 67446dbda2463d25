package shell

import (
	"errors"
	"fmt"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// The clipboard's functions, which golang.org/x/sys does not have.
var (
	user32           = windows.NewLazySystemDLL("user32.dll")
	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	kernel32         = windows.NewLazySystemDLL("kernel32.dll")
	globalAlloc      = kernel32.NewProc("GlobalAlloc")
	globalFree       = kernel32.NewProc("GlobalFree")
	globalLock       = kernel32.NewProc("GlobalLock")
	globalUnlock     = kernel32.NewProc("GlobalUnlock")
)

const (
	formatDIBV5 = 17 // CF_DIBV5
	movable     = 2  // GMEM_MOVEABLE: what the clipboard takes
	// Another program may have the clipboard open for a moment.
	clipboardTries = 10
	clipboardWait  = 20 * time.Millisecond
)

// CopyImage implements core.Desktop. Programs that know of it take the png as it is, all others the bitmap.
func (s *Shell) CopyImage(png []byte) error {
	bitmap, err := asBitmap(png)
	if err != nil {
		return err
	}
	runtime.LockOSThread() // an open clipboard belongs to a thread
	defer runtime.UnlockOSThread()
	if err := openBoard(); err != nil {
		return err
	}
	defer func() { _, _, _ = closeClipboard.Call() }() // nothing can be done about it
	if done, _, err := emptyClipboard.Call(); done == 0 {
		return fmt.Errorf("empty the clipboard: %w", err)
	}
	name, err := windows.UTF16PtrFromString("PNG")
	if err != nil {
		return err
	}
	format, _, err := registerFormat.Call(uintptr(unsafe.Pointer(name))) //nolint:gosec // G103: the call takes a pointer
	if format == 0 {
		return fmt.Errorf("name a clipboard format: %w", err)
	}
	return errors.Join(put(format, png), put(formatDIBV5, bitmap))
}

func openBoard() error {
	for range clipboardTries {
		if done, _, _ := openClipboard.Call(0); done != 0 {
			return nil
		}
		time.Sleep(clipboardWait)
	}
	return errors.New("the clipboard is in use")
}

// put hands a copy of content to the open clipboard, which owns it from then on.
func put(format uintptr, content []byte) error {
	memory, _, err := globalAlloc.Call(movable, uintptr(len(content)))
	if memory == 0 {
		return fmt.Errorf("memory for the clipboard: %w", err)
	}
	if err := fill(memory, content); err != nil {
		_, _, _ = globalFree.Call(memory) // it was never handed over
		return err
	}
	if done, _, err := setClipboardData.Call(format, memory); done == 0 {
		_, _, _ = globalFree.Call(memory) // as above
		return fmt.Errorf("put into the clipboard: %w", err)
	}
	return nil
}

func fill(memory uintptr, content []byte) error {
	at, _, err := globalLock.Call(memory)
	if at == 0 {
		return fmt.Errorf("lock memory: %w", err)
	}
	var written uintptr
	//nolint:gosec // G103: the call takes a pointer, and the length beside it
	err = windows.WriteProcessMemory(windows.CurrentProcess(), at, unsafe.SliceData(content), uintptr(len(content)), &written)
	_, _, _ = globalUnlock.Call(memory) // 0 is what it returns when it went well, too
	if err != nil {
		return fmt.Errorf("fill memory: %w", err)
	}
	return nil
}
