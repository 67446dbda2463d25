package core

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Proxy is how the server is reached: as the system says, directly, or by an HTTP proxy.
type Proxy struct {
	Mode    string `json:"mode"`    // one of Proxy…
	Address string `json:"address"` // when manual: http://host:port
}

// The modes of a Proxy.
const (
	ProxySystem = "system"
	ProxyNone   = "none"
	ProxyManual = "manual"
)

// ParseProxy makes the one form of a proxy's address of what somebody typed: "proxy.corp.local:3128",
// "http://10.0.0.7:8080". A proxy speaks HTTP or HTTPS; a name and password in the address are refused, for they would lie
// around in a file that anybody reads.
func ParseProxy(typed string) (string, bool) {
	text := strings.TrimSpace(typed)
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || !isPort(u.Port()) || len(typed) > maxAddressBytes || !slices.Contains([]string{"http", "https"}, u.Scheme) ||
		u.User != nil || u.Hostname() == "" || strings.ContainsFunc(u.Host, isUnprintable) ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), true
}

func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}

// checkProxy says whether p can be.
func checkProxy(p Proxy) bool {
	if p.Mode == ProxyManual {
		normal, ok := ParseProxy(p.Address)
		return ok && normal == p.Address
	}
	return p.Address == "" && (p.Mode == ProxySystem || p.Mode == ProxyNone)
}
