package proxy

import (
	"cmp"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// What KDE's ProxyType says.
const (
	kdeByHand   = "1"
	kdeByScript = "2"
)

// maxKDE bounds a settings file of KDE's.
const maxKDE = 64 << 10

// onKDE reports whether this is KDE's session.
func onKDE() bool {
	return slices.Contains(strings.Split(os.Getenv("XDG_CURRENT_DESKTOP"), ":"), "KDE")
}

// kdeSettings are the [Proxy Settings] of kioslaverc: the user's over the system's.
func kdeSettings() map[string]string {
	home := os.Getenv("XDG_CONFIG_HOME")
	if home == "" {
		home = filepath.Join(os.Getenv("HOME"), ".config")
	}
	folders := append([]string{home}, filepath.SplitList(cmp.Or(os.Getenv("XDG_CONFIG_DIRS"), "/etc/xdg"))...)
	set := map[string]string{}
	for _, folder := range slices.Backward(folders) {
		readKDE(filepath.Join(folder, "kioslaverc"), set)
	}
	return set
}

func readKDE(path string, set map[string]string) {
	f, err := os.Open(path) //nolint:gosec // G304: a file of the session's own
	if err != nil {
		return
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxKDE))
	if err != nil {
		return
	}
	parseKDE(string(raw), set)
}

// parseKDE takes over what stands in a settings file; "Key[$e]" is "Key".
func parseKDE(text string, set map[string]string) {
	ours := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			ours = line == "[Proxy Settings]"
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ours || !ok || strings.HasPrefix(line, "#") {
			continue
		}
		key, _, _ = strings.Cut(key, "[")
		set[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
}

// kdeWays is how a target is reached by what was entered by hand: a proxy for each scheme, and for whom it is not, or with
// ReversedException for whom alone it is.
func kdeWays(set map[string]string, target *url.URL) []string {
	given := httpproxy.Config{HTTPProxy: kdeProxy(set["httpProxy"]), HTTPSProxy: kdeProxy(set["httpsProxy"])}
	excepted := given
	excepted.NoProxy = set["NoProxyFor"]
	way, err := given.ProxyFunc()(target)
	if err != nil || way == nil {
		return []string{direct}
	}
	found, err := excepted.ProxyFunc()(target)
	if isException := err == nil && found == nil; isException != (set["ReversedException"] == "true") {
		return []string{direct}
	}
	return []string{way.String()}
}

// kdeProxy makes an address of "http://proxy.corp.local 3128".
func kdeProxy(text string) string {
	words := strings.Fields(text)
	if len(words) == 2 {
		return strings.TrimSuffix(words[0], "/") + ":" + words[1]
	}
	return text
}
