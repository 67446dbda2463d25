package files

import (
	"crypto/rand"
	"encoding/hex"

	"himsg/shared/wire"
)

// A file's bytes and its thumbnails have names that differ in the last two digits, so that each is found by the others.
const (
	partWhole = "00"
	partSmall = "01"
	partLarge = "02"

	blobNameBytes = 15 // random, in front of the part
)

func newBlobName() string {
	random := make([]byte, blobNameBytes)
	_, _ = rand.Read(random) // it never fails, as its documentation says
	return hex.EncodeToString(random) + partWhole
}

// blobPart is the name of a part of the file that keeps its bytes under a name.
func blobPart(name, part string) string {
	if len(name) < len(part) {
		return name
	}
	return name[:len(name)-len(part)] + part
}

// thumbnailParts say which part holds the thumbnail of a size.
func thumbnailPart(size int) (part string, ok bool) {
	switch size {
	case wire.SmallThumbnail:
		return partSmall, true
	case wire.LargeThumbnail:
		return partLarge, true
	}
	return "", false
}

// ThumbnailBlobs are the names of a file's thumbnails, by that of its bytes. Not every picture has both.
func ThumbnailBlobs(name string) []string {
	return []string{blobPart(name, partSmall), blobPart(name, partLarge)}
}
