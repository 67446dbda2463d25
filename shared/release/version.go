package release

import (
	"cmp"
	"strconv"
	"strings"
)

// Compare orders two versions of three numbers, as cmp.Compare does. ok is false if one of them is no such version.
func Compare(a, b string) (order int, ok bool) {
	left, aOK := parseVersion(a)
	right, bOK := parseVersion(b)
	if !aOK || !bOK {
		return 0, false
	}
	for i := range left {
		if order := cmp.Compare(left[i], right[i]); order != 0 {
			return order, true
		}
	}
	return 0, true
}

// IsVersion reports whether a text is a version as releases have them: three numbers with dots.
func IsVersion(text string) bool {
	_, ok := parseVersion(text)
	return ok
}

func parseVersion(text string) (numbers [3]uint64, ok bool) {
	parts := strings.Split(text, ".")
	if len(text) > maxVersion || len(parts) != len(numbers) {
		return numbers, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil || part != strconv.FormatUint(n, 10) {
			return numbers, false // signs and leading zeros would make two spellings of one version
		}
		numbers[i] = n
	}
	return numbers, true
}

const maxVersion = len("65535.65535.65535")
