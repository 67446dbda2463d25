package inspect

// #cgo webkit2_41 pkg-config: webkit2gtk-4.1
// #cgo !webkit2_41 pkg-config: webkit2gtk-4.0
// #include <webkit2/webkit2.h>
import "C"

// webkit is the version of the library that runs.
func webkit() (major, minor, micro uint) {
	return uint(C.webkit_get_major_version()), uint(C.webkit_get_minor_version()), uint(C.webkit_get_micro_version())
}
