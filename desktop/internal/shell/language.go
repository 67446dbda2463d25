package shell

import "strings"

// languageOf makes "ko" or "en" of a system's name for a language, such as en_US.UTF-8 or ko-KR. What we don't speak
// becomes Korean, as in the page.
func languageOf(name string) string {
	if strings.HasPrefix(strings.ToLower(name), "en") {
		return "en"
	}
	return "ko"
}
