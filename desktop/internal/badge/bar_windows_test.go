package badge

import (
	"image"
	"testing"
	"unsafe"
)

// SetOverlayIcon is the nineteenth method of ITaskbarList3: three of IUnknown, five of ITaskbarList, one of ITaskbarList2
// and nine before it.
func TestPlaceOfTheTaskBarsMethods(t *testing.T) {
	const word = unsafe.Sizeof(uintptr(0))
	var table taskbarTable
	if at := unsafe.Offsetof(table.setOverlayIcon) / word; at != 18 {
		t.Errorf("SetOverlayIcon is number %d", at)
	}
	if at := unsafe.Offsetof(table.init) / word; at != 3 {
		t.Errorf("HrInit is number %d", at)
	}
	if at := unsafe.Offsetof(table.release) / word; at != 2 {
		t.Errorf("Release is number %d", at)
	}
}

func TestIconOfTheNumber(t *testing.T) {
	asked := 0
	b := buttonBar{draw: func(pixels int, _ int64) image.Image {
		asked = pixels
		return image.NewNRGBA(image.Rect(0, 0, pixels, pixels))
	}}
	icon, err := b.icon(7)
	if err != nil || icon == 0 {
		t.Fatalf("%d, %v", icon, err)
	}
	if done, _, err := destroyIcon.Call(icon); done == 0 {
		t.Error(err)
	}
	if asked < 16 {
		t.Errorf("drawn %d pixels wide", asked)
	}
}
