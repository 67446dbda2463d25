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
	asking  chan struct{} // holds one token: who has it asks the desktop
	desktop asker
}

// asker is a kind of desktop.
type asker interface {
	// ask may take longer than ctx: a library that knows no deadline.
	ask(ctx context.Context, target *url.URL) (told, error)
	// environment is the PAC file that the environment names; empty: none that can be run.
	environment(target *url.URL) string
	// run asks a PAC file.
	run(ctx context.Context, script string, target *url.URL) (told, error)
}

// told is what a desktop says.
type told struct {
	ways   []string // as GIO writes them: "direct://", "http://proxy:3128"
	script string   // the PAC file that says so, for the diagnosis
}

var _ core.Proxies = (*System)(nil)

// New makes a System; it asks nothing yet.
func New() *System {
	s := &System{asking: make(chan struct{}, 1), desktop: newDesktop()}
	s.asking <- struct{}{}
	return s
}

// Find implements core.Proxies.
func (s *System) Find(ctx context.Context, target *url.URL) (core.Ways, error) {
	if script := s.desktop.environment(target); script != "" {
		return s.wait(ctx, sourceEnvironment, func() (told, error) { return s.desktop.run(ctx, script, target) })
	}
	if env := httpproxy.FromEnvironment(); env.HTTPProxy != "" || env.HTTPSProxy != "" {
		found, err := env.ProxyFunc()(target)
		if err != nil {
			return core.Ways{Source: sourceEnvironment}, errBadAddress // err holds the address, and that may hold a password
		}
		return core.Ways{List: []*url.URL{found}, Source: sourceEnvironment}, nil
	}
	return s.wait(ctx, sourceDesktop, func() (told, error) { return s.desktop.ask(ctx, target) })
}

type answer struct {
	told
	err error
}

// wait asks in a goroutine of its own, which ends when the desktop answers.
func (s *System) wait(ctx context.Context, source string, ask func() (told, error)) (core.Ways, error) {
	select {
	case <-s.asking:
	case <-ctx.Done():
		return waysFrom(source, told{}, ctx.Err())
	}
	reply := make(chan answer, 1)
	go func() {
		defer func() { s.asking <- struct{}{} }()
		said, err := ask()
		reply <- answer{said, err}
	}()
	select {
	case a := <-reply:
		return waysFrom(source, a.told, a.err)
	case <-ctx.Done():
		return waysFrom(source, told{}, ctx.Err())
	}
}

func waysFrom(source string, said told, err error) (core.Ways, error) {
	found := core.Ways{Source: source, Script: said.script}
	if err != nil {
		if said.script == "" {
			err = fmt.Errorf("the %s's proxy settings: %w", source, err)
		}
		return found, err
	}
	found.List, err = parseWays(said.ways)
	return found, err
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

// shown is a PAC file's address for the diagnosis: without what may be secret.
func shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String(), "file://")
}
