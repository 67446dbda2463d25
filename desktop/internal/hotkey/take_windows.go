package hotkey

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"

	"himsg/desktop/internal/core"
)

var (
	user32 = windows.NewLazySystemDLL("user32.dll")

	registerHotKey    = user32.NewProc("RegisterHotKey")
	unregisterHotKey  = user32.NewProc("UnregisterHotKey")
	getMessage        = user32.NewProc("GetMessageW")
	peekMessage       = user32.NewProc("PeekMessageW")
	postThreadMessage = user32.NewProc("PostThreadMessageW")
)

// What winuser.h calls them.
const (
	wmQuit, wmHotkey, wmUser = 0x0012, 0x0312, 0x0400

	onlyHotkey = 1 // of the thread's hotkeys
)

// message is winuser.h's MSG.
type message struct {
	_    uintptr // window
	id   uint32
	_, _ uintptr // parameters
	_    uint32  // time
	_, _ int32   // place of the pointer
	_    uint32
}

// Supported implements core.Hotkeys.
func (k *Keys) Supported() bool { return true }

// registered is a combination of a thread of its own: its messages come to the thread that registered it.
type registered struct {
	thread uint32
	done   sync.WaitGroup
}

func take(keys core.Hotkey, pressed func()) (held, error) {
	r := &registered{}
	began := make(chan error, 1)
	r.done.Go(func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		r.thread = windows.GetCurrentThreadId()
		var m message
		peekMessage.Call(uintptr(unsafe.Pointer(&m)), 0, wmUser, wmUser, 0) //nolint:errcheck,gosec // it makes the thread's queue, and says nothing; G103: as the call wants it
		ok, _, err := registerHotKey.Call(0, onlyHotkey, windowsModifiers(keys), windowsKey(keys.Key))
		if ok == 0 {
			began <- err
			return
		}
		defer unregisterHotKey.Call(0, onlyHotkey) //nolint:errcheck // nothing can be done about it
		began <- nil
		listen(pressed)
	})
	err := <-began
	if errors.Is(err, windows.ERROR_HOTKEY_ALREADY_REGISTERED) {
		return nil, core.ErrHotkeyTaken
	}
	if err != nil {
		return nil, fmt.Errorf("register keys: %w", err)
	}
	return r, nil
}

// listen tells of presses until the thread is told to quit.
func listen(pressed func()) {
	for {
		var m message
		got, _, _ := getMessage.Call(uintptr(unsafe.Pointer(&m)), 0, 0, 0) //nolint:gosec // G103: as the call wants it
		if int32(got) <= 0 {
			return
		}
		if m.id == wmHotkey {
			pressed()
		}
	}
}

func (r *registered) release() {
	postThreadMessage.Call(uintptr(r.thread), wmQuit, 0, 0) //nolint:errcheck // it fails only when the thread has ended
	r.done.Wait()
}
