package client

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// DefaultPort is where a server listens when nobody says otherwise.
const DefaultPort = "5050"

// ParseAddress makes the one form of a server address of what a user typed: "talk.corp.local", "10.0.0.7:5050",
// "https://talk.corp.local". Without a scheme it is https, but http for this machine itself; without a scheme and a port
// the port is DefaultPort. A path, query or user part is refused with ErrAddress.
func ParseAddress(typed string) (string, error) {
	text := strings.TrimSpace(typed)
	bare := !strings.Contains(text, "://")
	if bare {
		text = "//" + bracketed(text)
	}
	u, err := url.Parse(text)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrAddress, err)
	}
	if u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%w: only a host and a port are expected", ErrAddress)
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	if err := checkHostPort(host, port); err != nil {
		return "", err
	}
	if bare {
		return join(usualScheme(host), host, cmp.Or(port, DefaultPort)), nil
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" {
		return "", fmt.Errorf("%w: scheme %q", ErrAddress, scheme)
	}
	return join(scheme, host, port), nil
}

// bracketed gives a bare IPv6 address the brackets that people leave out.
func bracketed(text string) string {
	if net.ParseIP(text) != nil && strings.Contains(text, ":") {
		return "[" + text + "]"
	}
	return text
}

func usualScheme(host string) string {
	if isLoopback(host) {
		return "http"
	}
	return "https"
}

func checkHostPort(host, port string) error {
	if host == "" || len(host) > 253 || strings.ContainsAny(host, " \t\r\n/\\@\"'<>,;!%") {
		return fmt.Errorf("%w: host %q", ErrAddress, host)
	}
	if strings.Contains(host, ":") && net.ParseIP(host) == nil {
		return fmt.Errorf("%w: host %q", ErrAddress, host)
	}
	if port == "" {
		return nil
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return fmt.Errorf("%w: port %q", ErrAddress, port)
	}
	return nil
}

func join(scheme, host, port string) string {
	if port == "" {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return scheme + "://" + host
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
