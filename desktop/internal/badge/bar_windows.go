package badge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"unsafe"

	"github.com/go-ole/go-ole"
	"golang.org/x/sys/windows"
)

var (
	user32 = windows.NewLazySystemDLL("user32.dll")

	flashWindowEx    = user32.NewProc("FlashWindowEx")
	getSystemMetrics = user32.NewProc("GetSystemMetrics")
	createIcon       = user32.NewProc("CreateIconFromResourceEx")
	destroyIcon      = user32.NewProc("DestroyIcon")

	classTaskbarList = ole.NewGUID("{56FDF344-FD6D-11D0-958A-006097C9A090}")
	idTaskbarList3   = ole.NewGUID("{EA1AFB91-9E28-4B86-90E9-9E9F8A5EEFAF}")
)

// taskbarList is ITaskbarList3 of shobjidl_core.h, as far as its last method that is used here.
type taskbarList struct{ table *taskbarTable }

type taskbarTable struct {
	_, _, release                            uintptr // QueryInterface, AddRef
	init                                     uintptr
	_, _, _, _, _, _, _, _, _, _, _, _, _, _ uintptr // AddTab … ThumbBarSetImageList
	setOverlayIcon                           uintptr
}

// buttonBar is the window's button in the task bar.
type buttonBar struct {
	draw func(pixels int, unread int64) image.Image
	list *taskbarList
}

// openBar is called on the goroutine that calls the rest: COM belongs to a thread.
func openBar(opts Options) (bar, error) {
	runtime.LockOSThread()
	if err := ole.CoInitializeEx(0, ole.COINIT_APARTMENTTHREADED); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("start COM: %w", err)
	}
	unknown, err := ole.CreateInstance(classTaskbarList, idTaskbarList3)
	if err != nil {
		ole.CoUninitialize()
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("find the task bar: %w", err)
	}
	b := buttonBar{draw: opts.Draw, list: (*taskbarList)(unsafe.Pointer(unknown))} //nolint:gosec // G103: the interface that was asked for
	if result, _, _ := syscall.SyscallN(b.list.table.init, b.this()); result != 0 {
		b.close()
		return nil, fmt.Errorf("open the task bar: %w", ole.NewError(result))
	}
	return b, nil
}

func (b buttonBar) this() uintptr { return uintptr(unsafe.Pointer(b.list)) } //nolint:gosec // G103: as COM wants it

func (b buttonBar) show(_ context.Context, before, now look) error {
	window, err := ownWindow()
	if err != nil {
		return err
	}
	err = b.overlay(window, now.unread)
	if before.alert != now.alert {
		flash(window, now.alert)
	}
	return err
}

func (b buttonBar) close() {
	_, _, _ = syscall.SyscallN(b.list.table.release, b.this())
	ole.CoUninitialize()
	runtime.UnlockOSThread()
}

// overlay lays the number over the button; 0 takes it away. The task bar keeps a copy of the icon.
func (b buttonBar) overlay(window windows.HWND, unread int64) error {
	var icon uintptr
	if unread > 0 {
		var err error
		if icon, err = b.icon(unread); err != nil {
			return err
		}
		defer destroyIcon.Call(icon) //nolint:errcheck // nothing can be done about it
	}
	said, err := windows.UTF16PtrFromString(strconv.FormatInt(max(unread, 0), 10)) // for screen readers
	if err != nil {
		return fmt.Errorf("number in the task bar: %w", err)
	}
	result, _, _ := syscall.SyscallN(b.list.table.setOverlayIcon, b.this(), uintptr(window), icon, uintptr(unsafe.Pointer(said))) //nolint:gosec // G103: as COM wants it
	if result != 0 {
		return fmt.Errorf("number in the task bar: %w", ole.NewError(result))
	}
	return nil
}

// icon makes an icon of a PNG, which Windows reads since Vista.
func (b buttonBar) icon(unread int64) (uintptr, error) {
	const smallIconWidth, version = 49, 0x00030000
	pixels, _, _ := getSystemMetrics.Call(smallIconWidth)
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, b.draw(int(pixels), unread)); err != nil {
		return 0, fmt.Errorf("draw the number: %w", err)
	}
	icon, _, err := createIcon.Call(
		uintptr(unsafe.Pointer(unsafe.SliceData(encoded.Bytes()))), uintptr(encoded.Len()), 1, version, pixels, pixels, 0) //nolint:gosec // G103: as the call wants it
	if icon == 0 {
		return 0, fmt.Errorf("draw the number: %w", err)
	}
	return icon, nil
}

// flash has the button flash until the window is looked at, or ends that.
func flash(window windows.HWND, on bool) {
	const stop, tray, untilForeground = 0x0, 0x2, 0xC
	info := struct {
		size   uint32
		window windows.HWND
		flags  uint32
		_, _   uint32 // how often, how fast: the system's own
	}{window: window, flags: stop}
	if on {
		info.flags = tray | untilForeground
	}
	info.size = uint32(unsafe.Sizeof(info))
	flashWindowEx.Call(uintptr(unsafe.Pointer(&info))) //nolint:errcheck,gosec // it says whether the window was active; G103: as the call wants it
}

// ownWindow finds the window that Wails has made: it gives out no handle.
func ownWindow() (windows.HWND, error) {
	var found windows.HWND
	_ = windows.EnumWindows(takeOwn, unsafe.Pointer(&found)) //nolint:gosec // G103: as the call wants it; it returns an error when it was stopped, too
	if found == 0 {
		return 0, errors.New("no window yet")
	}
	return found, nil
}

// takeOwn is made once: the runtime never frees a callback.
var takeOwn = syscall.NewCallback(func(window windows.HWND, found *windows.HWND) uintptr {
	const class = "wailsWindow"
	var owner uint32
	name := make([]uint16, len(class)+2)
	_, err := windows.GetWindowThreadProcessId(window, &owner)
	n, nameErr := windows.GetClassName(window, &name[0], int32(len(name)))
	if err == nil && nameErr == nil && owner == uint32(os.Getpid()) && windows.UTF16ToString(name[:n]) == class {
		*found = window
		return 0 // enough
	}
	return 1
})
