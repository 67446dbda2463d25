package core

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
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

// normal is p with its address in the one form, if it has one.
func (p Proxy) normal() Proxy {
	if address, ok := ParseProxy(p.Address); ok {
		p.Address = address
	}
	if p.Mode != ProxyManual {
		p.Address = ""
	}
	return p
}

// findProxies is what one look-up in the system may take before the direct way is gone.
const findProxies = 5 * time.Second

// proxy implements client.ProxyFunc: the settings decide, each time that a connection is made. What the system can't tell
// leaves the direct way.
func (c *Core) proxy(ctx context.Context, target *url.URL) ([]*url.URL, error) {
	found, err := c.findWays(ctx, target)
	if err != nil {
		c.o.Logger.WarnContext(ctx, "proxy settings can't be read; trying without", slog.Any("error", err))
		return nil, nil
	}
	return found.List, nil
}

// findWays is how target is reached. This machine itself needs no proxy.
func (c *Core) findWays(ctx context.Context, target *url.URL) (Ways, error) {
	set := c.settings().Proxy
	source := "settings"
	if c.o.Policy.Proxy != nil {
		source = "policy"
	}
	switch {
	case set.Mode == ProxyNone, isLoopback(target.Hostname()):
		return Ways{Source: source}, nil
	case set.Mode == ProxyManual:
		address, err := url.Parse(set.Address)
		return Ways{List: []*url.URL{address}, Source: source}, err
	case c.o.Proxies == nil:
		return Ways{}, nil
	}
	ctx, cancel := context.WithTimeout(ctx, findProxies)
	defer cancel()
	return c.o.Proxies.Find(ctx, target)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
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
