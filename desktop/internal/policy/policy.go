package policy

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"himsg/desktop/internal/core"
)

// Bounds of what is read.
const (
	maxBytes   = 64 << 10
	maxKeys    = 64
	maxText    = 2048 // bytes of one value
	maxFaults  = 32
	maxCABytes = 1 << 20
	maxCAs     = 64
)

// errTooBig is a file of more than its bound.
var errTooBig = errors.New("too big")

// Options are what Load needs.
type Options struct {
	// Path replaces the place of the policy, for tests. Only code can set it.
	Path   string
	Logger *slog.Logger
}

// values are what was read: texts, whole numbers (int64) and bools by their name.
type values map[string]any

// Load reads and checks the policy. What is wrong with it is in the result's Faults, and in the log.
func Load(o Options) core.Policy {
	path := o.Path
	if path == "" {
		path = defaultPath
	}
	found, faults := read(path)
	var p core.Policy
	if found != nil || len(faults) > 0 {
		p = check(found)
		p.Source = path
	}
	p.Faults = append(faults, p.Faults...)
	if len(p.Faults) > maxFaults {
		p.Faults = p.Faults[:maxFaults]
	}
	for _, f := range p.Faults {
		o.Logger.Error("a part of the policy is not used",
			slog.String("policy", path), slog.String("key", f.Key), slog.String("code", f.Code), slog.String("detail", f.Detail))
	}
	return p
}

// check takes over what is good.
func check(found values) core.Policy {
	var p core.Policy
	names := slices.Sorted(maps.Keys(found))
	if len(names) > maxKeys {
		p.Faults = append(p.Faults, core.PolicyFault{
			Code: core.FaultTooBig, Detail: fmt.Sprintf("%d keys, at most %d are looked at", len(names), maxKeys),
		})
		names = slices.DeleteFunc(names, func(name string) bool { return keys[name] == nil })
	}
	for _, name := range names {
		take := keys[name]
		if take == nil {
			p.Faults = append(p.Faults, core.PolicyFault{Key: shown(name), Code: core.FaultUnknownKey})
			continue
		}
		if err := take(&p, found[name]); err != nil {
			p.Faults = append(p.Faults, core.PolicyFault{Key: name, Code: err.code, Detail: err.detail})
		}
	}
	return p
}

// shown is a foreign text as it may stand in a log.
func shown(text string) string {
	if len(text) > 60 {
		text = text[:60]
	}
	quoted := fmt.Sprintf("%+q", text)
	return quoted[1 : len(quoted)-1]
}
