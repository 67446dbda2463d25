package inspect

import (
	"context"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"himsg/desktop/internal/core"
)

// notifications looks whether the user has turned them off for all apps.
func notifications(context.Context) core.Finding {
	const path = `Software\Microsoft\Windows\CurrentVersion\PushNotifications`
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err == nil {
		defer func() { _ = key.Close() }() // it was only read
		if on, _, err := key.GetIntegerValue("ToastEnabled"); err == nil && on == 0 {
			return found(core.FindingBad, "turned_off")
		}
	}
	return found(core.FindingOK, "service", "name", "Windows")
}

// tray: the taskbar always has one.
func tray(context.Context) core.Finding { return found(core.FindingOK, "shown") }

// inputMethod looks for a Korean keyboard layout, which brings Microsoft's IME or another of the Text Services Framework.
func inputMethod(context.Context) core.Finding {
	var layouts [64]uintptr
	list := windows.NewLazySystemDLL("user32.dll").NewProc("GetKeyboardLayoutList")
	n, _, _ := list.Call(uintptr(len(layouts)), uintptr(unsafe.Pointer(&layouts[0]))) //nolint:gosec // G103: as the call wants it
	for _, layout := range layouts[:min(int(n), len(layouts))] {
		if module, ok := koreanLayout(layout); ok {
			return found(core.FindingOK, "runs", "running", "Windows", "module", module)
		}
	}
	return found(core.FindingWarn, "none")
}

func fonts(context.Context) core.Finding {
	folder, err := windows.GetWindowsDirectory()
	if err != nil {
		return found(core.FindingInfo, "unknown")
	}
	if _, err := os.Stat(filepath.Join(folder, "Fonts", "malgun.ttf")); err != nil {
		return found(core.FindingWarn, "none")
	}
	return found(core.FindingOK, "there", "name", "맑은 고딕")
}

// webview reads where WebView2's installers note its version, for all users and for this one.
func webview(context.Context) core.Finding {
	const client = `Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}`
	for _, place := range []struct {
		root registry.Key
		path string
	}{
		{registry.LOCAL_MACHINE, `SOFTWARE\WOW6432Node\` + client},
		{registry.LOCAL_MACHINE, `SOFTWARE\` + client},
		{registry.CURRENT_USER, `Software\` + client},
	} {
		key, err := registry.OpenKey(place.root, place.path, registry.QUERY_VALUE)
		if err != nil {
			continue
		}
		version, _, err := key.GetStringValue("pv")
		_ = key.Close() // it was only read
		if err == nil && isInstalled(version) {
			return found(core.FindingOK, "version", "name", "WebView2", "version", version)
		}
	}
	return found(core.FindingInfo, "unknown")
}
