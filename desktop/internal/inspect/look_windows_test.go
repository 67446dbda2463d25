package inspect

import (
	"testing"

	"golang.org/x/sys/windows/registry"
)

// Every check of Windows has an answer, on a Windows without anything too.
func TestChecksOfWindows(t *testing.T) {
	for _, check := range Checks(nil) {
		if f := check.Look(t.Context()); f.Code == "" || f.State == "" || f.Fields == nil {
			t.Errorf("%s: %+v", check.Name, f)
		}
	}
	const path = `Software\Microsoft\Windows\CurrentVersion\PushNotifications`
	key, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	defer func() { _ = key.DeleteValue("ToastEnabled") }()
	for value, want := range map[uint32]string{0: "turned_off", 1: "service"} {
		if err := key.SetDWordValue("ToastEnabled", value); err != nil {
			t.Fatal(err)
		}
		if f := notifications(t.Context()); f.Code != want {
			t.Errorf("%d: %+v", value, f)
		}
	}
}
