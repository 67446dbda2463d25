package scheme

import (
	"os"
	"strings"
	"testing"
)

// On macOS nobody but the bundle says which links are the app's.
func TestBundleTakesLinks(t *testing.T) {
	text, err := os.ReadFile("../../../packaging/macos/Info.plist")
	if err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(string(text)), "")
	for _, want := range []string{
		"<key>CFBundleURLSchemes</key><array><string>himsg</string></array>",
		"<key>CFBundleIdentifier</key><string>@BUNDLE_ID@</string>",
		"<key>CFBundleExecutable</key><string>himsg</string>",
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %s", want)
		}
	}
}
