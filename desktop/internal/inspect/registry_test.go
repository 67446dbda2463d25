package inspect

import "testing"

func TestKoreanLayouts(t *testing.T) {
	for handle, want := range map[uintptr]bool{
		0x04120412: true, // Microsoft's IME
		0xe0010412: true, // one of Windows XP's kind
		0x08120812: true, // another region
		0x04090409: false,
		0x04110411: false, // Japanese
		0x04120409: false, // English, by a layout whose own number looks Korean
		0:          false,
	} {
		if _, ok := koreanLayout(handle); ok != want {
			t.Errorf("%#x: %t", handle, ok)
		}
	}
	if number, _ := koreanLayout(0xe0010412); number != "e0010412" {
		t.Error(number)
	}
}

func TestInstalledWebViews(t *testing.T) {
	for version, want := range map[string]bool{"131.0.2903.70": true, "": false, "0.0.0.0": false} {
		if isInstalled(version) != want {
			t.Error(version)
		}
	}
}
