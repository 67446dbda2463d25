package cert

import "os"

// sameOwner has nothing to do: a file has the rights that its folder hands down.
func sameOwner(*os.File, os.FileInfo) error { return nil }
