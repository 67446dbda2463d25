package proxy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"

	"himsg/desktop/internal/core"
)

// Where an answer comes from, for the diagnosis.
const (
	sourceEnvironment = "environment"
	sourceDesktop     = "desktop"
)

// maxWays bounds how many proxies are tried one after the other.
const maxWays = 8

var (
	errBadAddress = errors.New("the environment's proxy is no address")
	errForeign    = errors.New("a proxy of this kind is not supported")
)

// System is what this desktop says.
type System struct {
	asking chan struct{} // holds one token: who has it asks the desktop
	ask    func(target *url.URL) ([]string, error)
}

var _ core.Proxies = (*System)(nil)

// New makes a System; it asks nothing yet.
func New() *System {
	s := &System{asking: make(chan struct{}, 1), ask: askDesktop}
	s.asking <- struct{}{}
	return s
}

// Find implements core.Proxies.
func (s *System) Find(ctx context.Context, target *url.URL) (core.Ways, error) {
	if env := httpproxy.FromEnvironment(); env.HTTPProxy != "" || env.HTTPSProxy != "" {
		found, err := env.ProxyFunc()(target)
		if err != nil {
			return core.Ways{Source: sourceEnvironment}, errBadAddress // err holds the address, and that may hold a password
		}
		return core.Ways{List: []*url.URL{found}, Source: sourceEnvironment}, nil
	}
	return s.fromDesktop(ctx, target)
}

type answer struct {
	ways []string
	err  error
}

// fromDesktop asks in a goroutine of its own, which ends when the desktop answers.
func (s *System) fromDesktop(ctx context.Context, target *url.URL) (core.Ways, error) {
	select {
	case <-s.asking:
	case <-ctx.Done():
		return core.Ways{Source: sourceDesktop}, fmt.Errorf("the desktop's proxy settings: %w", ctx.Err())
	}
	reply := make(chan answer, 1)
	go func() {
		defer func() { s.asking <- struct{}{} }()
		ways, err := s.ask(target)
		reply <- answer{ways, err}
	}()
	select {
	case a := <-reply:
		if a.err != nil {
			return core.Ways{Source: sourceDesktop}, fmt.Errorf("the desktop's proxy settings: %w", a.err)
		}
		list, err := parseWays(a.ways)
		return core.Ways{List: list, Source: sourceDesktop}, err
	case <-ctx.Done():
		return core.Ways{Source: sourceDesktop}, fmt.Errorf("the desktop's proxy settings: %w", ctx.Err())
	}
}

// parseWays reads what a desktop answers: "direct://", "http://proxy:3128". What we can't speak is left out; if nothing else
// is there, that is an error.
func parseWays(ways []string) ([]*url.URL, error) {
	var list []*url.URL
	var foreign string
	for _, way := range ways {
		u, err := url.Parse(strings.TrimSpace(way))
		switch {
		case err != nil || len(list) == maxWays:
			continue
		case u.Scheme == "direct":
			list = append(list, nil)
		case (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "":
			if u.Port() == "" {
				u.Host = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
			}
			list = append(list, &url.URL{Scheme: u.Scheme, User: u.User, Host: u.Host})
		default:
			foreign = u.Scheme
		}
	}
	if len(list) == 0 && foreign != "" {
		return nil, fmt.Errorf("%w: %s", errForeign, foreign)
	}
	return list, nil
}
