package proxy

import (
	"net"
	"net/url"
	"path"
	"strings"
)

// This file reads the lists in which Windows keeps proxies. It needs no Windows.

const direct = "direct://"

// named returns the ways of a list such as "proxy:80" or "http=proxy:80;https=secure:443", unless the bypass list, such as
// "*.corp.local;10.*;<local>", names the target.
func named(target *url.URL, list, bypass string) []string {
	if bypassed(target.Hostname(), target.Port(), bypass) {
		return []string{direct}
	}
	var ways []string
	for _, entry := range strings.FieldsFunc(list, isSeparator) {
		kind, address, special := strings.Cut(entry, "=")
		if !special {
			kind, address = target.Scheme, entry
		}
		if !strings.EqualFold(kind, target.Scheme) {
			continue
		}
		if !strings.Contains(address, "://") {
			address = "http://" + address
		}
		ways = append(ways, address)
	}
	if len(ways) == 0 {
		return []string{direct}
	}
	return ways
}

func isSeparator(r rune) bool { return r == ';' || r == ' ' || r == '\t' }

// bypassed: this machine itself always is.
func bypassed(host, port, bypass string) bool {
	host = strings.ToLower(host)
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return true
	}
	for _, pattern := range strings.FieldsFunc(strings.ToLower(bypass), isSeparator) {
		if pattern == "<local>" {
			if !strings.ContainsAny(host, ".:") {
				return true
			}
			continue
		}
		if _, rest, ok := strings.Cut(pattern, "://"); ok {
			pattern = rest
		}
		name := host
		if at := strings.LastIndexByte(pattern, ':'); at > 0 && !strings.HasSuffix(pattern, "]") {
			name = net.JoinHostPort(host, port)
		}
		if matched, err := path.Match(pattern, name); err == nil && matched {
			return true
		}
	}
	return false
}
