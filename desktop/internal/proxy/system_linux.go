package proxy

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
)

// desktop is what the session's settings are asked by.
type desktop struct{ scripts *scripts }

func newDesktop() asker { return &desktop{newScripts()} }

// ask returns what the desktop says about an address. PAC files are run here, all else but KDE's settings is GIO's, which
// knows no deadline.
func (d *desktop) ask(ctx context.Context, target *url.URL) (told, error) {
	script := ""
	if onKDE() {
		set := kdeSettings()
		switch set["ProxyType"] {
		case kdeByHand:
			return told{ways: kdeWays(set, target)}, nil
		case kdeByScript:
			script = set["Proxy Config Script"]
		}
	} else {
		script = gnomeScript()
	}
	if script != "" {
		return d.run(ctx, script, target)
	}
	ways := askGIO(target.String())
	if problem, ok := strings.CutPrefix(ways, "!"); ok {
		return told{}, errors.New(problem)
	}
	return told{ways: strings.Split(ways, "\n")}, nil
}

func (d *desktop) run(ctx context.Context, script string, target *url.URL) (told, error) {
	ways, err := d.scripts.ways(ctx, script, target)
	return told{ways: ways, script: shown(script)}, err
}

// environment knows auto_proxy, and what libproxy reads in the usual variables: pac+http://….
func (d *desktop) environment(target *url.URL) string {
	small := target.Scheme + "_proxy"
	for _, name := range []string{small, strings.ToUpper(small)} {
		value := os.Getenv(name)
		if script, ok := strings.CutPrefix(value, "pac+"); ok {
			return script
		}
		if value != "" {
			return "" // a proxy by name
		}
	}
	return cmp.Or(os.Getenv("auto_proxy"), os.Getenv("AUTO_PROXY"))
}
