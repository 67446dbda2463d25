package proxy

import (
	"errors"
	"net/url"
	"strings"
)

// askDesktop returns what GIO says about an address; it is thread-safe and waits as long as a PAC file takes.
func askDesktop(target *url.URL) ([]string, error) {
	ways := askGIO(target.String())
	if problem, ok := strings.CutPrefix(ways, "!"); ok {
		return nil, errors.New(problem)
	}
	return strings.Split(ways, "\n"), nil
}
